"""
A sample deal with comments, as `leasebook new` writes it: a small lease between two companies.
"""

SAMPLE = """\
#:schema leasebook.schema.json
# A lease of a hall between two companies. Everything after # is a comment.
# Amounts, rates and durations are text in quotes; dates and counts are not.

[deal]
title     = "A hall, leased for five years"
reporting = "tenant"   # whose statements are wanted
currency  = "USD"
known_to  = 2026-06-30 # nothing later is known

# Every figure is a fact with a source, or an assumption with a reason. Sources have names here.
[sources]
agreement = "Lease agreement of 15 December 2025"

[entities.tenant]
name            = "Tenant Inc."
fiscal_year_end = "12-31"
framework       = "us-gaap"

[entities.owner]
name = "Owner LLC"

[assets.hall]
title       = "Hall 3"
kind        = "real-estate"
owner       = "owner"
source      = "agreement"  # holds for every figure of this table ...
at          = "schedule 1" # ... and so does the place in the source
useful_life = "40 years"
in_service  = 2026-01-01
fair_value  = { value = "9_000_000", assumption = "an appraisal of 2024, unchanged" }

[contracts.hall-lease]
kind              = "lease"
lessor            = "owner"
lessee            = "tenant"
asset             = "hall"
source            = "agreement"
at                = "clause 2"
commencement_date = 2026-01-01
noncancellable    = "5 years"
discount_rate     = { value = "6.5%", assumption = "the tenant's borrowing rate" }

[contracts.hall-lease.rent]
amount = "50_000"
every  = "month"
in     = "advance"

[[contracts.hall-lease.options]]
kind  = "renewal"
term  = "5 years"
times = 1

# A judgement says who made it; a range is run at both of its ends.
[[judgements]]
about  = "hall-lease"
fact   = "renewal_reasonably_certain"
value  = false
range  = [false, true]
by     = "tenant"
source = "agreement"

# What is not public, or not known, is said so. It is never taken as false or zero.
[[facts]]
about   = "hall-lease"
fact    = "no_alternative_use"
unknown = "nobody has asked the owner"

# An assertion is an outcome that somebody states; the rules still run beside it.
[[assertions]]
decision = "lessee_classification"
about    = "hall-lease"
outcome  = "operating"
by       = "tenant"
source   = "agreement"

[[assertions]]
decision   = "lessor_classification"
about      = "hall-lease"
outcome    = "operating"
by         = "owner"
assumption = "the owner keeps the hall in its books"

# A scenario is a course of events; its events fall on the days of the contract's options.
[scenarios.leaves]
title      = "The tenant leaves after five years"
assumption = "no other course is planned"

[[events]]
scenario   = "leaves"
contract   = "hall-lease"
kind       = "option-not-exercised"
date       = 2031-01-01
assumption = "no other course is planned"

# A basis says how statements are prepared: which scenario, whose assertions they take, and what is
# consolidated.
[[bases]]
id         = "as-filed"
title      = "As the parties state it"
scenario   = "leaves"
assertions = ["tenant", "owner"]
perimeter  = { owner = "outside" }

[[bases]]
id       = "as-the-rules-conclude"
title    = "As the rules conclude"
scenario = "leaves"
"""


def sample() -> str:
    """
    The text of a deal file to begin with; it loads without problems.

    Example:
        >>> sample().splitlines()[0]
        '#:schema leasebook.schema.json'
    """
    return SAMPLE
