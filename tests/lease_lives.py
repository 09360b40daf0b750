"""
Generated lives of one lease: its terms, and up to four things that happen to it.

`lives()` draws a lease between two companies that both keep books, its events, a framework and
the classes of both sides; the rules are not asked. What a contract leaves open is not drawn: a
guarantee or an incentive still to come in a lease whose scope is cut, a guarantee of which nothing
is paid where a renewal is left that the term had counted, an index in a lease whose rents are
listed anew before the index moves.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import assume
from hypothesis import strategies as st
from independent.change import KINDS
from independent.lessee import Epoch, by_epoch
from independent.lessor import Thing, day_one, invested
from independent.terms import Paying, exact, grid_of, paying, signed
from independent.times import Grid, NoRate
from strategies import SCENARIO, duration, figure

from leasebook.contract.deal import Asset, Deal, Entity
from leasebook.contract.event import EVENT_TERMS, Event
from leasebook.contract.lease import DatedAmount, Incentive, Lease, Option, Rent
from leasebook.facts.changes import change_subject
from leasebook.measure.contracts import lease_schedules
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import Setting
from leasebook.reckoning.calendar import add_months
from leasebook.values.money import Currency

#: Events whose payments, if listed, make the lease longer or shorter.
_TERM = ("term-reassessed", "extended", "term-reduced", "term-reduced-and-right-added")
#: Events after which nothing else happens, or only what leaves the term alone.
_LAST = ("terminated", "purchase-option-reassessed")
_ALWAYS_LISTED = ("right-added", "terms-changed")
_ADDS = ("right-added", "term-reduced-and-right-added")
_LISTED = (
    *_TERM, "consideration-changed", "payments-fixed", "right-added", "scope-reduced",
    "terms-changed",
)  # fmt: skip
#: Events that leave alone when a lease ends, and what is due then.
_WITHIN = (
    "consideration-changed", "rent-changed", "terms-changed", "incentive-received",
    "index-changed", "impaired", "payment-made", "collection-doubtful", "collection-probable",
)  # fmt: skip
#: What can still happen once a purchase is told, which is told last.
_BESIDE = ("impaired", "collection-probable", "collection-doubtful", "payment-made")
#: What happens on the day a renewal begins.
_OF_RENEWAL = ("renewal-exercised", "option-not-exercised")
_MONTHS = (1, 3, 6, 12)
_STARTS = (date(2029, 1, 1), date(2028, 1, 31), date(2028, 8, 30), date(2029, 3, 15))
_LIFE_YEARS = 60


@attrs.frozen
class Life:
    """
    A lease, what happens to it, and what both sides are measured under.

    Attributes:
        renewed: Whether its renewals are reasonably certain from the start.
        thing: The asset as its lessor has it, currency units.
        doubtful: Whether collection is not probable at commencement.
        bought: Whether its option to buy is reasonably certain from the start.
    """

    lease: Lease
    events: tuple[Event, ...]
    framework: str
    lessee: str
    lessor: str
    currency: Currency
    renewed: bool
    thing: Thing
    doubtful: bool = False
    bought: bool = False

    @property
    def unit(self) -> int:
        """Minor units of one currency unit."""
        return int(10**self.currency.decimals)

    @property
    def life_periods(self) -> int:
        """Periods, or days of dated rents, that the asset lasts from commencement."""
        return _life_periods(self.lease)

    def deal(self) -> Deal:
        """The deal of this lease alone."""
        lease, begins = self.lease, self.lease.commencement_date
        asset = Asset(
            lease.asset, "Plant", "equipment", figure(duration(_LIFE_YEARS * 12)), begins,
            figure(_decimal(self.thing.fair_value)), lease.lessor,
            carrying_amount=figure(_decimal(self.thing.carrying_amount)), held_from=begins,
            residual_value=figure(_decimal(self.thing.carrying_amount)),
        )  # fmt: skip
        return Deal(
            id="generated", title="Generated", reporting=lease.lessee, currency=self.currency,
            known_to=begins.get(), sources={},
            entities={e: Entity(e, e.title()) for e in (lease.lessor, lease.lessee)},
            assets={asset.id: asset}, contracts={lease.id: lease}, scenarios={},
            events=self.events, judgements=(), facts=(), tables=(), assertions=(), bases={},
            filed={},
        )  # fmt: skip

    def setting(self) -> Setting:
        """What the lease is measured under."""
        term = "with-renewals" if self.renewed else "noncancellable-only"
        outcomes = {
            ("lease_term", self.lease.id): "to-purchase" if self.bought else term,
            ("lessee_classification", self.lease.id): self.lessee,
            ("lessor_classification", self.lease.id): self.lessor,
        }
        if self.doubtful and self.lessor == "sales-type":
            outcomes["deposit_method", self.lease.id] = "applies"
        if self.lessee == "short-term":
            outcomes["lease_exemption", self.lease.id] = "short-term"
        for event in sorted(self.events, key=lambda e: (e.date.get(), e.order)):
            subject = f"{self.lease.id}@{event.date.get()}"
            if event.price_is_standalone:
                about = change_subject(self.lease.id, event, self.events)
                outcomes["modification", about] = "separate-contract"
            if event.lessee_classification:
                outcomes["lessee_classification", subject] = event.lessee_classification
        return Setting(self.deal(), self.framework, SCENARIO, outcomes)

    def schedules(self, entity: str) -> list[Schedule]:
        """The engine's schedules of one side: one for each class that the lease has had."""
        made = lease_schedules(self.lease, self.setting(), {})
        return [s for s in made if s.entity == entity]

    def epochs(self) -> list[Epoch]:
        """The lessee's epochs by the second computation."""
        return _epochs(
            self.lease, self.events, self.framework, self.lessee,
            renewed=self.renewed, bought=self.bought,
        )  # fmt: skip

    def paying(self) -> Paying:
        """What is really paid by the second computation."""
        return paying(self.lease, self.events)


