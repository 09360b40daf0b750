"""An exact simplex with Bland's rule, for the clearing of a network as linear programs."""

from fractions import Fraction
from itertools import product


def maximise(goal, rows, bounds):
    """
    The x >= 0 with rows x <= bounds at which goal x is largest, None if there is no such x.

    Where a bound is below zero, one more variable that is taken off every row makes a beginning,
    and is first made as small as can be.
    """
    n, m = len(goal), len(rows)
    table = [
        [*map(Fraction, row), Fraction(-1), *[Fraction(i == k) for k in range(m)], bounds[i]]
        for i, row in enumerate(rows)
    ]
    basis = [n + 1 + i for i in range(m)]
    least = min(range(m), key=lambda i: bounds[i])
    if bounds[least] < 0:
        aim = [*[Fraction(0)] * n, Fraction(1), *[Fraction(0)] * (m + 1)]
        _pivot(table, aim, basis, least, n)
        _best(table, aim, basis, set())
        if aim[-1] < 0:
            return None
        if n in basis:  # at zero: anything else may stand in its place
            at = basis.index(n)
            enter = next(j for j in range(n + 1 + m) if j != n and table[at][j])
            _pivot(table, aim, basis, at, enter)
    cost = [*[-Fraction(g) for g in goal], *[Fraction(0)] * (m + 2)]
    for i, j in enumerate(basis):
        cost = [a - cost[j] * b for a, b in zip(cost, table[i], strict=True)]
    _best(table, cost, basis, {n})
    found = [Fraction(0)] * (n + 1 + m)
    for i, j in enumerate(basis):
        found[j] = table[i][-1]
    return found[:n]


def _best(table, cost, basis, barred) -> None:
    """Pivots until no column improves; columns that are barred stay out."""
    width = len(cost) - 1
    while True:
        enter = next((j for j in range(width) if cost[j] < 0 and j not in barred), None)
        if enter is None:
            return
        ratios = [
            (row[-1] / row[enter], basis[i], i) for i, row in enumerate(table) if row[enter] > 0
        ]
        _pivot(table, cost, basis, min(ratios)[2], enter)


def _pivot(table, cost, basis, leave, enter) -> None:
    pivot = table[leave][enter]
    table[leave] = [value / pivot for value in table[leave]]
    for row in [*table[:leave], *table[leave + 1 :], cost]:
        factor = row[enter]
        if factor:
            row[:] = [a - factor * b for a, b in zip(row, table[leave], strict=True)]
    basis[leave] = enter


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


def ranked_payments(means, ladders):
    """
    What each party pays on each rank: the largest payments that means, receipts and ranks allow.

    `ladders[i]` lists the ranks of i, first paid first: what it owes on it in all (None for the
    rest that owners share), and the part of it that each party gets. A rank is paid only when those
    before it are paid in full, which no linear program says. So each choice of the ranks on which
    the parties stop is a program of its own, and the largest payments are those of the best.
    """
    parties = range(len(means))
    best = None
    for stops in product(*(range(len(ladder)) for ladder in ladders)):
        full = [sum(rung[0] for rung in ladders[i][: stops[i]]) for i in parties]
        had = list(map(Fraction, means))
        for i in parties:
            for owed, parts in ladders[i][: stops[i]]:
                for j in parties:
                    had[j] += owed * parts[j]
        rows = [[Fraction(i == j) - ladders[j][stops[j]][1][i] for j in parties] for i in parties]
        bounds = [had[i] - full[i] for i in parties]
        for i in parties:
            if ladders[i][stops[i]][0] is not None:
                rows.append([Fraction(i == j) for j in parties])
                bounds.append(Fraction(ladders[i][stops[i]][0]))
        found = maximise([1] * len(means), rows, bounds)
        if found is not None:
            paid = [full[i] + found[i] for i in parties]
            if best is None or sum(paid) > sum(best):
                best = paid
    return best
