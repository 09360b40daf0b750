"""
Numeric terms: the smallest change of each that alters an outcome, or a test on the way to one.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.recheck import recheck
from leasebook.facts.dictionary import Dictionary
from leasebook.flip.behind import Behind, behind
from leasebook.flip.matter import Leads, led
from leasebook.flip.search import nearest_change, probes
from leasebook.flip.standing import Ground, Key, Standing
from leasebook.flip.term import NumericTerm, numeric_terms, reach
from leasebook.rulebook.determination import Determination, Test

UNDETERMINED = "undetermined"

#: Why there are no statements: events fall on no day, a decision is open, or it is not modelled.
Undrawn = Literal["events", "open", "not modelled"]


@attrs.frozen
class Target:
    """
    An answer that a term may alter: the outcome of a decision, or one test behind it.

    `decision` is the one that matters. Without a `rule` its outcome is meant. With one it is the
    verdict of that rule of the decision `asked`, and with a `reading` its verdict if the fact that
    is not known were as that reading says; `number` is its place on the list of `readings`.
    """

    decision: Key
    asked: Key
    rule: str = ""
    fact: str = ""
    reading: str = ""
    number: int = -1
    readings: int = 0


@attrs.frozen
class TermFlip:
    """
    A target and the nearest step of a term, in one direction, at which it comes out otherwise.

    `index` is 0 where it does not within the bounds that were tried, `lowest` to `highest`. `leads`
    are the statements with the term at that step, None where they cannot be drawn up; `undrawn` is
    then why.
    """

    target: Target
    term: NumericTerm
    index: int
    before: str
    after: str
    lowest: int
    highest: int
    leads: Leads | None = None
    undrawn: Undrawn | None = None

    @property
    def found(self) -> bool:
        """Whether a step was found."""
        return self.index != 0

    @property
    def at(self) -> tuple[str, int]:
        """Path and step of the term: what leads to the same statements."""
        return self.term.path, self.index

    @property
    def flips_at(self) -> Fraction:
        """The value of the term at which the target comes out otherwise."""
        return Fraction(self.term.value(self.index))

    @property
    def distance(self) -> Fraction:
        """How far that is from today's value, with its sign."""
        return Fraction(self.index * self.term.step)

    @property
    def part(self) -> Fraction | None:
        """The distance as a part of today's value; None where that is nothing."""
        return self.distance / Fraction(self.term.today) if self.term.today else None


@attrs.define
class _Together:
    """
    What stands at the steps of one term that are the same for several decisions, each asked once.

    `steps` are those steps and `wanted` the decisions.
    """

    ground: Ground
    term: NumericTerm
    steps: frozenset[int]
    wanted: frozenset[Key]
    known: dict[int, Standing | None] = attrs.field(factory=dict)

    def at(self, index: int) -> Standing | None:
        """What stands with the term some steps away; None where that makes no sense."""
        if index not in self.known:
            deal = self.term.applied(self.ground.run.deal, index)
            self.known[index] = self.ground.stand(deal, wanted=self.wanted, checked=True)
        return self.known[index]


@attrs.define
class _Trial:
    """The standings of a decision at the steps of one term, each asked once."""

    together: _Together
    decision: Key
    read: frozenset[Key]
    known: dict[int, Standing | None] = attrs.field(factory=dict)

    def at(self, index: int) -> Standing | None:
        """What stands with the term some steps away; None where that makes no sense."""
        shared = self.together
        if index in shared.steps:
            return shared.at(index)
        if index not in self.known:
            deal = shared.term.applied(shared.ground.run.deal, index)
            self.known[index] = shared.ground.stand(deal, wanted={self.decision}, checked=True)
        return self.known[index]

    def answer(self, target: Target, index: int) -> str | None:
        """The target's answer at a step."""
        standing = self.at(index)
        return None if standing is None else answer(target, standing)

    def distance(self, target: Target, index: int) -> Fraction | None:
        """How far the target's number is from its threshold at a step, if it has one."""
        standing = self.at(index)
        return None if standing is None else _difference(target, standing)

    def enters(self, target: Target, index: int) -> bool:
        """Whether a test's number, or else anything behind an outcome, differs at a step."""
        if self.at(index) is None or not target.rule:
            return True
        today = self.answer(target, 0), self.distance(target, 0)
        return today != (self.answer(target, index), self.distance(target, index))

    def moves(self, index: int) -> bool:
        """Whether anything that is measured or concluded differs at a step from today."""
        today, other = self.at(0), self.at(index)
        if today is None or other is None:
            return True
        return _numbers(today, self.read) != _numbers(other, self.read)


