"""
The way through the house, station by station; read this first.

    contract -> facts -> determinations -> schedule -> journal -> ledger
             -> consolidation -> statements -> report

`open_deal` reads the contracts; `run` walks one deal on one basis from its facts to the
consolidation worksheet; `amounts` cuts the worksheet into statement lines. Pages for people are
made from a `Run` in `leasebook.pages`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import attrs

from leasebook.book.keep import Kept, cash_accounts, keep_books
from leasebook.book.posting import Book, in_order
from leasebook.consolidation.perimeter import members_of
from leasebook.consolidation.worksheet import COLUMNS, Worksheet, consolidate
from leasebook.contract.credit import Guarantee
from leasebook.contract.deal import Basis, Deal, Framework
from leasebook.contract.group import Acquisition
from leasebook.contract.lease import Lease
from leasebook.contract.load import load_deal
from leasebook.contract.transfer import transfers
from leasebook.facts.changes import epoch_subject
from leasebook.facts.derive import derive
from leasebook.facts.fact import Fact, Subject
from leasebook.measure.guarantee import subject_of
from leasebook.measure.measured_facts import measured_fact
from leasebook.measure.setting import Setting, year_end
from leasebook.measure.transfer_facts import (
    built_under_control,
)
from leasebook.reckoning.calendar import fiscal_year
from leasebook.rulebook.deal_check import check_against_rules
from leasebook.rulebook.determination import Determination, Determinations
from leasebook.rulebook.determine import Measured, determine
from leasebook.rulebook.loading import Rulebook
from leasebook.rulebook.stated import FILED, Stated, stated_outcomes
from leasebook.statements.filed_check import check_filed
from leasebook.statements.layout import Line
from leasebook.statements.opening import Opening, opening_entry
from leasebook.statements.prepare import Totals, prepare
from leasebook.values.problem import Finding


@attrs.frozen
class Run:
    """
    One deal on one basis, from its determinations to its worksheet.

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


def decide(
    deal: Deal,
    framework: Framework,
    scenario: str,
    stated: Mapping[tuple[str, str], str],
    *,
    rules_as_of: date | None = None,
    judgements_varied: bool = False,
) -> Determinations:
    """Contract to facts to determinations under a day's rules, some outcomes standing as stated."""
    rulebook = Rulebook.load()
    return determine(
        rulebook,
        subjects(deal, scenario),
        framework=framework,
        as_of=rules_as_of or deal.known_to,
        policy=rulebook.policies["default"],
        measured=_measured_once(Setting(deal, framework, scenario, {})),
        stated={**_stated_by_events(deal, scenario, stated), **stated},
        judgements_varied=judgements_varied,
    )


def subjects(deal: Deal, scenario: str | None = None) -> tuple[Subject, ...]:
    """What the decisions of a deal are about, with the facts its contracts and people give."""
    return derive(deal, Rulebook.load().dictionary, scenario)