def _life_periods(lease: Lease) -> int:
    begins = lease.commencement_date.get()
    if lease.rent.dated:
        return (add_months(begins, _LIFE_YEARS * 12) - begins).days
    return _LIFE_YEARS * 12 // lease.rent.step_months


def _epochs(
    lease: Lease,
    events: Sequence[Event],
    framework: str,
    lessee: str,
    *,
    renewed: bool,
    bought: bool = False,
) -> list[Epoch]:
    life = _life_periods(lease)
    told = by_epoch(
        lease,
        events,
        ifrs=framework == "ifrs",
        classification=lessee,
        renewed=renewed,
        bought=bought,
        life=life,
    )
    return list(told)


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)


@attrs.frozen
class _Plan:
    """What the parts of a life agree on while it is drawn."""

    draw: st.DrawFn
    currency: Currency
    framework: str
    rent: int

    def pick(self, *choices: Any) -> Any:
        """One of some values."""
        return self.draw(st.sampled_from(choices))

    def maybe(self, *, one_in: int = 2) -> bool:
        """True once in a while."""
        return bool(self.draw(st.integers(1, one_in)) == one_in)

    def share(self, low: int, high: int) -> Any:
        """A figure of some per cent of a period's rent, in whole minor units."""
        return self.minor(self.rent * self.draw(st.integers(low, high)) // 100)

    def minor(self, amount: int) -> Any:
        """A figure of minor units."""
        return figure(Decimal(amount).scaleb(-self.currency.decimals))

    def rate(self) -> Any:
        """A yearly rate."""
        return figure(Decimal(self.draw(st.integers(0, 1500))).scaleb(-4))

    def payments(self, count: int, low: int = 50, high: int = 150) -> tuple[Any, ...]:
        """A list of payments, level or not."""
        if self.maybe():
            return (self.share(low, high),) * count
        return tuple(self.share(low, high) for _ in range(count))


def _rent(plan: _Plan, months: int, count: int) -> Rent:
    every, timing = duration(months), plan.pick("advance", "arrears")
    form = plan.pick("level", "level", "list", "total", "escalating", "free")
    amount = plan.minor(plan.rent)
    if form == "list":
        return Rent(every, timing, amounts=plan.payments(count))
    if form == "total":
        whole = plan.minor(plan.rent * count + 1)
        return Rent(every, timing, total=whole, over=figure(duration(months * count)))
    if form == "escalating":
        step = figure(Decimal(plan.draw(st.integers(1, 600))).scaleb(-4))
        often = duration(months * plan.pick(1, 2, 4))
        return Rent(every, timing, amount=amount, escalation=step, escalates_every=often)
    if form == "free":
        free = figure(duration(months * plan.draw(st.integers(1, max(1, count // 3)))))
        return Rent(every, timing, amount=amount, free=free)
    return Rent(every, timing, amount=amount)


def _lease(plan: _Plan, months: int, count: int) -> Lease:
    def some(low: int, high: int) -> Any:
        return plan.share(low, high) if plan.maybe(one_in=3) else None

    rent = _rent(plan, months, count)
    renewal = Option("renewal", figure(duration(months * plan.draw(st.integers(1, 4)))))
    if rent.amounts:
        added = renewal.term.get().months // months
        renewal = attrs.evolve(renewal, amounts=plan.payments(added))
    conventions = ["effective-annual", "nominal", "per-period"]
    if months == 1:
        conventions.append("actual-365")
    later = figure(duration(months * plan.draw(st.integers(1, count - 1))))
    incentive = Incentive(plan.share(10, 60), later)
    return Lease(
        "plant-lease", "owner", "user", "plant",
        commencement_date=figure(plan.pick(*_STARTS)),
        noncancellable=figure(duration(months * count)),
        rent=rent,
        discount_rate=plan.rate(),
        rate_convention=plan.pick(*conventions),
        day_one_payment=plan.pick("included", "excluded"),
        options=(renewal,) if plan.maybe() else (),
        initial_direct_costs=some(1, 50),
        prepaid=some(1, 90),
        incentives=some(1, 50),
        incentive_receivable=incentive if plan.maybe(one_in=4) else None,
        restoration=some(1, 50),
        expected_guarantee_payment=some(1, 90),
        index_base=figure(Decimal(plan.draw(st.integers(90, 130)))) if plan.maybe() else None,
        partial_termination=plan.pick("right-of-use", "liability"),
    )  # fmt: skip


def _dated(plan: _Plan, lease: Lease, months: int) -> Lease:
    """
    A lease with rents on days of their own instead, in its renewal too.

    One of them falls due whole months after commencement, where an incentive can come.
    """
    begins, after = lease.commencement_date.get(), plan.draw(st.integers(1, months - 1))
    term = plan.draw(st.integers(1, 24))
    ends = [add_months(begins, months), add_months(begins, months + term)]
    spans = [(begins, ends[0]), *([(ends[0], ends[1])] if lease.options else [])]
    days = {add_months(begins, after)}
    for first, last in spans:
        apart = st.integers(0, (last - first).days - 1)
        drawn = plan.draw(st.sets(apart, min_size=1, max_size=8))
        days |= {first + timedelta(days=n) for n in drawn}
    amounts = plan.payments(len(days))
    dated = (DatedAmount(figure(d), a) for d, a in zip(sorted(days), amounts, strict=True))
    coming = lease.incentive_receivable
    if coming is not None:
        coming = attrs.evolve(coming, after=figure(duration(after)))
    renewal = Option("renewal", figure(duration(term)))
    return attrs.evolve(
        lease, rent=Rent(dated=tuple(dated)), noncancellable=figure(duration(months)),
        rate_convention=plan.pick("effective-annual", "actual-365"),
        options=(renewal,) if lease.options else (), incentive_receivable=coming,
    )  # fmt: skip


def _with_purchase(plan: _Plan, lease: Lease, count: int) -> Lease:
    """A lease with an option to buy in place of its others, at the end of some period."""
    after = duration(lease.rent.step_months * plan.draw(st.integers(2, count)))
    option = Option("purchase", price=plan.share(10, 300), after=figure(after))
    return attrs.evolve(lease, options=(option,), expected_guarantee_payment=None)


@attrs.define
class _Course:
    """What has happened to a lease so far, while its events are drawn."""

    plan: _Plan
    lease: Lease
    lessee: str
    renewed: bool
    allowed: tuple[str, ...] = KINDS
    bought: bool = False
    at: int = 0
    events: list[Event] = attrs.Factory(list)
    _known: dict[int, Epoch] = attrs.Factory(dict)

    def epoch(self) -> Epoch:
        """The epoch that the lease is in."""
        if len(self.events) not in self._known:
            self._known[len(self.events)] = _epochs(
                self.lease, self.events, self.plan.framework, self.lessee,
                renewed=self.renewed, bought=self.bought,
            )[-1]  # fmt: skip
        return self._known[len(self.events)]

    @property
    def grid(self) -> Grid:
        """The periods of the lease."""
        return grid_of(self.lease)

    def counts(self, kind: str, left: int) -> list[int]:
        """How many periods may be left of a term that an event makes shorter or longer."""
        most = left if kind in ("term-reduced", "term-reduced-and-right-added") else left + 6
        counts = list(range(left + 1 if kind == "extended" else 1, most + 1))
        if not self.lease.rent.dated:
            return counts
        begins, months = self.lease.commencement_date.get(), 0
        ends = []
        for added in (self.lease.noncancellable, *(o.term for o in self.lease.options)):
            months += added.get().months
            ends.append(self.grid.time_of(add_months(begins, months)) - self.at)
        longest = left if "reduced" in kind else max(ends)
        return [n for n in ends if (left + 1 if kind == "extended" else 1) <= n <= longest]

    def kinds(self) -> list[str]:
        """What could happen now."""
        epoch, told = self.epoch(), {e.kind for e in self.events}
        terms = epoch.terms
        if "terminated" in told or terms.ends - self.at < 1:
            return []
        kinds = [k for k in KINDS if k not in _OF_RENEWAL and k in self.allowed]
        if "collection-doubtful" in told:
            kinds = [k for k in kinds if k not in ("collection-doubtful", "collection-probable")]
        if "purchase-option-reassessed" in told:
            return [k for k in kinds if k in _BESIDE]
        if self.bought:
            kinds = [k for k in kinds if k in _WITHIN]
        pending = terms.incentive is not None and terms.incentive[0] > self.at
        # Few leases have an incentive to come for long, so that it comes early more often.
        early = kinds.count("incentive-received")
        kinds = [k for k in kinds if k != "incentive-received"]
        kinds += ["incentive-received"] * (4 * early if pending else 0)
        if pending or terms.guarantee:
            unclear = [k for k in ("scope-reduced", *_TERM) if pending or k != "term-reassessed"]
            kinds = [k for k in kinds if k not in unclear]
        if self.lease.options and not self.renewed and told.intersection(_TERM):
            # Where a renewal begins once the term was listed anew, no contract says.
            kinds = [k for k in kinds if k != "term-reassessed"]
        if self.lease.index_base is None or told.intersection((*_LISTED, "rent-changed")):
            kinds = [k for k in kinds if k != "index-changed"]
        left = terms.ends - self.at
        kinds = [k for k in kinds if k not in _TERM or self.counts(k, left)]
        if terms.guarantee == 0 and "guarantee-reassessed" in told:
            kinds = [k for k in kinds if k != "guarantee-reassessed"]
        return kinds


def _event(course: _Course, kind: str) -> Event:
    plan, epoch = course.plan, course.epoch()
    left = epoch.terms.ends - course.at
    day = course.grid.opens(course.at)
    event = Event(SCENARIO, course.lease.id, kind, figure(day), order=len(course.events))
    allowed = EVENT_TERMS[kind][0] + EVENT_TERMS[kind][1]
    if "discount_rate" in allowed and plan.maybe():
        event = attrs.evolve(event, discount_rate=plan.rate())
    if kind in _LISTED:
        event = _listed(course, event, left)
    if kind in ("rent-changed", "guarantee-reassessed", "incentive-received", "payment-made"):
        event = attrs.evolve(event, amount=plan.share(10, 120))
    if kind == "collection-doubtful":
        event = attrs.evolve(event, unpaid_periods=plan.draw(st.integers(0, course.at - 1)))
    if kind == "terminated" and plan.maybe():
        event = attrs.evolve(event, penalty=plan.share(1, 200))
    if kind == "index-changed":
        event = attrs.evolve(event, index_level=figure(Decimal(plan.draw(st.integers(80, 160)))))
    if kind == "impaired":
        part = epoch.asset(course.at) * plan.draw(st.integers(0, 80)) / 100
        unit = 10**plan.currency.decimals
        event = attrs.evolve(event, amount=plan.minor(int(part * unit)))
    if kind == "purchase-option-reassessed":
        event = _purchase(course, event, left)
    return _classified(course, event)


def _listed(course: _Course, event: Event, left: int) -> Event:
    plan, kind = course.plan, event.kind
    count = plan.pick(*course.counts(kind, left)) if kind in _TERM else left
    optional = "payments" not in EVENT_TERMS[kind][0] and kind not in _ALWAYS_LISTED
    if kind == "scope-reduced":
        share = figure(Decimal(plan.draw(st.integers(5, 95))).scaleb(-2))
        event = attrs.evolve(event, retained_share=share)
    if kind == "right-added" and plan.maybe(one_in=3):
        return attrs.evolve(event, price_is_standalone=True, discount_rate=None)
    if kind == "right-added" and plan.maybe(one_in=3):
        return attrs.evolve(event, price_is_standalone=False)
    if optional and plan.maybe():
        return event
    low, high = (50, 150) if kind != "scope-reduced" else (5, 60)
    event = attrs.evolve(event, payments=plan.payments(count, low, high))
    if kind in _ADDS:
        added = plan.payments(count, 5, 45)
        return attrs.evolve(event, added_payments=added, price_is_standalone=False)
    return event


def _purchase(course: _Course, event: Event, left: int) -> Event:
    plan = course.plan
    last = course.at + plan.draw(st.integers(1, left))
    exercise = course.grid.opens(last)
    certain = plan.maybe()
    return attrs.evolve(
        event,
        price=plan.share(10, 300),
        exercise=figure(exercise),
        reasonably_certain=certain,
        lessee_classification="finance" if certain and plan.framework == "us-gaap" else None,
    )


def _classified(course: _Course, event: Event) -> Event:
    allowed = "lessee_classification" in EVENT_TERMS[event.kind][1]
    # A purchase that is certain makes a finance lease (ASC 842-10-25-2(b)).
    certain = course.bought or event.kind == "purchase-option-reassessed"
    stays = certain or event.price_is_standalone
    impaired = any(e.kind == "impaired" for e in course.events)
    if not allowed or stays or impaired or course.plan.framework == "ifrs":
        return event
    if course.plan.maybe(one_in=3):
        return attrs.evolve(event, lessee_classification=course.plan.pick("operating", "finance"))
    return event


def _happenings(course: _Course, most: int, *, leaves: bool = False) -> list[Event]:
    plan, lease = course.plan, course.lease
    renews = most and "renewal-exercised" in course.allowed
    renewable = lease.options and not course.renewed and not course.bought
    if renews and renewable and plan.maybe(one_in=4):
        return [_classified(course, _renewal(plan, lease))]
    leaves = leaves or (most > 0 and _may_leave(course) and plan.maybe(one_in=4))
    for _ in range(plan.draw(st.integers(0, most - leaves))):
        ends = course.epoch().terms.ends
        if leaves:
            ends = min(ends, _term_of(lease))
        soonest = max(1, course.at)
        if soonest >= ends:
            break
        if not (course.at and plan.maybe(one_in=3)):
            course.at = plan.draw(st.integers(soonest, ends - 1))
        kinds = course.kinds()
        if not kinds:
            break
        event = _event(course, plan.pick(*kinds))
        if _worth_less(course, event):
            course.events.append(event)
    told = {e.kind for e in course.events}
    guaranteed = "guarantee-reassessed" in told or lease.expected_guarantee_payment is not None
    # What becomes of a guarantee that nobody pays, no contract says.
    unclear = {*_TERM, *_LAST, *(("collection-doubtful",) if guaranteed else ())}
    if leaves and not unclear.intersection(told):
        course.events.append(attrs.evolve(_leaving(lease), order=len(course.events)))
    return course.events


def _may_leave(course: _Course) -> bool:
    """Whether there is a renewal that can be left."""
    renewable = bool(course.lease.options) and not course.bought
    return renewable and "option-not-exercised" in course.allowed


def _term_of(lease: Lease) -> int:
    """Periods until a renewal would begin."""
    return len(signed(lease).rents)


def _leaving(lease: Lease) -> Event:
    begins, term = lease.commencement_date.get(), lease.noncancellable.get().months
    return Event(SCENARIO, lease.id, "option-not-exercised", figure(add_months(begins, term)))


def _worth_less(course: _Course, event: Event) -> bool:
    """Whether a scope that is cut is worth less: the liability method has no other case."""
    if event.kind != "scope-reduced" or course.lease.partial_termination == "right-of-use":
        return True
    before = course.epoch()
    told = [*course.events, event]
    after = _epochs(
        course.lease, told, course.plan.framework, course.lessee, renewed=course.renewed
    )[-1]
    return 0 < after.state.liability < before.terms.owed(course.at)


def _renewal(plan: _Plan, lease: Lease) -> Event:
    begins, term = lease.commencement_date.get(), lease.noncancellable.get().months
    amount = plan.share(50, 150) if plan.maybe() else None
    rate = plan.rate() if plan.maybe() else None
    return Event(
        SCENARIO, lease.id, "renewal-exercised", figure(add_months(begins, term)),
        amount=amount, discount_rate=rate,
    )  # fmt: skip


def _thing(plan: _Plan, count: int) -> Thing:
    unit = 10**plan.currency.decimals
    worth = plan.rent * count * plan.draw(st.integers(75, 100)) // 100
    cost = worth * plan.pick(70, 90, 100, 100, 110) // 100
    return Thing(Fraction(worth, unit), Fraction(cost, unit))


@st.composite
def lives(
    draw: st.DrawFn,
    *,
    most: int = 4,
    kinds: tuple[str, ...] = KINDS,
    dated: bool = False,
    buys: bool = False,
) -> Life:
    """
    A generated life of a lease.

    Args:
        draw: Hypothesis's.
        most: How many events there are at most.
        kinds: Which of them there may be.
        dated: Whether its rents fall due on days of their own.
        buys: Whether some lessees are certain to buy from the start.
    """
    currency = Currency.of(draw(st.sampled_from(("JPY", "USD", "KWD"))))
    framework = draw(st.sampled_from(("us-gaap", "ifrs")))
    plan = _Plan(draw, currency, framework, draw(st.integers(10**5, 10**7)))
    months, count = plan.pick(*_MONTHS), draw(st.integers(2, 16))
    lease = _lease(plan, months, count)
    if dated:
        lease = _dated(plan, lease, draw(st.integers(2, 72)))
        count = len(signed(lease).rents)
    lessee = plan.pick("operating", "finance")
    renewed = bool(lease.options) and plan.maybe()
    bought = buys and plan.maybe(one_in=5)
    if bought:
        lease, lessee, renewed = _with_purchase(plan, lease, count), "finance", False
    events = _happenings(_Course(plan, lease, lessee, renewed, kinds, bought), most)
    return Life(
        lease, tuple(draw(st.permutations(events))), framework, lessee, "operating", currency,
        renewed, _thing(plan, count), bought=bought,
    )  # fmt: skip


#: What may happen to a lease with a guarantee before a renewal that the term counted is left.
_BEFORE_LEAVING = ("guarantee-reassessed", *(k for k in _WITHIN if k != "collection-doubtful"))


@st.composite
def left_lives(draw: st.DrawFn) -> Life:
    """A lease whose lessee guarantees something of the residual and leaves a counted renewal."""
    life = draw(lives(most=0).filter(lambda one: bool(one.lease.options)))
    plan = _Plan(draw, life.currency, life.framework, draw(st.integers(10**5, 10**7)))
    lease = attrs.evolve(life.lease, expected_guarantee_payment=plan.share(1, 90))
    course = _Course(plan, lease, life.lessee, renewed=True, allowed=_BEFORE_LEAVING)
    events = _happenings(course, 3, leaves=True)
    return attrs.evolve(life, lease=lease, events=tuple(events), renewed=True)


@st.composite
def invested_lives(draw: st.DrawFn, *, dated: bool = False) -> Life:
    """A lease that takes the asset off its lessor's books, with residuals and without events."""
    life = draw(lives(most=0, dated=dated))
    plan = _Plan(draw, life.currency, life.framework, draw(st.integers(10**5, 10**7)))
    lease = attrs.evolve(
        life.lease, index_base=None, expected_guarantee_payment=None,
        guaranteed_residual=plan.share(0, 300) if plan.maybe() else None,
        third_party_residual=plan.share(0, 300) if plan.maybe(one_in=3) else None,
        unguaranteed_residual=plan.share(0, 300) if plan.maybe() else None,
        lessor_initial_direct_costs=plan.share(0, 40) if plan.maybe(one_in=3) else None,
    )  # fmt: skip
    classes = ("finance",) if life.framework == "ifrs" else ("sales-type", "direct-financing")
    unit = 10**life.currency.decimals
    owed = sum(signed(lease).rents) + sum(
        exact(r)
        for r in (
            lease.guaranteed_residual,
            lease.third_party_residual,
            lease.unguaranteed_residual,
        )
    )
    worth = int(owed * unit) * draw(st.integers(60, 100)) // 100 + 1
    cost = worth * plan.pick(90, 100, 100, 110) // 100
    thing = Thing(Fraction(worth, unit), Fraction(cost, unit))
    lessor = plan.pick(*classes)
    # Above 100 % a period the engine looks for no rate.
    try:
        rate = day_one(lease, thing, lessor).net_rate
    except NoRate:
        rate = Fraction(2)
    assume(rate <= 1)
    return attrs.evolve(life, lease=lease, events=(), renewed=False, thing=thing, lessor=lessor)


def _at(life: Life, kind: str, periods: int, **more: Any) -> Event:
    day = add_months(life.lease.commencement_date.get(), periods * life.lease.rent.every.months)
    return Event(SCENARIO, life.lease.id, kind, figure(day), **more)


@st.composite
def bought_lives(draw: st.DrawFn) -> Life:
    """A net investment whose lessee comes to be certain to buy the asset, and buys it."""
    life = draw(invested_lives())
    plan = _Plan(draw, life.currency, life.framework, draw(st.integers(10**5, 10**7)))
    count = len(signed(life.lease).rents)
    exercise = draw(st.integers(1, count))
    told = draw(st.integers(0, exercise - 1))
    day = _at(life, "terminated", exercise).date
    event = _at(
        life, "purchase-option-reassessed", told, price=plan.share(10, 300), exercise=day,
        reasonably_certain=True,
        lessee_classification="finance" if life.framework == "us-gaap" else None,
    )  # fmt: skip
    return attrs.evolve(life, events=(event,))


#: What may happen to a net investment besides that its lessee comes to buy the asset.
_INVESTED_KINDS = tuple(k for k in KINDS if k not in ("purchase-option-reassessed", "impaired"))


@st.composite
def changed_lives(draw: st.DrawFn, *, dated: bool = False) -> Life:
    """A net investment whose terms change up to three times, or which ends early."""
    life = draw(invested_lives(dated=dated))
    rents = signed(life.lease).rents
    rent = max(10**4, int(sum(rents) * life.unit / len(rents)))
    plan = _Plan(draw, life.currency, life.framework, rent)
    index = figure(Decimal(plan.draw(st.integers(90, 130)))) if plan.maybe() else None
    lease = attrs.evolve(life.lease, index_base=index)
    # What the lessee's class would be is nothing to its lessor.
    course = _Course(plan, lease, "finance", renewed=False, allowed=_INVESTED_KINDS)
    events = tuple(attrs.evolve(e, lessee_classification=None) for e in _happenings(course, 3))
    try:
        known = invested(lease, life.thing, life.lessor, events)
    except NoRate:
        known = []
    assume(known and max(one.rate for one in known) <= Fraction(1, 4))
    return attrs.evolve(life, lease=lease, events=tuple(draw(st.permutations(events))))


@st.composite
def doubtful_lives(draw: st.DrawFn) -> Life:
    """A sales-type lease whose collection is not probable at first, and what becomes of it."""
    life = draw(bought_lives().filter(lambda one: one.lessor == "sales-type"))
    plan = _Plan(draw, life.currency, life.framework, draw(st.integers(10**5, 10**7)))
    count = len(signed(life.lease).rents)
    at = draw(st.integers(1, count - 1))
    penalty = plan.share(1, 200) if plan.maybe() else None
    events = {
        "collected": (_at(life, "collection-probable", at),),
        "ended": (_at(life, "terminated", at, penalty=penalty),),
        "bought": life.events,
        "kept": (),
    }[plan.pick("collected", "collected", "ended", "bought", "kept")]
    return attrs.evolve(life, events=events, doubtful=True)


@st.composite
def let_lives(draw: st.DrawFn, *, dated: bool = False) -> Life:
    """A lease that leaves the asset in its lessor's books: changes of rent and term, a purchase."""
    return draw(lives(kinds=tuple(k for k in KINDS if k != "impaired"), dated=dated))
