"""
The chart of accounts: ids, titles, normal sides.
"""

from collections.abc import Mapping
from functools import cache

import attrs

from leasebook.values.rulefiles import read_toml, rules_root

#: Types whose balances stand on the debit side.
DEBIT_TYPES = frozenset({"asset", "expense"})
#: Types that a period's result is made of.
RESULT_TYPES = frozenset({"income", "expense"})


@attrs.frozen
class Account:
    """One account of the chart."""

    id: str
    title: str
    type: str
    cash: bool = False

    @property
    def debit_normal(self) -> bool:
        """Whether the account's usual balance is a debit."""
        return self.type in DEBIT_TYPES

    @property
    def is_result(self) -> bool:
        """Whether the account is part of a period's result."""
        return self.type in RESULT_TYPES


@cache
def load_chart() -> Mapping[str, Account]:
    """
    Every account by id, in the order of the file.

    Example:
        >>> load_chart()["borrowings"].type
        'liability'
    """
    rows = read_toml(rules_root() / "chart.toml")["account"]
    return {row["id"]: Account(**row) for row in rows}
