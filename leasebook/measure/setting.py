"""
What a measurement is made under: framework, scenario, and the outcomes that decide how.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from leasebook.contract.deal import Asset, Deal
from leasebook.contract.event import Event
from leasebook.contract.exchange_rate import RateTable
from leasebook.contract.figure import Figure
from leasebook.contract.lease import Lease
from leasebook.contract.model import Draws
from leasebook.contract.note import Note
from leasebook.contract.share import signed_id
from leasebook.contract.transfer import Transfer, transfers
from leasebook.facts.changes import epoch_subject
from leasebook.measure.last_days import last_days
from leasebook.measure.missing_rates import MissingExchangeRates
from leasebook.reckoning.calendar import add_months, fiscal_year, fiscal_year_bounds
from leasebook.reckoning.rounding import round_half_even
from leasebook.values.money import Currency, currency_units, minor_units

#: What is not asked of a contract that contains no lease (ASC 842-10-15-2; IFRS 16.9).
_OF_A_LEASE = frozenset(
    {"lease_exemption", "lessee_classification", "lessor_classification", "deposit_method"}
)

#: How a sales-type lease is measured while it is not probable that its rents are collected.
DEPOSIT = "deposit"

#: What `lease_exemption` concludes of leases whose rent is expense and nothing else: two
#: exemptions, and before 2019 every operating lease (FAS 13.15; IAS 17.33).
OFF_BALANCE_SHEET = ("short-term", "low-value", "off-balance-sheet")


@attrs.frozen
class Setting:
    """
    A deal with everything that its measurement depends on.

    `outcomes` holds the outcome of each decision by (decision, subject), whether the rules
    concluded it, somebody asserts it, or it is assumed; `asked` all that were asked, open or not.
    In the setting of a lease in another currency the deal is seen in that currency: `lease` is its
    id, and `home` the setting in the deal's own.
    """

    deal: Deal
    framework: str
    scenario: str
    outcomes: Mapping[tuple[str, str], str]
    asked: frozenset[tuple[str, str]] = frozenset()
    lease: str = ""
    home: "Setting | None" = attrs.field(default=None, repr=False)

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

    def rates_of(self, lease: Lease) -> RateTable | None:
        """The exchange rates of a lease in another currency; None of one in the deal's own."""
        deal = (self.home or self).deal
        if lease.currency in (None, deal.currency):
            return None
        return RateTable.of(deal.exchange_rates, lease.currency, deal.currency)

    def in_currency_of(self, lease: Lease) -> "Setting":
        """
        The setting as a lease sees it: amounts in its currency, and what its asset is worth too.

        The asset is translated at the closing rate of the commencement date.

        Source: ASC 842-20-55-10, 830-20-30-1; IAS 21.21.

        Raises:
            MissingExchangeRates: If that day has no rate.
        """
        rates, home = self.rates_of(lease), self.home or self
        if rates is None:
            return home
        if self.lease == lease.id:
            return self
        day = lease.commencement_date.get()
        closing = rates.closing(day)
        if closing is None:
            raise MissingExchangeRates([(lease.id, rates.currency.code, (day,))])
        asset = _seen_in(home.deal.assets[lease.asset], rates.currency, closing)
        assets = {**home.deal.assets, lease.asset: asset}
        deal = attrs.evolve(home.deal, currency=rates.currency, assets=assets)
        return attrs.evolve(home, deal=deal, lease=lease.id, home=home)

    def abroad(self, amount_minor: int, lease: Lease) -> int:
        """
        An amount in the deal's currency, in minor units of a lease's, at its commencement rate.

        Source: ASC 830-20-30-1; IAS 21.21.
        """
        rates = self.rates_of(lease)
        closing = rates.closing(lease.commencement_date.get()) if rates is not None else None
        if rates is None or closing is None:
            return amount_minor
        return round_half_even(amount_minor / (closing * rates.minor))

    def in_deal_units(self, amount_minor: Fraction, lease: Lease) -> Fraction:
        """
        An amount of a lease in units of the deal's currency, at the rate of its commencement.

        What classification compares with fair value is compared in one currency.

        Source: ASC 842-10-25-2(d), 842-20-55-10; IFRS 16.63(d), IAS 21.21.

        Args:
            amount_minor: Minor units of the lease's currency, exact.
            lease: Gives the currency.
        """
        rates, deal = self.rates_of(lease), (self.home or self).deal
        closing = rates.closing(lease.commencement_date.get()) if rates is not None else None
        if rates is not None and closing is not None:
            amount_minor = amount_minor * closing * rates.minor
        return amount_minor / int(10**deal.currency.decimals)

    def events(self, contract: str) -> tuple[Event, ...]:
        """What happens to a contract in this scenario, by date."""
        found = (
            e for e in self.deal.events if e.scenario == self.scenario and e.contract == contract
        )
        return tuple(sorted(found, key=lambda e: (e.date.get(), e.order)))

    def stated(self, about: str, fact: str) -> Any:
        """
        What people state of a fact about a subject; None if nobody does or it is not known.

        What is stated of a contract holds for each lease in it of which nothing else is stated.
        """
        found = {s.about: s for s in (*self.deal.judgements, *self.deal.facts) if s.fact == fact}
        stated = found.get(about) or found.get(signed_id(about))
        return None if stated is None else stated.value.value

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

    def lessor_class(self, lease: str, day: date) -> str:
        """
        How a lessor measures a lease from a day on: its class, or as a deposit.

        A sales-type lease whose collection is not probable at commencement is a deposit until it
        becomes so; afterwards nobody asks again.

        Source: ASC 842-30-25-3, 842-30-25-4, 842-30-25-6.
        """
        found = self.class_at("lessor_classification", lease, day) or "operating"
        if found != "sales-type" or self.outcome("deposit_method", lease) != "applies":
            return found
        so_far = (e for e in self.events(lease) if e.date.get() <= day)
        return found if any(e.kind == "collection-probable" for e in so_far) else DEPOSIT

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


def _seen_in(asset: Asset, currency: Currency, closing: Fraction) -> Asset:
    """An asset with its amounts in another currency, rounded to minor units of it."""

    def translated(figure: Figure[Decimal]) -> Figure[Decimal]:
        amount = Fraction(figure.get()) / closing * int(10**currency.decimals)
        return attrs.evolve(
            figure, value=currency_units(round_half_even(amount), currency), range=()
        )

    amounts: dict[str, Any] = {
        field.name: translated(figure)
        for field in attrs.fields(Asset)
        if isinstance(figure := getattr(asset, field.name), Figure)
        and isinstance(figure.value, Decimal)
    }
    return attrs.evolve(asset, **amounts)


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
