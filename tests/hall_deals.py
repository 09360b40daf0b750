"""A hall leased for five years, written anew for each test with what the test is about."""

import json

from leasebook import pipeline
from leasebook.measure.setting import Setting

HEAD = """
[deal]
title     = "A hall"
reporting = "tenant"
currency  = "USD"
known_to  = 2026-06-30

[sources]
agreement = "Lease agreement of 2025"

[entities.tenant]
name = "Tenant Inc."

[entities.owner]
name = "Owner LLC"

[assets.hall]
title       = "Hall 3"
kind        = "real-estate"
owner       = "owner"
source      = "agreement"
useful_life = "40 years"
in_service  = 2026-01-01
fair_value  = "9_000_000"
carrying_amount = "9_000_000"
held_from   = 2025-12-31

[contracts.hall-lease]
kind              = "lease"
lessor            = "owner"
lessee            = "tenant"
asset             = "hall"
source            = "agreement"
commencement_date = 2026-01-01
noncancellable    = "5 years"
discount_rate     = "6.5%"
{terms}

[contracts.hall-lease.rent]
amount = "{rent}"
every  = "month"
in     = "advance"
"""

TAIL = """
[scenarios.course]
title = "As agreed"

[[bases]]
id        = "as-filed"
title     = "As the parties state it"
scenario  = "course"
perimeter = {{ owner = "outside" }}
outcomes  = {outcomes}
"""


def written(parts="", *, terms="", rent="50_000", outcomes=()):
    """The text of the deal, with further tables, keys of the lease and outcomes of the basis."""
    return (
        HEAD.format(terms=terms, rent=rent) + parts + TAIL.format(outcomes=list(map(str, outcomes)))
    )


def opened(tmp_path, *args, **more):
    """The deal, loaded."""
    path = tmp_path / "deal.toml"
    path.write_text(written(*args, **more), encoding="utf-8")
    return pipeline.open_deal(path)


def stated(about, **facts):
    """Tables of facts about a subject."""
    return "".join(
        f'\n[[facts]]\nabout = "{about}"\nfact = "{name}"\nsource = "agreement"\n'
        f"value = {json.dumps(value)}\n"
        for name, value in facts.items()
    )


def component(name, kind, price):
    """A component of the lease, as a table."""
    return (
        f'\n[[contracts.hall-lease.components]]\nname = "{name}"\nkind = "{kind}"\n'
        f'standalone_price = "{price}"\n'
    )


def option(kind, **keys):
    """An option of the lease, as a table."""
    lines = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
    return f'\n[[contracts.hall-lease.options]]\nkind = "{kind}"\n{lines}'


def concluded(deal, decision, about, framework="us-gaap"):
    """What the rules conclude by themselves."""
    return pipeline.conclude(deal, framework, "course")[decision, about]


def decided(deal, framework="us-gaap", **outcomes):
    """A setting in which decisions about the hall's lease have outcomes."""
    known = {(name, "hall-lease"): outcome for name, outcome in outcomes.items()}
    return Setting(deal, framework, "course", known)
