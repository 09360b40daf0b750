"""
Whose disclosures, and the schedules as they stood on a day: terms foreseen then, nothing later.

A maturity analysis on a day holds the payments that the terms of that day foresee. The schedule in
the books goes on through later events; so a lease that something happens to afterwards is measured
again without it.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import attrs

from leasebook.book.ledger import Ledger
from leasebook.contract.exchange_rate import known_on
from leasebook.contract.lease import Lease
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.lease_course import lease_end
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months, month_end

#: The account that a lessee's liability stands in, by the name of its schedule.
LIABILITY_ACCOUNT = {"lessee-operating": "operating-lease-liabilities"}
OTHER_LIABILITY_ACCOUNT = "finance-lease-liabilities"


class DisclosureMismatchError(Exception):
    """A table of the notes that does not tie to the schedule or to the ledger."""


@attrs.frozen
class Period:
    """A span of days that flows are summed over; balances are those at the close of its last."""

    name: str
    first: date
    last: date


@attrs.frozen
class Scope:
    """
    The companies whose notes are drawn up as one, with what they have booked.

    Attributes:
        setting: Deal, framework, scenario and outcomes of the basis.
        members: The entity and the companies that are consolidated with it.
        schedules: Every schedule of the basis.
        accrued: Schedules of notes by contract, which the cost of leased assets may need.
        ledger: Of the members together, contracts among them taken out, without the opening entry.
        interests: Net debits in the members' books by (account, counterparty, day), minor units.
        year_end: Month and day on which their fiscal year ends.
        causes: Net debits of their ledger by (account, name of the schedule, day), minor units.
    """

    setting: Setting
    members: frozenset[str]
    schedules: tuple[Schedule, ...]
    accrued: Mapping[str, Schedule]
    ledger: Ledger
    interests: Mapping[tuple[str, str], Mapping[date, int]]
    causes: Mapping[tuple[str, str], Mapping[date, int]] = attrs.field(factory=dict)
    year_end: tuple[int, int] = (12, 31)

    def caused_by(self, account: str, schedule: str, *, first: date = date.min, last: date) -> int:
        """Net debits of an account that schedules of one name brought over days, minor units."""
        by_day = self.causes.get((account, schedule), {})
        return sum(amount for day, amount in by_day.items() if first <= day <= last)

    def own(self, role: str) -> tuple[Schedule, ...]:
        """
        The members' schedules of leases with outsiders.

        Args:
            role: How the name of the schedule begins, "lessee" or "lessor".
        """
        return tuple(
            s
            for s in self.schedules
            if s.rows
            and s.name.startswith(f"{role}-")
            and s.entity in self.members
            and s.counterparty not in self.members
        )

    def lease(self, schedule: Schedule) -> Lease:
        """
        The lease that a schedule measures.

        Raises:
            LookupError: If its contract is no lease.
        """
        contract = self.setting.deal.contracts.get(schedule.contract)
        if isinstance(contract, Lease):
            return contract
        raise LookupError(f"{schedule.contract} is no lease")

    def known_on(self, contract: str, day: date) -> "Scope":
        """
        The same scope with nothing happening to a contract after a day.

        A lease in another currency has the exchange rate of the day from then on.

        Source: ASC 842-20-50-6, 842-20-55-10; IFRS 16.58, IAS 21.23(a).
        """
        deal = self.setting.deal
        events = tuple(e for e in deal.events if e.contract != contract or e.date.get() <= day)
        lease = deal.contracts.get(contract)
        rates = deal.exchange_rates
        if isinstance(lease, Lease) and self.setting.rates_of(lease) is not None:
            rates = known_on(rates, day)
        if len(events) == len(deal.events) and rates is deal.exchange_rates:
            return self
        then = attrs.evolve(deal, events=events, exchange_rates=rates)
        setting = attrs.evolve(self.setting, deal=then)
        return attrs.evolve(self, setting=setting)

    def foreseen(self, schedule: Schedule, day: date) -> Schedule:
        """
        A lease's schedule by the terms of a day, as if nothing happened afterwards.

        Raises:
            LookupError: If the lease then has no such schedule.
        """
        then = self.known_on(schedule.contract, day)
        if then is self:
            return schedule
        role = schedule.name.partition("-")[0]
        for made in lease_schedules(self.lease(schedule), then.setting, self.accrued):
            if made.entity == schedule.entity and made.name.partition("-")[0] == role:
                return made
        raise LookupError(f"{schedule.contract} has no schedule by the terms of {day}")

    def last_day(self, schedule: Schedule, day: date) -> date:
        """The last day of a lease by the terms of a day."""
        return lease_end(self.lease(schedule), self.known_on(schedule.contract, day).setting)


def later(day: date, months: int) -> date:
    """
    The close of a day moved by whole months; the end of a month stays the end of a month.

    Example:
        >>> later(date(2027, 2, 28), 12), later(date(2027, 6, 29), 8)
        (datetime.date(2028, 2, 29), datetime.date(2028, 2, 29))
    """
    moved = add_months(day, months)
    return month_end(moved) if day == month_end(day) else moved


def lease_class(schedule: Schedule) -> str:
    """
    The class of a lessee's lease in the notes: US GAAP keeps two apart, IFRS has one.

    Source: ASC 842-20-45-3, 842-20-50-6; IFRS 16.22.
    """
    known = {"lessee-operating": "operating", "lessee-finance": "finance", "lessee-ifrs": "leases"}
    return known.get(schedule.name, schedule.name.partition("-")[2])


def liability_account(schedule: Schedule) -> str:
    """The account in which a lessee's liability is booked."""
    return LIABILITY_ACCOUNT.get(schedule.name, OTHER_LIABILITY_ACCOUNT)


def is_open(schedule: Schedule, day: date) -> bool:
    """Whether a lease has commenced by the close of a day."""
    return schedule.rows[0].date <= day


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
