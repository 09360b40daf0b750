"""
Decisions over columns: what the rule files conclude of many leases at once.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache, reduce

import numpy as np

from leasebook.facts.fact import Value
from leasebook.portfolio.arrays import for_each
from leasebook.portfolio.columns import Names, World, ask
from leasebook.portfolio.intervals import Bools, Numbers, constant
from leasebook.portfolio.results import Decided
from leasebook.rulebook.determine import in_force
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.rule import Decision, Rule


def decide(name: str, framework: str, world: World, as_of: date) -> Decided:
    """
    One decision about all subjects; its outcome becomes a column that later ones read.

    The conclusion is that of `rulebook.determine.conclude`: a rule that fires concludes once no
    rule with another outcome fires or is open, and the default holds when every rule is silent.

    Args:
        name: Of the decision.
        framework: us-gaap or ifrs.
        world: The facts; the outcome is added.
        as_of: The day whose rules are applied.

    Raises:
        KeyError: If the framework asks no such question on that day.
    """
    decision, rules, policies = _asked(name, framework, as_of)
    for policy in policies:
        world.facts.setdefault(*policy)
    answers = [ask(rule.when.tree, world) for rule in rules]
    outcomes = tuple(decision.outcomes)
    fired = {
        outcome: _any([a.yes for a, r in zip(answers, rules, strict=True) if r.outcome == outcome])
        for outcome in outcomes
    }
    count = sum(each.astype(np.int8) for each in fired.values())
    held, missing = np.zeros(1, np.bool_), np.zeros(1, np.int64)
    for answer, rule in zip(answers, rules, strict=True):
        # What is open holds the conclusion up, unless just its own outcome is concluded.
        against = answer.unknown
        if not against.any():
            continue
        against = against & ~((count == 1) & fired[str(rule.outcome)])
        held = held | against
        missing = missing | np.where(against & (count < 2), answer.missing, 0)
    found = np.full(1, -1, np.int64)
    for position, outcome in enumerate(outcomes):
        found = np.where((count == 1) & fired[outcome] & ~held, position, found)
    if decision.default is not None and decision.in_force.covers(as_of):
        found = np.where((count == 0) & ~held, outcomes.index(decision.default.outcome), found)
    code = for_each(found, world.rows)
    missing = for_each(np.where(found >= 0, 0, missing), world.rows)
    world.facts[name] = Names(code, outcomes, missing)
    return Decided(outcomes, code, tuple(world.bits), missing)


@lru_cache(maxsize=256)
def _asked(
    name: str, framework: str, as_of: date
) -> tuple[Decision, tuple[Rule, ...], tuple[tuple[str, Numbers], ...]]:
    """A decision of a day, which every chunk asks for: its rules that conclude, and policies."""
    rulebook = Rulebook.load().on(as_of)
    decision = rulebook.decision(framework, name)
    rules = tuple(
        rule
        for rule in decision.rules
        if rule.outcome is not None and in_force(decision, rule, as_of)
    )
    values = rulebook.policies["default"].values
    policies = {
        policy: constant(Fraction(value))
        for rule in decision.rules
        for policy in rule.policy
        if not isinstance(value := values[policy], date | str)
    }
    return decision, rules, tuple(policies.items())


def _any(parts: Sequence[Bools]) -> Bools:
    return reduce(np.logical_or, parts, np.zeros(1, np.bool_))


@lru_cache(maxsize=256)
def policy_value(name: str) -> Value | None:
    """A policy's exact value; None if there is none of that name."""
    return Rulebook.load().policies["default"].values.get(name)
