"""
How leases are handed to the loops: flat records of whole numbers, and what each field holds.

A record is a run of numbers in one flat list or array; the constants are places in it. Loops read
`units[u * UNIT + FIELD]`, so that they run on lists and, compiled, on arrays.
"""

#: Schedules, in the order of their numbers: names that posting templates select on.
SCHEDULES = (
    "lessee-exempt",
    "lessee-operating",
    "lessee-finance",
    "lessee-ifrs",
    "lessor-operating",
    "lessor-sales-type",
    "lessor-direct-financing",
    "lessor-finance-ifrs",
)
EXEMPT, OPERATING, FINANCE, IFRS_LESSEE, LETTING, SALES_TYPE, DIRECT, IFRS_LESSOR = range(8)

# --- a unit: one lease under one framework -------------------------------------------------------

KIND = 0  # its schedule at commencement
PERIODS = 1  # of the term decided on
EVERY = 2  # months of a period
ADVANCE = 3  # 1 or 0
PAYMENT = 4  # until a step changes it
STEP_FIRST = 5  # first of its rows in the steps
STEP_LAST = 6  # and the one after the last
RENEWED_FROM = 7  # first period at the renewal's payment
RENEWAL_PAYMENT = 8
DAY_ONE = 9  # 1 if a payment of the first day is kept out of the balances
NUMERATOR = 10  # of the rate per period
DENOMINATOR = 11
DAY_RATES = 12  # place of its rates by days of a period, for a period of no days; or -1
RESIDUAL = 13  # what is expected to be owed under a guarantee (finally paid, for a lessor)
PRICE = 14  # at which the lessee is certain to buy, or 0
OWNED = 15  # 1 if the asset becomes the lessee's
LIFE = 16  # periods the asset lasts from commencement
DIRECT_COSTS = 17
INCENTIVES = 18
PREPAID = 19
RESTORATION = 20
INDEX = 21  # index level at commencement
EVENT_FIRST = 22
EVENT_LAST = 23
INTERNATIONAL = 24  # 1 under IFRS
LESSOR_SIDE = 25  # 1 for a lessor
GUARANTEED = 26  # residual that anybody guarantees, or the price
UNGUARANTEED = 27
CARRYING = 28
WORTH = 29  # what an implicit rate makes payments and residual worth, less what is paid by start
RATE_GIVEN = 30  # 1 if the lessor's rate is stated
EXPENSED = 31  # 1 if a lessor expenses its direct costs
HAS_PROFIT = 32  # 1 if fair value and carrying amount differ
MONTH = 33  # month of commencement: 12 times the year plus the month less one
DAY = 34  # of that month
SLOT = 35  # of its entity, framework and currency in the ledger
SOLVED = 36  # a lessor's rate that its test has solved, of 10^-15, or -1
PAID_OTHERWISE = 37  # 1 if other amounts are paid for some periods than fall due
INCENTIVE_AT = 38  # period with whose payment a later incentive comes
INCENTIVE_LATER = 39  # that incentive
UNIT = 40

# --- an event ------------------------------------------------------------------------------------

AT = 0  # periods that are over
WHAT = 1  # position in terms.EVENT_KINDS
AMOUNT = 2  # payment, penalty or write-down; UNKNOWN if none is stated
LEFT = 3  # periods left, or -1 for those that are left anyway
RATE_NUMERATOR = 4
RATE_DENOMINATOR = 5  # 0 for the rate in use
RATE_DAYS = 6  # place of its rates by days, likewise, or -1
LEVEL = 7
SHARE = 8  # kept, of 10^-15
CLASS = 9  # schedule from then on, or -1 for the one before
CERTAIN = 10  # 1 if a purchase becomes certain, 0 if it no longer is
EVENT = 11

INDEX_CHANGED, RENT_CHANGED, EXTENDED, CONSIDERATION, REASSESSED = range(5)
TERM_REDUCED, SCOPE_REDUCED, GUARANTEE, IMPAIRED, TERMINATED = range(5, 10)
PURCHASE_REASSESSED, RIGHT_ADDED, INCENTIVE_RECEIVED, PAYMENT_MADE = range(10, 14)
#: A right added at its own price is a contract of its own, and this one goes on as it was; so it
#: does where another event has said the same of a period again.
SEPARATE = 14

# --- flows of a day, and an epoch ----------------------------------------------------------------

