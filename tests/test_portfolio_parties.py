import ast
from datetime import date
from fractions import Fraction

import attrs
import numpy as np
import pytest

from leasebook.portfolio.arrays import for_each, of_row
from leasebook.portfolio.columns import World, ask, truths
from leasebook.portfolio.frame import frame
from leasebook.portfolio.generate import varied_leases
from leasebook.portfolio.intervals import Numbers, constant, points
from leasebook.portfolio.measure import measure_chunk, schedule_rows
from leasebook.portfolio.party import parties_of, together
from leasebook.portfolio.terms import UNKNOWN
from leasebook.portfolio.worlds import exact_of

AS_OF = date(2026, 1, 1)
ROWS = 5
CONDITIONS = (
    "yes", "no", "open", "some", "not some", "yes and some", "no and some", "some and no",
    "open and some", "open and no", "yes or open", "no or open or some", "not (open or some)",
    "life >= share * 80", "life < ten and some", "life == ten or open", "-life < ten",
    "life / ten > 2 and not no", "unheard_of and some", "unheard_of or yes", "yes and not no",
)  # fmt: skip


def tree_of(text):
    """A condition with its numbers exact, as the rule language has them."""
    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            node.value = Fraction(node.value)
    return tree


def exactly(column, row):
    """What a column of points or truths says of one subject."""
    if isinstance(column, Numbers):
        return Fraction(float(of_row(column.low, row))) if of_row(column.known, row) else None
    return exact_of(column, row)


def world(*, repeated):
    """Facts of some subjects; those that all share are held once, or once for each."""
    made = World(ROWS, {}, lambda name, row: exactly(made.facts[name], row))
    alike = {"yes": 1, "no": 0, "open": UNKNOWN}
    made.facts = {
        name: truths(np.full(ROWS if repeated else 1, value), made.bit(name))
        for name, value in alike.items()
    }
    made.facts["some"] = truths(np.array([1, 0, UNKNOWN, 1, 0]), made.bit("some"))
    life = np.array([10, 20, UNKNOWN, 60, 80])
    made.facts["life"] = points(life, life != UNKNOWN, made.bit("life"))
    for name, value in (("share", Fraction(3, 4)), ("ten", Fraction(10))):
        once = constant(value)
        held = {f.name: getattr(once, f.name) for f in attrs.fields(type(once))}
        each = {part: for_each(array, ROWS) for part, array in held.items()}
        made.facts[name] = attrs.evolve(once, **each) if repeated else once
    return made


@pytest.mark.parametrize("condition", CONDITIONS)
def test_what_all_share_answers_as_if_each_had_it(condition):
    once, each = (ask(tree_of(condition), world(repeated=held)) for held in (False, True))
    for part in ("yes", "no", "unknown", "missing"):
        of_one, of_all = (for_each(getattr(found, part), ROWS) for found in (once, each))
        assert of_one.tolist() == of_all.tolist(), part


def test_leases_of_a_party_stand_together_and_others_are_refused():
    terms = varied_leases(200, 4)
    order = together(terms.side, terms.frameworks)
    made = frame(terms.chosen(order))
    assert sum(map(len, made.parties)) == len(made.lease) == len(made.units)
    for party in made.parties:
        leases = order[made.lease[party.rows]]
        assert set(terms.side[leases].tolist()) == {int(party.lessor)}
        assert np.all(terms.frameworks[leases] & party.framework)
        assert party.terms.row.tolist() == terms.row[leases].tolist()
    with pytest.raises(ValueError, match="do not stand together"):
        parties_of(terms)


def test_rows_and_units_are_numbered_by_lease_whoever_measures_it():
    terms = varied_leases(120, 9, months=24)
    rows = schedule_rows(terms, rules_as_of=AS_OF, compiled=False)
    whole = measure_chunk(terms, rules_as_of=AS_OF, compiled=False)
    assert np.all(np.diff(rows.unit) >= 0)
    assert set(rows.unit.tolist()) <= set(np.flatnonzero(whole.schedule >= 0).tolist())
    for lease in (0, 17, 63, 119):
        alone = schedule_rows(terms.chosen(np.array([lease])), rules_as_of=AS_OF, compiled=False)
        units = np.flatnonzero(whole.lease == lease)
        mine = np.isin(rows.unit, units)
        assert (rows.unit[mine] - units[0]).tolist() == alone.unit.tolist()
        assert rows.closing[mine].tolist() == alone.closing.tolist()


def test_a_fact_that_all_leases_share_may_be_stated_once():
    terms = varied_leases(80, 2, months=24)
    name = next(iter(terms.facts))
    once = attrs.evolve(terms, facts={name: np.zeros(1, np.int64)})
    each = attrs.evolve(terms, facts={name: np.zeros(80, np.int64)})
    found = [measure_chunk(t, rules_as_of=AS_OF, compiled=False) for t in (once, each)]
    assert found[0].flows.digest == found[1].flows.digest
    assert found[0].schedule.tolist() == found[1].schedule.tolist()
