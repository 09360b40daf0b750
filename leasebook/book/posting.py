"""
Postings: one debit, one credit, one positive amount, and what caused it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from leasebook.reckoning.rounding import round_half_even
from leasebook.values.money import Currency, currency_units

#: Decimals at which an exchange rate is printed.
RATE_DECIMALS = 12


@attrs.frozen
class Cause:
    """
    What a posting is made from: a cell of a schedule, and the template line that posts it.

    `row` is the place of the cell's row in the schedule, so that the cell can be shown again.
    """

    schedule: str
    column: str
    epoch: int
    row: int
    template: str
    line: int


@attrs.frozen
class ForeignAmount:
    """
    The amount of a posting in the currency of its contract, positive, and the rate between both.

    `rate` is units of the book's currency for one of the currency.
    """

    currency: Currency
    amount_minor: int
    rate: Fraction

    def amount_text(self) -> str:
        """The amount in units of its currency."""
        return f"{currency_units(self.amount_minor, self.currency):f}"

    def rate_text(self) -> str:
        """The rate, at most at twelve decimals, where one of layers together is not exact."""
        grid = 10**RATE_DECIMALS
        rounded = Decimal(round_half_even(self.rate * grid)).scaleb(-RATE_DECIMALS)
        return f"{rounded.normalize():f}"

    def text(self) -> str:
        """
        Amount and rate as an entry shows them.

        Example:
            >>> ForeignAmount(Currency.of("EUR"), 5000000, Fraction(11, 10)).text()
            'EUR 50,000.00 at 1.1'
        """
        amount = currency_units(self.amount_minor, self.currency)
        return f"{self.currency.code} {amount:,f} at {self.rate_text()}"


@attrs.frozen
class Posting:
    """
    An amount moved from the credit account to the debit account of one entity's book.

    `amount_minor` is always positive. `exchanged` marks a line whose column was negative, so that
    its accounts stand the other way round. `flow` names the line of the cash flow statement, on
    postings that touch cash, or the non-cash line. `entry` is shared by the postings of one event.
    `foreign` is the amount in the currency of the contract, if that is another one.
    """

    entity: str
    date: date
    debit: str
    credit: str
    amount_minor: int
    counterparty: str
    contract: str
    cites: str
    text: str
    cause: Cause
    flow: str = ""
    exchanged: bool = False
    foreign: "ForeignAmount | None" = None

    @property
    def entry(self) -> str:
        """Id of the compound entry: what happened, to which contract, on which day."""
        return f"{self.entity}/{self.contract}/{self.cause.schedule}/{self.date.isoformat()}"

    @property
    def key(self) -> str:
        """Identity made of what caused the posting, whatever the order or batch."""
        cause = self.cause
        return f"{self.entry}/{cause.epoch}.{cause.row}/{cause.template}.{cause.line}"

    def reversed(self, *, template: str, cites: str, text: str) -> "Posting":
        """The posting that undoes this one, with its own reason."""
        was = self.cause
        cause = Cause(was.schedule, was.column, was.epoch, was.row, template, was.line)
        return Posting(
            self.entity, self.date, self.credit, self.debit, self.amount_minor, self.counterparty,
            self.contract, cites, text, cause, self.flow, self.exchanged, self.foreign,
        )  # fmt: skip


@attrs.frozen
class Book:
    """The postings of one entity on one framework and basis, in its functional currency."""

    entity: str
    framework: str
    basis: str
    postings: tuple[Posting, ...]

    def until(self, last: date) -> "Book":
        """The same book up to and including a day."""
        return attrs.evolve(self, postings=tuple(p for p in self.postings if p.date <= last))


def in_order(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Postings by date, then by key, which is the order in which every book is kept."""
    return tuple(sorted(postings, key=lambda p: (p.date, p.key)))