def _numbers(standing: Standing, read: frozenset[Key]) -> list[object]:
    return [
        (key, found.outcome, *((t.verdict, t.margin, t.readings) for t in found.tests))
        for key, found in sorted(standing.reached.items())
        if key in read
    ]


def answer(target: Target, standing: Standing) -> str | None:
    """What stands of a target: an outcome, or a verdict; None where it is not asked."""
    found = standing.reached.get(target.asked)
    if found is None:
        return None
    if not target.rule:
        return found.outcome or UNDETERMINED
    test = _test(target, found)
    if test is None:
        return None
    if target.number < 0:
        return test.verdict
    return test.readings[target.number].verdict if len(test.readings) == target.readings else None


def _test(target: Target, found: Determination) -> Test | None:
    return next((test for test in found.tests if test.rule_id == target.rule), None)


def _difference(target: Target, standing: Standing) -> Fraction | None:
    found = standing.reached.get(target.asked)
    test = None if found is None or not target.rule else _test(target, found)
    if test is None:
        return None
    if target.number >= 0:
        fits = len(test.readings) == target.readings
        return test.readings[target.number].difference if fits else None
    return None if test.margin is None else test.margin.difference


def targets(ground: Ground, decision: Key, dictionary: Dictionary) -> tuple[Target, ...]:
    """
    What terms may alter about a decision that matters.

    Always its outcome. While the rules leave it open, also each test with a threshold behind it,
    under each reading of what is not known, for there the outcome hangs. Where somebody states
    what the rules do not conclude, also each of its own tests: more than one may stand against it.

    Args:
        ground: Today.
        decision: One that matters.
        dictionary: Of facts.
    """
    reached = ground.run.reached
    found = [Target(decision, decision)]
    if reached[decision].outcome is None:
        lines = behind(decision, reached, dictionary).decisions
        still_open = (reached[asked] for asked in lines if reached[asked].outcome is None)
        found += [line for asked in still_open for line in _lines(decision, asked)]
    elif reached.outcome(*decision) != reached[decision].outcome:
        found += _lines(decision, reached[decision])
    return tuple(found)


def _lines(decision: Key, found: Determination) -> Iterator[Target]:
    asked = (found.decision, found.about)
    for test in found.tests:
        if test.outcome is None or test.margin is None:
            continue
        if test.margin.value is not None:
            yield Target(decision, asked, test.rule_id)
        for number, reading in enumerate(test.readings):
            if reading.difference is not None:
                yield Target(
                    decision, asked, test.rule_id, reading.fact, reading.label, number,
                    len(test.readings),
                )  # fmt: skip


def term_flips(
    ground: Ground,
    decisions: tuple[Key, ...],
    dictionary: Dictionary,
    watched: tuple[Key, ...] | None = None,
) -> tuple[TermFlip, ...]:
    """
    For each decision that matters, where each numeric term alters it or a test behind it.

    A term that moves nothing of a decision, neither at its least nor at its greatest value, does
    not enter and is left out. A test is told once, under the first decision that it is behind.

    Args:
        ground: Today.
        decisions: Those that matter.
        dictionary: Of facts.
        watched: The decisions whose other outcome is told with the statements that each flip leads
            to; None leaves statements out. Each step of a term is drawn up once.

    Returns:
        The nearest step in each direction; one without a step for each term that enters and
        alters the target in neither.
    """
    found = _searched(ground, decisions, dictionary)
    if watched is None:
        return found
    known: dict[tuple[str, int], tuple[Leads | None, Undrawn | None]] = {}
    for flip in found:
        if flip.found and flip.at not in known:
            known[flip.at] = _led(ground, flip, watched)
    none = (None, None)
    return tuple(
        attrs.evolve(flip, leads=leads, undrawn=undrawn)
        for flip in found
        for leads, undrawn in (known.get(flip.at, none) if flip.found else none,)
    )


