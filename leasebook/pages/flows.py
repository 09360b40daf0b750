"""
Runs of one deal or several become the tables of money between their parties.
"""

from collections.abc import Iterator, Sequence

from leasebook.consolidation.perimeter import members_of
from leasebook.contract.group import Supply
from leasebook.contract.model import Contribution, Services, parties, sides_of_purchase
from leasebook.flows.cycles import (
    CIRCLES_MAX,
    LENGTH_MAX,
    Circle,
    Circles,
    arrows,
    circles,
    sums,
    without_circles,
)
from leasebook.flows.dealings import Dealing, by_year, consideration, dealings, flags
from leasebook.flows.money import OUTSIDE, Payment, payments, unmeasured
from leasebook.flows.trace import trace
from leasebook.measure.setting import year_end
from leasebook.pages.caption import subtitle
from leasebook.pipeline import Run
from leasebook.report.pages_flows import (
    Between,
    SalesYear,
    Standing,
    bounds_table,
    circles_table,
    flags_table,
    not_bound_table,
    paid_table,
    positions_table,
    sales_table,
)
from leasebook.report.table import Table
from leasebook.values.money import Currency, currency_units

_CONVENTION = (
    "Pro rata: a payment has the supplier's own money in it as its payer's money held it that day; "
    "what funds comes before what buys on one day, and money beyond what came in under the deals "
    "comes from other sources as late as can be. At least: all other money that came in goes "
    "first; money that nobody saw come in could make it nil. At most: the supplier's own goes "
    "first, by the best way in time."
)


def flows(runs: Sequence[Run]) -> tuple[Table, ...]:
    """
    Money between the parties of some deals, its circles, and whose money pays for sales.

    Args:
        runs: One for each deal, all with books, in one currency.
    """
    prefixes = {run.deal.id: f"{run.deal.id}/" if len(runs) > 1 else "" for run in runs}
    names = {e.id: e.name for run in runs for e in run.deal.entities.values()}
    currency = runs[0].deal.currency
    paid = sorted(one for run in runs for one in _payments(run, prefixes[run.deal.id]))
    found = circles(paid)
    within = {party for group in found.groups for party in group}
    known = dealings({prefixes[run.deal.id]: run.deal for run in runs})
    reporting = {run.deal.reporting for run in runs}
    circled = [d for d in known if {d.supplier, d.customer} <= within or d.supplier in reporting]
    titles = [line for run in runs for line in (run.deal.title, *subtitle(run))]
    rows = sorted(found.found, key=lambda one: (-one.least_minor, one.parties))
    return (
        paid_table(_between(paid), names, currency, titles),
        circles_table([(c.parties, c.least_minor) for c in rows], names, currency,
                      _bounds(found, runs)),
        *_positions(paid, rows, names, currency),
        sales_table(_sales(circled, paid, runs), names, currency, (_CONVENTION,)),
        bounds_table([_traced(one, paid) for one in circled], names, currency, ()),
        flags_table([row for one in circled for row in _flagged(one, paid, runs, names)]),
        not_bound_table(list(_not_bound(runs, prefixes)), names, currency),
    )  # fmt: skip


def _positions(
    paid: Sequence[Payment], found: Sequence[Circle], names: dict[str, str], currency: Currency
) -> Iterator[Table]:
    """Each party with and without circles; nothing where no money goes round."""
    if not found:
        return
    graph = arrows(paid)
    before, after = sums(graph), sums(without_circles(graph, found))
    standings = [Standing(party, *before[party], *after[party]) for party in before]
    round_about = sum(one.paid - one.paid_beyond for one in standings)
    gross = sum(one.paid for one in standings)
    shown = [f"{currency_units(amount, currency):,.0f}" for amount in (round_about, gross)]
    note = f"Of the {shown[1]} that the parties pay each other {shown[0]} goes round in circles; "
    notes = (note + "without it everybody's net is what it is.",)
    yield positions_table(standings, names, currency, notes)


def _payments(run: Run, prefix: str) -> Iterator[Payment]:
    if run.kept is None:
        raise LookupError("open decisions keep the books from being kept")
    for one in payments(run.deal, run.kept.schedules, run.setting):
        yield Payment(
            one.date, one.purchase, f"{prefix}{one.contract}", one.payer, one.payee,
            one.amount_minor,
        )  # fmt: skip


def _between(paid: Sequence[Payment]) -> list[Between]:
    pairs = sorted(
        {(one.payer, one.payee) for one in paid if OUTSIDE not in (one.payer, one.payee)}
    )
    found = []
    for payer, payee in pairs:
        part = [one for one in paid if (one.payer, one.payee) == (payer, payee)]
        total = sum(one.amount_minor for one in part)
        contracts = tuple(sorted({one.contract for one in part}))
        found.append(Between(payer, payee, total, part[0].date, part[-1].date, contracts))
    return found


