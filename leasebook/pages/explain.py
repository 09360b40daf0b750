"""
Why: a statement line, an entry or a decision traced down to clause and source.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from leasebook import pipeline
from leasebook.book.chart import load_chart
from leasebook.book.post import line_of
from leasebook.book.posting import Posting
from leasebook.consolidation.worksheet import COLUMNS
from leasebook.contract.model import Distribution, EquityInterest
from leasebook.facts.fact import Fact, Unknown
from leasebook.facts.lease_rates import BASIS
from leasebook.measure.schedule import Schedule
from leasebook.measure.setting import year_end
from leasebook.pages.assumptions import figures, value_text
from leasebook.pages.caption import subtitle
from leasebook.pages.exchange import amount_abroad, balances_abroad
from leasebook.pages.formulas import formula
from leasebook.pipeline import Run
from leasebook.reckoning.calendar import fiscal_year
from leasebook.report.pages_trace import Trace, explain_table
from leasebook.report.table import Table
from leasebook.rulebook.determination import Determination
from leasebook.rulebook.wording import show
from leasebook.statements.layout import Layout, Line, load_layouts
from leasebook.statements.opening import filed_line
from leasebook.statements.prepare import Totals, flow_amount, line_amount
from leasebook.values.money import currency_units
from leasebook.values.nearest import nearest

#: The most groups of entries that one line shows; the rest are summed.
_GROUPS_MAX = 12


def explain(run: Run, what: str) -> tuple[Table, ...]:
    """
    Where a figure, an entry or a decision comes from.

    Args:
        run: The deal on one basis.
        what: ``LINE``, ``LINE@FY2029``, ``LINE@FY2029:vehicles``, the id of an entry, or
            ``decision(subject)``.

    Raises:
        LookupError: If there is no such thing; the message offers the nearest.
    """
    if "(" in what:
        trace = _decision(run, what)
    elif "/" in what:
        trace = _entry(run, what)
    else:
        trace = _line(run, what)
    return (explain_table(trace, run.deal.currency.code, subtitle(run)),)


def _line(run: Run, what: str) -> Trace:
    name, _, rest = what.partition("@")
    period, _, column = rest.partition(":")
    layout, line = _find(name)
    years = pipeline.fiscal_years(run)
    if run.worksheet is None:
        raise LookupError("open decisions keep the statements from being drawn up")
    year = int(period.removeprefix("FY")) if period.removeprefix("FY").isdigit() else years[0]
    column = column or COLUMNS[-1]
    if year not in years:
        raise LookupError(f"there is no FY{year}; the statements run FY{years[0]}..FY{years[-1]}")
    if column not in COLUMNS:
        raise LookupError(f"there is no column {column!r}; {nearest(column, COLUMNS)}")
    return _line_trace(run, layout, line, year, run.worksheet.column(column), column)


def _find(name: str) -> tuple[Layout, Line]:
    known = [line.id for layout in load_layouts() for line in layout.lines]
    for layout in load_layouts():
        for line in layout.lines:
            if line.id == name:
                return layout, line
    raise LookupError(f"{name!r} is no statement line; {nearest(name, known)}")


def _line_trace(
    run: Run, layout: Layout, line: Line, year: int, postings: Iterable[Posting], column: str
) -> Trace:
    held = tuple(postings)
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    totals = Totals.of(held, ends)
    done: dict[str, int] = {}
    for each in layout.lines:
        done[each.id] = line_amount(each, layout, totals, year, done)
    parts = [
        _line_trace(run, layout, layout.line(child), year, held, column)
        for child in line.sum
        if done[child]
    ]
    parts += [
        _less(_line_trace(run, layout, layout.line(child), year, held, column))
        for child in line.less
        if done[child]
    ]
    if not parts:
        touching = [p for p in held if _touches(p, line)]
        in_time = [p for p in touching if _counts(p, line, layout, year, ends)]
        parts = list(_groups(run, line, in_time))
    return Trace(
        "line",
        f"{line.caption}, FY{year}, {column}",
        line.cites,
        _units(run, done[line.id]),
        tuple(parts),
    )


def _less(trace: Trace) -> Trace:
    """A part that is taken off, with its amount turned."""
    amount = -trace.amount if isinstance(trace.amount, Decimal) else trace.amount
    return attrs.evolve(trace, text=f"less: {trace.text}", amount=amount)


def _touches(posting: Posting, line: Line) -> bool:
    if line.flows:
        return posting.flow in line.flows
    if line.result and any(load_chart()[a].is_result for a in (posting.debit, posting.credit)):
        return True
    return posting.debit in line.accounts or posting.credit in line.accounts


def _counts(posting: Posting, line: Line, layout: Layout, year: int, ends: tuple[int, int]) -> bool:
    posted = fiscal_year(posting.date, ends)
    if line.at == "opening":
        return posted < year
    if line.accounts and layout.measure == "flow":
        return posted <= year
    return posted <= year if layout.measure == "balance" else posted == year


def _effect(posting: Posting, line: Line) -> int:
    """What a posting adds to a line, on the line's natural side."""
    if line.flows:
        return flow_amount(posting)
    chart = load_chart()
    effect = 0
    for account, sign in ((posting.debit, 1), (posting.credit, -1)):
        counted = account in line.accounts or (line.result and chart[account].is_result)
        effect += sign * posting.amount_minor if counted else 0
    first = chart[line.accounts[0]]
    natural = effect if first.debit_normal and not first.is_result else -effect
    return -natural if line.negate else natural