def _led(
    ground: Ground, flip: TermFlip, watched: tuple[Key, ...]
) -> tuple[Leads | None, Undrawn | None]:
    """Where a flip leads, and why it leads to no statements if it does not."""
    deal = flip.term.applied(ground.run.deal, flip.index)
    if recheck(deal, with_events=True) is not None:
        return None, "events"
    standing = ground.stand(deal, checked=True)
    if standing is None:
        return None, "not modelled"
    found = led(ground, (), standing, watched)
    if found.effect is not None:
        return found, None
    return found, "open" if any(after is None for _, _, after in found.also) else "not modelled"


def _searched(
    ground: Ground, decisions: tuple[Key, ...], dictionary: Dictionary
) -> tuple[TermFlip, ...]:
    deal, reached = ground.run.deal, ground.run.reached
    lies_behind = {key: behind(key, reached, dictionary) for key in decisions}
    reads = {key: frozenset(lies_behind[key].decisions) for key in decisions}
    wanted = _told_once(ground, decisions, dictionary)
    found: dict[Key, list[TermFlip]] = {key: [] for key in decisions}
    for term in numeric_terms(deal, dictionary):
        entered = [key for key in decisions if _may_enter(term, lies_behind[key])]
        if not entered:
            continue
        ends = (reach(term, deal, term.lowest), reach(term, deal, term.highest))
        # The probes are the same for every decision, so that each is asked of all at once: the
        # furthest of all that the term may enter, the others of those that it moves there.
        steps = frozenset((0, *probes(ends[0]), *probes(ends[1])))
        first = _Together(ground, term, steps, frozenset(entered), {0: ground.today()})
        moved = [
            key
            for key in entered
            if any(end and _Trial(first, key, reads[key]).moves(end) for end in ends)
        ]
        then = attrs.evolve(first, wanted=frozenset(moved))
        for key in moved:
            found[key] += _flips_of(_Trial(then, key, reads[key]), wanted[key], ends)
    return tuple(flip for key in decisions for flip in found[key])


def _told_once(
    ground: Ground, decisions: tuple[Key, ...], dictionary: Dictionary
) -> dict[Key, list[Target]]:
    """The targets of each decision, a test standing under the first that it is behind."""
    told: set[tuple[Key, str, int]] = set()
    found = {}
    for key in decisions:
        fresh = [
            target
            for target in targets(ground, key, dictionary)
            if (target.asked, target.rule, target.number) not in told
        ]
        told |= {(target.asked, target.rule, target.number) for target in fresh}
        found[key] = fresh
    return found


def _may_enter(term: NumericTerm, lies_behind: Behind) -> bool:
    """A stated fact enters where it is read, a contract's term where something is measured."""
    if term.steps[0] in ("facts", "judgements", "tables"):
        return term.place in lies_behind.paths
    return bool(lies_behind.measured) or term.place in lies_behind.paths


def _makes_sense(term: NumericTerm, deal: Deal, index: int, end: int) -> bool:
    """Whether both sides of a flip are deals that could be written."""
    nearer = index - (1 if end > 0 else -1)
    return all(recheck(term.applied(deal, each)) is None for each in (index, nearer))


def _flips_of(trial: _Trial, wanted: list[Target], ends: tuple[int, int]) -> Iterator[TermFlip]:
    term, deal = trial.together.term, trial.together.ground.run.deal
    for target in wanted:
        before = trial.answer(target, 0)
        if before is None or not any(end and trial.enters(target, end) for end in ends):
            continue
        flips = []
        for end in ends:
            found = nearest_change(
                lambda index, target=target: trial.answer(target, index),  # type: ignore[misc]
                end,
                lambda index, target=target: trial.distance(target, index),  # type: ignore[misc]
            )
            if found is not None and _makes_sense(term, deal, found.index, end):
                flips.append(TermFlip(target, term, found.index, found.before, found.after, *ends))
        yield from flips or [TermFlip(target, term, 0, before, before, *ends)]
