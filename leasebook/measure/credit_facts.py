"""
Measured facts about guarantees and entities: what a guarantee is worth, and expected losses.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from leasebook.contract.credit import Guarantee
from leasebook.facts.fact import Fact, Subject, Unknown
from leasebook.measure.expected_losses import Outcome, variability
from leasebook.measure.guarantee import estimated_value
from leasebook.measure.setting import Setting


def guarantee_fair_value(subject: Subject, setting: Setting) -> Fact:
    """
    What a guarantee is estimated to be worth on the day it is issued, currency units.

    Source: ASC 460-10-30-2(b); IFRS 9.5.1.1.
    """
    name = "guarantee_fair_value"
    contract = setting.deal.contracts[subject.id.partition("/")[0]]
    path = f"contracts.{contract.id}"
    if not isinstance(contract, Guarantee):
        raise TypeError(f"{contract.id} is no guarantee")
    value = estimated_value(contract, setting)
    if value is None:
        why = "neither a fair value nor interest with and without the guarantee is known"
        return Fact(name, Unknown(why), "measured", path)
    return Fact(name, value / 10**setting.deal.currency.decimals, "measured", path)


def expected_losses(subject: Subject, _setting: Setting) -> Fact:
    """
    Expected losses of an entity from the list of its outcomes, in the list's unit of money.

    Source: ASC 810-10-15-14(a), 810-10-20.
    """
    name = "expected_losses"
    table = subject.tables.get("outcomes")
    rate = subject.facts.get("outcomes_discount_rate")
    if table is None:
        return Fact(name, Unknown("not stated"), "measured")
    if rate is None or not isinstance(rate.value, int | Decimal | Fraction):
        return Fact(name, Unknown("the rate that outcomes are discounted at"), "measured")
    if not table.complete:
        return Fact(name, Unknown("the list of outcomes may lack some"), "measured")
    outcomes = []
    for row in table.rows:
        cells = [_number(row.get(column)) for column in ("cash_flow", "probability")]
        if cells[0] is None or cells[1] is None:
            return Fact(name, Unknown("an outcome or its probability"), "measured")
        outcomes.append(Outcome(cells[0], cells[1]))
    try:
        found = variability(outcomes, Fraction(rate.value))
    except ValueError as wrong:
        return Fact(name, Unknown(str(wrong)), "measured")
    return Fact(name, found.expected_losses, "measured", f"tables, outcomes of {subject.id}")


def _number(fact: Fact | None) -> Fraction | None:
    if fact is None or isinstance(fact.value, Unknown | bool | str | date):
        return None
    return Fraction(fact.value)


#: What measures each fact that is about something other than a lease.
MEASURES: Mapping[str, Callable[[Subject, Setting], Fact]] = {
    "guarantee_fair_value": guarantee_fair_value,
    "expected_losses": expected_losses,
}