def _stated_by_events(
    deal: Deal, scenario: str, stated: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """
    The classes that events hand over; a class stated of a lease holds until an event says another.
    """
    found: dict[tuple[str, str], str] = {}
    for event in deal.events:
        if event.scenario != scenario:
            continue
        name = epoch_subject(event.contract, event)
        for decision, outcome in (
            ("lessee_classification", event.lessee_classification),
            ("lessor_classification", event.lessor_classification),
        ):
            standing = outcome or stated.get((decision, event.contract))
            if standing is not None:
                found[decision, name] = standing
    return found


def _measured_once(setting: Setting) -> Measured:
    """Measured facts, each measured once for the outcomes that it waits for."""
    known: dict[tuple[object, ...], Fact] = {}

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

    Each judgement with a range is tried at both ends, and what then flips is told.
    """
    return decide(deal, framework, scenario, {}, rules_as_of=rules_as_of, judgements_varied=True)


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
    stated = stated_outcomes(deal, basis, framework, assumed, day)
    reached = decide(deal, framework, basis.scenario, _texts(stated), rules_as_of=day)
    setting = _setting(deal, framework, basis, reached)
    lacking = _lacking(setting, basis, parent)
    found = Run(
        deal, basis, framework, parent, assumed, day, stated, reached, setting, lacking
    )  # fmt: skip
    return found if lacking else _with_books(found)


def _with_books(found: Run) -> Run:
    """Schedules to journal to ledger to consolidation, on the basis and on the one as filed."""
    deal, basis, parent = found.deal, found.basis, found.entity
    kept = keep_books(found.setting, basis.id)
    own = found.rules_as_of == deal.rules_date(basis.id)
    same = basis.id == FILED and not found.assume and own
    filed = kept if same else _as_filed(deal, found.framework, parent) or kept
    opening = _opening(deal, parent, filed, found.framework)
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


def _texts(stated: Mapping[tuple[str, str], Stated]) -> dict[tuple[str, str], str]:
    return {key: s.outcome for key, s in stated.items()}


def _setting(deal: Deal, framework: Framework, basis: Basis, reached: Determinations) -> Setting:
    stands = {key: d.stands for key, d in reached.items()}
    outcomes = {key: outcome for key, outcome in stands.items() if outcome is not None}
    return Setting(deal, framework, basis.scenario, outcomes, frozenset(stands))


def lacking(
    deal: Deal, basis_id: str, framework: Framework, rules_as_of: date
) -> tuple[tuple[str, str], ...]:
    """The open decisions that keep a basis from being drawn up for the reporting entity."""
    basis = deal.bases[basis_id]
    stated = stated_outcomes(deal, basis, framework, (), rules_as_of)
    reached = decide(deal, framework, basis.scenario, _texts(stated), rules_as_of=rules_as_of)
    return _lacking(_setting(deal, framework, basis, reached), basis, deal.reporting)


def _lacking(setting: Setting, basis: Basis, parent: str) -> tuple[tuple[str, str], ...]:
    """The decisions that the books on a basis need and that are open."""
    deal = setting.deal
    needed = [
        ("sale_and_leaseback", transfer.id)
        for transfer in transfers(deal)
        if not transfer.deemed or built_under_control(transfer, setting)
    ]
    for lease in deal.of_kind(Lease):
        if setting.outcome("contains_lease", lease.id) == "no-lease":
            continue
        needed.append(("lease_term", lease.id))
        if setting.failed_leaseback(lease) is None:
            needed += _classes_needed(lease, setting)
    for guarantee in deal.of_kind(Guarantee):
        about = subject_of(guarantee)
        needed.append(("guarantee_measurement", about))
        if setting.outcome("guarantee_measurement", about) != "not-recognised":
            needed.append(("guarantee_debit", about))
    treated = basis.perimeter or {}
    for acquisition in deal.of_kind(Acquisition) if parent == deal.reporting else ():
        if basis.perimeter is None or treated.get(acquisition.acquired) == "consolidate":
            needed.append(("first_consolidation", acquisition.id))
    if basis.perimeter is None and parent == deal.reporting:
        others = (e for e in deal.bookkeepers() if e != parent)
        needed += [("consolidation", f"{e}/{parent}") for e in others]
    found = tuple(key for key in needed if setting.outcome(*key) is None)
    return found or tuple(_deficits_open(setting, basis, parent))


def _deficits_open(setting: Setting, basis: Basis, parent: str) -> Iterator[tuple[str, str]]:
    """Members of which the rules of the time ask who bears their deficits, and do not know."""
    for member in sorted(members_of(setting.deal, basis, parent, setting.outcomes) - {parent}):
        key = ("noncontrolling_deficit", member)
        if key in setting.asked and setting.outcome(*key) is None:
            yield key


def _classes_needed(lease: Lease, setting: Setting) -> Iterator[tuple[str, str]]:
    """The decisions about a lease that the books of its parties need, then and later."""
    keeps = setting.deal.bookkeepers()
    kinds = {"modification"}
    if lease.lessee in keeps:  # IFRS has had no classes of lessees' leases since 2019
        kinds.add("lessee_classification")
    if lease.lessor in keeps:
        kinds.add("lessor_classification")
    for decision, about in sorted(setting.asked):
        if decision in kinds and (about == lease.id or about.startswith(f"{lease.id}@")):
            yield decision, about


def _as_filed(deal: Deal, framework: Framework, parent: str) -> Kept | None:
    """The books as filed; none if the deal has no such basis or it needs an open decision."""
    basis = deal.bases.get(FILED)
    if basis is None:
        return None
    stated, day = stated_outcomes(deal, basis, framework), deal.rules_date(FILED)
    reached = decide(deal, framework, basis.scenario, _texts(stated), rules_as_of=day)
    setting = _setting(deal, framework, basis, reached)
    if _lacking(setting, basis, parent):
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
