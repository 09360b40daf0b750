"""
The kernel: plain loops over segments that write into columns the caller made.

A segment is a run of rows in flat columns; row r of segment s lies between `first_row[s]` and
`first_row[s] + row_count[s]`. The same functions run as they stand on lists of Python integers and
can be compiled for 64-bit integer arrays; they allocate nothing, raise nothing and never divide.
Outside the domain that `check_domain` guards, the two runs could differ.
"""

from collections.abc import MutableSequence, Sequence

from leasebook.reckoning.rounding import AMOUNT_LIMIT, DENOMINATOR_LIMIT, NEAREST, scale

_FIXED_POINT = 2**80

#: Of so many parts numerators are below 2^31 and denominators at most 2^16: 47 places do for both.
_FEW = 2**15
_FIXED_BITS = 47
_FIXED = 2**_FIXED_BITS


class TrueUpExceeded(ValueError):  # noqa: N818 - reads as the finding it reports
    """
    The last interest of a segment is further from the computed one than rounding can explain.

    Attributes:
        true_up_minor: Booked less computed interest of the last row.
        bound_minor: The largest distance that rounding can cause.
    """

    def __init__(self, true_up_minor: int, bound_minor: int) -> None:
        super().__init__(
            f"true-up of {true_up_minor} minor units where rounding explains {bound_minor}"
        )
        self.true_up_minor = true_up_minor
        self.bound_minor = bound_minor


class OutsideDomain(ValueError):  # noqa: N818 - reads as the finding it reports
    """
    An amount or a rate is too large for exact 64-bit arithmetic.
    """


def check_domain(amounts: Sequence[int], denominator: int) -> None:
    """
    Refuses amounts or a rate for which the kernel's arithmetic is not proved exact.

    Args:
        amounts: Minor units of one segment; each and their absolute total are limited.
        denominator: Of the rate per row.

    Raises:
        OutsideDomain: If the total passes 2^50 or the denominator reaches 2^61.

    Example:
        >>> check_domain([100, 200], 1000)
    """
    total = sum(abs(amount) for amount in amounts)
    if total > AMOUNT_LIMIT:
        raise OutsideDomain(f"amounts total {total} minor units; the limit is {AMOUNT_LIMIT}")
    if not 0 < denominator < DENOMINATOR_LIMIT:
        raise OutsideDomain(f"rate denominator {denominator}; the limit is {DENOMINATOR_LIMIT}")


def accrue(
    first_row: Sequence[int],
    row_count: Sequence[int],
    advance: Sequence[int],
    opening: Sequence[int],
    target: Sequence[int],
    denominator: Sequence[int],
    numerator: Sequence[int],
    payment: Sequence[int],
    interest: MutableSequence[int],
    closing: MutableSequence[int],
    true_up: MutableSequence[int],
) -> None:
    """
    Interest and closing balance of every row of every segment.

    In advance the payment comes off first and the rest bears interest; in arrears the opening
    balance bears interest and the payment follows. The interest of a segment's last row is
    whatever brings its closing balance to the target.

    Args:
        first_row: Per segment, its first row.
        row_count: Per segment, how many rows, at least one.
        advance: Per segment, 1 in advance, 0 in arrears.
        opening: Per segment, minor units.
        target: Per segment, minor units after its last payment.
        denominator: Per segment, of the rates of its rows.
        numerator: Per row, of its rate (a day count may be multiplied in).
        payment: Per row, minor units.
        interest: Per row, written.
        closing: Per row, written.
        true_up: Per segment, written: booked less computed interest of the last row.

    Example:
        >>> interest, closing, true_up = [0, 0], [0, 0], [0]
        >>> accrue([0], [2], [0], [186], [0], [20], [1, 1], [100, 100], interest, closing, true_up)
        >>> interest, closing, true_up
        ([9, 5], [95, 0], [0])
    """
    for segment in range(len(first_row)):
        first = first_row[segment]
        true_up[segment] = accrue_rows(
            first, row_count[segment], row_count[segment], advance[segment], opening[segment],
            target[segment], denominator[segment], numerator, first, 1,
            payment, interest, closing,
        )  # fmt: skip


