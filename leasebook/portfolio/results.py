"""
What a chunk of leases comes to: flows by month, trial balances, determinations, schedules.

A *unit* is one lease under one framework. Units are numbered by lease, US GAAP before IFRS.
"""

from collections.abc import Mapping
from functools import cached_property

import attrs

from leasebook.portfolio.balance import trial_balance
from leasebook.portfolio.ledger import Ledger
from leasebook.portfolio.terms import Ints


@attrs.frozen(eq=False)
class Decided:
    """
    One decision over the units of a chunk.

    Attributes:
        outcomes: All outcomes that the rule files know, both frameworks'.
        code: For each unit, the position of its outcome; -1 if it is undetermined, -2 if the
            decision is not asked of the unit (a lessor's of a lessee, and the reverse).
        facts: Names of facts that can be missing.
        missing: For each unit, bit k is set if it is undetermined for want of ``facts[k]``.
    """

    outcomes: tuple[str, ...]
    code: Ints
    facts: tuple[str, ...]
    missing: Ints


@attrs.frozen(eq=False)
class ScheduleRows:
    """
    Schedules of a chunk as flat columns, one row for each period that is lived.

    Attributes:
        unit: Position of the unit.
        epoch: From 1.
        period: From 0 at commencement.
        first_day: Of the period, days since 1970-01-01.
        last_day: Of the period.
        payment: Minor units that fall due and are measured.
        variable: Minor units that fall due beside.
        interest: On the liability or receivable.
        closing: Of the liability, the receivable, or (exempt leases, operating lessors) the rent
            prepaid (positive) or accrued (negative).
        cost: Level cost or income of operating and exempt leases; released profit of a net
            investment.
        reduction: By how much the asset falls; of an operating lessor, direct costs spread to the
            period; of a net investment, by how much the residual grows.
    """

    unit: Ints
    epoch: Ints
    period: Ints
    first_day: Ints
    last_day: Ints
    payment: Ints
    variable: Ints
    interest: Ints
    closing: Ints
    cost: Ints
    reduction: Ints


@attrs.frozen(eq=False, slots=False)
class Measured:
    """
    A chunk of leases, measured.

    Attributes:
        lease: For each unit, the row of its lease in the chunk.
        framework: For each unit, 1 US GAAP or 2 IFRS.
        decisions: By name (`lease_term`, `lease_exemption`, `lessee_classification`,
            `lessor_classification`, ...).
        schedule: For each unit, the position in `walk.SCHEDULES` of how it is measured at
            commencement; -1 if it is not measured because a decision is open, -2 if what it lacks
            is a rate or value (`refused` says which).
        refused: For each unit, 0, or the position in `REFUSALS` of why it cannot be measured.
        term_months: The lease term decided on; `terms.UNKNOWN` while it is open.
        opening_liability: At commencement: lease liability, or a lessor's lease receivable.
        opening_asset: Right-of-use asset, or a lessor's residual asset.
        rate_numerator: Per period at commencement.
        rate_denominator: Of it.
        flows: By ``schedule/flow`` and month.
    """

    lease: Ints
    framework: Ints
    decisions: Mapping[str, Decided]
    schedule: Ints
    refused: Ints
    term_months: Ints
    opening_liability: Ints
    opening_asset: Ints
    rate_numerator: Ints
    rate_denominator: Ints
    flows: Ledger

    @cached_property
    def trial_balance(self) -> Ledger:
        """By account and month, made of the flows by the posting templates."""
        return trial_balance(self.flows)


#: Why a lease of which all is decided cannot be measured; 0 is no refusal.
REFUSALS = (
    "",
    "no discount rate, and no fair value to solve one from",
    "no rate between 0 and 100 % a period makes the payments worth the fair value",
    "amounts or rate too large for exact 64-bit arithmetic",
    "an event lies outside the term or lacks a figure",
    "collection is not probable: a deposit is not modelled over columns",
    "the class changes for the lessor on the day of an event: not modelled over columns",
    "the asset is let under an operating lease and becomes the lessee's: not modelled over columns",
)
