"""
The stations between contract and statements as pages: schedules, journal, ledger.
"""

from leasebook.book.ledger import Ledger
from leasebook.book.posting import Posting
from leasebook.contract.share import signed_id
from leasebook.pages.caption import subtitle
from leasebook.pipeline import Run
from leasebook.report.pages_book import journal_table, ledger_table, schedule_table
from leasebook.report.table import Table


def _names(run: Run) -> dict[str, str]:
    return {e.id: e.name for e in run.deal.entities.values()}


def _title(run: Run) -> tuple[str, ...]:
    return (run.deal.entities[run.entity].name, *subtitle(run))


def book_postings(run: Run) -> tuple[Posting, ...]:
    """
    The postings of the entity's own book on the basis, the opening entry among them.

    Raises:
        LookupError: If open decisions keep the book from being kept.
    """
    if run.kept is None:
        raise LookupError("open decisions keep this book from being kept")
    opening = run.opening.postings if run.opening else ()
    return (*opening, *run.kept.books[run.entity].postings)


def schedules(run: Run, contract: str | None = None) -> tuple[Table, ...]:
    """
    The entity's schedules, or those of one contract in every book.

    Raises:
        LookupError: If the contract has no schedule.
    """
    if run.kept is None or run.worksheet is None:
        raise LookupError("open decisions keep schedules from being measured")
    wanted = [
        s
        for s in (*run.kept.schedules, *run.worksheet.group_schedules)
        if s.rows
        and (
            s.entity == run.entity
            if contract is None
            else contract in (s.contract, signed_id(s.contract))
        )
    ]
    if not wanted:
        raise LookupError(f"no schedule of {contract or run.entity}")
    return tuple(schedule_table(s, run.deal.currency, _names(run), {}) for s in wanted)


def journal(run: Run) -> tuple[Table, ...]:
    """The entries of the entity's own book, in order of date."""
    postings = book_postings(run)
    return (journal_table(postings, run.deal.currency, _names(run), _title(run)),)


def ledger(run: Run) -> tuple[Table, ...]:
    """The accounts of the entity's own book."""
    return (ledger_table(Ledger.of(book_postings(run)), run.deal.currency, _title(run)),)
