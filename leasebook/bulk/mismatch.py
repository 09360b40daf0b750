"""
Two ways of measuring one lease that do not agree.
"""


class ColumnsDifferError(Exception):
    """The engine for deals and the columns do not give the same integers for a lease."""