def _bounds(found: Circles, runs: Sequence[Run]) -> tuple[str, ...]:
    notes = [
        f"At most {CIRCLES_MAX} circles of at most {LENGTH_MAX} arrows are looked for; "
        + ("more were not looked for." if found.stopped else "none was left out for their number.")
        + (" Longer ones were not followed." if found.cut_long else "")
    ]
    for run in runs:
        left = [one.contract for one in unmeasured(run.deal)]
        if left:
            notes.append(f"{run.deal.id}: not measured between outsiders: {', '.join(left)}.")
    return tuple(notes)


def _sales(
    circled: Sequence[Dealing], paid: Sequence[Payment], runs: Sequence[Run]
) -> list[SalesYear]:
    """Sales of each supplier in a circle by its fiscal year, then in all."""
    rows: list[SalesYear] = []
    for supplier in dict.fromkeys(one.supplier for one in circled):
        mine = [one for one in circled if one.supplier == supplier]
        ends = year_end(next(r for r in runs if supplier in r.deal.entities)
                        .deal.entities[supplier].fiscal_year_end)  # fmt: skip

        def is_sale(payment: Payment, mine: Sequence[Dealing] = mine) -> bool:
            return any(one.is_sale(payment) for one in mine)

        traced = trace(supplier, paid, is_sale)
        sales = by_year(((one.date, one.amount_minor) for one, _ in traced.by_payment), ends)
        own = by_year(((one.date, part) for one, part in traced.by_payment), ends)
        lowered: dict[int, int] | None = None
        for run in runs:
            if run.kept is not None and supplier in run.kept.books:
                lowered = lowered or {}
                for year, amount in consideration(run.kept.books[supplier], ends).items():
                    lowered[year] = lowered.get(year, 0) + amount
        rows += [
            SalesYear(supplier, f"FY{year}", sales[year],
                      None if lowered is None else lowered.get(year, 0), own[year])
            for year in sorted(sales)
        ]  # fmt: skip
        whole = None if lowered is None else sum(lowered.values())
        rows.append(SalesYear(supplier, "in all", traced.sold, whole, traced.pro_rata))
    return rows


def _traced(
    one: Dealing, paid: Sequence[Payment]
) -> tuple[str, str, tuple[int, int, int, int, int]]:
    found = trace(one.supplier, paid, one.is_sale)
    put_in = sum(p.amount_minor for p in paid if (p.payer, p.payee) == (one.supplier, one.customer))
    amounts = (put_in, found.sold, found.at_least, found.pro_rata, found.at_most)
    return one.supplier, one.customer, amounts


def _flagged(
    one: Dealing, paid: Sequence[Payment], runs: Sequence[Run], names: dict[str, str]
) -> Iterator[tuple[str, str, str, str, str]]:
    """The flags of a dealing, asked of the first deal that both parties are in."""
    run = next(r for r in runs if {one.supplier, one.customer} <= r.deal.entities.keys())
    title = f"{names[one.supplier]} and {names[one.customer]}"
    for found in flags(one, paid, run.deal, run.framework, consolidates=_consolidates(run, one)):
        concluded = found.outcome or "undetermined"
        yield title, found.decision.replace("_", " "), concluded, found.cites, found.sentence


def _consolidates(run: Run, one: Dealing) -> bool | None:
    """Whether a supplier consolidates its customer on the basis; None if that is open."""
    if one.supplier == run.entity:
        members = members_of(run.deal, run.basis, run.entity, run.setting.outcomes)
        return one.customer in members
    outcome = run.setting.outcome("consolidation", f"{one.customer}/{one.supplier}")
    return None if outcome is None else outcome == "consolidate"


def _not_bound(
    runs: Sequence[Run], prefixes: dict[str, str]
) -> Iterator[tuple[str, str, str, int | None, str]]:
    for run in runs:
        for key, contract in run.deal.contracts.items():
            payer, payee = sides_of_purchase(contract) or parties(contract)
            if sides_of_purchase(contract) is not None:
                payer, payee = payee, payer
            name = f"{prefixes[run.deal.id]}{key}"
            if not getattr(contract, "binding", True):
                figure = contract.amount if isinstance(contract, Contribution) else None
                if isinstance(contract, Supply):
                    figure = contract.price
                elif isinstance(contract, Services):
                    figure = contract.at_most
                known = figure is not None and figure.known
                yield (
                    name,
                    payer,
                    payee,
                    run.setting.minor(figure) if known else None,
                    "not binding",
                )
            elif isinstance(contract, Services) and contract.at_most is not None:
                known = contract.at_most.known
                amount = run.setting.minor(contract.at_most) if known else None
                yield name, payer, payee, amount, "at most, if it comes to it"
