"""
The way through the house, station by station; read this first.

    contract -> facts -> determinations -> schedule -> journal -> ledger
             -> consolidation -> statements -> report

`open_deal` reads the contracts; `run` walks one deal on one basis to its consolidation worksheet;
`amounts` cuts that into statement lines. `leasebook.pages` makes pages for people of a `Run`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import attrs

from leasebook.book.keep import Kept, cash_accounts, keep_books
from leasebook.book.posting import Book, in_order
from leasebook.consolidation.decisions_needed import decisions_lacking
from leasebook.consolidation.perimeter import members_of
from leasebook.consolidation.worksheet import COLUMNS, Worksheet, consolidate
from leasebook.contract.deal import Basis, Deal, Framework
from leasebook.contract.load import load_deal
from leasebook.facts.derive import derive
from leasebook.facts.fact import Fact, Subject
from leasebook.measure.measured_facts import measured_fact
from leasebook.measure.setting import Setting, year_end
from leasebook.measure.units_of_account import FIRST, may_differ, units_of_account
from leasebook.reckoning.calendar import fiscal_year
from leasebook.rulebook.deal_check import check_against_rules
from leasebook.rulebook.determination import Determination, Determinations
from leasebook.rulebook.determine import Measured, determine
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.memory import Memory
from leasebook.rulebook.stated import (
    FILED,
    Stated,
    of_each_lease,
    stated_by_events,
    stated_outcomes,
)
from leasebook.statements.filed_check import check_filed
from leasebook.statements.layout import Line
from leasebook.statements.opening import Opening, opening_entry
from leasebook.statements.prepare import Totals, prepare
from leasebook.values.problem import Finding


@attrs.frozen
class Run:
    """
    One deal on one basis, from its determinations to its worksheet.

    `deal` has the leases that are accounted for, of which a contract may hold several.
    `reached` is what the rules conclude with the basis's statements standing. `open_decisions` are
    those that the books need and nobody has closed; while there are any, there is no worksheet.
    `rules_as_of` is the date whose rules are applied.
    """

    deal: Deal
    basis: Basis
    framework: Framework
    entity: str
    assume: tuple[str, ...]
    rules_as_of: date
    stated: Mapping[tuple[str, str], Stated]
    reached: Determinations
    setting: Setting
    open_decisions: tuple[tuple[str, str], ...]
    filed: Kept | None = None
    kept: Kept | None = None
    opening: Opening | None = None
    worksheet: Worksheet | None = None


def open_deal(path: Path) -> Deal:
    """
    A deal from its file or folder, held against itself and against the rules.

    Raises:
        Refused: With every problem of the files.
    """

    def further(deal: Deal) -> Iterator[Finding]:
        yield from check_against_rules(deal, Rulebook.load())
        yield from check_filed(deal)

    return load_deal(path, further)


def as_accounted(
    deal: Deal,
    framework: Framework,
    scenario: str,
    stated: Mapping[tuple[str, str], str],
    rules_as_of: date | None = None,
) -> Deal:
    """
    The deal with its leases as they are accounted for, which the rules decide before all else.

    Args:
        deal: As signed, or as it was accounted for on another basis.
        framework: us-gaap or ifrs.
        scenario: Whose events count.
        stated: Outcomes that stand in place of the rules'.
        rules_as_of: The day whose rules decide; the deal's own if not said.
    """
    signed = deal.signed or deal
    if not may_differ(signed):
        return signed
    first = tuple(
        subject if subject.kind in FIRST else attrs.evolve(subject, asked=frozenset())
        for subject in subjects(signed, scenario)
    )
    rulebook = Rulebook.load()
    reached = determine(
        rulebook,
        first,
        framework=framework,
        as_of=rules_as_of or signed.known_to,
        policy=rulebook.policies["default"],
        measured=_measured_once(Setting(signed, framework, scenario, {}), {}),
        stated=stated,
        judgements_varied=False,
    )
    return units_of_account(signed, framework, scenario, _standing(reached))


def decide(
    deal: Deal,
    framework: Framework,
    scenario: str,
    stated: Mapping[tuple[str, str], str],
    *,
    rules_as_of: date | None = None,
    judgements_varied: bool = False,
    wanted: Collection[tuple[str, str]] | None = None,
    memory: Memory | None = None,
    terms_kept: bool = False,
) -> Determinations:
    """
    Contract to facts to determinations, some outcomes standing as stated.

    Args:
        deal: As loaded, or altered.
        framework: us-gaap or ifrs.
        scenario: Whose events count.
        stated: Outcomes that stand in place of the rules', by decision and subject.
        rules_as_of: The day whose rules decide; the deal's own if not said.
        judgements_varied: Whether both ends of each judgement's range are tried.
        wanted: Decision and subject of what is asked, with what that waits for; None asks all.
        memory: Tests of other runs under the same framework and day.
        terms_kept: What memory has measured is of these terms, and stands.
    """
    rulebook = Rulebook.load()
    known = memory.measured if memory is not None and terms_kept else {}
    return determine(
        rulebook,
        subjects(deal, scenario),
        framework=framework,
        as_of=rules_as_of or deal.known_to,
        policy=rulebook.policies["default"],
        measured=_measured_once(Setting(deal, framework, scenario, {}), known),
        stated={**stated_by_events(deal, scenario, stated), **stated},
        judgements_varied=judgements_varied,
        wanted=wanted,
        memory=memory,
    )


def subjects(deal: Deal, scenario: str | None = None) -> tuple[Subject, ...]:
    """What the decisions of a deal are about, with the facts its contracts and people give."""
    return derive(deal, Rulebook.load().dictionary, scenario)


def _measured_once(setting: Setting, known: dict[tuple[object, ...], Fact]) -> Measured:
    """Measured facts, each measured once for the outcomes that it waits for."""

    def measured(name: str, subject: Subject, reached: Mapping[str, Determination]) -> Fact:
        if subject.kind != "lease":  # measured from facts that may be varied
            return measured_fact(name, subject, reached, setting)
        key = (name, subject.id, *((d, found.stands) for d, found in sorted(reached.items())))
        if key not in known:
            known[key] = measured_fact(name, subject, reached, setting)
        return known[key]

    return measured


def conclude(
    deal: Deal, framework: Framework, scenario: str, rules_as_of: date | None = None
) -> Determinations:
    """
    What the rules of a day conclude by themselves, nobody's statement standing in their place.

    Each judgement with a range is tried at both ends, and what then flips is told. A deal that is
    accounted for on some basis stays so.
    """
    day = rules_as_of
    accounted = deal if deal.signed else as_accounted(deal, framework, scenario, {}, day)
    return decide(accounted, framework, scenario, {}, rules_as_of=day, judgements_varied=True)


def run(
    deal: Deal,
    basis_id: str,
    framework: Framework,
    *,
    entity: str | None = None,
    assume: Iterable[str] = (),
    rules_as_of: date | None = None,
) -> Run:
    """
    One deal on one basis: determinations, books of every entity, consolidation.

    Args:
        deal: As loaded.
        basis_id: One of the deal's bases.
        framework: us-gaap or ifrs.
        entity: Whose statements; the reporting entity's if not said.
        assume: Outcomes taken for this run, as ``decision(subject)=outcome``.
        rules_as_of: The date whose rules are applied; the basis's own if not said.

    Raises:
        KeyError: If the deal has no such basis.
    """
    basis, assumed, parent = deal.bases[basis_id], tuple(assume), entity or deal.reporting
    day = rules_as_of or deal.rules_date(basis_id)
    stated, reached, setting = _decided(deal, basis, framework, day, assumed)
    lacking = decisions_lacking(setting, basis, parent)
    found = Run(
        setting.deal, basis, framework, parent, assumed, day, stated, reached, setting, lacking
    )  # fmt: skip
    return found if lacking else _with_books(found)


def redrawn(
    today: Run,
    deal: Deal,
    basis: Basis,
    stated: Mapping[tuple[str, str], Stated],
    reached: Determinations,
    outcomes: Callable[[Mapping[tuple[str, str], str]], Mapping[tuple[str, str], str]] = dict,
) -> Run:
    """
    A run once more with other terms, perimeter or statements, what was filed staying as it was.

    The first column and the opening entry are those of today's run, so that the last column differs
    from today's by what was altered and by nothing else.

    Args:
        today: A run that has a worksheet.
        deal: Today's deal with other figures or facts.
        basis: Today's basis, perhaps with another perimeter.
        stated: What stands in place of the rules' outcomes.
        reached: All determinations of the altered deal, with those statements standing.
        outcomes: Wraps the outcomes that books and consolidation read, such as to listen.
    """
    outcomes_reached = _standing(reached)
    setting = Setting(deal, today.framework, basis.scenario, outcomes_reached, frozenset(reached))
    setting = attrs.evolve(setting, outcomes=outcomes(setting.outcomes))
    lacking = decisions_lacking(setting, basis, today.entity)
    found = attrs.evolve(
        today, deal=deal, basis=basis, stated=stated, reached=reached, setting=setting,
        open_decisions=lacking, kept=None, worksheet=None,
    )  # fmt: skip
    if lacking or today.filed is None:
        return found
    return _consolidated(found, keep_books(setting, basis.id), today.filed, today.opening)


def _with_books(found: Run) -> Run:
    """Schedules to journal to ledger to consolidation, on the basis and on the one as filed."""
    deal, basis, parent = found.deal, found.basis, found.entity
    kept = keep_books(found.setting, basis.id)
    own = found.rules_as_of == deal.rules_date(basis.id)
    same = basis.id == FILED and not found.assume and own
    filed = kept if same else _as_filed(deal, found.framework, parent) or kept
    return _consolidated(found, kept, filed, _opening(deal, parent, filed, found.framework))


def _consolidated(found: Run, kept: Kept, filed: Kept, opening: Opening | None) -> Run:
    """The run with its books and their consolidation, the first column being as filed."""
    deal, basis, parent = found.deal, found.basis, found.entity
    books = {e: _opened(book, opening, parent) for e, book in kept.books.items()}
    worksheet = consolidate(
        _opened(filed.books[parent], opening, parent),
        books,
        members_of(deal, basis, parent, found.setting.outcomes),
        setting=found.setting,
        accrued=kept.accrued,
        cash_accounts=cash_accounts(deal),
        until=kept.until,
    )
    return attrs.evolve(found, filed=filed, kept=kept, opening=opening, worksheet=worksheet)


def amounts(found: Run) -> dict[str, dict[tuple[str, int, str], int]]:
    """
    Every statement line by column, statement and fiscal year, in minor units.

    Raises:
        LookupError: If the run has open decisions and so no worksheet.
    """
    if found.worksheet is None:
        raise LookupError("open decisions keep this basis from being drawn up")
    ends = year_end(found.deal.entities[found.entity].fiscal_year_end)
    years = fiscal_years(found)
    return {
        column: prepare(Totals.of(found.worksheet.column(column), ends), years)
        for column in COLUMNS
    }


def fiscal_years(found: Run) -> range:
    """The fiscal years from the first posting to the end of the notes."""
    if found.kept is None or found.worksheet is None:
        return range(0)
    ends = year_end(found.deal.entities[found.entity].fiscal_year_end)
    first = found.opening.year if found.opening else None
    if first is None:
        days = [p.date for b in found.kept.books.values() for p in b.postings]
        first = fiscal_year(min(days, default=found.deal.known_to), ends)
    return range(first, fiscal_year(found.kept.until, ends) + 1)


def not_public(found: Run, line: Line, year: int) -> bool:
    """Whether a line of the filer's own columns is not public in a fiscal year."""
    opening = found.opening
    if opening is None or year != opening.year:
        return False
    return bool(opening.unknown & {*line.accounts, *line.flows})


