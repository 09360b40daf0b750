"""
Published tables of maturities: records as companies' notes give them, read from a JSON file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path as File
from typing import Any

import attrs

from leasebook.contract.guard import read_text
from leasebook.disclosures.json_text import JsonText
from leasebook.values.problem import Path, Problem, Refused

#: What the unit of a record is worth in currency units.
UNITS = {"unit": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
#: Largest figure and most decimals, in the record's unit.
AMOUNT_MAX = 10**15
DECIMALS_MAX = 6
TERM_YEARS_MAX = 200

_TABLE = "maturity_table"
_UNCOMMENCED = "not_yet_commenced_only"
_LABEL = re.compile(r"((?:19|2[0-9])[0-9]{2})(?: (Q[1-4]|rest))?")
_CODE = re.compile(r"[A-Z]{3}")
_READ = frozenset(
    {
        "record_type", "company", "fiscal_year", "as_of", "kind", "currency", "unit",
        "maturities", "maturities_incomplete", "pv_rounded", "thereafter", "total_undiscounted",
        "imputed_interest", "present_value", "not_yet_commenced", "wa_remaining_term_years",
        "wa_discount_rate", "source",
    }
)  # fmt: skip


@attrs.frozen
class PublishedYear:
    """What falls due in one year, or in what is left of it ("2025 Q4", "2025 rest")."""

    label: str
    year: int
    part: str
    amount: Decimal


@attrs.frozen
class PublishedTable:
    """
    One record: a company's maturities of one kind of lease on one day, as far as they are known.

    Amounts are in the record's unit; what was not published is None. `whole` says whether a table
    of maturities is meant at all, or the record is only of leases not yet commenced.
    """

    company: str
    fiscal_year: str
    as_of: date
    kind: str
    currency: str
    unit: str
    maturities: tuple[PublishedYear, ...]
    cut_off: bool
    rounded: bool
    thereafter: Decimal | None
    total_undiscounted: Decimal | None
    imputed_interest: Decimal | None
    present_value: Decimal | None
    not_yet_commenced: Decimal | None
    term_years: Decimal | None
    discount_rate: Decimal | None
    source: str
    whole: bool

    @property
    def name(self) -> str:
        """The record as people name it."""
        return f"{self.company} {self.fiscal_year or self.as_of.isoformat()} {self.kind}"


@attrs.frozen
class Published:
    """
    What a file of records holds.

    Attributes:
        tables: Records of maturities and of leases not yet commenced, in order.
        others: How many records there are of each other type.
        not_read: Keys that say nothing to a reader of maturities.
    """

    tables: tuple[PublishedTable, ...]
    others: Mapping[str, int]
    not_read: tuple[str, ...]


@attrs.define
class Record:
    """One record being read; every problem of it is noted and reading goes on."""

    text: JsonText
    path: Path
    raw: Mapping[str, Any]
    problems: list[Problem]

    def wrong(self, cause: str, *keys: str | int) -> None:
        """Notes a value that is not of the form it should have."""
        fix = "write it as the page of LB0603 says; null is what was not published"
        self.problems.append(self.text.problem("LB0603", (*self.path, *keys), cause, fix))

    def string(self, key: str, *, needed: bool = True) -> str:
        """Text under a key."""
        value = self.raw.get(key)
        if isinstance(value, str):
            return value
        if key not in self.raw and needed:
            cause = f"the record has no key {key}"
            self.problems.append(self.text.problem("LB0602", self.path, cause, "add the key"))
        elif value is not None or needed:
            self.wrong(f"{key} is no text", key)
        return ""

    def flag(self, key: str) -> bool:
        """True or false under a key; absent is false."""
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.wrong(f"{key} is neither true nor false", key)
            return False
        return value

    def number(self, value: Any, most: int, *keys: str | int) -> Decimal | None:
        """A figure that is not negative, or None for null."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong(f"{keys[-1]} is no number", *keys)
            return None
        found = Decimal(value)
        if found < 0 or found > most:
            self.wrong(f"{keys[-1]} is {_short(found)}, outside 0 to {most:,}", *keys)
            return None
        if found and -int(found.normalize().as_tuple().exponent) > DECIMALS_MAX:
            self.wrong(f"{keys[-1]} has more than {DECIMALS_MAX} decimals", *keys)
            return None
        return found

    def day(self) -> date:
        """The reporting date."""
        written = self.string("as_of")
        try:
            if not "1900" <= written <= "3":
                raise ValueError(written)  # noqa: TRY301 - one way out for every day that is none
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
                return date.fromisoformat(written)
        except ValueError:
            pass
        if written:
            self.wrong(f"{written!r} is no day", "as_of")
        return date.min

    def years(self) -> Iterator[PublishedYear]:
        """The maturities, year by year."""
        listed = self.raw.get("maturities")
        if "maturities" not in self.raw:
            cause = "the record has no key maturities"
            self.problems.append(self.text.problem("LB0602", self.path, cause, "add the key"))
            return
        if not isinstance(listed, list):
            self.wrong("maturities is no list", "maturities")
            return
        for at, each in enumerate(listed):
            place = ("maturities", at)
            if not isinstance(each, dict) or not {"year", "amount"} <= each.keys():
                self.wrong("a maturity is an object with year and amount", *place)
                continue
            label = each["year"]
            written = str(label) if not isinstance(label, bool) else ""
            found = _LABEL.fullmatch(written) if isinstance(label, int | str) else None
            if found is None:
                self.wrong('a year is 2026, "2025 Q4" or "2025 rest"', *place, "year")
                continue
            if each["amount"] is None:
                self.wrong("a year that is listed has an amount", *place, "amount")
                continue
            amount = self.number(each["amount"], AMOUNT_MAX, *place, "amount")
            if amount is not None:
                yield PublishedYear(written, int(found[1]), found[2] or "", amount)


