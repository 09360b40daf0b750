"""
Portfolios of leases: one discount rate, and one term, for leases that are alike.
"""

from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from leasebook.contract.deal import Deal
from leasebook.contract.figure import Figure
from leasebook.contract.lease import RATE_KEYS, Lease
from leasebook.contract.model import Contract
from leasebook.contract.scalar import MONTHS_MAX
from leasebook.measure.not_modelled import NotModelled
from leasebook.measure.setting import Setting
from leasebook.values.duration import Duration

_Stated: TypeAlias = Figure[Any]


def in_portfolios(deal: Deal, setting: Setting) -> Deal:
    """
    The deal whose leases in a portfolio have the portfolio's rate, and its term where it has one.

    That a portfolio states a rate or a term elects it; without either each lease keeps its own.

    Source: ASC 842-10-10-1; IFRS 16.B1.

    Args:
        deal: As signed.
        setting: Gives the outcomes of `portfolio_approach`.

    Returns:
        The same deal where no portfolio is accounted for as one.
    """
    contracts: dict[str, Contract] = dict(deal.contracts)
    for table in deal.tables:
        if table.table != "portfolio_leases":
            continue
        if setting.outcome("portfolio_approach", table.about) != "as-one":
            continue
        rate = _stated(deal, table.about, "portfolio_discount_rate")
        term = _stated(deal, table.about, "portfolio_lease_term_months")
        for row in table.rows:
            lease = contracts.get(str(row["contract"].value)) if "contract" in row else None
            if isinstance(lease, Lease):
                contracts[lease.id] = _of_portfolio(lease, rate, term)
    if contracts == dict(deal.contracts):
        return deal
    return attrs.evolve(deal, contracts=contracts)


def _stated(deal: Deal, about: str, fact: str) -> _Stated | None:
    found = (s.value for s in (*deal.judgements, *deal.facts) if (s.about, s.fact) == (about, fact))
    return next((figure for figure in found if figure.known), None)


def _of_portfolio(lease: Lease, rate: _Stated | None, term: _Stated | None) -> Lease:
    if rate is not None:
        if not Decimal("-0.99") < rate.get() <= 1:
            raise NotModelled(
                f"a portfolio's rate of {rate.get():%} is outside the bounds of rates"
            )
        others: dict[str, Any] = dict.fromkeys(RATE_KEYS.values())
        lease = attrs.evolve(lease, discount_rate=rate, **others)
    if term is None:
        return lease
    months = int(term.get())
    whole = 0 < months == term.get() <= MONTHS_MAX and months % lease.rent.step_months == 0
    if not whole or (lease.rent.total and lease.rent.over is None):
        cause = f"the portfolio of {lease.id} has a term of {term.get()} months, for which its rent"
        raise NotModelled(f"{cause} says nothing: write it by the period")
    kept = tuple(option for option in lease.options if option.kind == "purchase")
    length = attrs.evolve(term, value=Duration.parse(f"{months} months"))
    return attrs.evolve(lease, noncancellable=length, options=kept)
