"""An exact simplex with Bland's rule, for the clearing of a network as a linear program."""

from fractions import Fraction


def maximise(goal, rows, bounds):
    """The x >= 0 with rows x <= bounds, bounds >= 0, at which goal x is largest."""
    n, m = len(goal), len(rows)
    table = [
        [*map(Fraction, row), *[Fraction(i == k) for k in range(m)], Fraction(bounds[i])]
        for i, row in enumerate(rows)
    ]
    cost = [*[-Fraction(g) for g in goal], *[Fraction(0)] * (m + 1)]
    basis = [n + i for i in range(m)]
    while (enter := next((j for j in range(n + m) if cost[j] < 0), None)) is not None:
        ratios = [
            (table[i][-1] / table[i][enter], basis[i], i) for i in range(m) if table[i][enter] > 0
        ]
        _, _, leave = min(ratios)
        pivot = table[leave][enter]
        table[leave] = [value / pivot for value in table[leave]]
        for i in range(m):
            if i != leave and table[i][enter]:
                factor = table[i][enter]
                table[i] = [a - factor * b for a, b in zip(table[i], table[leave], strict=True)]
        factor = cost[enter]
        cost = [a - factor * b for a, b in zip(cost, table[leave], strict=True)]
        basis[leave] = enter
    found = [Fraction(0)] * (n + m)
    for i, j in enumerate(basis):
        found[j] = table[i][-1]
    return found[:n]


def clearing_payments(means, owed):
    """
    What each party pays in all, without ranks: the largest payments that means and receipts allow.

    `owed[i][j]` is what i owes j; every party has means.
    """
    parties = range(len(means))
    total = [sum(owed[i]) for i in parties]
    part = [[Fraction(owed[i][j], total[i]) if total[i] else 0 for j in parties] for i in parties]
    limits = [[Fraction(i == j) for j in parties] for i in parties]
    budgets = [[Fraction(i == j) - part[j][i] for j in parties] for i in parties]
    return maximise([1] * len(means), [*limits, *budgets], [*total, *means])
