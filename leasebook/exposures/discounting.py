"""
What filed lease commitments are worth: the rate, beginning and term that are stated or assumed.
"""

from decimal import Decimal
from functools import cache
from itertools import pairwise

import attrs

from leasebook.reckoning.present_value import present_value_minor
from leasebook.reckoning.rates import periodic_rate
from leasebook.values.rulefiles import read_toml, rules_root


@attrs.frozen
class Discounting:
    """
    By what commitments are discounted.

    Attributes:
        rate_annual: Effective; used where a company has published no average of its own.
        begins_months: From the reporting date to the first rent.
        term_months: Of level rents, monthly in advance.
        chosen: Which of the three the user chose instead.
    """

    rate_annual: Decimal
    begins_months: int
    term_months: int
    chosen: frozenset[str] = frozenset()

    def worth(self, amount: int, rate_annual: Decimal) -> int:
        """
        The present value of an amount that is paid as level rents.

        Source: ASC 842-20-50-3(b) asks for the amount; what it is worth is an estimate of ours.

        Args:
            amount: Undiscounted, in whole minor units.
            rate_annual: Effective.

        Returns:
            The same units, rounded once.

        Example:
            >>> Discounting(Decimal("0.05"), 0, 1).worth(1000, Decimal("0.10"))
            1000
            >>> Discounting(Decimal("0.05"), 12, 1).worth(1100, Decimal("0.10"))
            1000
        """
        reached = [amount * k // self.term_months for k in range(self.term_months + 1)]
        dues = [after - before for before, after in pairwise(reached)]
        return present_value_minor(
            dues, periodic_rate(rate_annual, "effective-annual", 1), self.begins_months
        )


@cache
def assumed_discounting() -> Discounting:
    """
    The project's own assumptions.

    Example:
        >>> assumed_discounting().term_months
        180
    """
    return Discounting(**read_toml(rules_root() / "exposures" / "filed-leases.toml")["discounting"])


@cache
def reasons() -> dict[str, str]:
    """Why each of the assumptions is what it is."""
    return dict(read_toml(rules_root() / "exposures" / "filed-leases.toml")["why"])
