"""
The stations between contract and statements: schedules, journal, ledger.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from leasebook.book.chart import load_chart
from leasebook.book.ledger import Ledger
from leasebook.book.posting import Posting, in_order
from leasebook.measure.schedule import Schedule
from leasebook.report.table import Cell, Column, Row, Table
from leasebook.values.money import Currency

_JOURNAL = (
    Column("date", "Date", "date", printed=False),
    Column("entry", "Entry", printed=False),
    Column("account", "Account"),
    Column("debit", "Debit", "amount"),
    Column("credit", "Credit", "amount"),
    Column("counterparty", "Counterparty", printed=False),
    Column("contract", "Contract", printed=False),
    Column("text", "Text", printed=False),
    Column("cites", "Paragraph", printed=False),
    Column("key", "Key", printed=False),
    Column("exchanged", "Accounts exchanged", printed=False),
)
#: Columns of a journal with contracts in other currencies.
_ABROAD = (
    Column("foreign_currency", "Currency of the contract", printed=False),
    Column("foreign_amount", "Amount in it", printed=False),
    Column("exchange_rate", "Exchange rate", printed=False),
)
_LEDGER = (
    Column("account", "Account", printed=False),
    Column("date", "Date", "date"),
    Column("debit", "Debit", "amount"),
    Column("credit", "Credit", "amount"),
    Column("balance", "Balance", "amount"),
)


def _account(account: str) -> str:
    chart = load_chart()
    return chart[account].title if account in chart else account


def schedule_table(
    schedule: Schedule, currency: Currency, names: Mapping[str, str], titles: Mapping[str, str]
) -> Table:
    """
    One schedule, a row for each date.

    Args:
        schedule: Amounts in minor units.
        currency: Of the entity.
        names: Of entities, by id; an id without a name stands for itself.
        titles: Of columns, by key; a key without a title is read as words.

    Returns:
        The table, with each rate that was frozen as a note.
    """
    columns = (
        Column("contract", "Contract", printed=False),
        Column("schedule", "Schedule", printed=False),
        Column("date", "Date", "date"),
        Column("epoch", "Epoch", "integer"),
        Column("period", "Period", "integer"),
        *(
            Column(
                key,
                titles.get(key, key.replace("_", " ")),
                "amount",
                # A flow that never moves says nothing to a reader; programs still get it.
                printed=key in schedule.balances or any(schedule.column(key)),
            )
            for key in schedule.columns
        ),
    )
    rows = []
    for row in schedule.rows:
        cells: dict[str, Cell] = {
            "contract": schedule.contract,
            "schedule": schedule.name,
            "date": row.date,
            "epoch": row.epoch,
            "period": row.period,
        }
        for key, amount in zip(schedule.columns, row.amounts, strict=True):
            cells[key] = (amount, currency.decimals)
        rows.append(Row(cells))
    entity = names.get(schedule.entity, schedule.entity)
    counterparty = names.get(schedule.counterparty, schedule.counterparty)
    return Table(
        title=f"{schedule.contract}: {schedule.name}",
        columns=columns,
        rows=tuple(rows),
        subtitle=(f"{entity}, with {counterparty}" if counterparty else entity,),
        notes=schedule.rates,
        currency=currency.code,
    )


def _entry_heading(posting: Posting, names: Mapping[str, str]) -> str:
    other = names.get(posting.counterparty, posting.counterparty)
    party = f" with {other}" if other else ""
    return f"{posting.date.isoformat()}  {posting.contract}{party}"


def _sides(posting: Posting, decimals: int) -> Iterable[Row]:
    shared: dict[str, Cell] = {
        "date": posting.date,
        "entry": posting.entry,
        "counterparty": posting.counterparty,
        "contract": posting.contract,
        "text": posting.text,
        "cites": posting.cites,
        "key": posting.key,
        "exchanged": "yes" if posting.exchanged else "no",
    }
    if posting.foreign is not None:
        shared["foreign_currency"] = posting.foreign.currency.code
        shared["foreign_amount"] = posting.foreign.amount_text()
        shared["exchange_rate"] = posting.foreign.rate_text()
    amount = (posting.amount_minor, decimals)
    yield Row({**shared, "account": _account(posting.debit), "debit": amount}, indent=1)
    yield Row({**shared, "account": _account(posting.credit), "credit": amount}, indent=2)


def journal_table(
    postings: Iterable[Posting],
    currency: Currency,
    names: Mapping[str, str],
    subtitle: Sequence[str],
) -> Table:
    """
    The entries of one book by date; postings that share an event are one compound entry.

    Args:
        postings: Of one entity.
        currency: Of the entity.
        names: Of entities, by id.
        subtitle: Entity, framework, basis.

    Returns:
        The table: under the heading of each entry its postings, debit first, each with the reason
        and the paragraph.
    """
    rows: list[Row] = []
    ordered = in_order(postings)
    abroad = any(posting.foreign is not None for posting in ordered)
    for _, entry in groupby(ordered, key=lambda posting: posting.entry):
        members = list(entry)
        rows.append(Row({"account": _entry_heading(members[0], names)}, "heading"))
        for posting in members:
            rows += _sides(posting, currency.decimals)
            reason = f"{posting.text} ({posting.cites})" if posting.cites else posting.text
            if posting.foreign is not None:
                reason = f"{reason}; {posting.foreign.text()}"
            rows.append(Row({"account": reason}, "note", indent=1))
    columns = (*_JOURNAL, *_ABROAD) if abroad else _JOURNAL
    return Table("Journal", columns, tuple(rows), tuple(subtitle), currency=currency.code)


def ledger_table(ledger: Ledger, currency: Currency, subtitle: Sequence[str]) -> Table:
    """
    The accounts of one book, each with its movements by date and the balance after them.

    Args:
        ledger: Net debits in minor units.
        currency: Of the entity.
        subtitle: Entity, framework, basis.

    Returns:
        The table; balances are signed, debit positive.
    """
    rows: list[Row] = []
    decimals = currency.decimals
    for account, movements in ledger.movements.items():
        title = _account(account)
        rows.append(Row({"date": title}, "heading"))
        balance = 0
        for day, amount in movements.items():
            balance += amount
            side = "debit" if amount > 0 else "credit"
            cells: dict[str, Cell] = {
                "account": title,
                "date": day,
                side: (abs(amount), decimals),
                "balance": (balance, decimals),
            }
            rows.append(Row(cells))
    note = "Movements of one day are net. A balance in debit is positive, one in credit negative."
    return Table("Ledger", _LEDGER, tuple(rows), tuple(subtitle), (note,), currency.code)
