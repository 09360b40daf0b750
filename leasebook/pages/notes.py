"""
What a reader of the statements must be told: assumptions, rests, promises, shortfalls.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from leasebook import pipeline
from leasebook.book.ledger import Ledger
from leasebook.contract.lease import Lease
from leasebook.contract.model import EquityInterest, ResidualValueGuarantee
from leasebook.contract.note import Note
from leasebook.measure.lease_course import liability_range, opening_liability
from leasebook.measure.lessee_rate import lessee_rate
from leasebook.measure.setting import year_end
from leasebook.pipeline import Run
from leasebook.rulebook.stated import FILED
from leasebook.statements.prepare import Totals, prepare
from leasebook.statements.ratios import DebtService, rounded
from leasebook.values.money import Currency, currency_units

_RECEIVED = ("earnings-from-investees", "distributions-from-investees")
_IMPUTED = {"us-gaap": "ASC 842-40-30-6(a)", "ifrs": "IFRS 16.103(a)"}
_PAID = ("interest-paid", "interest-capitalised", "borrowings-repaid")


def debt_service(run: Run) -> dict[int, DebtService]:
    """What the vehicles that issued notes received and paid, by fiscal year of the entity."""
    if run.kept is None or run.worksheet is None:
        return {}
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    issuers = {note.issuer for note in run.deal.of_kind(Note)} - {run.entity}
    totals = [
        Totals.of(run.kept.books[i].postings, ends) for i in sorted(issuers & run.worksheet.members)
    ]
    return {
        year: DebtService(
            sum(t.flows.get(f, {}).get(year, 0) for t in totals for f in _RECEIVED),
            -sum(t.flows.get(f, {}).get(year, 0) for t in totals for f in _PAID),
        )
        for year in pipeline.fiscal_years(run)
    }


def notes(statement: str, run: Run) -> Iterator[str]:
    """What a reader must be told under one statement."""
    if statement == "balance-sheet":
        yield from run.deal.notes
        yield from _basis_notes(run)
        yield from _levels(run)
        yield from _disclosed(run)
        yield from _filed_notes(run)
        yield from _cash_notes(run)
    if statement == "income-statement" and run.opening and run.opening.unknown:
        names = ", ".join(sorted(run.opening.unknown)).replace("-", " ")
        yield f"Not public in the filed year, and inside other filed lines: {names}"
    if statement == "ratios":
        yield "Debt is borrowings; ratios that need the sponsor's own income: filed year only."
        yield from _cover_notes(run)


def _basis_notes(run: Run) -> Iterator[str]:
    filed = run.deal.bases.get(FILED)
    if filed is not None and filed.scenario != run.basis.scenario:
        yield (
            f"The column as filed is in the scenario {filed.scenario}; what differs in "
            f"{run.basis.scenario} stands in the third column."
        )
    if run.framework == "ifrs" and run.opening:
        yield (
            "IFRS: each filed line less the deal's effect under US GAAP plus its effect under IFRS."
        )
    if run.framework == "ifrs" and run.worksheet and run.worksheet.eliminations:
        yield (
            "IFRS: inside the group a lease is undone; the parent's equity then differs from the "
            "one as filed by what lessee and lessor measure differently (IFRS 16.22, 16.81)."
        )
    if any(o.endswith("=failed-sale") for o in run.basis.outcomes):
        yield (
            "No interest is imputed on the financing obligation before commencement: no payment "
            f"falls due ({_IMPUTED[run.framework]}); a rate would be an assumption more."
        )


def _levels(run: Run) -> Iterator[str]:
    """What each consolidated entity brings, and the debt of holders above it that stays out."""
    if run.kept is None or run.worksheet is None:
        return
    members = run.worksheet.members - {run.entity}
    above = {
        interest.holder
        for interest in run.deal.of_kind(EquityInterest)
        if interest.issuer in members and interest.holder in run.kept.books
    }
    year = pipeline.fiscal_years(run)[0]
    for entity in sorted(members):
        assets, debt = _brought(run, entity)
        name = run.deal.entities[entity].name
        yield f"Level, FY{year}: {name} brings assets of {assets} and debt of {debt}, its own book."
    for entity in sorted(above - run.worksheet.members):
        debt = _brought(run, entity)[1]
        name = run.deal.entities[entity].name
        yield f"Level, FY{year}: {name} stands above and stays out, with debt of {debt}."


def _brought(run: Run, entity: str) -> tuple[str, str]:
    """Assets and debt of an entity's own book at the end of the first year shown."""
    if run.kept is None:
        raise LookupError("open decisions keep the books from being kept")
    ends = year_end(run.deal.entities[run.entity].fiscal_year_end)
    year = pipeline.fiscal_years(run)[0]
    amounts = prepare(Totals.of(run.kept.books[entity].postings, ends), [year])
    assets = amounts["balance-sheet", year, "total-assets"]
    debt = amounts["balance-sheet", year, "debt"]
    return _money(run, assets), _money(run, debt)


