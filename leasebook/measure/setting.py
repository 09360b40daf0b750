"""
What a measurement is made under: framework, scenario, and the outcomes that decide how.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import Draws, Note
from leasebook.contract.transfer import Transfer, transfers
from leasebook.facts.changes import epoch_subject
from leasebook.measure.last_days import last_days
from leasebook.reckoning.calendar import add_months, fiscal_year, fiscal_year_bounds
from leasebook.values.money import minor_units

#: What is not asked of a contract that contains no lease (ASC 842-10-15-2; IFRS 16.9).
_OF_A_LEASE = frozenset({"lease_exemption", "lessee_classification", "lessor_classification"})

#: What `lease_exemption` concludes of leases whose rent is expense and nothing else: two
#: exemptions, and before 2019 every operating lease (FAS 13.15; IAS 17.33).
OFF_BALANCE_SHEET = ("short-term", "low-value", "off-balance-sheet")


@attrs.frozen
class Setting:
    """
    A deal with everything that its measurement depends on.

    `outcomes` holds the outcome of each decision by (decision, subject), whether the rules
    concluded it, somebody asserts it, or it is assumed; `asked` all that were asked, open or not.
    """

    deal: Deal
    framework: str
    scenario: str
    outcomes: Mapping[tuple[str, str], str]
    asked: frozenset[tuple[str, str]] = frozenset()

    def outcome(self, decision: str, about: str) -> str | None:
        """The outcome of a decision, None while it is open or where there is no lease to class."""
        if decision in _OF_A_LEASE and self.outcomes.get(("contains_lease", about)) == "no-lease":
            return None
        return self.outcomes.get((decision, about))

    def exemption(self, lease: str) -> str | None:
        """
        By what a lease is kept off its lessee's balance sheet, as `OFF_BALANCE_SHEET` lists it.
        """
        found = self.outcome("lease_exemption", lease)
        return found if found in OFF_BALANCE_SHEET else None

    def minor(self, figure: Figure[Decimal] | None) -> int:
        """A figure's amount in minor units; a figure that the contract does not have is zero."""
        if figure is None:
            return 0
        return minor_units(figure.get(), self.deal.currency)

    def events(self, contract: str) -> tuple[Event, ...]:
        """What happens to a contract in this scenario, by date."""
        found = (
            e for e in self.deal.events if e.scenario == self.scenario and e.contract == contract
        )
        return tuple(sorted(found, key=lambda e: (e.date.get(), e.order)))

    def stated(self, about: str, fact: str) -> Any:
        """What people state of a fact about a subject; None if nobody does or it is not known."""
        found = (*self.deal.judgements, *self.deal.facts)
        return next((s.value.value for s in found if (s.about, s.fact) == (about, fact)), None)

    def class_at(self, decision: str, lease: str, day: date) -> str | None:
        """
        The class of a lease from a day on: of the last event that asked again, else the first.
        """
        for event in reversed(self.events(lease)):
            if event.date.get() > day:
                continue
            found = self.outcome(decision, epoch_subject(lease, event))
            if found is not None:
                return found
        return self.outcome(decision, lease)

    def transfer(self, asset: str, *outcomes: str) -> Transfer | None:
        """
        How an asset passes on, if the transfer is decided to be one of some outcomes.

        Works that are built for a lessee are no transfer until a decision makes them one.
        """
        for found in transfers(self.deal):
            outcome = self.outcome("sale_and_leaseback", found.id)
            if found.asset == asset and outcome in outcomes:
                return found
        return None

    def failed_sale(self, asset: str) -> Transfer | None:
        """The transfer of an asset that is no sale, so that its seller keeps the asset."""
        return self.transfer(asset, "failed-sale")

    def sale(self, asset: str) -> Transfer | None:
        """The transfer by which an asset is sold, whether it is leased back or not."""
        return self.transfer(asset, "sale", "no-leaseback")

    def failed_leaseback(self, lease: Lease) -> Transfer | None:
        """The failed sale whose leaseback a lease is, so that its rents serve a financing."""
        failed = self.failed_sale(lease.asset)
        return failed if failed is not None and failed.leased_back(lease) else None


def year_end(text: str) -> tuple[int, int]:
    """
    A fiscal year end as month and day.

    Example:
        >>> year_end("06-30")
        (6, 30)
    """
    month, day = text.split("-")
    return int(month), int(day)


def first_day(deal: Deal) -> date:
    """The earliest day on which a contract of the deal moves anything."""
    days: list[date] = []
    for contract in deal.contracts.values():
        for field in attrs.fields(type(contract)):
            value = getattr(contract, field.name)
            if isinstance(value, Draws):
                days.append(value.first.get())
            elif isinstance(value, Figure) and isinstance(value.value, date):
                days.append(value.value)
    return min(days, default=deal.known_to)


def horizon(deal: Deal) -> date:
    """
    The last day of the reporting entity's fiscal year in which the last contract ends.

    A lease is followed to the end of its last renewal.
    """
    days = [first_day(deal), *last_days(deal)]
    days += [note.maturity.get() for note in deal.of_kind(Note)]
    for lease in deal.of_kind(Lease):
        months = longest_term_months(lease)
        days.append(add_months(lease.commencement_date.get(), months) - timedelta(days=1))
    end = year_end(deal.entities[deal.reporting].fiscal_year_end)
    return fiscal_year_bounds(fiscal_year(max(days), end), end)[1]


def longest_term_months(lease: Lease) -> int:
    """The term of a lease with every renewal, in months."""
    renewals = sum(
        option.term.get().months * option.times
        for option in lease.options
        if option.kind == "renewal" and option.term is not None
    )
    return lease.noncancellable.get().months + renewals