def _groups(run: Run, line: Line, postings: list[Posting]) -> Iterator[Trace]:
    groups: dict[tuple[str, str, str, str], list[Posting]] = defaultdict(list)
    for p in postings:
        subject = f"filed: {p.cause.column}" if p.contract == "filed" else p.contract
        groups[p.entity, subject, p.text, p.cites].append(p)
    ordered = sorted(groups.items(), key=lambda g: -abs(sum(_effect(p, line) for p in g[1])))
    for (entity, contract, text, cites), group in ordered[:_GROUPS_MAX]:
        amount = sum(_effect(p, line) for p in group)
        name = run.deal.entities[entity].name
        yield Trace(
            "postings",
            f"{name}: {text} ({contract}, {_many(group)})",
            cites,
            _units(run, amount),
            tuple(_behind(run, group)),
        )
    left = [p for _, group in ordered[_GROUPS_MAX:] for p in group]
    if left:
        amount = sum(_effect(p, line) for p in left)
        yield Trace("postings", f"{len(left)} further entries", "", _units(run, amount))


def _many(group: list[Posting]) -> str:
    days = sorted({p.date for p in group})
    if len(days) == 1:
        return f"on {days[0]}"
    return f"{len(group)} entries from {days[0]} to {days[-1]}"


def _behind(run: Run, group: list[Posting]) -> Iterator[Trace]:
    """The last posting of a group: its accounts, the schedule's cell, the clauses it rests on."""
    last = max(group, key=lambda p: (p.date, p.key))
    yield Trace(
        "posting",
        f"{last.date}: debit {last.debit}, credit {last.credit} [{last.key}]",
        "",
        _units(run, last.amount_minor),
        tuple(amount_abroad(run, last)),
    )
    if last.contract == "filed":
        yield from _filed(run, last)
        return
    schedule = _schedule(run, last)
    if schedule is not None:
        yield from _cell(run, schedule, last)
    yield from _clauses(run, last.contract)


def _schedule(run: Run, posting: Posting) -> Schedule | None:
    if run.kept is None or run.worksheet is None or run.filed is None:
        return None
    known = (*run.worksheet.group_schedules, *run.kept.schedules, *run.filed.schedules)
    grouped = posting.cause.template in ("elimination", "change", "group-cost")
    for s in known[len(run.worksheet.group_schedules) :] if grouped else known:
        same = (s.name, s.contract, s.entity)
        if same == (posting.cause.schedule, posting.contract, posting.entity):
            row = s.rows[posting.cause.row] if posting.cause.row < len(s.rows) else None
            if row is not None and row.date == posting.date:
                return s
    return None


def _cell(run: Run, schedule: Schedule, posting: Posting) -> Iterator[Trace]:
    at = posting.cause.row
    row = schedule.rows[at]
    before = schedule.rows[at - 1] if at else None
    text = formula(schedule, posting.cause.column)
    numbers = []
    for name, amount in zip(schedule.columns, row.amounts, strict=True):
        if name in schedule.balances:
            opened = before.amounts[schedule.columns.index(name)] if before else 0
            numbers.append(f"{name} {_money(run, opened)} -> {_money(run, amount)}")
        elif amount and name != posting.cause.column:
            numbers.append(f"{name} {_money(run, amount)}")
    cell = row.amounts[schedule.columns.index(posting.cause.column)]
    rates = [r for r in schedule.rates if r.startswith(f"epoch {row.epoch}:")] or schedule.rates
    yield Trace(
        "schedule",
        f"{schedule.name}, row {at + 1} of {row.date}, {posting.cause.column}: {text}",
        line_of(posting.cause).cites_for(run.framework),
        _units(run, cell),
        (
            *(Trace("schedule", part) for part in numbers),
            *balances_abroad(run, schedule, posting),
            *(Trace("rate", part) for part in rates),
        ),
    )


def _clauses(run: Run, contract: str) -> Iterator[Trace]:
    """The figures of the contract or asset that a posting rests on, each with its source."""
    subject = run.deal.contracts.get(contract) or run.deal.assets.get(contract)
    yield from _rate(run, contract)
    for f in figures(subject) if subject is not None else ():
        if f.path:
            source = f.origin()
            if f.source in run.deal.sources and f.assumption is None:
                source = run.deal.sources[f.source or ""] + (f", {f.at}" if f.at else "")
            text = value_text(f.value) if f.known else f"unknown: {f.unknown}"
            yield Trace("clause", f"{f.path} = {text}", source)
    if isinstance(subject, Distribution):
        for lease in subject.passes_on:
            text = f"contracts.{contract}.passes_on: {lease}, in the share of {subject.interest}"
            yield Trace("clause", text, "the contract's own words")
            yield from _clauses(run, lease)
        yield from _clauses(run, subject.interest)
    if contract in run.deal.entities:
        for interest in run.deal.of_kind(EquityInterest):
            if interest.issuer == contract:
                yield from _clauses(run, interest.id)


