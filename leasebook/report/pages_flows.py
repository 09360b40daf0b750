"""
Money between the parties: who pays whom, where it goes round, and whose money pays for sales.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from leasebook.report.table import Cell, Column, Row, Table
from leasebook.values.money import Currency

_PAID = (
    Column("payer", "From"),
    Column("payee", "To"),
    Column("amount", "Paid", "amount"),
    Column("first", "First", "date"),
    Column("last", "Last", "date"),
    Column("contracts", "Under"),
)
_CIRCLES = (
    Column("circle", "Circle"),
    Column("arrows", "Arrows", "integer"),
    Column("least", "Goes round at most", "amount"),
)
_POSITIONS = (
    Column("party", "Who"),
    Column("received", "Received", "amount"),
    Column("paid", "Paid", "amount"),
    Column("net", "Net", "amount"),
    Column("received_beyond", "Received beyond circles", "amount"),
    Column("paid_beyond", "Paid beyond circles", "amount"),
)
_SALES = (
    Column("supplier", "Supplier", printed=False),
    Column("year", "Year"),
    Column("sales", "Sales at contract prices", "amount"),
    Column("consideration", "Given or paid to customers", "amount"),
    Column("revenue", "Revenue in the books", "amount"),
    Column("own", "Paid with its own money", "amount"),
    Column("outside", "Revenue from outside the circle", "amount"),
)
_BOUNDS = (
    Column("supplier", "Supplier"),
    Column("customer", "Customer"),
    Column("put_in", "Paid to the customer", "amount"),
    Column("sales", "Sales", "amount"),
    Column("at_least", "Own money, at least", "amount"),
    Column("pro_rata", "Pro rata", "amount"),
    Column("at_most", "At most", "amount"),
)
_FLAGS = (
    Column("dealing", "Supplier and customer"),
    Column("decision", "Question"),
    Column("outcome", "The rules conclude"),
    Column("paragraph", "Paragraph"),
    Column("because", "Because"),
)
_NOT_BOUND = (
    Column("contract", "Contract"),
    Column("payer", "From"),
    Column("payee", "To"),
    Column("amount", "Amount", "amount"),
    Column("why", "Why nothing is posted"),
)


@attrs.frozen
class Between:
    """What one party pays another over all days."""

    payer: str
    payee: str
    amount_minor: int
    first: date
    last: date
    contracts: tuple[str, ...]


@attrs.frozen
class SalesYear:
    """
    A supplier's sales of a fiscal year, minor units; what is only in books is None without them.
    """

    supplier: str
    year: str
    sales: int
    consideration: int | None
    own: int

    @property
    def revenue(self) -> int | None:
        """Sales less what customers are given or paid."""
        return None if self.consideration is None else self.sales - self.consideration

    @property
    def outside(self) -> int | None:
        """
        Revenue less what the supplier's own money paid for.

        What customers are given takes from the sales that are left.
        """
        return None if self.revenue is None else max(0, self.revenue - self.own)


@attrs.frozen
class Standing:
    """
    What a party received and paid among the parties, and how much of each is left without circles.

    Minor units; received less paid is the same either way.
    """

    party: str
    received: int
    paid: int
    received_beyond: int
    paid_beyond: int


def positions_table(
    found: Sequence[Standing], names: Mapping[str, str], currency: Currency, notes: Sequence[str]
) -> Table:
    """Where each party stands, and what is left of its payments once circles are taken out."""
    rows = [
        Row(
            {
                "party": names.get(one.party, one.party),
                "received": _money(one.received, currency),
                "paid": _money(one.paid, currency),
                "net": _money(one.received - one.paid, currency),
                "received_beyond": _money(one.received_beyond, currency),
                "paid_beyond": _money(one.paid_beyond, currency),
            }
        )
        for one in found
    ]
    title = "Where each party stands, with and without circles"
    return Table(title, _POSITIONS, tuple(rows), (), tuple(notes), currency.code)


def _money(amount: int | None, currency: Currency) -> tuple[int, int] | None:
    return None if amount is None else (amount, currency.decimals)


def paid_table(
    found: Sequence[Between], names: Mapping[str, str], currency: Currency, subtitle: Sequence[str]
) -> Table:
    """Who pays whom how much, when, and under which contracts."""
    rows = [
        Row(
            {
                "payer": names.get(one.payer, one.payer),
                "payee": names.get(one.payee, one.payee),
                "amount": _money(one.amount_minor, currency),
                "first": one.first,
                "last": one.last,
                "contracts": ", ".join(one.contracts),
            }
        )
        for one in found
    ]
    return Table(
        "Money between the parties", _PAID, tuple(rows), tuple(subtitle), currency=currency.code
    )


def circles_table(
    found: Sequence[tuple[Sequence[str], int]],
    names: Mapping[str, str],
    currency: Currency,
    notes: Sequence[str],
) -> Table:
    """Each circle with the least that moves on one of its arrows."""
    rows = [
        Row(
            {
                "circle": " > ".join(names.get(p, p) for p in (*parties, parties[0])),
                "arrows": len(parties),
                "least": _money(least, currency),
            }
        )
        for parties, least in found
    ]
    return Table("Circles of money", _CIRCLES, tuple(rows), (), tuple(notes), currency.code)


def sales_table(
    found: Sequence[SalesYear], names: Mapping[str, str], currency: Currency, notes: Sequence[str]
) -> Table:
    """Revenue as reported, net of what customers are given, and from outside the circle."""
    rows: list[Row] = []
    for supplier in dict.fromkeys(one.supplier for one in found):
        title = names.get(supplier, supplier)
        rows.append(Row({"year": title}, style="heading"))
        for one in found:
            if one.supplier != supplier:
                continue
            cells: dict[str, Cell] = {"supplier": title, "year": one.year}
            for key in ("sales", "consideration", "revenue", "own", "outside"):
                cells[key] = _money(getattr(one, key), currency)
            rows.append(Row(cells, style="total" if one.year == "in all" else "line"))
    title = "Sales, and whose money pays for them"
    return Table(title, _SALES, tuple(rows), (), tuple(notes), currency.code)


def bounds_table(
    found: Sequence[tuple[str, str, tuple[int, int, int, int, int]]],
    names: Mapping[str, str],
    currency: Currency,
    notes: Sequence[str],
) -> Table:
    """For each dealing what the supplier paid the customer, its sales, and its own money."""
    keys = ("put_in", "sales", "at_least", "pro_rata", "at_most")
    rows = []
    for supplier, customer, amounts in found:
        cells: dict[str, Cell] = {
            "supplier": names.get(supplier, supplier),
            "customer": names.get(customer, customer),
        }
        for key, amount in zip(keys, amounts, strict=True):
            cells[key] = _money(amount, currency)
        rows.append(Row(cells))
    title = "The supplier's own money in its sales"
    return Table(title, _BOUNDS, tuple(rows), (), tuple(notes), currency.code)


def flags_table(found: Sequence[tuple[str, str, str, str, str]]) -> Table:
    """What the rules say of each dealing."""
    keys = [column.key for column in _FLAGS]
    rows = [Row(dict(zip(keys, one, strict=True))) for one in found]
    return Table("What the rules flag", _FLAGS, tuple(rows))


def not_bound_table(
    found: Sequence[tuple[str, str, str, int | None, str]],
    names: Mapping[str, str],
    currency: Currency,
) -> Table:
    """What is announced or may come, and posts nothing."""
    rows = [
        Row(
            {
                "contract": contract,
                "payer": names.get(payer, payer),
                "payee": names.get(payee, payee),
                "amount": _money(amount, currency),
                "why": why,
            }
        )
        for contract, payer, payee, amount, why in found
    ]
    title = "Announced, or at most: nothing of it is posted"
    return Table(title, _NOT_BOUND, tuple(rows), currency=currency.code)
