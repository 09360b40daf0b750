"""
What a command is asked about: the deal, and names chosen among those that the deal has.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import attrs
import click

from leasebook import pipeline
from leasebook.contract.deal import Framework
from leasebook.contract.outcome import parse_outcome
from leasebook.contract.scalar import FIRST_YEAR, LAST_YEAR
from leasebook.pipeline import Run
from leasebook.rulebook.deal_check import check_statement
from leasebook.rulebook.loading import Rulebook
from leasebook.values.nearest import nearest


def known(option: str, given: str, names: Iterable[str]) -> str:
    """
    A name that the deal has.

    Args:
        option: Where the name was typed, for the message.
        given: The name.
        names: Those there are.

    Returns:
        The name.

    Raises:
        click.BadParameter: If there is no such name; the message offers the nearest.

    Example:
        >>> known("--basis", "as-filed", ["as-filed", "venture"])
        'as-filed'
    """
    there = list(names)
    if given in there:
        return given
    advice = nearest(given, there)
    raise click.BadParameter(f"{given!r} is not in this deal; {advice}", param_hint=option)


@attrs.frozen
class Question:
    """
    The deal, and the entity, framework, basis, assumptions and rules that a command was given.
    """

    path: Path
    entity: str | None = None
    framework: Framework | None = None
    basis: str | None = None
    assume: tuple[str, ...] = ()
    rules_as_of: tuple[date, ...] = ()

    def run(self, basis: Literal["as-filed", "as-consolidated"]) -> Run:
        """
        Walks the deal through the house.

        Args:
            basis: Taken where none was asked for; the deal's first where it has no such basis.

        Returns:
            The run of the entity that is asked about.
        """
        if len(self.rules_as_of) > 1:
            cause = "several days are for determine, which sets them side by side; give one"
            raise click.BadParameter(cause, param_hint="--rules-as-of")
        return self._run(basis, next(iter(self.rules_as_of), None))

    def runs(self, basis: Literal["as-filed", "as-consolidated"]) -> tuple[Run, ...]:
        """The same under the rules of each day that was asked for."""
        return tuple(self._run(basis, day) for day in self.rules_as_of)

    def _run(self, basis: str, day: date | None) -> Run:
        deal = pipeline.open_deal(self.path)
        entity = deal.reporting
        if self.entity is not None:
            entity = known("--entity", self.entity, deal.bookkeepers())
        if self.basis is not None:
            basis_id = known("--basis", self.basis, deal.bases)
        else:
            basis_id = basis if basis in deal.bases else next(iter(deal.bases), "")
        if not basis_id:
            raise click.UsageError("the deal has no basis to prepare anything on; add [[bases]]")
        framework = self.framework or deal.entities[entity].framework
        for assumption in self.assume:
            if wrong := check_statement(Rulebook.load(), assumption, framework):
                raise click.BadParameter(wrong, param_hint="--assume")
            named = deal.bases[basis_id].perimeter is not None if basis_id in deal.bases else False
            if named and assumption.startswith("consolidation("):
                cause = f"basis {basis_id} names its perimeter; take a basis that leaves it open"
                raise click.BadParameter(cause, param_hint="--assume")
        run = pipeline.run(
            deal,
            basis_id,
            framework,
            entity=entity,
            assume=self.assume,
            rules_as_of=day,
        )
        for assumption in self.assume:
            decision, about, _ = parse_outcome(assumption)
            if (decision, about) not in run.reached and len(self.rules_as_of) < 2:
                there = [a for d, a in run.reached if d == decision]
                cause = f"{decision} is not asked about {about}; {nearest(about, there)}"
                raise click.BadParameter(cause, param_hint="--assume")
        return run


def _assumptions(
    _context: click.Context, _option: click.Parameter, given: Sequence[str]
) -> tuple[str, ...]:
    for assumption in given:
        try:
            parse_outcome(assumption)
        except ValueError as error:
            example = "lessee_classification(campus-lease)=operating"
            raise click.BadParameter(f"{error}, such as {example}") from None
    return tuple(given)


def day_of(option: str, given: str) -> date:
    """
    A day as it is typed.

    Raises:
        click.BadParameter: If it is none, or is outside the years of a deal.

    Example:
        >>> day_of("--rules-as-of", "2007-12-31")
        datetime.date(2007, 12, 31)
    """
    try:
        day = date.fromisoformat(given.strip())
    except ValueError:
        cause = f"{given!r} is no day; write one such as 2007-12-31"
        raise click.BadParameter(cause, param_hint=option) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        cause = f"{given!r} is not within {FIRST_YEAR} to {LAST_YEAR}"
        raise click.BadParameter(cause, param_hint=option)
    return day


def _rules_days(
    _context: click.Context, _option: click.Parameter, given: str | None
) -> tuple[date, ...]:
    days = () if given is None else given.split(",")
    return tuple(dict.fromkeys(day_of("--rules-as-of", day) for day in days))


_DEAL = click.argument("deal", type=click.Path(path_type=Path))
_OPTIONAL_DEAL = click.argument("deal", type=click.Path(path_type=Path), required=False)
_ENTITY = click.option("--entity", metavar="ID", help="Whose. Default: the reporting entity's.")
_FRAMEWORK = click.option(
    "--framework", type=click.Choice(["us-gaap", "ifrs"]), help="Default: the filer's."
)
_BASIS = click.option("--basis", metavar="ID", help="A basis of the deal.")
_RULES = click.option(
    "--rules-as-of",
    callback=_rules_days,
    metavar="DATE",
    help="The rules in force on a day. Default: the basis's, else the day the deal is known to.",
)
_ASSUME = click.option(
    "--assume",
    multiple=True,
    callback=_assumptions,
    metavar="DECISION(SUBJECT)=OUTCOME",
    help="Close an open decision for this run; marked on every page. May be repeated.",
)


_ASKED = ("entity", "framework", "basis", "assume", "rules_as_of")


def _with_options(
    function: Callable[..., Any], deal: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Callable[..., Any]:
    @wraps(function)
    def command(**arguments: Any) -> Any:
        path = arguments.pop("deal")
        asked = {name: arguments.pop(name) for name in _ASKED}
        question = None if path is None else Question(path=path, **asked)
        return function(question=question, **arguments)

    made: Callable[..., Any] = command
    for option in (_ASSUME, _RULES, _BASIS, _FRAMEWORK, _ENTITY, deal):
        made = option(made)
    return made


def question_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the deal and what may be asked of it; it receives them as one `question`."""
    return _with_options(function, _DEAL)


def optional_question_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command that can do without a deal; its `question` is then None."""
    return _with_options(function, _OPTIONAL_DEAL)
