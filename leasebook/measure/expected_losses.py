"""
Expected losses and expected residual returns of an entity, from what its cash flows could be.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs


@attrs.frozen
class Outcome:
    """
    One cash flow that an entity could have, and how probable it is.

    Attributes:
        cash_flow: Any unit of money, exact.
        probability: A part of one.
    """

    cash_flow: Fraction
    probability: Fraction


@attrs.frozen
class Variability:
    """
    What an entity's cash flows are worth on average, and how far they fall short and go beyond.

    Attributes:
        fair_value: The expected cash flow, discounted.
        expected_losses: The expected shortfall against it, discounted; positive.
        expected_residual_returns: The expected surplus over it, discounted; positive.
    """

    fair_value: Fraction
    expected_losses: Fraction
    expected_residual_returns: Fraction


def variability(outcomes: Sequence[Outcome], rate: Fraction) -> Variability:
    """
    Expected losses and residual returns of outcomes one period ahead.

    Both are measured against the expected outcome, so that they are equal by construction.

    Source: ASC 810-10-20 "expected losses", 810-10-55-42 to 55-49 (unverified).

    Args:
        outcomes: With probabilities that add up to one.
        rate: Of the period, without risk; a pure number.

    Returns:
        The unit of the cash flows, exact.

    Raises:
        ValueError: If the probabilities do not add up to one.

    Example:
        >>> half = Fraction(1, 2)
        >>> found = variability([Outcome(Fraction(90), half), Outcome(Fraction(120), half)],
        ...                     Fraction(1, 20))
        >>> found.fair_value, found.expected_losses
        (Fraction(100, 1), Fraction(50, 7))
    """
    whole = sum((one.probability for one in outcomes), Fraction(0))
    if whole != 1:
        raise ValueError(f"the probabilities add up to {whole}, not to one")
    mean = sum((one.probability * one.cash_flow for one in outcomes), Fraction(0))
    short = (one.probability * max(mean - one.cash_flow, Fraction(0)) for one in outcomes)
    beyond = (one.probability * max(one.cash_flow - mean, Fraction(0)) for one in outcomes)
    discount = 1 + rate
    return Variability(
        mean / discount,
        sum(short, Fraction(0)) / discount,
        sum(beyond, Fraction(0)) / discount,
    )
