"""
How near a published lease liability comes to its published maturities, discounted.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs

from leasebook.disclosures.published import UNITS, PublishedTable, PublishedYear
from leasebook.disclosures.spread import SHARES, TAIL_MONTHS_MAX, Spans, fitted_share
from leasebook.disclosures.spread import weighted_term_years as term_of
from leasebook.reckoning.calendar import add_months, fiscal_year_bounds, months_between
from leasebook.reckoning.present_value import present_value_minor
from leasebook.reckoning.rates import NoCrossing, effective_annual, periodic_rate, solve_rate
from leasebook.reckoning.rounding import round_half_even

#: Worths are compared at a billionth of a unit where a rate is sought.
_FINE = 10**9
_CALENDAR_YEAR = (12, 31)
#: Years that a table may tell apart.
YEARS_MAX = 50
#: Leases not yet commenced: months until they begin and multiple of the published term, from the
#: assumption that makes them worth most to the one that makes them worth least.
UNCOMMENCED = ((0, 1), (30, Fraction(3, 2)), (60, 2))


@attrs.frozen
class Range:
    """A figure under three assumptions; None where none of them gives one."""

    low: int | Fraction | None
    central: int | Fraction | None
    high: int | Fraction | None


@attrs.frozen
class Bracket:
    """
    A table of maturities discounted.

    Attributes:
        worth: Low, central and high, currency units; None without a published rate.
        implied: Effective annual rate that makes low, central and high worth what was published.
        share: By which the central tail falls, in hundredths of the largest fall.
        tail_years: Length of the level and of the central tail.
        term_years: Weighted-average term that the central tail gives; None without a rate.
    """

    worth: Range | None
    implied: Range | None
    share: int
    tail_years: tuple[Fraction, Fraction]
    term_years: Fraction | None


def in_units(amount: Decimal, table: PublishedTable) -> int:
    """A published amount in whole currency units."""
    return round_half_even(Fraction(amount) * UNITS[table.unit])


def listed(table: PublishedTable) -> Decimal | None:
    """The sum of all maturities; None while some are not known."""
    if not table.maturities or table.thereafter is None or table.cut_off:
        return None
    return sum((year.amount for year in table.maturities), Decimal(0)) + table.thereafter


def adds_up(table: PublishedTable) -> bool:
    """
    Whether the maturities sum to the published total, within the rounding of its lines.

    Each line and the total may be off by half of its last digit.
    """
    whole = listed(table)
    if whole is None or table.total_undiscounted is None:
        return False
    amounts = [*(year.amount for year in table.maturities), whole, table.total_undiscounted]
    last = min(int(amount.as_tuple().exponent) for amount in amounts)
    slack = Decimal(len(table.maturities) + 2).scaleb(min(last, 0)) / 2
    return abs(whole - table.total_undiscounted) <= slack


def months_covered(
    table: PublishedTable, year_end: tuple[int, int] | None
) -> tuple[int, ...] | None:
    """
    The months that each listed amount covers.

    A whole year is twelve; a quarter three; the rest of a year, or a year that has begun, what is
    left of it. Without an annual record that shows another end, fiscal years are calendar years.

    Args:
        table: Gives labels and the reporting date.
        year_end: Month and day on which the company's fiscal year ends, if known.

    Returns:
        Months; None if the amounts do not follow each other from the reporting date on.
    """
    ends = year_end or _CALENDAR_YEAR
    begins = table.as_of + timedelta(days=1)
    found: list[int] = []
    for year in table.maturities:
        first, last = _span(year, ends)
        start = max(first, begins)
        if year.part != "rest" and year.part and first != begins:
            return None
        if start != begins or last < begins:
            return None
        months = months_between(start, last + timedelta(days=1))
        if add_months(start, months) != last + timedelta(days=1) or not months:
            return None
        found.append(months)
        begins = last + timedelta(days=1)
    return tuple(found)


def _span(year: PublishedYear, ends: tuple[int, int]) -> tuple[date, date]:
    first, last = fiscal_year_bounds(year.year, ends)
    if year.part.startswith("Q"):
        quarter = int(year.part[1])
        return add_months(first, 3 * quarter - 3), add_months(first, 3 * quarter) - timedelta(
            days=1
        )
    return first, last


def lacks(table: PublishedTable, year_end: tuple[int, int] | None) -> tuple[str, ...]:
    """
    What keeps a table from being discounted, or its rate from being solved; nothing is guessed.

    Returns:
        In words; empty if nothing does.
    """
    found = []
    if not table.maturities:
        found.append("maturities by year")
    elif table.cut_off or table.thereafter is None:
        found.append("the later maturities")
    if table.total_undiscounted is None:
        found.append("the undiscounted total")
    if table.present_value is None:
        found.append("the published liability")
    if listed(table) is not None:
        found += _misfits(table, year_end)
    return tuple(found)


def _misfits(table: PublishedTable, year_end: tuple[int, int] | None) -> Iterator[str]:
    if table.total_undiscounted is not None and not adds_up(table):
        yield f"maturities that sum to the total (they sum to {listed(table):,f})"
    months = months_covered(table, year_end)
    if len(table.maturities) > YEARS_MAX:
        yield f"at most {YEARS_MAX} years told apart"
    elif months is None:
        yield "years that follow each other from the reporting date"
    elif table.thereafter and not table.maturities[-1].amount:
        yield "an amount in the last year, from which later ones can tail off"
    elif _spans(table, months).level_months > TAIL_MONTHS_MAX:
        yield f"a tail of at most {TAIL_MONTHS_MAX // 12} years"


def _spans(table: PublishedTable, months: tuple[int, ...]) -> Spans:
    return Spans(
        months,
        tuple(in_units(year.amount, table) for year in table.maturities),
        in_units(table.thereafter or Decimal(0), table),
    )


def bracket(table: PublishedTable, year_end: tuple[int, int] | None) -> Bracket:
    """
    A table's maturities at its published rate and term, by the assumptions that bracket them.

    High is each year's amount at its start with a level tail, low at its end with the slowest
    tail; central is monthly in advance with the tail that gives the published term (a level one
    where none was published). The implied rate makes each of them worth the published liability.

    Source: ASC 842-20-50-6, 842-20-50-4(g), 842-20-55-11; IFRS 16.58.

    Args:
        table: One that lacks nothing but perhaps rate or liability.
        year_end: The company's, if known.

    Raises:
        ValueError: If the table's maturities are not complete.
    """
    months = months_covered(table, year_end)
    if months is None or listed(table) is None:
        raise ValueError(f"the maturities of {table.name} are not complete")
    spans = _spans(table, months)
    rate = _monthly(table.discount_rate)
    share = 0
    if rate is not None and table.term_years is not None and spans.thereafter:
        share = fitted_share(spans, rate, Fraction(table.term_years))
    streams = {
        "low": spans.by_month(SHARES, "end"),
        "central": spans.by_month(share, "monthly"),
        "high": spans.by_month(0, "start"),
    }
    worth = implied = None
    if rate is not None:
        worth = Range(*(present_value_minor(dues, rate, 0) for dues in streams.values()))
    if table.present_value is not None:
        owed = in_units(table.present_value, table)
        implied = Range(*(implied_rate(dues, owed) for dues in streams.values()))
    return Bracket(
        worth,
        implied,
        share,
        (spans.level_months / 12, Fraction(len(spans.tail(share)), 12)),
        None if rate is None or not any(streams["central"]) else term_of(streams["central"], rate),
    )


def _monthly(rate: Decimal | None) -> Fraction | None:
    return None if rate is None else periodic_rate(rate, "effective-annual", 1)


def implied_rate(dues: list[int], owed: int) -> Fraction | None:
    """
    The effective annual rate at which monthly dues are worth what is owed.

    Args:
        dues: Whole units at the beginning of each month.
        owed: Whole units.

    Returns:
        At six decimals, from a monthly rate at fifteen; None if no rate from nothing on does it.

    Example:
        >>> implied_rate([0] * 12 + [110], 100)
        Fraction(1, 10)
    """
    fine = [due * _FINE for due in dues]
    try:
        monthly = solve_rate(lambda rate: present_value_minor(fine, rate, 0) - owed * _FINE)
    except NoCrossing:
        return None
    return Fraction(round_half_even(effective_annual(monthly, 1) * 10**6), 10**6)


def uncommenced(table: PublishedTable) -> Range | None:
    """
    What leases not yet commenced are worth today, if they are like the leases in the books.

    They are level, monthly in advance, at the published rate. High: they begin at once and last
    the published weighted-average term; central: in two and a half years, for one and a half times
    it; low: in five years, for twice it.

    Source: ASC 842-20-50-3(b) asks for the commitment; what it is worth is an estimate.

    Returns:
        Currency units; None where amount, rate or term was not published.
    """
    rate = _monthly(table.discount_rate)
    if rate is None or table.not_yet_commenced is None or not table.term_years:
        return None
    whole = in_units(table.not_yet_commenced, table)
    found = []
    for begins, times in UNCOMMENCED:
        count = max(1, round_half_even(Fraction(table.term_years) * 12 * times))
        monthly = [whole * k // count for k in range(count + 1)]
        dues = [after - before for before, after in pairwise(monthly)]
        found.append(present_value_minor(dues, rate, begins))
    high, central, low = found
    return Range(low, central, high)
