"""
The values a deal file may write: text, counts, dates, durations, amounts, rates and shares.

Types are exact: nothing is converted silently, and a float never becomes money.
"""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.node import Misfit, Node
from leasebook.values.duration import Duration
from leasebook.values.money import Currency
from leasebook.values.nearest import nearest
from leasebook.values.problem import invisible, printable

#: Longest duration, in months: a thousand years.
MONTHS_MAX = 12_000
FIRST_YEAR, LAST_YEAR = 1900, 2999
TEXT_MAX, NAME_MAX, NUMBER_MAX = 4096, 256, 64

#: Fields whose figures are rates, and whose figures are shares; both may be written in per cent.
RATES = frozenset(
    {
        "discount_rate",
        "implicit_rate",
        "incremental_borrowing_rate",
        "risk_free_rate",
        "coupon_annual",
        "escalation",
        "lessor_rate",
        "guaranteed_rate",
        "unguaranteed_rate",
        "effective_rate",
    }
)
SHARES = frozenset({"share", "share_of_sales", "retained_share", "deferred_share"})
#: Fields whose figures are a part of something that may be nothing; in per cent as well.
PARTS = frozenset(
    {
        "loss_rate",
        "probability_of_default",
        "loss_given_default",
        "markup_on_cost",
        "margin_on_price",
        "of_cost",
        "floor_of_cost",
        "decay_annual",
        "decline_annual",
        "recovery",
        "rent_share",
        "proceeds_share",
        "costs_of_disposal",
    }
)

#: Fields whose figures are prices of one of principal; in per cent as well.
PRICES = frozenset({"issue_price"})

#: Fields whose text is a name, and shorter than other text.
NAMES = frozenset({"name", "title", "label", "legal_form", "line", "account", "completes"})
_PERCENT_FIELDS = RATES | SHARES | PARTS | PRICES
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_NUMBER = re.compile(rf"-?{_DIGITS}(?:\.{_DIGITS})?\Z")
_PERCENT = re.compile(rf"-?{_DIGITS}(?:\.{_DIGITS})? ?%\Z")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:(,|\.|'| )[0-9]{3})+(?:[.,][0-9]+)?\Z")
_EXPONENT = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+\Z")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@attrs.frozen
class Bare:
    """A number with a point or an exponent, as written; never a binary float."""

    text: str


_SORTS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    Bare: "a number without quotes",
    str: "text in quotes",
    date: "a date",
    datetime: "a date with a time",
    time: "a time of day",
    list: "a list",
    dict: "a table",
}


def sort_of(raw: Any) -> str:
    """
    What a raw value is, in the words of a file's author.

    Example:
        >>> sort_of(True)
        'true or false'
    """
    return _SORTS[type(raw)]


def wrong_sort(node: Node, wanted: str, fix: str) -> Misfit:
    """The misfit of a value that is of another sort than `wanted`."""
    return node.misfit("LB0104", f"{wanted} is wanted here, not {sort_of(node.raw)}", fix)


def text(node: Node) -> str:
    """A text that can be seen: no control characters, except line ends and tabs."""
    raw = node.raw
    if type(raw) is not str:
        raise wrong_sort(node, "text in quotes", f"write {_quoted(raw)}")
    hidden = next((c for c in raw if c not in "\n\t" and invisible(c)), None)
    if hidden is not None:
        raise node.misfit(
            "LB0208", f"the text holds {printable(hidden)}, which nobody can see", "delete it"
        )
    longest = NAME_MAX if node.path and node.path[-1] in NAMES else TEXT_MAX
    if len(raw) > longest:
        cause = f"the text has {len(raw)} characters, at most {longest} may stand here"
        raise node.misfit("LB0209", cause, "shorten it")
    return raw


def _quoted(raw: Any) -> str:
    shown = raw.text if type(raw) is Bare else raw
    return f'"{shown}"' if type(raw) in {int, Bare, date} else 'it in quotes: "..."'


def whole(node: Node) -> int:
    """A whole number."""
    if type(node.raw) is not int:
        raise wrong_sort(node, "a whole number", "write digits without quotes and without a point")
    return node.raw


def truth(node: Node) -> bool:
    """True or false."""
    if type(node.raw) is not bool:
        raise wrong_sort(node, "true or false", "write true or false, without quotes")
    return node.raw


def day(node: Node) -> date:
    """A date between the first and the last year that are allowed."""
    raw = node.raw
    if type(raw) is datetime:
        raise wrong_sort(node, "a date", f"write {raw.date().isoformat()}, without a time")
    if type(raw) is str and _ISO_DATE.match(raw):
        raise wrong_sort(node, "a date", f"write {raw} without quotes")
    if type(raw) is not date:
        raise wrong_sort(node, "a date", "write year-month-day without quotes: 2026-06-30")
    if not FIRST_YEAR <= raw.year <= LAST_YEAR:
        cause = f"the year {raw.year} is outside {FIRST_YEAR} to {LAST_YEAR}"
        raise node.misfit("LB0204", cause, "write the year with four digits")
    return raw


