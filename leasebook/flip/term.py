"""
Numeric terms: every figure of a deal that is a number, with the grid on which it is moved.

The unit follows from the field, or from the dictionary for a stated fact; the grid from the unit.
Nothing here knows a deal or a contract kind.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.contract.recheck import recheck
from leasebook.contract.scalar import PARTS, PRICES, RATES, SHARES
from leasebook.facts.dictionary import Dictionary
from leasebook.flip.place import Steps, figures, replaced
from leasebook.values.duration import Duration

Unit = Literal["rate", "share", "months", "money", "count"]

#: Step, least and greatest value of the units whose grid does not hang on the figure itself.
#: Rates move by one basis point, shares by a tenth of a per cent, times by a month.
GRIDS: Mapping[Unit, tuple[Decimal, Decimal, Decimal]] = {
    "rate": (Decimal("0.0001"), Decimal("0.0001"), Decimal("0.5")),
    "share": (Decimal("0.001"), Decimal(0), Decimal(1)),
    "months": (Decimal(1), Decimal(1), Decimal(600)),
    "count": (Decimal(1), Decimal(0), Decimal(1000)),
}

#: An amount moves by the power of ten that is at most this part of it, up to this multiple.
MONEY_PART = Decimal("0.0001")
MONEY_MULTIPLE = 10

_UNITS: Mapping[str, Unit] = {
    "rate": "rate",
    "share": "share",
    "months": "months",
    "money": "money",
    "count": "count",
}


@attrs.frozen
class NumericTerm:
    """
    A figure that is a number, and the grid through today's value on which it is moved.

    `path` is how a page names it, `place` what facts carry as their place; `low` and `high` bound
    the values that are tried.
    """

    steps: Steps
    path: str
    place: str
    unit: Unit
    today: Decimal
    step: Decimal
    low: Decimal
    high: Decimal

    def value(self, index: int) -> Decimal:
        """The value some steps above today's, or below it."""
        return self.today + index * self.step

    @property
    def lowest(self) -> int:
        """The index of the least value that is tried, at most 0."""
        return int((self.low - self.today) / self.step)

    @property
    def highest(self) -> int:
        """The index of the greatest value that is tried, at least 0."""
        return int((self.high - self.today) / self.step)

    def applied(self, deal: Deal, index: int) -> Deal:
        """The deal with the figure some steps from where it is today."""
        return replaced(deal, (*self.steps, "value"), self._typed(deal, self.value(index)))

    def _typed(self, deal: Deal, value: Decimal) -> Any:
        """A value of the type that the figure has today."""
        today: Any = deal
        for step in self.steps:
            today = getattr(today, step) if isinstance(step, str) and attrs.has(type(today)) else (
                today[step]
            )  # fmt: skip
        if isinstance(today.value, Duration):
            months = int(value)
            return Duration(months, f"{months} months")
        return int(value) if isinstance(today.value, int) else value


def numeric_terms(deal: Deal, dictionary: Dictionary) -> tuple[NumericTerm, ...]:
    """
    Every known figure of a deal that is a number, in the order of the files.

    Args:
        deal: As loaded.
        dictionary: Gives the units of stated facts and of cells of tables.
    """
    found = [
        (steps, figure, unit)
        for steps, figure in figures(deal)
        if figure.known and (unit := unit_of(deal, steps, figure, dictionary)) is not None
    ]
    amounts = (Decimal(figure.get()) for _, figure, unit in found if unit == "money")
    largest = max(amounts, default=Decimal(1))
    terms = (_term(deal, *one, largest) for one in found)
    return tuple(_in_whole_periods(term, deal) for term in terms)


def _in_whole_periods(term: NumericTerm, deal: Deal) -> NumericTerm:
    """A time moves by a month, or by the shortest period that the contract's rent allows."""
    if term.unit == "months":
        for step in (1, 3, 6, 12):
            moved = attrs.evolve(term, step=Decimal(step))
            if any(recheck(moved.applied(deal, side)) is None for side in (1, -1)):
                return moved
    return term


def reach(term: NumericTerm, deal: Deal, furthest: int) -> int:
    """
    The furthest step in one direction at which the deal still makes sense.

    Args:
        term: The figure that is moved.
        deal: As it is.
        furthest: The last step of the grid in that direction; its sign is the direction.
    """
    sign = 1 if furthest > 0 else -1
    good, bad = 0, abs(furthest) + 1
    if furthest and recheck(term.applied(deal, furthest)) is None:
        return furthest
    while bad - good > 1:
        middle = (good + bad) // 2
        if recheck(term.applied(deal, sign * middle)) is None:
            good = middle
        else:
            bad = middle
    return sign * good


def unit_of(deal: Deal, steps: Steps, figure: Figure[Any], dictionary: Dictionary) -> Unit | None:
    """
    The unit of the number that a figure is; None for a text, a date or a truth value.

    Args:
        deal: Has the figure.
        steps: The way to it.
        figure: Its value, or an end of its range, has the type.
        dictionary: Gives the units of stated facts and of cells of tables.
    """
    value = figure.value if figure.known else next(iter(figure.range), None)
    if isinstance(value, Duration):
        return "months"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if steps[0] in ("facts", "judgements"):
        stated = getattr(deal, str(steps[0]))[steps[1]]
        meaning = dictionary.facts.get(stated.fact)
        return None if meaning is None else _UNITS.get(meaning.unit)
    if steps[0] == "tables":
        columns = dictionary.tables[deal.tables[int(steps[1])].table].columns
        column = columns.get(str(steps[-1]))
        return None if column is None else _UNITS.get(column.unit)
    name = next(step for step in reversed(steps) if isinstance(step, str))
    if name in RATES:
        return "rate"
    return "share" if name in SHARES | PARTS | PRICES else "money"


def _term(
    deal: Deal, steps: Steps, figure: Figure[Any], unit: Unit, largest: Decimal
) -> NumericTerm:
    value = figure.get()
    today = Decimal(value.months if isinstance(value, Duration) else value)
    if unit == "money":
        scale = today or largest
        step = max(_power_of_ten(scale * MONEY_PART), Decimal(1).scaleb(-deal.currency.decimals))
        low, high = Decimal(0), MONEY_MULTIPLE * scale
    else:
        step, low, high = GRIDS[unit]
    return NumericTerm(
        steps=steps,
        path=place_name(deal, steps, figure),
        place=figure.path,
        unit=unit,
        today=today,
        step=step,
        low=min(low, today),
        high=max(high, today),
    )


def _power_of_ten(amount: Decimal) -> Decimal:
    """
    The greatest power of ten that is not above an amount.

    Example:
        >>> _power_of_ten(Decimal(2_800_000))
        Decimal('1000000')
    """
    plain = Decimal(1).scaleb(amount.adjusted()) if amount else Decimal(1)
    return plain if amount < 1 else Decimal(int(plain))


def place_name(deal: Deal, steps: Steps, figure: Figure[Any]) -> str:
    """How a page names a figure: its path, or a stated fact as ``fact(subject)``."""
    if steps[0] in ("facts", "judgements"):
        stated = getattr(deal, str(steps[0]))[steps[1]]
        return f"{stated.fact}({stated.about})"
    if steps[0] == "tables":
        table = deal.tables[int(steps[1])]
        return f"{table.table}({table.about})[{int(steps[3]) + 1}].{steps[-1]}"
    return figure.path or ".".join(str(step) for step in steps)
