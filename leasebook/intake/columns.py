"""
The columns that tables of leases, options, guarantees, steps and events may have.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import attrs

from leasebook.intake import cells
from leasebook.portfolio import terms
from leasebook.reckoning.rates import RATE_CONVENTIONS

#: Days are counted from this one.
EPOCH = date(1970, 1, 1).toordinal()

Sort = Literal[
    "id", "text", "day", "months", "every", "amount", "rate", "share", "level", "truth", "word",
    "count", "currency",
]  # fmt: skip

#: What the documents call a sort of cell.
SORTS: dict[Sort, str] = {
    "id": "id", "text": "text", "day": "date", "months": "months",
    "every": "months or a word", "amount": "amount", "rate": "rate", "share": "share",
    "level": "number", "truth": "yes or no", "word": "word", "count": "count",
    "currency": "currency code",
}  # fmt: skip


@attrs.frozen
class Column:
    """
    A column of a table.

    `term` is its name among the terms of a chunk, if it is one as it stands. A cell that is empty
    has the `default`; a column that is `needed` has none. `words` are those that may stand in it,
    each with the number that stands for it.
    """

    name: str
    sort: Sort
    meaning: str
    needed: bool = False
    default: int | str | None = None
    default_text: str = ""
    term: str = ""
    words: tuple[tuple[str, int], ...] = ()

    @property
    def shown_words(self) -> str:
        """The words that may stand in the column."""
        return ", ".join(f"`{word}`" for word, _ in self.words)


def _needed(name: str, sort: Sort, meaning: str, term: str = "") -> Column:
    return Column(name, sort, meaning, needed=True, term=term)


def _unknown(name: str, sort: Sort, meaning: str, text: str = "unknown", term: str = "") -> Column:
    return Column(name, sort, meaning, default=terms.UNKNOWN, default_text=text, term=term or name)


def _nothing(name: str, meaning: str, sort: Sort = "amount", term: str = "") -> Column:
    return Column(name, sort, meaning, default=0, default_text="nothing", term=term or name)


def _word(name: str, meaning: str, default: str, words: dict[str, int], term: str = "") -> Column:
    return Column(
        name, "word", meaning, default=words[default], default_text=default, term=term,
        words=tuple(words.items()),
    )  # fmt: skip


#: Facts that only some leases need, by their name in the rules.
FURTHER_FACTS = {
    "both_can_leave_without_penalty": "after the stated term each side may leave at little cost",
    "staying_reasonably_certain": "the lessee is reasonably certain not to end the lease",
    "risks_stay_with_lessor": "risks and rewards of the asset stay with the lessor (IFRS)",
    "payments_vary_otherwise": "payments vary other than with an index (lessors, US GAAP)",
    "expected_to_be_subleased": "the lessee expects to sublease a low-value asset (IFRS)",
}

FRAMEWORKS = {"us-gaap": terms.US_GAAP, "ifrs": terms.IFRS, "both": terms.US_GAAP | terms.IFRS}
_CONVENTIONS = {name: code for code, name in enumerate(RATE_CONVENTIONS)}

#: Of the table of leases, in the order in which they are documented.
LEASES: tuple[Column, ...] = (
    _needed("id", "id", "of the lease; no two leases have the same"),
    _needed("entity", "id", "in whose books the lease is measured"),
    Column("counterparty", "text", "the other party", default="", default_text="not said"),
    _word("side", "what the entity is", "lessee",
          {"lessee": terms.LESSEE, "lessor": terms.LESSOR}, "side"),
    Column("framework", "word", "under which it is measured", default=0,
           default_text="that of the command", term="frameworks",
           words=tuple(FRAMEWORKS.items())),
    _needed("currency", "currency", "of all its amounts"),
    _needed("commencement_date", "day", "first day of the lease", "commencement"),
    _needed("term_months", "months", "stated, which cannot be cancelled; whole periods",
            "term_months"),
    _needed("payment", "amount", "of every period", "payment"),
    Column("every", "every", "from one payment to the next: 1, 3, 6 or 12 months, or `month`, "
           "`quarter`, `half-year`, `year`", default=1, default_text="month", term="every"),
    _word("in", "on which day of its period a payment falls due", "advance",
          {"advance": 1, "arrears": 0}, "advance"),
    _nothing("free_months", "from commencement for which nothing is due", "months", "free_months"),
    _nothing("escalation", "by which the payment rises", "rate", "escalation"),
    Column("escalates_every_months", "months", "how often it rises", default=12,
           default_text="12", term="escalates_every_months"),
    _unknown("rate", "rate", "the entity's discount rate, or the rate that a lessor charges",
             "the rate implicit in the lease is solved"),
    _word("rate_convention", "how the rate relates to a period", "effective-annual",
          _CONVENTIONS, "rate_convention"),
    _word("day_one_payment", "whether a payment due on the commencement day is part of the "
          "opening liability", "excluded", {"excluded": 1, "included": 0}, "day_one_excluded"),
    _unknown("fair_value", "amount", "of the asset at commencement"),
    _unknown("carrying_amount", "amount", "of a lessor's asset", "the fair value"),
    _unknown("economic_life_months", "months", "of the asset from new"),
    _unknown("remaining_life_months", "months", "of the asset at commencement",
             "economic_life_months"),
    _unknown("title_transfers", "truth", "the asset is the lessee's in the end"),
    _unknown("no_alternative_use", "truth", "the asset is too special for another user"),
    _unknown("short_term_elected", "truth", "short-term leases are left off the balance sheet"),
    _unknown("value_when_new", "amount", "of the asset (IFRS: low value)", "the fair value"),
    _unknown("low_value_elected", "truth", "it is left off the balance sheet for that (IFRS)"),
    _unknown("collection_probable", "truth", "a lessor will probably collect what is due"),
    _nothing("initial_direct_costs", "of the entity, at commencement"),
    _nothing("incentives", "that the lessee receives at commencement"),
    _nothing("incentive_receivable", "that the lessee receives later"),
    _nothing("incentive_after_months", "from commencement until that one comes", "months"),
    _nothing("prepaid", "paid by commencement besides the payments"),
    _nothing("restoration", "present value of restoring the asset at the end"),
    _nothing("guaranteed_residual", "what the lessee guarantees of the residual value"),
    _nothing("expected_guarantee_payment", "what of it is probable or expected to be owed"),
    _nothing("third_party_residual", "what others guarantee"),
    _unknown("unguaranteed_residual", "amount", "expected beyond that"),
    _unknown("purchase_price", "amount", "of the lessee's option to buy at the end", "no option"),
    _unknown("purchase_certain", "truth", "the lessee is reasonably certain to buy"),
    _nothing("renewal_months", "of all renewals together; whole periods", "months"),
    _unknown("renewal_certain", "truth", "the lessee is reasonably certain to renew"),
    _unknown("renewal_payment", "amount", "of every renewed period", "the last payment"),
    _unknown("termination_months", "months", "from commencement until the lessee may first leave",
             "never"),
    _unknown("lessor_termination_months", "months", "the same of the lessor", "never"),
    _nothing("index_base", "level of the index at commencement", "level"),
    *(_unknown(name, "truth", meaning) for name, meaning in FURTHER_FACTS.items()),
)  # fmt: skip

_OF = _needed("lease", "id", "of the lease, as in the table of leases")

OPTIONS: tuple[Column, ...] = (
    _OF,
    Column("kind", "word", "what may be done", needed=True,
           words=(("renewal", 0), ("purchase", 1), ("termination", 2))),
    Column("term_months", "months", "that a renewal adds", default=0, default_text="nothing"),
    _unknown("after_months", "months", "from commencement until a termination can first be used",
             "not said"),
    _word("holder", "whose termination it is", "lessee", {"lessee": 0, "lessor": 1}),
    Column("times", "count", "how often it can be exercised", default=1, default_text="1"),
    _unknown("payment", "amount", "of every renewed period", "the last payment"),
    _unknown("price", "amount", "of a purchase at the end of the term"),
    _nothing("penalty", "of a termination; a lease that has one is to be written as a deal"),
    _unknown("reasonably_certain", "truth", "the lessee is reasonably certain to exercise it"),
)  # fmt: skip

GUARANTEES: tuple[Column, ...] = (
    _OF,
    Column("guarantor", "word", "who guarantees", needed=True,
           words=(("lessee", 0), ("third-party", 1))),
    _needed("amount", "amount", "of the residual value that is guaranteed"),
    _nothing("expected_payment", "what of it is probable or expected to be owed by the lessee"),
)  # fmt: skip

STEPS: tuple[Column, ...] = (
    _OF,
    _needed("date", "day", "from which period on; its first day"),
    _needed("payment", "amount", "of every period from then on"),
)

EVENTS: tuple[Column, ...] = (
    _OF,
    _needed("date", "day", "on which it happens; the first day of a period"),
    Column("kind", "word", "what happens", needed=True,
           words=tuple((name, code) for code, name in enumerate(terms.EVENT_KINDS))),
    _unknown("amount", "amount", "the payment from then on, or what the kind says", "not said",
             "event_payment"),
    _unknown("months", "months", "of the term that is left", "not said", "event_months"),
    _unknown("rate", "rate", "discount rate of the day", "the rate in use", "event_rate"),
    _unknown("index_level", "level", "level of the index", "not said", "event_level"),
    _unknown("retained_share", "share", "of the right of use that is kept", "not said",
             "event_share"),
    _unknown("fair_value", "amount", "of the asset on the day", "not said", "event_fair_value"),
    _unknown("reasonably_certain", "truth", "the lessee is now reasonably certain to buy",
             "not said", "event_certain"),
    _unknown("price_is_standalone", "truth", "a right is added at its stand-alone price",
             "not said", "event_standalone"),
    Column("order", "count", "among events of one day", default=0, default_text="0"),
)  # fmt: skip

#: The tables by name.
TABLES: dict[str, tuple[Column, ...]] = {
    "leases": LEASES,
    "options": OPTIONS,
    "guarantees": GUARANTEES,
    "steps": STEPS,
    "events": EVENTS,
}


def parser_of(column: Column, form: cells.Form) -> Callable[[str], Any]:
    """
    What turns the text of a cell of a column into its value; amounts need their currency's.

    Args:
        column: Which.
        form: How the file writes numbers and days.

    Returns:
        A function that raises `cells.Unreadable`.

    Example:
        >>> parser_of(LEASES[10], cells.Form())("arrears")
        0
    """
    if column.sort == "word":
        words = dict(column.words)
        parsed = cells.one_of(*words)
        return lambda text: words[parsed(text)]
    if column.sort == "day":
        read = cells.day if form.dates == "YYYY-MM-DD" else cells.day_in(form.dates)
        return lambda text: read(text).toordinal() - EPOCH
    if column.sort in ("rate", "share"):
        return lambda text: int(cells.rate(form.plain_number(text)) * terms.RATE_UNIT)
    if column.sort == "level":
        return lambda text: cells.level(form.plain_number(text))
    simple: dict[str, Callable[[str], Any]] = {
        "id": cells.identity, "text": cells.words, "months": cells.months,
        "every": cells.step_months, "truth": lambda text: int(cells.truth(text)),
        "count": cells.count, "currency": cells.currency_code,
    }  # fmt: skip
    return simple[column.sort]