def accrue_rows(
    first: int, rows: int, of_rows: int, advance: int, opening: int, target: int,
    denominator: int, numerator: Sequence[int], rate_first: int, rate_step: int,
    payment: Sequence[int], interest: MutableSequence[int], closing: MutableSequence[int],
) -> int:  # fmt: skip
    """
    Interest and closing balance of the first rows of one segment.

    Args:
        first: The segment's first row.
        rows: How many rows are walked, perhaps none.
        of_rows: How many the segment has; the last of them takes up what rounding leaves.
        advance: 1 in advance, 0 in arrears.
        opening: Minor units.
        target: Minor units after the last row.
        denominator: Of the rates.
        numerator: Of the rates.
        rate_first: Where the rate of the first row stands.
        rate_step: 1 where each row has its own, 0 where all have the first one.
        payment: Per row, minor units.
        interest: Per row, written.
        closing: Per row, written.

    Returns:
        Booked less computed interest of the last row; 0 if it is not walked.

    Example:
        >>> interest, closing = [0, 0], [0, 0]
        >>> accrue_rows(0, 1, 2, 0, 186, 0, 20, [1], 0, 0, [100, 100], interest, closing), interest
        (0, [9, 0])
    """
    if rows == 0:
        return 0
    first = max(0, first)
    last, rate = first + rows - 1, numerator[rate_first]
    # Each call has constants of its own, so that a loop asks nothing that is the same for all rows.
    if rate_step == 0 and advance:
        bearing = _accrued(first, rows - 1, 1, 0, opening, denominator, numerator, rate_first,
                           payment, interest, closing)  # fmt: skip
    elif rate_step == 0:
        bearing = _accrued(first, rows - 1, 0, 0, opening, denominator, numerator, rate_first,
                           payment, interest, closing)  # fmt: skip
    else:
        early = 1 if advance else 0
        bearing = _accrued(first, rows - 1, early, 1, opening, denominator, numerator, rate_first,
                           payment, interest, closing)  # fmt: skip
        rate = numerator[rate_first + rows - 1]
    paid = 0 if advance else payment[last]
    earned = scale(bearing, rate, denominator)
    booked = target - bearing + paid if rows == of_rows else earned
    interest[last] = booked
    closing[last] = bearing + booked - paid
    return booked - earned


def _accrued(
    first: int, rows: int, early: int, rate_step: int, opening: int, denominator: int,
    numerator: Sequence[int], rate_first: int,
    payment: Sequence[int], interest: MutableSequence[int], closing: MutableSequence[int],
) -> int:  # fmt: skip
    """All rows but the last one; returns the balance that bears interest in that."""
    whole, half = 1.0 / float(denominator), (denominator - 1) // 2
    rate = numerator[rate_first]
    growth = 1.0 + float(rate) * whole
    paid = early * payment[first]
    bearing = opening - paid
    # Floats run ahead with what integers confirm: nothing waits for a remainder, and a row only for
    # one step of the row before, as what is paid is taken off beside it.
    raised = NEAREST + float(opening)
    off = NEAREST - (NEAREST + float(paid)) * growth
    for k in range(rows):
        if rate_step:
            rate = numerator[rate_first + k]
            growth = 1.0 + float(rate) * whole
            off = NEAREST - (NEAREST + float(paid)) * growth
        raised = raised * growth + off
        grown = int(raised - NEAREST)
        earned = grown - bearing
        rest = bearing * rate - earned * denominator
        if rest > half or rest < -half:
            earned = scale(bearing, rate, denominator)
            grown = bearing + earned
            raised = NEAREST + float(grown)
        interest[first + k] = earned
        if rate_step == 0 and payment[first + k + early] != paid:
            off = NEAREST - (NEAREST + float(payment[first + k + early])) * growth
        paid = payment[first + k + early]
        bearing = grown - paid
        closing[first + k] = grown if early else bearing
    return bearing


