"""
Generated deals: groups of two to five companies with the contracts that tie them together.

`cases()` draws a deal, a framework, the outcomes of its decisions and a perimeter; rules are not
asked. Outsiders (a fund, a bank, a landlord, a tenant, a builder) keep no books.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st

from leasebook.book.keep import Kept, cash_accounts, keep_books
from leasebook.consolidation.worksheet import Worksheet, consolidate
from leasebook.contract.deal import Asset, Deal, Entity, Framework
from leasebook.contract.event import Event
from leasebook.contract.figure import Figure
from leasebook.contract.lease import DatedAmount, Lease, Option, Rent
from leasebook.contract.model import (
    Construction,
    Contract,
    Contribution,
    Distribution,
    Draws,
    EquityInterest,
    Services,
)
from leasebook.contract.note import Note, Reset
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months, month_end
from leasebook.values.duration import Duration
from leasebook.values.money import Currency

PARENT = "parent"
SCENARIO = "as-planned"
OUTSIDERS = ("fund", "bank", "landlord", "tenant", "builder")
DAY_COUNTS = ("30/360", "30E/360", "actual/360", "actual/365", "actual/actual")
_EVERY = {1: "month", 3: "quarter", 12: "year"}
#: Months of a period and numbers of periods that make a small lease.
_TERMS = ((1, 12), (1, 18), (3, 4), (3, 10), (12, 3), (12, 4))


@attrs.frozen
class Case:
    """
    A deal with everything its books depend on, and the perimeter of its group.

    Attributes:
        members: The parent and the vehicles that are consolidated with it.
        inside: Ids of the contracts between members that are leases or notes.
    """

    deal: Deal
    framework: Framework
    outcomes: Mapping[tuple[str, str], str]
    members: frozenset[str]
    inside: tuple[str, ...] = ()

    def setting(self) -> Setting:
        """What the deal is measured under."""
        return Setting(self.deal, self.framework, SCENARIO, self.outcomes)

    def kept(self) -> Kept:
        """The books of every company."""
        return keep_books(self.setting(), "generated")

    def worksheet(self, kept: Kept | None = None) -> Worksheet:
        """The consolidation of the members."""
        kept = kept or self.kept()
        return consolidate(
            kept.books[PARENT],
            kept.books,
            self.members,
            setting=self.setting(),
            accrued=kept.accrued,
            cash_accounts=cash_accounts(self.deal),
            until=kept.until,
        )

    def with_contracts(self, contracts: Mapping[str, Contract]) -> "Case":
        """The same case with other contracts."""
        return attrs.evolve(self, deal=attrs.evolve(self.deal, contracts=dict(contracts)))

    def without(self, *names: str) -> "Case":
        """The same case without some contracts and what happens to them."""
        left = {k: c for k, c in self.deal.contracts.items() if k not in names}
        events = tuple(e for e in self.deal.events if e.contract not in names)
        return attrs.evolve(self, deal=attrs.evolve(self.deal, contracts=left, events=events))


@attrs.frozen
class _Plan:
    """What the parts of a case agree on while it is drawn."""

    draw: st.DrawFn
    currency: Currency
    plain: bool
    names: tuple[str, ...]
    formed: date
    in_service: date

    def pick(self, *choices: Any) -> Any:
        """One of some values."""
        return self.draw(st.sampled_from(choices))

    def maybe(self, *, one_in: int = 2) -> bool:
        """True once in a while."""
        return bool(self.draw(st.integers(1, one_in)) == one_in)

    def units(self, low: int, high: int) -> Decimal:
        """An amount between two numbers of minor units, in currency units."""
        return self.exact(self.draw(st.integers(low, high)))

    def exact(self, minor: int) -> Decimal:
        """Minor units in currency units."""
        return Decimal(minor).scaleb(-self.currency.decimals)


def figure(value: Any) -> Figure[Any]:
    """A figure that says it is made up."""
    return Figure(value, assumption="generated")


def duration(months: int) -> Duration:
    """A duration of whole months."""
    return Duration.parse(_EVERY.get(months, f"{months} months"))


def _interests(plan: _Plan) -> dict[str, EquityInterest]:
    """
    Who holds what: up to three levels below the parent, no circles, shares of at most the whole.
    """
    depth = {PARENT: 0}
    made: list[EquityInterest] = []
    for name in plan.names[1:]:
        above = [e for e in depth if depth[e] < 3]  # three levels below the parent
        first, second = plan.pick(*above), plan.pick(*above, "fund")
        share = plan.pick("1", "0.8", "0.6", "0.35", "0.2")
        rest = {"1": "0", "0.8": "0.2", "0.6": "0.4", "0.35": "0.65", "0.2": "0.8"}[share]
        if plan.maybe(one_in=4):
            rest = str(Decimal(rest) / 2)  # part of it is held by nobody who is named
        if plan.maybe(one_in=5):
            first, share, rest = "fund", "1", "0"
        shares = [(first, share), (second if second != first else "fund", rest)]
        held = [(h, s) for h, s in shares if Decimal(s)]
        depth[name] = 1 + max((depth[h] for h, _ in held if h in depth), default=0)
        made += [
            EquityInterest(f"{h}-in-{name}", h, name, figure(Decimal(s)), figure(plan.formed))
            for h, s in held
        ]
    return {i.id: i for i in made}


def _contributions(plan: _Plan, interests: Mapping[str, EquityInterest]) -> list[Contract]:
    """Cash paid in at formation or called over months, in proportion to the shares or not."""
    made: list[Contract] = []
    for issuer in plan.names[1:]:
        own = [i for i in interests.values() if i.issuer == issuer]
        base = plan.draw(st.integers(50_000 if plan.plain else 1, 100_000)) * 1000
        proportional = plan.plain or plan.maybe()
        for interest in own:
            minor = int(base * interest.share.get())
            if not proportional:
                minor = plan.draw(st.integers(1, 10**7))
            called = minor // 2 if plan.maybe(one_in=3) else 0
            terms = (interest.holder, issuer, interest.id)
            paid, day = figure(plan.exact(minor - called)), figure(plan.formed)
            made.append(Contribution(f"capital-{interest.id}", *terms, amount=paid, date=day))
            if called:
                months = plan.draw(st.integers(0, 8))
                calls = Draws(
                    figure(plan.exact(called)),
                    figure(plan.formed + timedelta(days=1)),
                    figure(add_months(plan.formed + timedelta(days=1), months)),
                )
                made.append(Contribution(f"calls-{interest.id}", *terms, calls=calls))
    return made


def _held_inside(
    entity: str, interests: Mapping[str, EquityInterest], members: frozenset[str]
) -> bool:
    return any(i.issuer == entity and i.holder in members for i in interests.values())


def _campus(
    plan: _Plan, interests: Mapping[str, EquityInterest], members: frozenset[str]
) -> tuple[Asset, list[Contract], str]:
    """An asset, what brings it into being and into its owner's hands, and that owner."""
    draw = plan.draw
    handed = [i for i in interests.values() if i.holder in plan.names and i.issuer in plan.names]
    if plan.plain:
        handed = [i for i in handed if i.holder == PARENT]
    transfer = plan.pick(*handed) if handed and plan.maybe() else None
    owners = sorted(members)
    if plan.plain:
        # What a company had before the deal is part of no price that a member paid for it.
        owners = [o for o in owners if not _held_inside(o, interests, members)]
    owner = transfer.issuer if transfer else plan.pick(*owners)
    carrying = draw(st.integers(10**4, 10**6))
    used = plan.plain or plan.maybe(one_in=3)
    contracts: list[Contract] = []
    if transfer is not None:
        price = carrying if plan.plain or plan.maybe() else draw(st.integers(10**4, 10**6))
        contracts.append(
            Contribution(
                "campus-transfer", transfer.holder, owner, transfer.id,
                amount=figure(plan.exact(price)), date=figure(plan.formed), asset="campus",
            )
        )  # fmt: skip
    before = used or transfer is not None or plan.maybe()
    if not used:
        last = plan.in_service - timedelta(days=1)
        first = min(plan.formed + timedelta(days=1), last)
        draws = Draws(figure(plan.units(10**4, 10**6)), figure(first), figure(last))
        contracts.append(Construction("campus-building", owner, "builder", "campus", draws))
    asset = Asset(
        "campus", "Campus", "real-estate",
        useful_life=figure(duration(plan.pick(60, 120, 240))),
        in_service=figure(plan.formed if used else plan.in_service),
        fair_value=figure(Decimal(0)),
        owner=transfer.holder if transfer else owner,
        carrying_amount=figure(plan.exact(carrying)) if before else None,
        held_from=figure(plan.formed) if before else None,
        residual_value=figure(plan.exact(carrying // 10)) if plan.maybe(one_in=3) else None,
    )  # fmt: skip
    return asset, contracts, owner


def _lease(plan: _Plan, name: str, lessor: str, lessee: str, asset: str, *, costs: bool) -> Lease:
    months, count = plan.pick(*_TERMS)
    rent = plan.draw(st.integers(10**3, 10**5))
    level = plan.maybe()
    terms = Rent(
        every=duration(months),
        timing=plan.pick("advance", "arrears"),
        amount=figure(plan.exact(rent)) if level else None,
        total=None if level else figure(plan.exact(rent * count + 1)),
        over=None if level else figure(duration(months * count)),
    )
    renewal = Option("renewal", term=figure(duration(months * 2)), times=plan.pick(1, 2))
    rate = Decimal(plan.draw(st.integers(0, 1500))).scaleb(-4)
    commences = plan.in_service
    if plan.maybe(one_in=3):
        commences = add_months(commences, plan.pick(1, 3))
    return Lease(
        name, lessor, lessee, asset,
        commencement_date=figure(commences),
        noncancellable=figure(duration(months * count)),
        rent=terms,
        discount_rate=figure(rate),
        rate_convention=plan.pick("effective-annual", "nominal"),
        options=(renewal,) if plan.maybe() else (),
        initial_direct_costs=figure(plan.units(1, 10**4)) if costs and plan.maybe() else None,
        incentives=figure(plan.units(1, 10**3)) if costs and plan.maybe() else None,
        unguaranteed_residual=figure(plan.units(0, 10**4)) if plan.maybe() else None,
    )  # fmt: skip


def _worth(plan: _Plan, lease: Lease) -> Decimal:
    """A fair value from which a rate implicit in the lease can be solved."""
    total = _rent(lease) * (lease.noncancellable.get().months // lease.rent.step_months)
    percent = plan.draw(st.integers(85, 120))
    return (total * percent / 100).quantize(plan.exact(1))


def _note(plan: _Plan, name: str, issuer: str, holder: str) -> Note:
    every = plan.pick(3, 6, 12)
    coupons = plan.draw(st.integers(1, 24 // every))
    maturity = add_months(plan.formed, plan.draw(st.integers(13, 36)))
    maturity = maturity.replace(day=plan.pick(1, 15, 28))
    maturity = plan.pick(maturity, maturity.replace(day=1) - timedelta(days=1))
    first = add_months(maturity, -every * (coupons - 1))
    while first <= plan.formed:
        coupons -= 1
        first = add_months(maturity, -every * (coupons - 1))
    steps = plan.draw(st.integers(0, coupons))
    free = plan.formed if steps == coupons else add_months(maturity, -every * steps)
    drawn = plan.units(10**4, 10**6)
    later = plan.formed + timedelta(days=plan.draw(st.integers(1, 200)))
    in_parts = plan.maybe() and later < (maturity if steps == 0 else free)
    return Note(
        name, issuer, holder,
        principal=None if in_parts else figure(drawn),
        draws=(DatedAmount(figure(plan.formed), figure(drawn)),
               DatedAmount(figure(later), figure(drawn))) if in_parts else (),
        resets=(Reset(figure(first), figure(Decimal("0.07"))),)
        if plan.maybe() and first < maturity else (),
        issue_price=figure(Decimal(plan.draw(st.integers(92, 100))).scaleb(-2))
        if plan.maybe() else None,
        issue_costs=figure(plan.units(1, 10**3)) if holder in OUTSIDERS and plan.maybe() else None,
        coupon_annual=figure(Decimal(plan.draw(st.integers(1, 1200))).scaleb(-4)),
        issued=figure(plan.formed),
        first_coupon=figure(first),
        every=duration(every),
        interest_only_until=figure(free),
        maturity=figure(maturity),
        day_count=plan.pick(*DAY_COUNTS),
        purpose="campus" if plan.maybe() else None,
    )  # fmt: skip


def _event(plan: _Plan, lease: Lease, lessor: str) -> Event:
    """
    A renewal that is exercised, or a rent that changes where a period begins.

    A net investment that has run down has no rate at which it could be renewed or bring much more.
    """
    start, term = lease.commencement_date.get(), lease.noncancellable.get().months
    if lease.options and lessor == "operating" and plan.maybe():
        day = figure(add_months(start, term))
        return Event(SCENARIO, lease.id, "renewal-exercised", day)
    months = lease.rent.step_months
    count = term // months
    most = 140 if lessor == "operating" else 99
    new = (_rent(lease) * plan.draw(st.integers(60, most)) / 100).quantize(plan.exact(1))
    rate = Decimal(plan.draw(st.integers(0, 1500))).scaleb(-4)
    return Event(
        SCENARIO, lease.id, "rent-changed",
        figure(add_months(start, months * plan.draw(st.integers(1, count // 2)))),
        amount=figure(new),
        discount_rate=figure(rate) if plan.maybe() else None,
    )  # fmt: skip


def _distributions(plan: _Plan, interests: Mapping[str, EquityInterest], contracts: Any) -> None:
    """A payment at formation, and rent that is passed on to those who hold the lessor."""
    for interest in interests.values():
        if plan.maybe(one_in=4):
            terms = (interest.issuer, interest.holder, interest.id)
            amount = figure(plan.units(1, 10**4))
            one = Distribution(
                f"back-{interest.id}", *terms, amount=amount, date=figure(plan.formed)
            )
            contracts[one.id] = one
    lease = contracts.get("campus-lease")
    if lease is not None and plan.maybe():
        for interest in interests.values():
            if interest.issuer == lease.lessor:
                terms = (interest.issuer, interest.holder, interest.id)
                one = Distribution(f"rent-{interest.id}", *terms, passes_on=(lease.id,))
                contracts[one.id] = one


def _closed(members: set[str], interests: Mapping[str, EquityInterest]) -> frozenset[str]:
    """
    A perimeter without a company between its members, or one that two of them hold.
    """
    below: dict[str, set[str]] = {}
    for i in interests.values():
        below.setdefault(i.holder, set()).add(i.issuer)

    def reach(entity: str) -> set[str]:
        found = set(below.get(entity, ()))
        for one in tuple(found):
            found |= reach(one)
        return found

    while True:
        held = set().union(*(reach(m) for m in members)) - members
        between = {e for e in held if reach(e) & members}
        holders = [i.issuer for i in interests.values() if i.holder in members]
        twice = {e for e in holders if holders.count(e) > 1} - members
        if not between | twice:
            return frozenset(members)
        members |= between | twice


def _classified(plan: _Plan, lease: Lease, framework: Framework) -> dict[tuple[str, str], str]:
    lessor = ("operating", "finance")
    if framework == "us-gaap":
        lessor = ("operating", "sales-type", "direct-financing")  # type: ignore[assignment] # three
    operating = plan.plain and lease.id == "campus-lease"
    return {
        ("lease_term", lease.id): plan.pick("noncancellable-only", "with-renewals"),
        ("lessee_classification", lease.id): (
            "operating" if operating else plan.pick("operating", "finance")
        ),
        ("lessor_classification", lease.id): "operating" if operating else plan.pick(*lessor),
    }


def _between(
    plan: _Plan, members: frozenset[str], owner: str, transfer: Contribution | None
) -> dict[str, Contract]:
    """Leases and notes: at least one inside the group and one across its border."""
    made: dict[str, Contract] = {}
    others = sorted(members - {owner})
    inner = plan.pick("lease", "note", "both") if owner in members else "note"
    if inner != "note":
        # The seller of an asset often leases it back.
        seller = transfer.contributor if transfer else None
        lessee = seller if seller in others and plan.maybe() else plan.pick(*others)
        lease = _lease(plan, "campus-lease", owner, str(lessee), "campus", costs=not plan.plain)
        made[lease.id] = lease
    if inner != "lease":
        lender, borrower = plan.draw(st.permutations(sorted(members)))[:2]
        made["loan"] = _note(plan, "loan", borrower, lender)
    outer = plan.pick("lease", "note", "both")
    if outer != "note" and inner == "note" and plan.maybe():
        made["campus-lease"] = _lease(plan, "campus-lease", owner, "tenant", "campus", costs=True)
    elif outer != "note":
        tenant = plan.pick(*sorted(members))
        made["hall-lease"] = _lease(plan, "hall-lease", "landlord", tenant, "hall", costs=True)
    if outer != "lease":
        made["bond"] = _note(plan, "bond", plan.pick(*sorted(members)), "bank")
    return made


def _assets(plan: _Plan, campus: Asset, contracts: Mapping[str, Contract]) -> dict[str, Asset]:
    assets = {"campus": campus}
    if "hall-lease" in contracts:
        assets["hall"] = Asset(
            "hall", "Hall", "equipment", figure(duration(120)), figure(plan.formed),
            figure(Decimal(0)), "landlord",
        )  # fmt: skip
    for lease in contracts.values():
        if isinstance(lease, Lease):
            worth = _worth(plan, lease)
            changed = attrs.evolve(assets[lease.asset], fair_value=figure(worth))
            if lease.asset == "hall":
                day, cost = figure(plan.formed), figure(plan.exact(1) * int(worth / plan.exact(1)))
                changed = attrs.evolve(changed, carrying_amount=cost, held_from=day)
            assets[lease.asset] = changed
    return assets


def _plan(draw: st.DrawFn, *, plain: bool) -> _Plan:
    formed = draw(st.sampled_from((date(2025, 1, 1), date(2025, 3, 31), date(2025, 10, 31))))
    day = draw(st.sampled_from((1, 1, 15, 31)))
    begins = add_months(formed.replace(day=1), draw(st.integers(1, 9)))
    in_service = add_months(begins, 1) - timedelta(days=1) if day == 31 else begins.replace(day=day)
    names = (PARENT, *(f"v{k}" for k in range(1, draw(st.integers(2, 5)))))
    currency = Currency.of(draw(st.sampled_from(("JPY", "USD", "KWD"))))
    return _Plan(draw, currency, plain, names, formed, in_service)


def _entities(plan: _Plan, framework: Framework) -> dict[str, Entity]:
    ends = plan.pick("12-31", "12-31", "06-30", "03-31")
    entities = {
        name: Entity(
            name, name.title(), fiscal_year_end=ends, framework=framework,
            cash_is_restricted=name != PARENT and plan.maybe(one_in=4),
        )
        for name in plan.names
    }  # fmt: skip
    return entities | {o: Entity(o, o.title(), keeps_books=False) for o in OUTSIDERS}


def _outcomes(
    plan: _Plan,
    framework: Framework,
    contracts: dict[str, Contract],
    assets: Mapping[str, Asset],
) -> dict[tuple[str, str], str]:
    outcomes: dict[tuple[str, str], str] = {}
    for lease in contracts.values():
        if isinstance(lease, Lease):
            outcomes |= _classified(plan, lease, framework)
            key = ("lessor_classification", lease.id)
            if outcomes[key] == "direct-financing" and not _dear(assets[lease.asset], contracts):
                # A profit as large as the asset has no rate below 100 % a period.
                outcomes[key] = "sales-type"
    transfer, back = contracts.get("campus-transfer"), contracts.get("campus-lease")
    if isinstance(transfer, Contribution):
        outcomes["sale_and_leaseback", transfer.id] = "sale"
        leased_back = isinstance(back, Lease) and back.lessee == transfer.contributor
        if not isinstance(back, Lease) or not leased_back or plan.plain:
            return outcomes
        if _financeable(back, transfer, contracts):
            outcomes["sale_and_leaseback", transfer.id] = "failed-sale"
            # What a seller pays to arrange a sale that failed is not part of the model.
            contracts["campus-lease"] = attrs.evolve(
                back, initial_direct_costs=None, incentives=None
            )
    return outcomes


def _financeable(lease: Lease, transfer: Contribution, contracts: Mapping[str, Contract]) -> bool:
    """
    Whether a failed sale can be measured: all is paid when the lease commences, and it is much.

    Rents that are a large part of what was received have no rate below 100 % a period.
    """
    building = contracts.get("campus-building")
    received = transfer.amount.get() if transfer.amount else Decimal(0)
    if isinstance(building, Construction):
        if month_end(building.draws.last.get()) > lease.commencement_date.get():
            return False
        received += building.draws.total.get()
    return received >= 4 * _rent(lease)


def _rent(lease: Lease) -> Decimal:
    """The rent of a period, about."""
    if lease.rent.amount is not None:
        return lease.rent.amount.get()
    count = lease.noncancellable.get().months // lease.rent.step_months
    return lease.rent.total.get() / count if lease.rent.total else Decimal(0)


def _dear(asset: Asset, contracts: Mapping[str, Contract]) -> bool:
    """Whether an asset has cost at least three fifths of what it is worth."""
    cost = asset.carrying_amount.get() if asset.carrying_amount else Decimal(0)
    transfer, building = contracts.get("campus-transfer"), contracts.get("campus-building")
    if asset.id == "campus" and isinstance(transfer, Contribution) and transfer.amount:
        cost = min(cost, transfer.amount.get())
    if asset.id == "campus" and isinstance(building, Construction):
        cost += building.draws.total.get()
    return cost * 10 >= asset.fair_value.get() * 7


@st.composite
def cases(draw: st.DrawFn, *, plain: bool = False) -> Case:
    """
    A generated case.

    Args:
        draw: Hypothesis's.
        plain: No difference of measurement within the group: assets in use from the first day,
            handed on at what they are carried at, leased by level rent on both sides without
            costs, and capital in proportion that covers every loss.
    """
    plan = _plan(draw, plain=plain)
    framework: Framework = "us-gaap" if plain else plan.pick("us-gaap", "ifrs")
    interests = _interests(plan)
    chosen = {PARENT, *draw(st.sets(st.sampled_from(plan.names[1:]), min_size=1))}
    members = _closed(chosen, interests)
    campus, made, owner = _campus(plan, interests, members)
    contracts: dict[str, Contract] = dict(interests)
    contracts |= {c.id: c for c in (*_contributions(plan, interests), *made)}
    transfer = contracts.get("campus-transfer")
    between = _between(
        plan, members, owner, transfer if isinstance(transfer, Contribution) else None
    )
    assets = _assets(plan, campus, between)
    contracts |= between
    _distributions(plan, interests, contracts)
    if plan.maybe(one_in=3):
        provider, customer = draw(st.permutations((*plan.names, "builder")))[:2]
        contracts["management"] = Services(
            "management", provider, customer, ("management",), figure(plan.units(1, 10**3)),
            duration(3), figure(plan.formed), figure(add_months(plan.formed, 12)),
        )  # fmt: skip
    outcomes = _outcomes(plan, framework, contracts, assets)
    failed = outcomes.get(("sale_and_leaseback", "campus-transfer")) == "failed-sale"
    leases = [
        c
        for c in contracts.values()
        if isinstance(c, Lease) and not (failed and c.id == "campus-lease")
    ]
    events: tuple[Event, ...] = ()
    if leases and plan.maybe():
        lease = plan.pick(*leases)
        events = (_event(plan, lease, outcomes["lessor_classification", lease.id]),)
    deal = Deal(
        id="generated", title="Generated", reporting=PARENT, currency=plan.currency,
        known_to=plan.formed, sources={}, entities=_entities(plan, framework), assets=assets,
        contracts=contracts, scenarios={}, events=events, judgements=(), facts=(), tables=(),
        assertions=(), bases={}, filed={},
    )  # fmt: skip
    inside = tuple(
        k for k, c in between.items()
        if isinstance(c, Lease | Note) and members.issuperset(_sides(c))
    )  # fmt: skip
    return Case(deal, framework, outcomes, members, inside)


def _sides(contract: Lease | Note) -> tuple[str, str]:
    if isinstance(contract, Lease):
        return contract.lessor, contract.lessee
    return contract.issuer, contract.holder
