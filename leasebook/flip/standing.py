"""
What stands once something is altered: the rules again, and the statements that still hold.

What somebody states closes a decision that the rules leave open, or stands against them. Once an
alteration makes the rules conclude something else than they do today, the statement about that
decision falls, and the rules' outcome stands. So an alteration reaches the decisions behind it, and
today's statements are untouched where nothing is altered.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs

from leasebook import pipeline
from leasebook.consolidation.eliminate import CashMismatchError
from leasebook.consolidation.perimeter import PerimeterHoleError
from leasebook.contract.deal import Basis, Deal, Treatment
from leasebook.contract.figure import UnknownFigureError
from leasebook.contract.recheck import recheck
from leasebook.measure.not_modelled import NotModelled
from leasebook.pipeline import Run
from leasebook.reckoning.kernel import OutsideDomain, TrueUpExceeded
from leasebook.reckoning.rates import NoCrossing
from leasebook.rulebook.determination import Determinations
from leasebook.rulebook.memory import Memory
from leasebook.rulebook.stated import Stated

Key = tuple[str, str]

#: What books and measurements ask people for themselves, beside the outcomes of decisions.
_ASKED = frozenset({"purchase_option_reasonably_certain"})

#: What altered terms can be in order and still not be measured by.
NOT_MEASURED = (
    NotModelled,
    UnknownFigureError,
    OutsideDomain,
    NoCrossing,
    TrueUpExceeded,
    CashMismatchError,
    PerimeterHoleError,
    OverflowError,
    ArithmeticError,
)


@attrs.frozen
class Standing:
    """
    The determinations of an altered deal, and the statements that still stand in it.

    `fallen` are decisions whose statement the altered terms overturn.
    """

    deal: Deal
    reached: Determinations
    stated: Mapping[Key, Stated]
    fallen: tuple[Key, ...] = ()

    def outcome(self, key: Key) -> str | None:
        """The outcome that stands, None if it is open."""
        return self.reached.outcome(*key)


@attrs.frozen
class Ground:
    """
    Today's run, from which everything is altered.

    `effects` keeps the statements that were drawn up, by the outcomes that they rest on, and
    `memory` the tests that were asked.
    """

    run: Run
    memory: Memory = attrs.field(factory=Memory, eq=False, repr=False)
    effects: dict[tuple[object, ...], Any] = attrs.field(factory=dict, eq=False, repr=False)

    def same_terms(self, deal: Deal) -> bool:
        """Whether a deal has today's terms, so that what is measured of them is today's as well."""
        today = self.run.deal
        return asked_of_people(deal) == asked_of_people(today) and all(
            getattr(deal, part) is getattr(today, part)
            for part in ("assets", "contracts", "events")
        )

    def perimeter(self) -> dict[Key, str | None]:
        """How each other bookkeeper is treated today, by the decision about it; None if open."""
        run, treated = self.run, self.run.basis.perimeter
        found: dict[Key, str | None] = {}
        if run.entity != run.deal.reporting:
            return found
        for entity in run.deal.bookkeepers():
            key = ("consolidation", f"{entity}/{run.entity}")
            if entity != run.entity:
                named = None if treated is None else treated.get(entity, "outside")
                found[key] = named or run.reached.outcome(*key)
        return found

    def today_is(self, key: Key) -> str | None:
        """The outcome of a decision today; of one about the perimeter, what the basis names."""
        return self.perimeter().get(key) or self.run.reached.outcome(*key)

    def today(self) -> Standing:
        """What stands while nothing is altered, as today's run has decided it."""
        return Standing(self.run.deal, self.run.reached, self.run.stated)

    def stand(
        self,
        deal: Deal | None = None,
        assumed: Iterable[Stated] = (),
        wanted: Collection[Key] | None = None,
        *,
        checked: bool = False,
    ) -> Standing | None:
        """
        What stands once a deal is altered and outcomes are assumed.

        Args:
            deal: Today's with other figures or facts; today's if not given.
            assumed: Outcomes that hold whatever the rules conclude.
            wanted: The decisions that are asked about, with what they wait for; None asks all.
            checked: The altered terms are known to make sense together.

        Returns:
            None where the altered terms contradict each other or are not measured.
        """
        altered = self.run.deal if deal is None else deal
        if deal is not None and not checked and recheck(deal) is not None:
            return None
        held = {(s.decision, s.about): s for s in assumed}
        stated = {**self.run.stated, **held}
        fallen: list[Key] = []
        while True:
            try:
                reached = pipeline.decide(
                    altered,
                    self.run.framework,
                    self.run.basis.scenario,
                    {key: s.outcome for key, s in stated.items()},
                    rules_as_of=self.run.rules_as_of,
                    wanted=wanted,
                    memory=self.memory,
                    terms_kept=self.same_terms(altered),
                )
            except NOT_MEASURED:
                return None
            falls = [key for key in stated if key not in held and self._falls(key, reached, stated)]
            if not falls:
                return Standing(altered, reached, stated, tuple(fallen))
            fallen += falls
            stated = {key: s for key, s in stated.items() if key not in falls}

    def _falls(self, key: Key, reached: Determinations, stated: Mapping[Key, Stated]) -> bool:
        found = reached.get(key)
        if found is None or found.outcome in (None, stated[key].outcome):
            return False
        today = self.run.reached.get(key)
        return today is None or found.outcome != today.outcome

    def treated(self, standing: Standing, assumed: Iterable[Stated] = ()) -> Basis:
        """
        The basis once something is altered: a perimeter that it names follows rules that changed.

        An outcome of `consolidation` that is assumed goes before what the basis names.
        """
        basis = self.run.basis
        if basis.perimeter is None or self.run.entity != self.run.deal.reporting:
            return basis
        taken = {(s.decision, s.about): s.outcome for s in assumed}
        perimeter: dict[str, Treatment] = dict(basis.perimeter)
        for key, today in self.perimeter().items():
            found = standing.reached.get(key)
            concluded = None if found is None else found.outcome
            if concluded == self.run.reached[key].outcome:
                concluded = None
            chosen = taken.get(key) or concluded or today
            perimeter[key[1].split("/")[0]] = _treatment(chosen)
        return attrs.evolve(basis, perimeter=perimeter)

    def run_of(self, standing: Standing, assumed: Iterable[Stated] = ()) -> Run | None:
        """
        The statements of what stands, beside which today's first column is kept.

        Returns:
            None where the altered terms are not measured, or a decision that the books need is
            open.
        """
        basis = self.treated(standing, assumed)
        try:
            found = pipeline.redrawn(
                self.run, standing.deal, basis, standing.stated, standing.reached
            )
        except NOT_MEASURED:
            return None
        return found if found.worksheet is not None else None


def asked_of_people(deal: Deal) -> tuple[tuple[str, object], ...]:
    """What people say that books and measurements ask them for: about whom, and its value."""
    return tuple(
        (f.about, f.value.value) for f in (*deal.judgements, *deal.facts) if f.fact in _ASKED
    )


def _treatment(outcome: str | None) -> Treatment:
    if outcome == "consolidate":
        return "consolidate"
    return "equity-method" if outcome == "equity-method" else "outside"
