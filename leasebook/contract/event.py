"""
Events: what is assumed to happen to a lease after its commencement, in one scenario.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from leasebook.contract.figure import Figure
from leasebook.values.duration import Duration

Day: TypeAlias = date
EventKind: TypeAlias = Literal[
    "renewal-exercised",
    "option-not-exercised",
    "rent-changed",
    "term-reassessed",
    "purchase-option-reassessed",
    "guarantee-reassessed",
    "incentive-received",
    "index-changed",
    "payments-fixed",
    "extended",
    "consideration-changed",
    "term-reduced",
    "right-added",
    "scope-reduced",
    "term-reduced-and-right-added",
    "terms-changed",
    "terminated",
    "assumed",
    "collection-doubtful",
    "collection-probable",
    "payment-made",
    "impaired",
    "rent-deferred",
]


@attrs.frozen
class Event:
    """
    Something assumed to happen to a lease in one scenario.

    `payments` lists every payment from the event on; its length is the new remaining term. In
    advance the payment due that day is still unpaid. Events of one day happen in their `order`,
    then in that of the file. The other figures belong to kinds of their own.
    """

    scenario: str
    contract: str
    kind: EventKind
    date: Figure[date]
    order: int = 0
    amount: Figure[Decimal] | None = None
    discount_rate: Figure[Decimal] | None = None
    payments: tuple[Figure[Decimal], ...] = ()
    added_payments: tuple[Figure[Decimal], ...] = ()
    price_is_standalone: bool | None = None
    retained_share: Figure[Decimal] | None = None
    price: Figure[Decimal] | None = None
    exercise: Figure[Day] | None = None
    reasonably_certain: bool | None = None
    penalty: Figure[Decimal] | None = None
    index_level: Figure[Decimal] | None = None
    unpaid_periods: int | None = None
    lessee_classification: Literal["operating", "finance"] | None = None
    lessor_classification: (
        Literal["sales-type", "direct-financing", "finance", "operating"] | None
    ) = None
    fair_value: Figure[Decimal] | None = None
    remaining_term_periods: int | None = None
    remaining_life_periods: int | None = None
    new_lessee: str | None = None
    deferred_for: Figure[Duration] | None = None
    deferred_share: Figure[Decimal] | None = None
    repaid_from: Figure[Day] | None = None
    repaid_over: Figure[Duration] | None = None
    under_the_contract: bool | None = None
    lease_receivable: Figure[Decimal] | None = None
    unguaranteed_residual_asset: Figure[Decimal] | None = None


#: What the class rests on on a day, or the class itself.
_OF_CLASS = (
    "lessee_classification",
    "lessor_classification",
    "fair_value",
    "remaining_life_periods",
)
_NEW_TERMS = ("payments", "discount_rate", *_OF_CLASS)

#: The figures that a kind of event must have, and those that it may have besides.
EVENT_TERMS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "renewal-exercised": ((), ("amount", "discount_rate", *_OF_CLASS)),
    "option-not-exercised": ((), ()),
    "rent-changed": (("amount",), ("discount_rate", *_OF_CLASS)),
    "term-reassessed": ((), _NEW_TERMS),
    "purchase-option-reassessed": (("price", "exercise", "reasonably_certain"), _NEW_TERMS),
    "guarantee-reassessed": (("amount",), ()),
    "incentive-received": (("amount",), ()),
    "index-changed": (("index_level",), ("discount_rate",)),
    "payments-fixed": (("payments",), ()),
    "extended": (("payments",), _NEW_TERMS),
    "consideration-changed": (("payments",), _NEW_TERMS),
    "term-reduced": (("payments",), _NEW_TERMS),
    "right-added": ((), (*_NEW_TERMS, "added_payments", "price_is_standalone")),
    "scope-reduced": (("retained_share",), _NEW_TERMS),
    "term-reduced-and-right-added": (("payments", "added_payments"), _NEW_TERMS),
    "terms-changed": (
        (),
        (
            *_NEW_TERMS,
            "remaining_term_periods",
            "lease_receivable",
            "unguaranteed_residual_asset",
        ),
    ),
    "terminated": ((), ("penalty",)),
    "assumed": (("new_lessee", "discount_rate"), ("amount", "fair_value")),
    "collection-doubtful": ((), ("unpaid_periods",)),
    "collection-probable": ((), ()),
    "payment-made": (("amount",), ()),
    "impaired": (("amount",), ()),
    "rent-deferred": (
        ("deferred_for", "repaid_from", "repaid_over"),
        ("deferred_share", "under_the_contract", *(t for t in _NEW_TERMS if t != "payments")),
    ),
}

#: What the standards call a modification: the parties change scope or consideration.
MODIFICATIONS = frozenset(
    {
        "rent-changed",
        "extended",
        "consideration-changed",
        "term-reduced",
        "right-added",
        "scope-reduced",
        "term-reduced-and-right-added",
        "terms-changed",
        "rent-deferred",
    }
)

#: What happens to one asset: of a contract that holds several leases, it is said of one of them.
OF_A_COMPONENT = frozenset({"impaired", "guarantee-reassessed"})
