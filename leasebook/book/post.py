"""
Schedules become postings by their templates.
"""

from collections.abc import Iterable, Iterator, Mapping

from leasebook.book.posting import Cause, ForeignAmount, Posting
from leasebook.book.template import Line, Template, load_templates
from leasebook.measure.schedule import Schedule


def post(
    schedules: Iterable[Schedule],
    *,
    framework: str,
    cash_accounts: Mapping[str, str] | None = None,
) -> Iterator[Posting]:
    """
    The postings of schedules, each for the entity whose books it belongs to.

    A negative amount is posted with its accounts exchanged and marked; zero posts nothing.

    Args:
        schedules: Amounts by date, minor units.
        framework: Chooses the paragraphs that are named.
        cash_accounts: The cash account of entities whose money is restricted.
    """
    cash = cash_accounts or {}
    templates = load_templates()
    for schedule in schedules:
        yield from _post_one(
            schedule,
            templates[schedule.name],
            framework=framework,
            cash=cash.get(schedule.entity, "cash"),
        )


def _post_one(
    schedule: Schedule, template: Template, *, framework: str, cash: str
) -> Iterator[Posting]:
    place = {name: at for at, name in enumerate(schedule.columns)}
    for number, line in enumerate(template.lines):
        if line.amount not in place:
            continue
        column = place[line.amount]
        cites = line.cites_for(framework)
        debit, credit = (cash if a == "cash" else a for a in (line.debit, line.credit))
        for at, row in enumerate(schedule.rows):
            amount = row.amounts[column]
            if amount:
                yield Posting(
                    entity=schedule.entity,
                    date=row.date,
                    debit=debit if amount > 0 else credit,
                    credit=credit if amount > 0 else debit,
                    amount_minor=abs(amount),
                    counterparty="" if line.outside else schedule.counterparty,
                    contract=schedule.contract,
                    cites=cites,
                    text=line.text,
                    cause=Cause(schedule.name, line.amount, row.epoch, at, template.name, number),
                    flow=line.flow,
                    exchanged=amount < 0,
                    foreign=_abroad(schedule, at, column),
                )


def _abroad(schedule: Schedule, row: int, column: int) -> ForeignAmount | None:
    """What a cell of a translated schedule was before; None where it is no translation of one."""
    before = schedule.foreign
    rate = before.rates[row][column] if before is not None else None
    if before is None or rate is None:
        return None
    return ForeignAmount(before.currency, abs(before.amounts[row][column]), rate)


def line_of(cause: Cause) -> Line:
    """The template line that a posting was made by, for explanations."""
    return load_templates()[cause.schedule].lines[cause.line]
