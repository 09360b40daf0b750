"""
One cell of a table of leases: text becomes an exact value, or a complaint.

Every parser takes the text of a cell without blanks around it. Nothing is guessed: a number with
separators of thousands and a date that could be read in two ways are refused with both readings.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import attrs

from leasebook.contract.scalar import FIRST_YEAR, LAST_YEAR, MONTHS_MAX
from leasebook.values.duration import Duration
from leasebook.values.money import AMOUNT_MINOR_MAX, Currency
from leasebook.values.nearest import nearest
from leasebook.values.problem import invisible, printable

#: Levels of an index are whole numbers of one over this.
LEVEL_UNIT = 10**6

ID_MAX, TEXT_MAX, DIGITS_MAX = 64, 256, 40

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*\Z", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z", re.ASCII)
_WHOLE = re.compile(r"[0-9]+(?:\.0+)?\Z", re.ASCII)
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:(,|\.|'|_|\s)[0-9]{3})+(?:[.,][0-9]+)?\Z", re.ASCII)
_COMMA = re.compile(r"-?[0-9]+,[0-9]+\Z", re.ASCII)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?\Z", re.ASCII)
_SLASHED = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{2,4})\Z", re.ASCII)
_EVERY = {
    "month": 1, "monthly": 1, "quarter": 3, "quarterly": 3, "half-year": 6, "half-yearly": 6,
    "semi-annual": 6, "semi-annually": 6, "year": 12, "yearly": 12, "annual": 12, "annually": 12,
}  # fmt: skip
_CURRENCIES = frozenset(Currency.codes())
_TRUE = frozenset({"yes", "true", "y", "1"})
_FALSE = frozenset({"no", "false", "n", "0"})


class Unreadable(ValueError):  # noqa: N818 - the cell is unreadable; nothing of the program failed
    """
    A cell that is none of the values that its column takes.
    """

    def __init__(self, code: str, cause: str, fix: str) -> None:
        self.code, self.cause, self.fix = code, cause, fix
        super().__init__(cause)


@attrs.frozen
class Form:
    """
    How a file writes numbers and dates: its decimal mark, its mark of thousands, its order of days.
    """

    decimal: str = "."
    thousands: str = ""
    dates: str = "YYYY-MM-DD"

    def plain_number(self, text: str) -> str:
        """A number as this project writes it: digits and a point."""
        if self.thousands:
            text = text.replace(self.thousands, "")
        return text if self.decimal == "." else text.replace(self.decimal, ".")


def _short(text: str) -> str:
    shown = printable(text)
    return repr(shown if len(shown) <= 40 else shown[:37] + "...").replace("\\\\", "\\")


def identity(text: str) -> str:
    """
    An id: letters without accents, digits, `-`, `_`, `.` and `/`.

    Example:
        >>> identity("LEASE-0017")
        'LEASE-0017'
    """
    if len(text) > ID_MAX:
        cause = f"an id of {len(text)} characters; at most {ID_MAX} may stand here"
        raise Unreadable("LB0625", cause, "shorten it")
    if not _ID.match(text.replace("_", "-")):
        cause = f"{_short(text)} is no id"
        fix = "use letters without accents, digits, -, _, . and /, a letter or digit first"
        raise Unreadable("LB0627", cause, fix)
    return text


def words(text: str) -> str:
    """A name for people: text that can be seen, on one line."""
    hidden = next((c for c in text if invisible(c)), None)
    if hidden is not None:
        cause = f"the text holds {printable(hidden)}, which nobody can see"
        raise Unreadable("LB0627", cause, "delete it")
    if len(text) > TEXT_MAX:
        cause = f"the text has {len(text)} characters; at most {TEXT_MAX} may stand here"
        raise Unreadable("LB0625", cause, "shorten it")
    return text


def one_of(*known: str) -> Callable[[str], str]:
    """
    One of some words, in small or capital letters.

    Example:
        >>> one_of("advance", "arrears")("Advance")
        'advance'
    """

    def parsed(text: str) -> str:
        found = text.lower().replace("_", "-").replace(" ", "-")
        if found not in known:
            raise Unreadable("LB0627", f"{_short(text)} is not known here", nearest(found, known))
        return found

    return parsed


def number(text: str) -> Decimal:
    """
    An exact decimal written with digits and a point.

    Example:
        >>> number("1250.50")
        Decimal('1250.50')
    """
    if _NUMBER.match(text):
        if len(text) > DIGITS_MAX:
            raise Unreadable("LB0625", f"a number of {len(text)} characters", "check the number")
        return Decimal(text)
    raise Unreadable("LB0624", *_no_number(text))


def _no_number(text: str) -> tuple[str, str]:
    if _GROUPED.match(text) or _COMMA.match(text):
        kept = "".join(c for c in text if c.isdigit() or c in "-.,")
        english, continental = kept.replace(",", ""), kept.replace(".", "").replace(",", ".")
        readings = {one for one in (english, continental) if _NUMBER.match(one)}
        if len(readings) == 1:
            return f"{_short(text)} has separators", f"write {readings.pop()}"
        cause = f"{_short(text)} can be read as {english} or as {continental}"
        return cause, "write digits and a point, or say [file] decimal and thousands in a mapping"
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return f"{_short(text)} is no amount", "amounts are finite: write digits"
    if re.match(r"[-+]?[0-9.]+[eE][-+]?[0-9]+\Z", text):
        return f"{_short(text)} has an exponent", "write all its digits"
    foreign = next((c for c in text if not (c.isascii() and (c.isdigit() or c in "-."))), None)
    if foreign is not None:
        return (
            f"{_short(text)} is no number, because of {_short(foreign)}",
            "write digits and a point",
        )
    return f"{_short(text)} is no number", "write digits and a point"


def amount_minor(text: str, decimals: int) -> int:
    """
    An amount that is not negative, in minor units.

    Args:
        text: In currency units.
        decimals: Of the currency.

    Returns:
        Minor units.

    Example:
        >>> amount_minor("256458333.33", 2)
        25645833333
    """
    value = number(text).scaleb(decimals)
    whole = int(value)
    if value != whole:
        cause = f"{_short(text)} has more decimals than the {decimals} of its currency"
        raise Unreadable("LB0625", cause, "round it as the contract does")
    if whole < 0:
        raise Unreadable("LB0625", f"{_short(text)} is below zero", "write an amount of money")
    if whole > AMOUNT_MINOR_MAX:
        cause = f"{_short(text)} is beyond the limit of {AMOUNT_MINOR_MAX:,} minor units"
        raise Unreadable("LB0625", cause, "check the amount and its currency")
    return whole


def rate(text: str) -> Decimal:
    """
    A rate: a fraction of one, or in per cent.

    Example:
        >>> rate("5.5%"), rate("0.055")
        (Decimal('0.055'), Decimal('0.055'))
    """
    percent = text.endswith("%")
    value = number(text.removesuffix("%").rstrip())
    value = value / 100 if percent else value
    if -value.as_tuple().exponent > 12:  # type: ignore[operator]
        raise Unreadable("LB0625", f"{_short(text)} has more than 12 decimals", "round the rate")
    if not Decimal("-0.99") < value <= 1:
        fix = (
            f"for {text} per cent write {text}%" if not percent and value > 1 else "check the rate"
        )
        raise Unreadable("LB0625", f"{_short(text)} is outside -99 % to 100 %", fix)
    return value


def months(text: str) -> int:
    """
    A number of months above nothing, or a duration in words.

    Example:
        >>> months("60"), months("5 years")
        (60, 60)
    """
    if _WHOLE.match(text) and len(text) <= DIGITS_MAX:
        found = int(text.partition(".")[0])
    else:
        try:
            found = Duration.parse(text).months
        except ValueError:
            cause = f"{_short(text)} is no number of months"
            raise Unreadable("LB0624", cause, "write whole months, such as 60") from None
    if not 0 < found <= MONTHS_MAX:
        cause = f"{_short(text)} is outside 1 to {MONTHS_MAX} months"
        raise Unreadable("LB0625", cause, "check the number of months")
    return found


def count(text: str) -> int:
    """A whole number that is not negative."""
    if not _WHOLE.match(text) or len(text) > 9:
        raise Unreadable("LB0624", f"{_short(text)} is no whole number", "write digits")
    return int(text.partition(".")[0])


def step_months(text: str) -> int:
    """
    The months from one rent to the next.

    Example:
        >>> step_months("quarter"), step_months("12")
        (3, 12)
    """
    found = _EVERY.get(text.lower())
    return months(text) if found is None else found


def truth(text: str) -> bool:
    """
    Yes or no.

    Example:
        >>> truth("no")
        False
    """
    found = text.lower()
    if found in _TRUE or found in _FALSE:
        return found in _TRUE
    raise Unreadable("LB0627", f"{_short(text)} is neither yes nor no", "write yes or no")


def day(text: str) -> date:
    """
    A day, as year-month-day.

    Example:
        >>> day("2026-01-31")
        datetime.date(2026, 1, 31)
    """
    found = _ISO.match(text)
    if found is None:
        if parts := _SLASHED.match(text):
            both = int(parts[1]) <= 12 and int(parts[2]) <= 12
            cause = f"{_short(text)} " + (
                "can be read in two ways" if both else "is not written year-month-day"
            )
            raise Unreadable(
                "LB0626", cause, "write 2026-01-31, or say [file] dates in a mapping file"
            )
        fix = "write year-month-day: 2026-01-31"
        if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", text):
            raise Unreadable("LB0626", f"{_short(text)} has a time of day", "write the day alone")
        if _NUMBER.match(text):
            cause = f"{_short(text)} is a number and no day"
            raise Unreadable("LB0626", cause, "give the cells the form of a date, or " + fix)
        raise Unreadable("LB0626", f"{_short(text)} is no day", fix)
    return _day_of(text, *(int(part) for part in found.groups()))


def day_in(order: str) -> Callable[[str], date]:
    """
    A parser of days in another order, such as `DD.MM.YYYY`; ISO days are read as well.

    Example:
        >>> day_in("DD.MM.YYYY")("31.01.2026")
        datetime.date(2026, 1, 31)
    """
    places = sorted((order.index(mark), mark) for mark in ("YYYY", "MM", "DD"))
    separator = re.sub(r"[YMD]", "", order)[0]
    names = [mark for _, mark in places]

    def parsed(text: str) -> date:
        parts = text.split(separator)
        if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) <= 4 for p in parts):
            return day(text)
        by_name = {name: int(part) for name, part in zip(names, parts, strict=True)}
        return _day_of(text, by_name["YYYY"], by_name["MM"], by_name["DD"])

    return parsed


def _day_of(text: str, year: int, month: int, number_of_day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        cause = f"the year of {_short(text)} is outside {FIRST_YEAR} to {LAST_YEAR}"
        raise Unreadable("LB0626", cause, "write the year with four digits")
    try:
        return date(year, month, number_of_day)
    except ValueError:
        raise Unreadable("LB0626", f"there is no {_short(text)}", "check the day") from None


def level(text: str) -> int:
    """
    The level of an index above nothing, in whole numbers of one over a million.

    Example:
        >>> level("102.5")
        102500000
    """
    value = number(text) * LEVEL_UNIT
    if value != int(value) or not 0 < value <= LEVEL_UNIT * 10**6:
        cause = f"{_short(text)} is no level of an index from 0 to a million, of six decimals"
        raise Unreadable("LB0625", cause, "check the level")
    return int(value)


def currency_code(text: str) -> str:
    """
    The code of a currency that is known.

    Example:
        >>> currency_code("USD")
        'USD'
    """
    if text not in _CURRENCIES:
        advice = nearest(text.upper(), _CURRENCIES)
        raise Unreadable("LB0207", f"no currency {_short(text)} is known", advice)
    return text