def _rate(run: Run, lease: str) -> Iterator[Trace]:
    """Why a lessee discounts a lease at the rate it does, where something bears on it."""
    found = run.reached.get((BASIS, lease))
    if found is None:
        return
    stated = run.stated.get((BASIS, lease))
    why = f"{stated.outcome}, as {stated.stated_by} states" if stated else found.sentence
    source = stated.origin if stated else found.cites
    yield Trace("decision", f"{BASIS.replace('_', ' ')} of {lease}: {why}", source)


def _filed(run: Run, posting: Posting) -> Iterator[Trace]:
    statements = run.deal.filed[run.entity]
    name = posting.cause.column
    line = filed_line(statements, name)
    if line is not None:
        source = run.deal.sources.get(line.amount.source or "", line.amount.origin())
        text = f"filed: {name.replace('-', ' ')}, less the deal's own effect to {posting.date}"
        yield Trace("clause", text, source, line.amount.value)
    rest = next((r for r in statements.rests if r.account == name), None)
    if rest is not None and run.opening is not None:
        amount = _units(run, run.opening.rests[name])
        text = f"computed, not filed: completes {rest.completes}: {rest.title}"
        yield Trace("clause", text, "a named rest", amount)


def _entry(run: Run, what: str) -> Trace:
    if run.worksheet is None:
        raise LookupError("open decisions keep the books from being kept")
    everything = (
        *run.worksheet.column(COLUMNS[-1]),
        *(p for b in (run.kept.books if run.kept else {}).values() for p in b.postings),
    )
    found = {p.key: p for p in everything if what in (p.key, p.entry)}
    if not found:
        raise LookupError(f"{what!r} is no entry; `leasebook journal --format json` lists them")
    first = next(iter(found.values()))
    parts = tuple(
        Trace(
            "posting",
            f"debit {p.debit}, credit {p.credit}: {p.text}",
            p.cites,
            _units(run, p.amount_minor),
            tuple(_behind(run, [p])),
        )
        for p in found.values()
    )
    return Trace("entry", first.entry, "", None, parts)


def _decision(run: Run, what: str) -> Trace:
    decision, _, about = what.rstrip(")").partition("(")
    found = run.reached.get((decision, about))
    if found is None:
        known = [f"{d}({a})" for d, a in run.reached]
        raise LookupError(f"{what!r} was not decided; {nearest(what, known)}")
    stated = run.stated.get((decision, about))
    says = f"; {stated.stated_by} states {stated.outcome}" if stated else ""
    if stated is None and found.stated is not None:
        says = f"; {found.stated} is stated, of the lease or by the event of the day"
    return decision_trace(found, what, says)


def decision_trace(found: Determination, what: str, says: str = "") -> Trace:
    """
    A decision with every test, its margin and the facts that it read.

    Args:
        found: What the rules concluded.
        what: How the decision is named.
        says: What somebody states beside it.
    """
    return Trace(
        "decision",
        f"{what}: the rules conclude {found.outcome or 'nothing: undetermined'}{says}",
        found.cites,
        None,
        tuple(_tests(found)),
    )


def _tests(found: Determination) -> Iterator[Trace]:
    for test in found.tests:
        margin = f": {test.margin.text}" if test.margin is not None else f": {test.sentence}"
        readings = (
            Trace("reading", f"{r.fact} if {r.label}: {r.verdict}, {r.margin}")
            for r in test.readings
        )
        inputs = (Trace("fact", _fact_text(f), _fact_source(f)) for f in test.inputs)
        yield Trace(
            "test", f"{test.rule_id} {test.verdict}{margin}", test.cites, None,
            (*readings, *inputs),
        )  # fmt: skip
    for missing in found.missing:
        yield Trace("missing", f"not known: {missing.fact.replace('_', ' ')}", missing.cites)


def _fact_text(fact: Fact) -> str:
    if isinstance(fact.value, Unknown):
        return f"{fact.name}: unknown, {fact.value.reason}"
    return f"{fact.name} = {show(fact.value)}"


def _fact_source(fact: Fact) -> str:
    origin = f"assumption: {fact.assumption}" if fact.assumption else fact.source or ""
    return f"{fact.path}: {origin}" if fact.path and origin else fact.path or origin


def _units(run: Run, amount: int) -> Decimal:
    return currency_units(amount, run.deal.currency)


def _money(run: Run, amount: int) -> str:
    return f"{_units(run, amount):,}"