def _decided(
    deal: Deal, basis: Basis, framework: Framework, day: date, assume: Iterable[str] = ()
) -> tuple[dict[tuple[str, str], Stated], Determinations, Setting]:
    """What is stated and what is decided on a basis, of the deal as it is accounted for there."""
    stated = stated_outcomes(deal, basis, framework, assume, day)
    accounted = as_accounted(deal, framework, basis.scenario, _texts(stated), day)
    stated = of_each_lease(stated, accounted.shares)
    reached = decide(accounted, framework, basis.scenario, _texts(stated), rules_as_of=day)
    outcomes, asked = _standing(reached), frozenset(reached)
    return stated, reached, Setting(accounted, framework, basis.scenario, outcomes, asked)


def _standing(reached: Determinations) -> dict[tuple[str, str], str]:
    """The outcomes that stand, by decision and subject."""
    stands = {key: found.stands for key, found in reached.items()}
    return {key: outcome for key, outcome in stands.items() if outcome is not None}


def _texts(stated: Mapping[tuple[str, str], Stated]) -> dict[tuple[str, str], str]:
    return {key: s.outcome for key, s in stated.items()}


def lacking(
    deal: Deal, basis_id: str, framework: Framework, rules_as_of: date
) -> tuple[tuple[str, str], ...]:
    """The open decisions that keep a basis from being drawn up for the reporting entity."""
    basis = deal.bases[basis_id]
    setting = _decided(deal, basis, framework, rules_as_of)[2]
    return decisions_lacking(setting, basis, deal.reporting)


def _as_filed(deal: Deal, framework: Framework, parent: str) -> Kept | None:
    """The books as filed; none if the deal has no such basis or it needs an open decision."""
    basis = deal.bases.get(FILED)
    if basis is None:
        return None
    setting = _decided(deal, basis, framework, deal.rules_date(FILED))[2]
    if decisions_lacking(setting, basis, parent):
        return None
    return keep_books(setting, basis.id)


def _opening(deal: Deal, entity: str, filed: Kept, framework: Framework) -> Opening | None:
    """The opening entry, made on the framework under which the entity files."""
    statements = deal.filed.get(entity)
    if statements is None:
        return None
    own = (
        filed
        if framework == statements.framework
        else _as_filed(deal, statements.framework, entity)
    )
    if own is None:
        return None
    return opening_entry(
        statements,
        own.books[entity],
        currency=deal.currency,
        fiscal_year_end=deal.entities[entity].fiscal_year_end,
    )


def _opened(book: Book, opening: Opening | None, entity: str) -> Book:
    if opening is None or book.entity != entity:
        return book
    return attrs.evolve(book, postings=in_order((*opening.postings, *book.postings)))
