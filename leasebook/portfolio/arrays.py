"""
Arrays that many modules handle alike: runs of numbers, small types, one value held for all.
"""

from typing import Any

import numpy as np
import numpy.typing as npt


def once(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """
    One value for all, where an array repeats it without holding it again.

    Example:
        >>> len(once(np.broadcast_to(np.array([7]), 3))), len(once(np.array([7, 7, 7])))
        (1, 3)
    """
    return values[:1] if values.strides == (0,) else values


def for_each(values: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    """A value for each subject, where one is held for all."""
    return values if len(values) == rows else np.full(rows, values[0])


def of_row(values: npt.NDArray[Any], row: int) -> Any:
    """What an array of a column says of one subject."""
    return values[row] if len(values) > 1 else values[0]


def runs(firsts: npt.NDArray[Any], counts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """
    All numbers of runs, one run after another.

    Args:
        firsts: The first number of each.
        counts: How many each has.

    Example:
        >>> runs(np.array([7, 0]), np.array([2, 3])).tolist()
        [7, 8, 0, 1, 2]
    """
    ends = np.cumsum(counts)
    whole = int(ends[-1]) if len(ends) else 0
    return np.repeat(firsts - (ends - counts), counts) + np.arange(whole)


def narrow(numbers: npt.NDArray[Any]) -> Any:
    """
    Whole numbers from 0 on in the smallest type that holds them: it sorts fastest.

    Example:
        >>> narrow(np.array([0, 300])).dtype
        dtype('uint16')
    """
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))