def _short(number: Decimal) -> str:
    return f"{number:.6g}"


def _table(record: Record, kind: str) -> PublishedTable:
    raw = record.raw
    company, as_of, currency, unit = (
        record.string("company"), record.day(), record.string("currency"), record.string("unit"),
    )  # fmt: skip
    if currency and not _CODE.fullmatch(currency):
        record.wrong("a currency is three capital letters", "currency")
    if unit and unit not in UNITS:
        record.wrong(f"the unit is none of {', '.join(UNITS)}", "unit")

    def amount(key: str, most: int = AMOUNT_MAX) -> Decimal | None:
        return record.number(raw.get(key), most, key)

    return PublishedTable(
        company=company,
        fiscal_year=record.string("fiscal_year", needed=False),
        as_of=as_of,
        kind=record.string("kind"),
        currency=currency,
        unit=unit,
        maturities=tuple(record.years()) if kind == _TABLE else (),
        cut_off=record.flag("maturities_incomplete"),
        rounded=record.flag("pv_rounded"),
        thereafter=amount("thereafter"),
        total_undiscounted=amount("total_undiscounted"),
        imputed_interest=amount("imputed_interest"),
        present_value=amount("present_value"),
        not_yet_commenced=amount("not_yet_commenced"),
        term_years=amount("wa_remaining_term_years", TERM_YEARS_MAX),
        discount_rate=amount("wa_discount_rate", 1),
        source=record.string("source", needed=False),
        whole=kind == _TABLE,
    )


def read_published(path: File) -> Published:
    """
    The records of a file.

    Args:
        path: JSON: a list of records, as docs/reference/commands.md describes them.

    Raises:
        Refused: With the first error of grammar, or else every value that is not well formed.
    """
    text = JsonText(read_text(path))
    value = text.value()
    problems = list(text.problems)
    if not isinstance(value, list):
        cause = "the file is no list of records"
        problems.append(text.problem("LB0603", (), cause, "write [ before and ] after the records"))
        raise Refused(problems)
    tables: list[PublishedTable] = []
    others: dict[str, int] = {}
    keys: dict[str, None] = {}
    for at, raw in enumerate(value):
        if not isinstance(raw, dict):
            problems.append(text.problem("LB0603", (at,), "a record is an object", "write { }"))
            continue
        record = Record(text, (at,), raw, problems)
        kind = record.string("record_type")
        if kind in (_TABLE, _UNCOMMENCED):
            tables.append(_table(record, kind))
            keys |= dict.fromkeys(key for key in raw if key not in _READ)
        elif kind:
            others[kind] = others.get(kind, 0) + 1
    if problems:
        raise Refused(sorted(problems, key=lambda p: (p.line, p.column)))
    return Published(tuple(tables), others, tuple(keys))


def fiscal_year_ends(tables: Iterable[PublishedTable]) -> dict[str, tuple[int, int]]:
    """
    The day on which each company's fiscal year ends, where an annual record ("FY2025") shows it.
    """
    return {
        t.company: (t.as_of.month, t.as_of.day) for t in tables if t.fiscal_year.startswith("FY")
    }
