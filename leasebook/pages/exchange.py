"""
Where the amounts of a lease in another currency come from: in that currency, at which rate.
"""

from collections.abc import Iterator
from fractions import Fraction

from leasebook.book.posting import Posting
from leasebook.contract.lease import Lease
from leasebook.measure.schedule import Schedule
from leasebook.pipeline import Run
from leasebook.report.pages_trace import Trace
from leasebook.values.money import currency_units


def amount_abroad(run: Run, posting: Posting) -> Iterator[Trace]:
    """The amount of a posting in the currency of its contract, with the rate between both."""
    if posting.foreign is not None:
        text = f"{posting.foreign.text()} {run.deal.currency.code} for one"
        found = _source(run, posting, posting.foreign.rate)
        carried = "the rate at which the balance was recognised, or of its layers together"
        yield Trace("rate", text, found or carried)


def balances_abroad(run: Run, schedule: Schedule, posting: Posting) -> Iterator[Trace]:
    """The balances after the row of an exchange difference, with the closing rate of its day."""
    before = schedule.foreign
    if before is None or posting.foreign is not None:
        return
    row = posting.cause.row
    for name, amount in zip(schedule.columns, before.amounts[row], strict=True):
        if name in schedule.balances and posting.cause.column in schedule.signs[name]:
            held = currency_units(amount, before.currency)
            yield Trace("schedule", f"{name} {before.currency.code} {held:,f}")
    lease = run.deal.contracts.get(posting.contract)
    table = run.setting.rates_of(lease) if isinstance(lease, Lease) else None
    closing = table.closing(posting.date) if table is not None else None
    if closing is not None:
        text = f"closing rate of {posting.date}"
        yield Trace("rate", text, _source(run, posting, closing))


def _source(run: Run, posting: Posting, rate: Fraction) -> str:
    """The figure that states a rate of a day, with its source; nothing if none does."""
    lease = run.deal.contracts.get(posting.contract)
    table = run.setting.rates_of(lease) if isinstance(lease, Lease) else None
    for figure in table.figures_on(posting.date) if table is not None else ():
        if figure.value is not None and figure.get() == rate:
            source = run.deal.sources.get(figure.source or "", figure.origin())
            origin = figure.origin() if figure.assumption is not None else source
            return f"{figure.path} = {figure.get():f}: {origin}"
    return ""