#: What moves on the first or last day of an epoch, in the order of their numbers.
DAY_FLOWS = (
    "initial",
    "remeasurement",
    "liability_derecognised",
    "rou_derecognised",
    "initial_direct_costs",
    "incentives",
    "prepaid",
    "day_one",
    "restoration",
    "gain",
    "impairment",
    "penalty",
    "liability_reclassified",
    "rou_reclassified",
    "direct_cost_amortisation",
    "accrued_written_off",
    "initial_receivable",
    "initial_residual",
    "asset_derecognised",
    "revenue",
    "cost_of_goods_sold",
    "selling_profit",
    "net_selling_profit",
    "deferred_profit",
    "initial_direct_costs_expensed",
    "initial_direct_costs_in_rate",
    "modification_gain",
    "receivable_returned",
    "residual_returned",
)
(
    INITIAL, REMEASUREMENT, LIABILITY_OUT, ROU_OUT, COSTS, INCENTIVE, PAID_BEFORE, FIRST_RENT,
    RESTORED, GAIN, WRITTEN_DOWN, PENALTY, LIABILITY_MOVED, ROU_MOVED, COSTS_LOST, ACCRUED_LOST,
    RECEIVABLE, RESIDUAL_ASSET, DERECOGNISED, REVENUE, COST_OF_GOODS, PROFIT, NET_PROFIT, DEFERRED,
    COSTS_EXPENSED, COSTS_IN_RATE, CHANGE_GAIN, RECEIVABLE_BACK, RESIDUAL_BACK,
) = range(len(DAY_FLOWS))  # fmt: skip
FLOWS = len(DAY_FLOWS)

#: What moves with every period, numbered on from the flows of a day.
PAYMENT_FLOW, VARIABLE_FLOW, INTEREST_FLOW, COST_FLOW, REDUCTION_FLOW = range(FLOWS, FLOWS + 5)
PLANT_FLOW = FLOWS + 5
INTEREST_PAID = FLOWS + 6  # what payments pay of interest, for the cash flow statement
LEDGER_FLOWS = FLOWS + 7
#: Interest, cost and reduction accrue by days.
BY_DAYS = 3

#: What the last two columns of rows are called in each schedule.
_COST_NAMES = ("cost", "cost", "", "", "income", *["deferred_profit_released"] * 3)
_REDUCTION_NAMES = (
    "", "rou_reduction", "amortisation", "amortisation", "direct_cost_amortisation",
    *["residual_accretion"] * 3,
)  # fmt: skip
_INTEREST_NAMES = (
    "", "", "interest_paid", "interest_paid", "", *["interest_received"] * 3
)  # fmt: skip


def flow_names(kind: int) -> tuple[str, ...]:
    """
    The names of all flows of a kind of schedule, as its templates know them.

    Example:
        >>> flow_names(LETTING)[COST_FLOW]
        'income'
    """
    periodic = ("payment", "variable_payment", "interest", _COST_NAMES[kind],
                _REDUCTION_NAMES[kind], "rou_passed_to_plant", _INTEREST_NAMES[kind])  # fmt: skip
    return (*DAY_FLOWS, *periodic)


OF_UNIT = FLOWS  # position of its unit
OF_KIND = FLOWS + 1  # its schedule
BEGINS = FLOWS + 2  # periods gone when it begins
LIVE = FLOWS + 3  # periods that are lived
FIRST_ROW = FLOWS + 4
LAST_PAYMENT = FLOWS + 5  # due at the close of the last period besides the rent, minor units
TO_PLANT = FLOWS + 6  # asset that becomes the lessee's then
RECEIVABLE_END = FLOWS + 7  # receivable that comes back as the asset then
RESIDUAL_END = FLOWS + 8
OPEN_LIABILITY = FLOWS + 9  # liability or receivable once it has opened
OPEN_ASSET = FLOWS + 10  # right of use, residual, or accrued rent, once it has opened
CLOSED_OUT = FLOWS + 11  # 1 if it runs to the end of the lease
COST_NOW = FLOWS + 12  # cost of the first day: what an exempt lease has prepaid when it ends early
EPOCH = FLOWS + 13

# --- what is carried while a unit is walked ------------------------------------------------------

S_PERIODS, S_BEGAN, S_NUMERATOR, S_DENOMINATOR, S_DAY_RATES, S_RESIDUAL, S_PRICE = range(7)
S_OWNED, S_LEVEL_AT, S_INDEX, S_CHANGE, S_SHARE, S_PENALTY, S_WRITE_DOWN = range(7, 14)
S_SAME, S_KIND, S_FINAL_BEFORE, S_OLD_PERIODS, S_TROUBLE = range(14, 19)
S_TOTAL, S_GONE, S_WHOLE, S_KEPT_LEFT, S_KEPT_VALUE, S_WALKED = range(19, 25)
S_DEFERRED, S_NET_RATE, S_RATE, S_RATE_UNIT, S_STATED, S_COST_TOTAL, S_COST_GONE = range(25, 32)
S_COST_WHOLE, S_INCENTIVE, S_INCENTIVE_IN, S_RECEIVED = range(32, 36)
#: While flows are posted: interest accrued and not paid, and that of the period before.
S_UNPAID, S_ACCRUED = 36, 37
#: 1 if anything falls due beside what is measured.
S_BESIDE = 38
STATE = 39

#: `S_CHANGE`.
REMEASURED, SCOPE_CUT, TERM_CUT, ENDED = range(4)

#: `S_TROUBLE`: the exact way is to be taken; no rate; a last interest that rounding cannot explain;
#: an event that cannot be.
DOUBT, NO_RATE, TRUE_UP, BAD_EVENT = 1, 2, 4, 8
