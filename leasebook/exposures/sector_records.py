"""
Records of companies' headline figures, and of what others estimate for several companies together.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from leasebook.contract.guard import read_text
from leasebook.disclosures.json_text import JsonText
from leasebook.disclosures.published import AMOUNT_MAX, UNITS, Record
from leasebook.values.problem import Problem, Refused

#: Lines of a headline record that are all of a company's debt, the first that it has.
WHOLE_DEBT = (
    "debt_total",
    "debt_total_incl_commercial_paper",
    "notes_payable_and_borrowings",
    "debt_principal",
)
#: Lines that together are all of it, the second where it has one.
DEBT_PARTS = ("long_term_debt", "current_debt")

#: What an estimate is of.
MEASURES = {
    "not_yet_commenced": "leases not commenced",
    "all_lease_payments": "payments of all leases, on the books and not commenced",
}


@attrs.frozen
class Headline:
    """
    Lines of a company's statements on a day; debt in currency units, None if not among them.
    """

    company: str
    as_of: date
    currency: str
    debt: Decimal | None
    source: str


@attrs.frozen
class Estimate:
    """
    What somebody published of several companies together, in currency units.

    Attributes:
        estimator: Who.
        as_of: To which day.
        currency: Of the amount.
        measure: One of `MEASURES`.
        amount: Undiscounted.
        at_least: Whether it was published as a lower bound.
        companies: Whose sum it is.
        source: Where.
    """

    estimator: str
    as_of: date
    currency: str
    measure: str
    amount: Decimal
    at_least: bool
    companies: tuple[str, ...]
    source: str


def read_sector(path: Path) -> tuple[tuple[Headline, ...], tuple[Estimate, ...]]:
    """
    The headline records and estimates of a file; records of other types are left to other readers.

    Args:
        path: JSON: a list of records, as docs/reference/commands.md describes them.

    Raises:
        Refused: With every value that is not well formed.
    """
    text = JsonText(read_text(path))
    value = text.value()
    problems: list[Problem] = []
    headlines: list[Headline] = []
    estimates: list[Estimate] = []
    for at, raw in enumerate(value if isinstance(value, list) else ()):
        if isinstance(raw, dict):
            record = Record(text, (at,), raw, problems)
            if raw.get("record_type") == "headline":
                headlines.append(_headline(record))
            elif raw.get("record_type") == "public_estimate":
                estimates.append(_estimate(record))
    if problems:
        raise Refused(sorted(problems, key=lambda p: (p.line, p.column)))
    return tuple(headlines), tuple(estimates)


def _headline(record: Record) -> Headline:
    company, as_of, currency = record.string("company"), record.day(), _currency(record)
    lines = record.raw.get("lines")
    if not isinstance(lines, list):
        record.wrong("lines is no list", "lines")
        lines = []
    amounts: dict[str, Decimal] = {}
    sources: dict[str, str] = {}
    for at, line in enumerate(lines):
        if not isinstance(line, dict) or not isinstance(line.get("line"), str):
            record.wrong("a line is an object with line and value", "lines", at)
        elif line["line"] in (*WHOLE_DEBT, *DEBT_PARTS):
            found = record.number(line.get("value"), AMOUNT_MAX, "lines", at, "value")
            if found is not None:
                amounts[line["line"]] = found
                sources[line["line"]] = str(line.get("source") or "")
    debt, names = _debt(amounts)
    unit = _unit(record)
    said = "; ".join(dict.fromkeys(sources[name] for name in names if sources[name]))
    return Headline(company, as_of, currency, None if debt is None else debt * unit, said)


def _debt(amounts: Mapping[str, Decimal]) -> tuple[Decimal | None, tuple[str, ...]]:
    """
    All of a company's debt, and the lines it is from.

    Example:
        >>> _debt({"long_term_debt": Decimal(5), "current_debt": Decimal(1)})
        (Decimal('6'), ('long_term_debt', 'current_debt'))
    """
    for name in WHOLE_DEBT:
        if name in amounts:
            return amounts[name], (name,)
    if DEBT_PARTS[0] not in amounts:
        return None, ()
    names = tuple(name for name in DEBT_PARTS if name in amounts)
    return sum((amounts[name] for name in names), Decimal(0)), names


def _currency(record: Record) -> str:
    code = record.string("currency")
    if code and not (len(code) == 3 and code.isascii() and code.isupper()):
        record.wrong("a currency is three capital letters", "currency")
    return code


def _unit(record: Record) -> int:
    unit = record.string("unit")
    if unit and unit not in UNITS:
        record.wrong(f"the unit is none of {', '.join(UNITS)}", "unit")
    return UNITS.get(unit, 1)


def _estimate(record: Record) -> Estimate:
    measure = record.string("measure")
    if measure and measure not in MEASURES:
        record.wrong(f"the measure is none of {', '.join(MEASURES)}", "measure")
    companies: Any = record.raw.get("companies")
    if not isinstance(companies, list) or not all(isinstance(c, str) for c in companies):
        record.wrong("companies is no list of names", "companies")
        companies = []
    amount = record.number(record.raw.get("amount"), AMOUNT_MAX, "amount")
    if amount is None and not isinstance(record.raw.get("amount"), int | Decimal):
        record.wrong("an estimate has an amount", "amount")
    return Estimate(
        estimator=record.string("estimator"),
        as_of=record.day(),
        currency=_currency(record),
        measure=measure,
        amount=(amount or Decimal(0)) * _unit(record),
        at_least=record.flag("at_least"),
        companies=tuple(companies),
        source=record.string("source", needed=False),
    )
