"""
A chunk of leases as columns: the terms as signed, one row for each lease and side.

All columns are int64 arrays. Amounts are minor units of the lease's currency, dates are days since
1970-01-01, durations whole months, periods are counted from 0 at commencement. Codes of entities,
counterparties and currencies belong to the caller, who keeps the texts; they start at 0 and are
the same in every chunk. A fact that is not stated is `UNKNOWN` in the columns that allow it: it is
an answer of its own, never zero. Rates and shares are whole numbers of 10^-15.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from leasebook.portfolio.arrays import narrow, runs

Ints: TypeAlias = npt.NDArray[np.int64]

#: A fact that is not stated. No amount, code or rate has this value.
UNKNOWN = -(2**62)

#: Rates and shares are whole numbers of one over this.
RATE_UNIT = 10**15

#: Index levels are whole numbers of one over this.
LEVEL_UNIT = 10**6

#: `side`.
LESSEE, LESSOR = 0, 1

#: `frameworks` is a sum of these: under which the lease is measured.
US_GAAP, IFRS = 1, 2

#: `rate_convention`, in the order of `reckoning.rates.RATE_CONVENTIONS`.
EFFECTIVE_ANNUAL, NOMINAL, PER_PERIOD, ACTUAL_365 = 0, 1, 2, 3

#: `event_kind`: the position of its name.
EVENT_KINDS = (
    "index-changed",  # level
    "rent-changed",  # payment; rate
    "extended",  # payment, months; rate, fair_value
    "consideration-changed",  # payment, months; rate, fair_value
    "term-reassessed",  # payment, months; rate, fair_value
    "term-reduced",  # payment, months; rate, fair_value
    "scope-reduced",  # share; payment, rate, fair_value
    "guarantee-reassessed",  # payment: what is now expected to be owed
    "impaired",  # payment: the amount of the write-down
    "terminated",  # payment: the penalty, 0 for none
    "purchase-option-reassessed",  # certain; if so payment: the price, months: until it; rate, ...
    "right-added",  # standalone; payment, months, rate, fair_value
    "incentive-received",  # payment: the incentive that comes now, and is no longer to come
    "payment-made",  # payment: what was really paid for the period that ends then
)

#: Columns of facts that may be `UNKNOWN`: whether they are truths (0 or 1), and what they are.
FACTS = {
    "title_transfers": "boolean",
    "purchase_certain": "boolean",
    "renewal_certain": "boolean",
    "no_alternative_use": "boolean",
    "short_term_elected": "boolean",
    "low_value_elected": "boolean",
    "collection_probable": "boolean",
    "fair_value": "money",
    "economic_life_months": "months",
    "remaining_life_months": "months",
    "rate": "rate",
}


def _column(fill: int) -> Ints:
    """A column that a caller leaves out: one value, repeated when the number of rows is known."""
    return np.full(1, fill, np.int64)


@attrs.frozen(eq=False, kw_only=True)
class LeaseTerms:
    """
    Some leases as columns of equal length, with tables of what some of them have beside.

    A column that is left out has its default in every row. A lease that is measured for both its
    parties is two rows. `step_*` and `event_*` are tables of their own: `step_lease` and
    `event_lease` give the row of the lease in this chunk, ascending; within a lease, periods
    ascend (events of one period happen in the order of the table).

    Attributes:
        row: Number of the row in the caller's file, by which findings name it.
        entity: Code of the party in whose books it is measured.
        counterparty: Code of the other party.
        currency: Code of the currency of all its amounts.
        side: `LESSEE` or `LESSOR`.
        frameworks: `US_GAAP`, `IFRS` or their sum.
        commencement: First day, days since 1970-01-01.
        term_months: Stated, non-cancellable; a multiple of `every`.
        every: Months from one payment to the next: 1, 3, 6 or 12.
        advance: 1 if a payment falls on the first day of its period, 0 on the last.
        payment: Of every period until a step changes it, minor units.
        day_one_excluded: 1 if a payment due on the first day is kept out of the opening liability
            (it goes straight to the asset); 0 if it is part of it.
        rate: Quoted annual rate, of 10^-15 (per period if the convention is `PER_PERIOD`);
            `UNKNOWN` if none is stated: then the rate implicit in the lease is solved.
        rate_convention: A code as above.
        fair_value: Of the asset, minor units, or `UNKNOWN`.
        carrying_amount: Of a lessor's asset, minor units; `UNKNOWN` takes the fair value.
        economic_life_months: Of the asset when new, or `UNKNOWN`.
        remaining_life_months: At commencement; `UNKNOWN` takes `economic_life_months`.
        guaranteed_residual: What the lessee guarantees of the residual value, minor units.
        expected_guarantee_payment: What of it is expected (IFRS) or probable (US) to be owed.
        third_party_residual: What others guarantee, minor units.
        unguaranteed_residual: Expected beyond that, minor units, or `UNKNOWN` (then a lessor's test
            of value is open, and an implicit rate counts it as nothing).
        purchase_price: Of the lessee's option to buy at the end of the term, minor units;
            `UNKNOWN` if there is no option.
        purchase_certain: 1 or 0: whether it is reasonably certain to be exercised; or `UNKNOWN`.
            Without an option it is 0 whatever is stated.
        title_transfers: 1, 0 or `UNKNOWN`.
        no_alternative_use: 1, 0 or `UNKNOWN`: the asset is too special for another user.
        renewal_months: Of all renewals together; 0 for no option; a multiple of `every`.
        renewal_certain: 1, 0 or `UNKNOWN`; without an option it is 0.
        renewal_payment: Of every renewed period, minor units; `UNKNOWN` for the last payment.
        termination_months: From commencement until the lessee may first end the lease; `UNKNOWN`
            if it never may; a multiple of `every`.
        lessor_termination_months: The same of the lessor.
        short_term_elected: 1, 0 or `UNKNOWN`.
        value_when_new: Of the asset, minor units (IFRS: low value); `UNKNOWN` takes the fair value.
        low_value_elected: 1, 0 or `UNKNOWN`.
        collection_probable: 1, 0 or `UNKNOWN` (lessors).
        initial_direct_costs: Of the entity in whose books it is, minor units.
        incentives: That the lessor gives, at commencement, minor units.
        incentive_receivable: That the lessor gives later, minor units.
        incentive_after_months: From commencement until that one comes.
        prepaid: Paid to the lessor before, minor units.
        restoration: Present value of restoring the asset, minor units (lessees).
        index_base: Index level at which `payment` stands, of 10^-6; 0 for no index.
        step_lease: Row of the lease, from 0.
        step_period: From which period on.
        step_payment: The payment from then on, minor units.
        event_lease: Row of the lease, from 0.
        event_period: Periods that are over when it happens; a payment in advance of that day is
            still open.
        event_kind: Position in `EVENT_KINDS`, which says what of the following it needs.
        event_payment: Minor units, or `UNKNOWN`; of periods from then on, if not said otherwise.
        event_months: Of the term that is left, a multiple of `every`, or `UNKNOWN`.
        event_rate: Annual rate on the day, of 10^-15, or `UNKNOWN` for the one in use.
        event_level: Index level, of 10^-6, or `UNKNOWN`.
        event_share: Share of the right of use that is kept, of 10^-15, or `UNKNOWN`.
        event_fair_value: Of the asset on the day, minor units, or `UNKNOWN`.
        event_certain: 1 or 0: whether the lessee is now reasonably certain to buy; or `UNKNOWN`.
        event_standalone: 1 or 0: whether a right is added at its stand-alone price; or `UNKNOWN`.
        facts: Further facts by their name in `rules/facts/leases.toml`, truths as 1, 0 or
            `UNKNOWN`: `both_can_leave_without_penalty` and `staying_reasonably_certain` (a renewal
            that is certain counts only once the former is known), `risks_stay_with_lessor`,
            `payments_vary_otherwise`, `expected_to_be_subleased` ... A column that is left out is
            not stated.
    """

    row: Ints
    entity: Ints
    commencement: Ints
    term_months: Ints
    payment: Ints
    counterparty: Ints = attrs.field(factory=lambda: _column(0))
    currency: Ints = attrs.field(factory=lambda: _column(0))
    side: Ints = attrs.field(factory=lambda: _column(LESSEE))
    frameworks: Ints = attrs.field(factory=lambda: _column(US_GAAP))
    every: Ints = attrs.field(factory=lambda: _column(1))
    advance: Ints = attrs.field(factory=lambda: _column(1))
    day_one_excluded: Ints = attrs.field(factory=lambda: _column(1))
    rate: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    rate_convention: Ints = attrs.field(factory=lambda: _column(EFFECTIVE_ANNUAL))
    fair_value: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    carrying_amount: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    economic_life_months: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    remaining_life_months: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    guaranteed_residual: Ints = attrs.field(factory=lambda: _column(0))
    expected_guarantee_payment: Ints = attrs.field(factory=lambda: _column(0))
    third_party_residual: Ints = attrs.field(factory=lambda: _column(0))
    unguaranteed_residual: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    purchase_price: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    purchase_certain: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    title_transfers: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    no_alternative_use: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    renewal_months: Ints = attrs.field(factory=lambda: _column(0))
    renewal_certain: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    renewal_payment: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    termination_months: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    lessor_termination_months: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    short_term_elected: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    value_when_new: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    low_value_elected: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    collection_probable: Ints = attrs.field(factory=lambda: _column(UNKNOWN))
    initial_direct_costs: Ints = attrs.field(factory=lambda: _column(0))
    incentives: Ints = attrs.field(factory=lambda: _column(0))
    incentive_receivable: Ints = attrs.field(factory=lambda: _column(0))
    incentive_after_months: Ints = attrs.field(factory=lambda: _column(0))
    prepaid: Ints = attrs.field(factory=lambda: _column(0))
    restoration: Ints = attrs.field(factory=lambda: _column(0))
    index_base: Ints = attrs.field(factory=lambda: _column(0))
    step_lease: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    step_period: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    step_payment: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_lease: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_period: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_kind: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_payment: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_months: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_rate: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_level: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_share: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_fair_value: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_certain: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    event_standalone: Ints = attrs.field(factory=lambda: np.empty(0, np.int64))
    facts: Mapping[str, Ints] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        rows = len(self.row)
        for name in LEASE_COLUMNS:
            column = getattr(self, name)
            if column.dtype != np.int64:
                raise ValueError(f"{name} holds {column.dtype}, not int64")
            if len(column) == rows:
                continue
            if len(column) != 1:
                raise ValueError(f"{name} has {len(column)} rows where there are {rows} leases")
            object.__setattr__(self, name, _for_all(column, rows))
        facts = {name: _for_all(column, rows) for name, column in self.facts.items()}
        for name, column in facts.items():
            if len(column) != rows or column.dtype != np.int64:
                raise ValueError(f"fact {name} is no int64 column of {rows} rows")
        object.__setattr__(self, "facts", facts)
        happened = len(self.event_lease)
        for name in EVENT_COLUMNS[3:]:
            if happened and not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(happened, UNKNOWN, np.int64))
        for names in (STEP_COLUMNS, EVENT_COLUMNS):
            if len({len(getattr(self, name)) for name in names}) > 1:
                raise ValueError(f"{', '.join(names)} differ in length")
            if np.any(np.diff(getattr(self, names[0])) < 0):
                raise ValueError(f"{names[0]} does not ascend")

    def __len__(self) -> int:
        """How many leases."""
        return len(self.row)

    @classmethod
    def of(cls, columns: Mapping[str, npt.ArrayLike]) -> "LeaseTerms":
        """
        Leases from columns of any whole-number type by name.

        Example:
            >>> LeaseTerms.of({"row": [1], "entity": [0], "commencement": [0],
            ...                "term_months": [12], "payment": [100]}).every.tolist()
            [1]
        """
        made: dict[str, Any] = {
            name: np.asarray(values, np.int64) for name, values in columns.items()
        }
        return cls(**made)

    def part(self, first: int, last: int) -> "LeaseTerms":
        """
        The leases of some rows, with their steps and events.

        Args:
            first: First row, from 0.
            last: The row after the last one.

        Example:
            >>> terms = LeaseTerms.of({"row": [1, 2], "entity": [0, 0], "commencement": [0, 0],
            ...                        "term_months": [12, 24], "payment": [100, 200]})
            >>> terms.part(1, 2).term_months.tolist()
            [24]
        """
        found: dict[str, Any] = {name: getattr(self, name)[first:last] for name in LEASE_COLUMNS}
        for names in (STEP_COLUMNS, EVENT_COLUMNS):
            among = getattr(self, names[0])
            low, high = np.searchsorted(among, [first, last])
            found |= {name: getattr(self, name)[low:high] for name in names}
            found[names[0]] = found[names[0]] - first
        facts = {name: column[first:last] for name, column in self.facts.items()}
        return LeaseTerms(**found, facts=facts)

    def chosen(self, rows: Ints) -> "LeaseTerms":
        """
        The leases of some rows in their order, with their steps and events.

        Args:
            rows: Positions from 0, in any order, each at most once.
        """
        return Sorted(self, rows).part(0, len(rows))


class Sorted:
    """
    Leases in another order, handed out in parts of which none is made before it is asked for.
    """

    def __init__(self, terms: LeaseTerms, rows: Ints) -> None:
        """Rows are positions from 0, in any order, each at most once."""
        self._columns = {name: _once(getattr(terms, name)) for name in LEASE_COLUMNS}
        self._facts = {name: _once(column) for name, column in terms.facts.items()}
        self._terms, self._rows = terms, rows
        self._tables = []
        for names in (STEP_COLUMNS, EVENT_COLUMNS):
            counts = np.bincount(getattr(terms, names[0]), minlength=len(terms))
            # Looked up in the order of the rows, which is any order: small ones stay at hand.
            self._tables.append((names, narrow(np.cumsum(counts) - counts), narrow(counts)))

    def part(self, first: int, last: int) -> LeaseTerms:
        """
        Some of the leases, with their steps and events.

        Args:
            first: Position in the order.
            last: The one after the last.
        """
        rows = self._rows[first:last]
        found: dict[str, Any] = {name: _taken(one, rows) for name, one in self._columns.items()}
        for names, begins, counts in self._tables:
            own = counts[rows].astype(np.int64)
            at = runs(begins[rows].astype(np.int64), own)
            found |= {name: getattr(self._terms, name)[at] for name in names[1:]}
            found[names[0]] = np.repeat(np.arange(len(rows)), own)
        facts = {name: _taken(one, rows) for name, one in self._facts.items()}
        return LeaseTerms(**found, facts=facts)


def _for_all(column: Ints, rows: int) -> Ints:
    """A column of so many rows, where it has one value for all."""
    return np.broadcast_to(column, rows) if len(column) == 1 else column


def _once(column: Ints) -> Ints:
    """A column, or one value for all where they do not differ."""
    alike = len(column) and column[0] == column[-1] and np.all(column == column[0])
    return np.broadcast_to(column[:1], len(column)) if alike else column


def _taken(column: Ints, rows: Ints) -> Ints:
    """Some rows of a column; one value for all is not written down for each."""
    if column.strides == (0,) and len(rows):
        return column[:1]
    # All of them are rows of the column, so that nobody has to look whether they are.
    return column.take(rows, mode="clip")


STEP_COLUMNS = tuple(a.name for a in attrs.fields(LeaseTerms) if a.name.startswith("step_"))
EVENT_COLUMNS = tuple(a.name for a in attrs.fields(LeaseTerms) if a.name.startswith("event_"))
LEASE_COLUMNS = tuple(
    a.name
    for a in attrs.fields(LeaseTerms)
    if a.name not in {*STEP_COLUMNS, *EVENT_COLUMNS, "facts"}
)
