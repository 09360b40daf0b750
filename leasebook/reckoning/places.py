"""
Places in columns, as compiled loops want to be told of them.
"""


def counted(number: int) -> int:
    """
    A place in a column, counted from its beginning: compiled loops need not ask.

    Args:
        number: Not negative.

    Example:
        >>> "abc"[counted(2)]
        'c'
    """
    return number
