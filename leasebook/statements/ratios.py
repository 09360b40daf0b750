"""
Ratios: what readers compute from the statements, with the lines that go into them.

Debt is borrowings. What is not public makes every ratio that needs it not public. Ratios that need
the sponsor's own income exist only for the year that was filed, since later years show the deal
alone.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

#: Every line of one column and fiscal year: minor units by (statement, line).
Lines = Mapping[tuple[str, str], int]


@attrs.frozen
class Ratio:
    """
    One ratio: its id and title, whether it is an amount, and what it needs.

    `needs_income` marks those that only a year with the sponsor's own income has; `needs` names
    filed accounts without which it is not public.
    """

    id: str
    title: str
    kind: str
    of: Callable[[Lines], int | Fraction | None]
    needs_income: bool = False
    needs: frozenset[str] = frozenset()


def _balance(lines: Lines, *names: str) -> int:
    return sum(lines["balance-sheet", name] for name in names)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _net_debt(lines: Lines) -> int:
    return _balance(lines, "debt") - _balance(lines, "cash", "marketable-securities")


def _net_debt_all(lines: Lines) -> int:
    return _net_debt(lines) - _balance(lines, "restricted-cash", "restricted-securities")


def _claims(lines: Lines) -> int:
    return _balance(lines, "debt", "lease-liabilities", "financing-obligation")


def _earnings(lines: Lines) -> int:
    return lines["income-statement", "operating-income"] - lines["income-statement", "depreciation"]


RATIOS: tuple[Ratio, ...] = (
    Ratio("debt", "Debt (borrowings)", "amount", lambda x: _balance(x, "debt")),
    Ratio(
        "net-debt-excluding-restricted",
        "Net debt: less cash and marketable securities",
        "amount",
        _net_debt,
    ),
    Ratio(
        "net-debt-including-restricted",
        "Net debt: less restricted cash and securities too",
        "amount",
        _net_debt_all,
    ),
    Ratio(
        "debt-and-lease-liabilities",
        "Debt, lease liabilities and financing obligation",
        "amount",
        _claims,
    ),
    Ratio(
        "debt-to-equity",
        "Debt to equity",
        "percent",
        lambda x: _share(_balance(x, "debt"), _balance(x, "total-equity")),
    ),
    Ratio(
        "debt-to-assets",
        "Debt to total assets",
        "percent",
        lambda x: _share(_balance(x, "debt"), _balance(x, "total-assets")),
    ),
    Ratio(
        "liabilities-to-assets",
        "Liabilities to total assets",
        "percent",
        lambda x: _share(_balance(x, "total-liabilities"), _balance(x, "total-assets")),
    ),
    Ratio(
        "debt-to-ebitda",
        "Debt to operating income before depreciation",
        "ratio",
        lambda x: _share(_balance(x, "debt"), _earnings(x)),
        needs_income=True,
    ),
    Ratio(
        "return-on-assets",
        "Net income to total assets",
        "percent",
        lambda x: _share(x["income-statement", "net-income"], _balance(x, "total-assets")),
        needs_income=True,
    ),
    Ratio(
        "interest-cover",
        "Operating income to gross interest expense",
        "ratio",
        lambda x: _share(
            x["income-statement", "operating-income"], -x["income-statement", "interest-expense"]
        ),
        needs_income=True,
        needs=frozenset({"interest-expense"}),
    ),
)


@attrs.frozen
class DebtService:
    """What an issuer of notes received from its investees in a year, and what the notes took."""

    received_minor: int
    paid_minor: int

    @property
    def cover(self) -> Fraction | None:
        """Received over paid; None in a year without debt service."""
        return _share(self.received_minor, self.paid_minor)

    @property
    def surplus_minor(self) -> int:
        """Received less paid: below zero where the receipts do not cover the service."""
        return self.received_minor - self.paid_minor


def rounded(value: Fraction) -> Decimal:
    """
    A ratio to four decimals, half to even.

    Example:
        >>> rounded(Fraction(2462, 2474))
        Decimal('0.9951')
    """
    return Decimal(round(value * 10_000)).scaleb(-4)