def _disclosed(run: Run) -> Iterator[str]:
    """What the entity has promised and does not book: guarantees, leases not yet commenced."""
    for guarantee in run.deal.of_kind(ResidualValueGuarantee):
        if guarantee.guarantor == run.entity and not run.setting.minor(guarantee.probable_payment):
            open_terms = [
                t for t in ("scope", "payee", "schedule") if not getattr(guarantee, t).known
            ]
            unknown = f"; not public: {', '.join(open_terms)}" if open_terms else ""
            cap = _said(run, guarantee.cap.get())
            yield f"Disclosed, not booked: {guarantee.title}, at most {cap}{unknown}."
    for lease in run.deal.of_kind(Lease):
        begins = lease.commencement_date.get()
        filed = run.deal.filed.get(run.entity)
        later = filed is not None and begins > filed.as_of
        if lease.lessee == run.entity and lease.rent.total is not None and later:
            total = _said(run, lease.rent.total.get(), lease.currency)
            what = f"{lease.title}, not yet commenced, {total} of rent"
            yield f"Disclosed until {begins}: {what}."
            yield from _liability_range(run, lease)


def _liability_range(run: Run, lease: Lease) -> Iterator[str]:
    ends, taken = liability_range(lease, run.setting), lessee_rate(lease, run.setting).figure
    if ends is not None and taken is not None:
        worth = (opening_liability(lease, run.setting), *ends)
        base, low, high = (_money(run, amount, lease.currency) for amount in worth)
        rates = " % to ".join(f"{rate * 100:f}".rstrip("0") for rate in taken.range)
        yield (
            f"Its present value at commencement is {base}; {low} to {high} over rates of {rates} % "
            "and rent paid yearly in arrears to yearly in advance."
        )


def _filed_notes(run: Run) -> Iterator[str]:
    if run.opening is None:
        return
    filed = run.deal.filed[run.entity]
    for rest in filed.rests:
        amount = _money(run, run.opening.rests[rest.account])
        name = rest.account.replace("-", " ")
        why = f"completes {rest.completes}: {rest.title}"
        yield f"Computed, not filed: {name} {amount} {why}"


def _cash_notes(run: Run) -> Iterator[str]:
    """Every party whose cash falls below zero, with the day."""
    if run.kept is None or run.worksheet is None:
        return
    shown = run.deal.bookkeepers() if run.entity == run.deal.reporting else (run.entity,)
    books = {entity: run.kept.books[entity].postings for entity in shown}
    books[run.entity] = (*run.worksheet.parent, *run.worksheet.changes)
    for entity, postings in books.items():
        ledger = Ledger.of(postings)
        lowest = ledger.lowest_cash()
        if lowest is not None:
            amount = _money(run, lowest[1])
            name = run.deal.entities[entity].name
            why = ", its other cash flows left out" if entity == run.entity and run.opening else ""
            since = next(day for day, balance in ledger.cash() if balance < 0)
            yield f"Cash below zero: {name}, since {since}, lowest {amount} on {lowest[0]}{why}"


def _cover_notes(run: Run) -> Iterator[str]:
    short = {y: s for y, s in debt_service(run).items() if s.received_minor and s.surplus_minor < 0}
    level = [(y, s) for y, s in short.items() if y + 1 in short]
    if level:
        year, service = level[0]
        paid, got = _money(run, service.paid_minor), _money(run, service.received_minor)
        yield (
            f"FY{year}: {got} received against level debt service of {paid}, cover "
            f"{rounded(service.cover or Fraction(0)):.3f}, {_money(run, service.surplus_minor)}: "
            "flat rent and level debt service cannot both be what was agreed."
        )


def _said(run: Run, amount: Decimal, currency: Currency | None = None) -> str:
    """An amount in a sentence: millions where there are any, the code of another currency."""
    own = currency or run.deal.currency
    code = f" {own.code}" if own != run.deal.currency else ""
    if not amount:
        return "nil"
    if abs(amount) >= 1_000_000:
        return f"{amount / 1_000_000:,.1f} m{code}"
    return f"{amount:,.{own.decimals}f}{code}"


def _money(run: Run, amount_minor: int, currency: Currency | None = None) -> str:
    own = currency or run.deal.currency
    return _said(run, currency_units(amount_minor, own), own)
