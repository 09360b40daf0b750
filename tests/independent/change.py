"""
What an event does to a lessee's terms, liability and asset.

Source: ASC 842-10-25-8 to 25-14, 842-10-35-1 to 35-6, 842-20-35-4, 842-20-35-5, 842-20-35-9 to
35-11, 842-20-40-1; IFRS 16.20, 16.33, 16.39 to 16.46.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from independent.terms import ZERO, Terms, agreed, each, exact, foreseen
from independent.times import Yield
from leasebook.contract.event import Event
from leasebook.contract.lease import Lease, Option

#: How the asset falls: so that cost is level, in equal parts, or in equal parts after impairment.
LEVEL, STRAIGHT, IMPAIRED = "level", "straight", "impaired"


@dataclass(frozen=True)
class State:
    """
    A lessee's side of a lease at one moment, before what is due that day is paid.

    Attributes:
        terms: What is still to be paid.
        liability: Carried for it.
        asset: The right of use.
        pattern: How the asset falls.
        owned: Whether the asset is used for its life: title passes, or a purchase is certain.
        gain: Taken by what happened at this moment.
        variable: Cost of this moment that no liability held.
        paid: By the lessee at this moment, besides what the terms list.
        penalty: What of that is for the lease to end.
        renewals: How often the term takes in a renewal.
        over: Whether the lease has ended.
    """

    terms: Terms
    liability: Fraction
    asset: Fraction
    pattern: str
    owned: bool = False
    gain: Fraction = ZERO
    variable: Fraction = ZERO
    paid: Fraction = ZERO
    penalty: Fraction = ZERO
    renewals: int = 0
    over: bool = False

    def remeasured(self, terms: Terms, *, received: Fraction = ZERO) -> "State":
        """
        The liability at the worth of new terms, the difference against the asset.

        Money received reduces the asset too.
        """
        moved = terms.owed(terms.begins) - self.liability
        after = self.moved(moved, moved - received)
        return replace(after, terms=terms, paid=self.paid - received)

    def moved(self, liability: Fraction, asset: Fraction) -> "State":
        """
        Both balances moved; of a reduction, what finds no asset left to reduce is a gain.

        Source: IFRS 16.39. An asset that incentives took below zero at commencement is neither
        written off nor made whole by a liability that grows.
        """
        reached = self.asset + asset
        gain = max(ZERO, min(-reached, -asset))
        return replace(
            self,
            liability=self.liability + liability,
            asset=reached + gain,
            gain=self.gain + gain,
        )


@dataclass(frozen=True)
class Law:
    """Under which standard, with which elections, and over which lease."""

    lease: Lease
    ifrs: bool


def _yield(state: State, event: Event) -> Yield:
    old = state.terms.yields
    return old if event.discount_rate is None else replace(old, quoted=event.discount_rate.get())


def _new_terms(state: State, event: Event, law: Law) -> Terms:
    """Payments as the event lists them, or those that were left, at its rate."""
    terms = replace(_refreshed(state.terms, law), yields=_yield(state, event))
    return terms.listed(each(event.payments)) if event.payments else terms


def _refreshed(terms: Terms, law: Law) -> Terms:
    # Whatever makes a lessee remeasure takes the index as it is then (ASC 842-10-35-5); under IFRS
    # the liability already stands on it.
    del law
    return terms.indexed()


def _changed(state: State, event: Event, law: Law) -> State:
    return state.remeasured(_new_terms(state, event, law))


def _rent_changed(state: State, event: Event, law: Law) -> State:
    terms = replace(_refreshed(state.terms, law), yields=_yield(state, event))
    rents = agreed(law.lease, exact(event.amount), terms.begins, len(terms.rents))
    return state.remeasured(terms.at_rent(rents))


def _exercised(state: State, event: Event, law: Law) -> State:
    """What the term has counted changes nothing when it happens (ASC 842-10-35-1; IFRS 16.20)."""
    option = _renewal(law.lease)
    counted = option is not None and state.renewals >= option.times
    return state if counted else _renewed(state, event, law)


def _renewed(state: State, event: Event, law: Law) -> State:
    terms = replace(_refreshed(state.terms, law), yields=_yield(state, event))
    option = _renewal(law.lease)
    rents = foreseen(law.lease, option, terms) if option else ()
    if event.amount is not None:
        rents = agreed(law.lease, exact(event.amount), terms.ends, len(rents))
    after = replace(state, renewals=state.renewals + 1)
    return after.remeasured(terms.at_rent((*terms.rents, *rents)))


def _renewal(lease: Lease) -> Option | None:
    return next((o for o in lease.options if o.kind == "renewal"), None)


def _reassessed(state: State, event: Event, law: Law) -> State:
    """What is not listed anew is what was foreseen, and the next renewal if one is left."""
    option = _renewal(law.lease)
    if event.payments or option is None or state.renewals >= option.times:
        return _changed(state, event, law)
    return _renewed(state, event, law)


def _purchase(state: State, event: Event, law: Law) -> State:
    terms = _new_terms(state, event, law)
    price = exact(event.price) if event.reasonably_certain else ZERO
    if event.reasonably_certain:
        last = terms.yields.grid.time_of(event.exercise.get())
        terms = replace(terms, rents=terms.rents[: last - terms.begins], guarantee=ZERO)
    owned = bool(event.reasonably_certain)
    return replace(state, owned=owned).remeasured(replace(terms, price=price))


def _guarantee(state: State, event: Event, law: Law) -> State:
    terms = replace(_refreshed(state.terms, law), guarantee=exact(event.amount))
    return state.remeasured(terms)


def _incentive(state: State, event: Event, law: Law) -> State:
    terms = replace(_refreshed(state.terms, law), incentive=None)
    return state.remeasured(terms, received=exact(event.amount))


def _index(state: State, event: Event, law: Law) -> State:
    terms = replace(state.terms, now=exact(event.index_level))
    if law.ifrs:
        # A floating rate of interest takes another rate with it (IFRS 16.43).
        return state.remeasured(replace(terms.indexed(), yields=_yield(state, event)))
    return replace(state, terms=terms)


def _cut(state: State, periods: int) -> State:
    """
    Under IFRS a shorter term gives up part of the right: both balances fall, the rest is a result.

    Source: IFRS 16.45, 16.46(a).
    """
    kept = replace(state.terms, rents=state.terms.rents[:periods])
    liability = kept.owed(kept.begins)
    grid, begins = kept.yields.grid, kept.begins
    part = Fraction(grid.between(begins, kept.ends), grid.between(begins, state.terms.ends))
    asset = state.asset * part
    gain = (state.liability - liability) - (state.asset - asset)
    return replace(state, terms=kept, liability=liability, asset=asset, gain=state.gain + gain)


def _shortened(state: State, event: Event, law: Law) -> State:
    if law.ifrs and len(event.payments) < len(state.terms.rents):
        state = _cut(state, len(event.payments))
    return _changed(state, event, law)


def _added(state: State, event: Event, law: Law) -> State:
    if event.price_is_standalone:
        return state
    if not event.payments:
        return _changed(state, event, law)
    added = each(event.added_payments)
    whole = _new_terms(state, event, law)
    own = replace(whole, rents=tuple(p - a for p, a in zip(whole.rents, added, strict=True)))
    right = replace(whole, rents=added, guarantee=ZERO, price=ZERO, incentive=None)
    at = whole.begins
    # One liability is remeasured, so what takes the asset below zero is judged once, in the end.
    moved = own.owed(at) - state.liability + right.owed(at)
    return replace(state.moved(moved, moved), terms=whole)


def _shortened_and_added(state: State, event: Event, law: Law) -> State:
    if law.ifrs and len(event.payments) < len(state.terms.rents):
        state = _cut(state, len(event.payments))
    return _added(state, event, law)


def _scope(state: State, event: Event, law: Law) -> State:
    share = exact(event.retained_share)
    terms = _new_terms(state, event, law)
    if not event.payments:
        terms = replace(terms, rents=tuple(r * share for r in terms.rents))
        if terms.incentive is not None:
            terms = replace(terms, incentive=(terms.incentive[0], terms.incentive[1] * share))
        terms = replace(terms, guarantee=terms.guarantee * share, price=terms.price * share)
    if law.lease.partial_termination == "liability":
        return _scope_by_liability(state, terms)
    gone = 1 - share
    gain = gone * (state.liability - state.asset)
    held = replace(
        state,
        liability=state.liability * share,
        asset=state.asset * share,
        gain=state.gain + gain,
    )
    return held.remeasured(terms)


def _scope_by_liability(state: State, terms: Terms) -> State:
    liability = terms.owed(terms.begins)
    part = (state.liability - liability) / state.liability
    gain = (state.liability - liability) - part * state.asset
    asset = state.asset * (1 - part)
    return replace(state, terms=terms, liability=liability, asset=asset, gain=state.gain + gain)


def _terminated(state: State, event: Event, _law: Law) -> State:
    return _ended(state, exact(event.penalty))


def _left(state: State, _event: Event, _law: Law) -> State:
    """
    A renewal that the term had counted is left: the term is over, and the asset goes back.

    What the lessee owes under its guarantee is due then, and nothing else. The liability at the
    worth of that moves the asset as far as there is one; what remains of an asset whose term is
    over is amortised at once (ASC 842-10-30-5(f), 842-10-35-1(d), 842-20-35-4; IFRS 16.21,
    16.27(c), 16.39).
    """
    return _ended(state, state.terms.guarantee)


def _ended(state: State, penalty: Fraction) -> State:
    """Both balances are gone, and the lessee pays for it."""
    return replace(
        state,
        liability=ZERO,
        asset=ZERO,
        gain=state.gain + state.liability - state.asset - penalty,
        paid=state.paid + penalty,
        penalty=penalty,
        over=True,
    )


def _impaired(state: State, event: Event, _law: Law) -> State:
    loss = exact(event.amount)
    pattern = IMPAIRED if state.pattern == LEVEL and loss else state.pattern
    return replace(state, asset=state.asset - loss, gain=state.gain - loss, pattern=pattern)


def _unmoved(state: State, _event: Event, _law: Law) -> State:
    """
    What moves nothing that a lessee carries: a lessor's view of it, and what it pays for once.
    """
    return state


_KINDS: dict[str, Callable[[State, Event, Law], State]] = {
    "term-reassessed": _reassessed,
    "extended": _changed,
    "consideration-changed": _changed,
    "rent-changed": _rent_changed,
    "renewal-exercised": _exercised,
    "purchase-option-reassessed": _purchase,
    "guarantee-reassessed": _guarantee,
    "incentive-received": _incentive,
    "index-changed": _index,
    "payments-fixed": _changed,
    "term-reduced": _shortened,
    "right-added": _added,
    "term-reduced-and-right-added": _shortened_and_added,
    "scope-reduced": _scope,
    "terminated": _terminated,
    "impaired": _impaired,
    "terms-changed": _changed,
    "collection-probable": _unmoved,
    "collection-doubtful": _unmoved,
    "payment-made": _unmoved,
    "option-not-exercised": _left,
}

#: The kinds of event that are drawn and computed a second time.
KINDS = tuple(_KINDS)

_PATTERNS = {"operating": LEVEL, "finance": STRAIGHT}


def happened(state: State, event: Event, law: Law) -> State:
    """
    A lessee's side after an event, before what is due that day is paid.

    Args:
        state: Before it, at the same moment.
        event: One of `KINDS`; where it states the lessee's class, that holds from here on.
        law: Framework and lease.
    """
    after = _KINDS[event.kind](state, event, law)
    # A cost that is no longer level since an impairment does not become level again.
    stays = after.pattern == IMPAIRED and event.lessee_classification == "operating"
    if event.lessee_classification and not law.ifrs and not stays:
        return replace(after, pattern=_PATTERNS[event.lessee_classification])
    return after
