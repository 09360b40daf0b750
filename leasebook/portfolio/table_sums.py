"""
Tables of amounts by line and month: what they hold as keys and amounts, and sums made in them.

Plain loops like the walk's. Keys are those of `ledger.packed`.
"""

from leasebook.portfolio.given import Ints, Written
from leasebook.reckoning.places import counted

#: How many bits of a key say the month, and how many the line.
MONTH_BITS, LINE_BITS = 17, 9
#: Where the group of a key begins.
GROUP = MONTH_BITS + LINE_BITS


def kept(
    cells: Written, heads: Ints, months: int, keys: Written, amounts: Written, found: int
) -> int:
    """
    What a table holds, zeros left out; the table is empty afterwards.

    Args:
        cells: By line and month, minor units.
        heads: For each line, the key of its first month.
        months: Of each line.
        keys: Written.
        amounts: Written, minor units.
        found: How many of both have been written before.

    Returns:
        How many have been written in all.

    Example:
        >>> keys, amounts = [0, 0], [0, 0]
        >>> kept([0, 5, 7, 0], [20, 40], 2, keys, amounts, 0), keys, amounts
        (2, [21, 40], [5, 7])
    """
    for line in range(len(heads)):
        first, head = line * months, heads[line]
        for month in range(months):
            amount = cells[counted(first + month)]
            if amount != 0:
                cells[counted(first + month)] = 0
                keys[found] = head + month
                amounts[found] = amount
                found += 1
    return found


def moved(
    key: Ints, amount: Ints, to: Ints, sign: Ints, lines: int, low: int, months: int,
    cells: Written, heads: Written, keys: Written, amounts: Written,
) -> int:  # fmt: skip
    """
    Amounts by other lines that are signed sums of these.

    Args:
        key: Ascending.
        amount: Minor units.
        to: For each line, the other lines it goes to, -1 for none; as many for each of `lines`.
        sign: Of each of them.
        lines: How many lines there are.
        low: No month is before it.
        months: From it to the last one.
        cells: By other line and month, zeros; zeros again afterwards.
        heads: Room for a number for each other line.
        keys: Written, ascending.
        amounts: Written, minor units.

    Returns:
        How many of both have been written.

    Example:
        >>> keys, amounts = [0, 0], [0, 0]
        >>> moved([3, 4], [5, 7], [1], [-1], 1, 3, 2, [0] * 4, [0, 0], keys, amounts), amounts
        (2, [-5, -7])
        >>> [key - (1 << MONTH_BITS) for key in keys]
        [3, 4]
    """
    found, group = 0, -1
    for k in range(len(key)):
        if key[k] >> GROUP != group:
            if group >= 0:
                found = kept(cells, heads, months, keys, amounts, found)
            group = key[k] >> GROUP
            for line in range(len(heads)):
                heads[line] = (group << GROUP) + (line << MONTH_BITS) + low
        line = (key[k] >> MONTH_BITS) & ((1 << LINE_BITS) - 1)
        month = (key[k] & ((1 << MONTH_BITS) - 1)) - low
        for place in range(line, len(to), lines):
            other = to[counted(place)]
            if other >= 0:
                cells[counted(other * months + month)] += sign[counted(place)] * amount[k]
    if group >= 0:
        found = kept(cells, heads, months, keys, amounts, found)
    return found