def level_rows(
    first: int, rows: int, total: int, gone: int, whole: int, part: MutableSequence[int]
) -> int:
    """
    A total in parts that are level in time, by rounding the cumulative amount.

    Args:
        first: Row of the first part.
        rows: How many parts are written.
        total: Minor units, at most `AMOUNT_LIMIT` in size.
        gone: Parts that went before the first.
        whole: Parts that the total has; those after them are zero.
        part: Per row, written.

    Returns:
        The sum of the parts that are written, minor units.

    Example:
        >>> part = [0, 0, 0]
        >>> level_rows(0, 3, 10, 1, 4, part), part
        (8, [3, 3, 2])
    """
    first = max(0, first)
    parts = min(gone, whole)
    filled = max(0, min(rows, whole - parts))
    start = before = _reached(total, parts, whole) if parts else 0
    if whole > _FEW:
        for k in range(filled):
            reached = _reached(total, parts + k + 1, whole)
            part[first + k] = reached - before
            before = reached
    else:
        # Half up is the quotient of twice the rest and the whole by twice the whole. A product with
        # an inverse of 47 places has that quotient above them, and below them less than the inverse
        # at a tie alone; nothing is divided on the way, and no part waits for the one before.
        step, twice_rest = total // whole, total % whole * 2
        inverse = _FIXED // (2 * whole) + 1
        scaled, even = (twice_rest * parts + whole) * inverse, step * parts
        scaled_step = twice_rest * inverse
        for k in range(filled):
            scaled += scaled_step
            even += step
            reached = even + (scaled >> _FIXED_BITS)
            tie = 1 if scaled & (_FIXED - 1) < inverse else 0
            reached -= tie & reached
            part[first + k] = reached - before
            before = reached
    for k in range(filled, rows):
        part[first + k] = 0
    return before - start


def _reached(total: int, parts: int, whole: int) -> int:
    """What some parts of a whole come to, half to even."""
    step, rest = total // whole, total % whole
    reached, twice = step * parts + rest * parts // whole, rest * parts % whole * 2
    return reached + (1 if twice > whole or (twice == whole and reached & 1 == 1) else 0)


def true_up_bound(numerator: Sequence[int], denominator: int) -> int:
    """
    How far rounding can drive a segment's last interest from the computed one.

    Half a unit for each rounding, compounded to the end, half a unit for the rounded opening
    balance, and one: at a level rate r over n rows ((1+r)^n - 1)/(2r) + (1+r)^n/2 + 1.

    Args:
        numerator: Per row.
        denominator: Of every row.

    Returns:
        Minor units, rounded down.

    Example:
        >>> true_up_bound([0] * 12, 1)
        7
    """
    compounded = 0
    growth = _FIXED_POINT
    for part in reversed(numerator):
        compounded += growth
        growth = growth * (denominator + part) // denominator
    return (compounded + growth + 2 * _FIXED_POINT) // (2 * _FIXED_POINT)


def check_true_up(true_up: int, numerator: Sequence[int], denominator: int) -> None:
    """
    Refuses a true-up that rounding cannot explain.

    Args:
        true_up: Minor units, as `accrue` wrote it.
        numerator: Per row of the segment.
        denominator: Of every row.

    Raises:
        TrueUpExceeded: If it is larger than `true_up_bound`.

    Example:
        >>> check_true_up(2, [1, 1], 100)
    """
    bound = true_up_bound(numerator, denominator)
    if abs(true_up) > bound:
        raise TrueUpExceeded(true_up, bound)


def accrue_segment(
    opening: int,
    payments: Sequence[int],
    numerators: Sequence[int],
    denominator: int,
    target: int,
    *,
    advance: bool,
    handed_over: bool = False,
) -> tuple[list[int], list[int]]:
    """
    One segment on Python integers, its domain and its true-up checked.

    Args:
        opening: Minor units.
        payments: Minor units, one for each row.
        numerators: Of the rate of each row.
        denominator: Of every row.
        target: Closing balance of the last row.
        advance: Payments come before interest.
        handed_over: The opening balance was not computed here, so that the last interest may be
            whatever it takes.

    Returns:
        Interest and closing balance of each row, minor units.

    Raises:
        OutsideDomain: If amounts or rate are too large.
        TrueUpExceeded: If the opening balance is not the payments' present value at the rate.

    Example:
        >>> accrue_segment(186, [100, 100], [1, 1], 20, 0, advance=False)
        ([9, 5], [95, 0])
    """
    check_domain([opening], denominator)
    check_domain([*payments, target], denominator)
    rows = len(payments)
    interest, closing, true_up = [0] * rows, [0] * rows, [0]
    accrue(
        [0], [rows], [int(advance)], [opening], [target], [denominator],
        numerators, payments, interest, closing, true_up,
    )  # fmt: skip
    if not handed_over:
        check_true_up(true_up[0], numerators, denominator)
    return interest, closing