def duration(node: Node) -> Duration:
    """A whole number of months or years."""
    fix = 'write "4 years", "6 months", "month", "quarter", "half-year" or "year"'
    if type(node.raw) is not str:
        raise wrong_sort(node, "a duration in quotes", fix)
    try:
        parsed = Duration.parse(node.raw)
    except ValueError:
        raise node.misfit("LB0205", f"{_short(node.raw)} is no duration", fix) from None
    if parsed.months > MONTHS_MAX:
        cause = f"{parsed.months} months are more than {MONTHS_MAX}"
        raise node.misfit("LB0206", cause, "check the duration")
    return parsed


def currency(node: Node) -> Currency:
    """A currency by its three-letter code."""
    code = text(node)
    if code not in Currency.codes():
        near = nearest(code.upper(), Currency.codes())
        raise node.misfit("LB0207", f"no currency {_short(code)} is known", near)
    return Currency.of(code)


def number(node: Node) -> Decimal:
    """An exact decimal from quoted text; rates and shares may be written in per cent."""
    raw = node.raw
    if type(raw) is Bare and raw.text.lstrip("+-") in {"inf", "nan"}:
        raise node.misfit("LB0201", f"{raw.text} is no amount", "amounts are finite: write digits")
    if type(raw) is not str:
        raise wrong_sort(node, "a number in quotes", f"write {_quoted(raw)}")
    found = exact(raw, percent=not _PERCENT_FIELDS.isdisjoint(node.path))
    if found is None:
        cause, fix = _why_no_number(raw)
        raise node.misfit("LB0201", cause, fix)
    return found


def exact(raw: str, *, percent: bool) -> Decimal | None:
    """
    The decimal that a text writes in plain ASCII digits, or None.

    Example:
        >>> exact("5.5%", percent=True), exact("1_000", percent=False), exact("-0.00", percent=True)
        (Decimal('0.055'), Decimal('1000'), Decimal('0.00'))
    """
    if len(raw) > NUMBER_MAX:
        return None
    if _NUMBER.match(raw):
        value = Decimal(raw.replace("_", ""))
    elif percent and _PERCENT.match(raw):
        value = Decimal(raw.rstrip(" %").replace("_", "")).scaleb(-2)
    else:
        return None
    return value or abs(value)


def _why_no_number(raw: str) -> tuple[str, str]:
    """Why a text is no number, and what to write."""
    plain = 'write digits with a point, in quotes: "1_234.50"'
    if len(raw) > NUMBER_MAX:
        return f"a number of {len(raw)} characters", f"write at most {NUMBER_MAX} characters"
    if raw.strip().lower().lstrip("+-.") in {"nan", "inf", "infinity"}:
        return f"{_short(raw)} is no amount", "amounts are finite: write digits"
    if _EXPONENT.match(raw):
        return f"{_short(raw)} has an exponent", "write all digits"
    if _PERCENT.match(raw):
        return f"{_short(raw)} is a percentage, and an amount is wanted", plain
    if _GROUPED.match(raw):
        return _two_readings(raw)
    return _odd_character(raw, plain)


def _two_readings(raw: str) -> tuple[str, str]:
    last = max(raw.rfind(mark) for mark in ",. '")
    whole_number = re.sub(r"[^0-9-]", "", raw)
    with_point = re.sub(r"[^0-9-]", "", raw[:last]) + "." + raw[last + 1 :]
    cause = f"{_short(raw)} reads as {whole_number} or as {with_point}, depending on the country"
    return cause, f'write "{whole_number}" or "{with_point}"'


def _odd_character(raw: str, plain: str) -> tuple[str, str]:
    ascii_form = "".join(
        str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in raw
    )
    if ascii_form != raw and _NUMBER.match(ascii_form):
        return f"{_short(raw)} is not written in the digits 0 to 9", f'write "{ascii_form}"'
    odd = next((c for c in raw if c not in "0123456789._-%"), None)
    if odd is None:
        return f"{_short(raw)} is no number", plain
    name = unicodedata.name(odd, "a control character").lower()
    return f"{_short(raw)} holds {printable(odd)!r} ({name})", plain


def _short(raw: str) -> str:
    shown = printable(raw)
    return f'"{shown[:40]}..."' if len(shown) > 43 else f'"{shown}"'


def anything(node: Node) -> bool | int | str | date | Decimal:
    """A stated value: text that writes a number is exact, other text stays text."""
    raw = node.raw
    if type(raw) is str:
        found = exact(raw, percent=True)
        return text(node) if found is None else found
    if type(raw) is date:
        return day(node)
    if type(raw) is bool or type(raw) is int:
        return raw
    fix = f"write {_quoted(raw)}" if type(raw) is Bare else "write one value"
    raise wrong_sort(node, "true or false, a whole number, text or a date", fix)
