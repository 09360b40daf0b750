"""
From a deal to the subjects that decisions are about, each with the facts its contracts carry.

What follows from a contract's terms is derived here and not stated again in the deal; what people
judge or state about a subject is added as they state it, with its source.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from leasebook.contract.credit import Guarantee
from leasebook.contract.deal import AS_LESSOR, GROUPINGS, Deal, StatedFact, StatedTable
from leasebook.contract.figure import Figure
from leasebook.contract.group import Acquisition
from leasebook.contract.lease import Lease
from leasebook.contract.model import (
    Construction,
    Contribution,
    EquityInterest,
    ResidualValueGuarantee,
    sides_of_purchase,
)
from leasebook.contract.option_times import (
    bound_months,
    first_termination,
    leading_lessor_renewals,
    longest_months,
    mutual_exit,
    options_of,
    stated_months,
    termination_months,
)
from leasebook.contract.share import signed_id
from leasebook.contract.transfer import Transfer, transfers
from leasebook.contract.warrant import Warrant
from leasebook.facts import lease_rates
from leasebook.facts.changes import changes_of_terms, life_left
from leasebook.facts.dictionary import Dictionary
from leasebook.facts.fact import Fact, Reading, Subject, Table, Unknown, Value, derived_facts
from leasebook.facts.guarantee_terms import guarantee_facts
from leasebook.reckoning.calendar import months_between

#: Months of a lease that is short-term at most (ASC 842 glossary; IFRS 16 Appendix A).
_SHORT_TERM = 12


def derive(deal: Deal, dictionary: Dictionary, scenario: str | None = None) -> tuple[Subject, ...]:
    """
    Every subject of a deal: leases and their components, transfers, entities, guarantees, warrants.

    A contract that holds several leases is a subject of which nothing is asked: each of them sees
    its facts. In a scenario also each lease on the day on which its terms change, and the change.
    Groups of contracts and portfolios are subjects where a table lists what belongs to them.

    Args:
        deal: The contracts and what is stated.
        dictionary: Gives the kind of each fact.
        scenario: Whose events count; None for none.

    Returns:
        Subjects; a pair of entity and holder sees the entity, a transfer the lease back.
    """
    leases, signed = deal.of_kind(Lease), (deal.signed or deal).of_kind(Lease)
    bare = (
        *(_lease(lease, deal) for lease in leases),
        *(part for lease in signed for part in _components(lease)),
        *(_services(lease) for lease in leases if _has_services(lease)),
        *(s for lease in signed if lease.id not in deal.contracts for s in _whole(lease)),
        *(_transfer(transfer, deal) for transfer in transfers(deal)),
        *(_entity(entity) for entity in deal.bookkeepers() if entity != deal.reporting),
        *_pairs(deal),
        *(_guarantee(g, deal) for g in deal.of_kind(ResidualValueGuarantee)),
        *(s for g in deal.of_kind(Guarantee) for s in _guaranteed_debt(g, deal)),
        *(_acquisition(a) for a in deal.of_kind(Acquisition)),
        *(_warrant(w, deal) for w in deal.of_kind(Warrant)),
        *_payments_to_customers(deal),
        *_investments(deal),
        *changes_of_terms(deal, scenario),
        *(Subject(t.about, GROUPINGS[t.table]) for t in deal.tables if t.table in GROUPINGS),
    )
    about = {stated.about for stated in (*deal.facts, *deal.judgements)}
    about |= {table.about for table in deal.tables}
    return tuple(
        with_stated(subject, deal, dictionary)
        if subject.id in about
        else attrs.evolve(subject, tables={})
        for subject in bare
    )


def _term(name: str, figure: Figure[Any], value: Value | None = None, kind: str = "term") -> Fact:
    known = figure.value if value is None else value
    return Fact(
        name,
        known if known is not None else Unknown(figure.unknown or "not stated"),
        kind,
        path=figure.path,
        source=figure.origin() if figure.assumption is None else None,
        assumption=figure.assumption,
        readings=tuple(Reading(str(end), end) for end in figure.range),
        # A range beside an unknown value says that the value lies within it.
        exhaustive=known is None and bool(figure.range),
    )


def _lease(lease: Lease, deal: Deal) -> Subject:
    asset = deal.assets[lease.asset]
    path = f"contracts.{signed_id(lease.id)}"
    guaranteed = any(lease.id in g.covers_leases for g in deal.of_kind(ResidualValueGuarantee))
    life = asset.useful_life.value.months if asset.useful_life.value is not None else None
    left = life_left(asset, lease.commencement_date.get())
    purchase = bool(options_of(lease, "purchase", "lessee"))
    facts = derived_facts(
        {
            "asset_type": ("property-plant-equipment", f"assets.{asset.id}.kind"),
            "asset_explicitly_named": (True, f"{path}.asset"),
            "physically_distinct": (True, f"{path}.asset"),
            "has_purchase_option": (purchase, f"{path}.options"),
            "has_residual_value_guarantee": (guaranteed, "contracts"),
            "remaining_economic_life_months": (left, f"assets.{asset.id}.useful_life"),
            "expected_to_be_subleased": (
                any(other.head_lease == lease.id for other in deal.of_kind(Lease)),
                "contracts",
            ),
            **_of_sublease(lease, deal),
            **dict(lease_rates.derived(lease, deal)),
            "is_real_estate": (asset.kind == "real-estate", f"assets.{asset.id}.kind"),
            "lessee_holds_equity_in_owner": (
                any(
                    (held.holder, held.issuer) == (lease.lessee, lease.lessor)
                    for held in deal.of_kind(EquityInterest)
                ),
                "contracts",
            ),
            "built_for_lessee": (
                any(c.asset == asset.id for c in deal.of_kind(Construction)),
                "contracts",
            ),
        }
    )
    months = lease.noncancellable.get().months
    terms: tuple[Fact, ...] = (
        _term("noncancellable_months", lease.noncancellable, months),
        _term("total_economic_life_months", asset.useful_life, life),
        _term("fair_value", asset.fair_value),
        _term("value_when_new", asset.fair_value),
        *(_term(name, figure) for name, figure in lease_rates.stated(lease, deal)),
    )
    facts |= _option_facts(lease)
    if not purchase:
        facts["purchase_option_reasonably_certain"] = Fact(
            "purchase_option_reasonably_certain", False, "derived", f"{path}.options",
            "follows from the contracts",
        )  # fmt: skip
    parents = tuple({signed_id(lease.id)} - {lease.id})
    unasked = frozenset() if lease_rates.basis_is_asked(lease, deal) else {lease_rates.BASIS}
    facts |= {fact.name: fact for fact in terms}
    return Subject(lease.id, "lease", facts, parents=parents, unasked=frozenset(unasked))


def _whole(lease: Lease) -> Iterator[Subject]:
    """A contract that holds several leases, with what people state of all of them."""
    yield Subject(lease.id, "lease", asked=frozenset())
    services = f"{lease.id}/{AS_LESSOR}"
    yield Subject(services, "services-of-lease", parents=(lease.id,), asked=frozenset())


def _of_sublease(lease: Lease, deal: Deal) -> dict[str, tuple[Value, str]]:
    """
    What a sublease is classified by where the right of use counts: what is left of the head lease.

    Source: IFRS 16.B58.
    """
    path = f"contracts.{signed_id(lease.id)}.head_lease"
    head = deal.contracts.get(lease.head_lease or "")
    if not isinstance(head, Lease):
        return {"is_sublease": (False, path)}
    months = head.noncancellable.get().months
    run = max(0, months_between(head.commencement_date.get(), lease.commencement_date.get()))
    elected = any(
        fact.about in (head.id, signed_id(head.id))
        and fact.fact == "short_term_elected"
        and fact.value.value is True
        for fact in (*deal.facts, *deal.judgements)
    )
    purchase = any(option.kind == "purchase" for option in head.options)
    return {
        "is_sublease": (True, path),
        "remaining_head_lease_months": (max(0, months - run), path),
        "head_lease_short_term": (elected and months <= _SHORT_TERM and not purchase, path),
    }


def _option_facts(lease: Lease) -> dict[str, Fact]:
    """What the options of a lease are and whose, and whether they reach into its stated term."""
    path = f"contracts.{signed_id(lease.id)}.options"
    exits = options_of(lease, "termination")
    holders = {option.holder for option in exits}
    found = {
        "has_renewal_option": bool(options_of(lease, "renewal", "lessee")),
        "renewal_option_with_lessor": bool(leading_lessor_renewals(lease)),
        "has_termination_option": "lessee" in holders,
        "both_may_terminate": holders == {"lessee", "lessor"},
    }
    if all(termination_months(option) is not None for option in exits):
        first, mutual = first_termination(lease, "lessee"), mutual_exit(lease)
        stated, bound, longest = stated_months(lease), bound_months(lease), longest_months(lease)
        found["has_termination_option"] = first is not None and first < longest
        found["termination_in_first_term"] = first is not None and first < stated
        found["termination_while_bound"] = first is not None and first < bound
        found["both_may_terminate"] = mutual is not None and mutual < longest
        found["mutual_exit_while_bound"] = mutual is not None and mutual < bound
    return derived_facts({name: (value, path) for name, value in found.items()})


def _has_services(lease: Lease) -> bool:
    return any(part.kind == "non-lease" for part in lease.components)


def _components(lease: Lease) -> Iterator[Subject]:
    """The parts that a contract lists, each as a subject; the asset itself where it lists none."""
    path = f"contracts.{lease.id}"
    if not lease.components:
        facts = {"gives_right_to_use": (True, f"{path}.asset")}
        facts["transfers_good_or_service"] = (True, f"{path}.asset")
        yield Subject(
            f"{lease.id}/{lease.asset}", "component", derived_facts(facts), parents=(lease.id,)
        )
    for at, part in enumerate(lease.components):
        place = f"{path}.components[{at}].kind"
        named: dict[str, tuple[Value, str]] = {
            "gives_right_to_use": (part.kind == "lease", place),
            "transfers_good_or_service": (True, place),
            "combine_elected": (lease.combine_components, f"{path}.combine_components"),
        }
        yield Subject(
            f"{lease.id}/{part.name}", "component", derived_facts(named), parents=(lease.id,)
        )


def _services(lease: Lease) -> Subject:
    """The services of a lease together, as its lessor decides about them."""
    parents: tuple[str, ...] = (lease.id,)
    if signed_id(lease.id) != lease.id:
        parents = (lease.id, f"{signed_id(lease.id)}/{AS_LESSOR}")
    return Subject(f"{lease.id}/{AS_LESSOR}", "services-of-lease", parents=parents)


def _transfer(transfer: Transfer, deal: Deal) -> Subject:
    back = tuple(lease.id for lease in deal.of_kind(Lease) if transfer.leased_back(lease))
    asset = deal.assets[transfer.asset]
    facts = derived_facts(
        {"is_real_estate": (asset.kind == "real-estate", f"assets.{asset.id}.kind")}
    )
    if not transfer.deemed:
        # Of works it waits for who controls them while they are built.
        facts |= derived_facts({"leased_back": (bool(back), "contracts")})
    return Subject(transfer.id, "transfer", facts, parents=back)


def _entity(entity: str) -> Subject:
    return Subject(entity, "entity")


def _pairs(deal: Deal) -> Iterator[Subject]:
    """Each entity with the reporting one, and with each of its holders that keeps books."""
    interests: tuple[EquityInterest, ...] = deal.of_kind(EquityInterest)
    keeps = deal.bookkeepers()
    shares = {(i.issuer, i.holder): i for i in interests if i.holder in keeps}
    pairs = {(entity, deal.reporting): None for entity in keeps if entity != deal.reporting}
    for entity, holder in {**pairs, **dict.fromkeys(shares)}:
        interest = shares.get((entity, holder))
        facts = derived_facts({"reporting_entity": (holder, f"entities.{holder}")})
        if interest is not None:
            facts["ownership_share"] = _term("ownership_share", interest.share)
        else:
            facts |= derived_facts({"ownership_share": (0, "contracts")})
        yield Subject(f"{entity}/{holder}", "pair", facts, parents=(entity,))


def _guarantee(guarantee: ResidualValueGuarantee, deal: Deal) -> Subject:
    leases = [deal.contracts[lease] for lease in guarantee.covers_leases]
    own = all(isinstance(x, Lease) and x.lessee == guarantee.guarantor for x in leases)
    path = f"contracts.{guarantee.id}.covers_leases"
    facts = derived_facts({"guarantees_own_leased_asset": (own, path)})
    return Subject(guarantee.id, "guarantee", facts, parents=guarantee.covers_leases)


def _guaranteed_debt(guarantee: Guarantee, deal: Deal) -> Iterator[Subject]:
    """
    A guarantee of a debt or of rents: its scope follows from its terms; beside it, its measurement.
    """
    yield Subject(guarantee.id, "guarantee", guarantee_facts(guarantee, deal))
    path = f"contracts.{guarantee.id}"
    figures = {
        "issued_at_arms_length": guarantee.arms_length,
        "guarantee_premium": guarantee.premium,
    }
    terms = {name: _term(name, figure) for name, figure in figures.items() if figure is not None}
    absent: dict[str, tuple[Value, str]] = {
        "issued_at_arms_length": (False, f"{path}.arms_length"),
        "guarantee_premium": (Decimal(0), f"{path}.premium"),
    }
    derived = derived_facts({name: value for name, value in absent.items() if name not in terms})
    about = f"{guarantee.id}/{guarantee.debtor}"
    yield Subject(about, "guaranteed-debt", derived | terms, parents=(guarantee.id,))


def _acquisition(acquisition: Acquisition) -> Subject:
    """The first consolidation of an entity, which sees the entity's own facts."""
    return Subject(acquisition.id, "acquisition", parents=(acquisition.acquired,))


def _warrant(warrant: Warrant, deal: Deal) -> Subject:
    """A warrant, with what its holder is to its issuer under the contract that it is given for."""
    path = f"contracts.{warrant.id}"
    earned = deal.contracts[warrant.in_exchange_for]
    sides = sides_of_purchase(earned)
    guarantees = isinstance(earned, Guarantee) and earned.guarantor == warrant.holder
    facts = derived_facts(
        {
            "holder_is_customer": (
                sides == (warrant.issuer, warrant.holder),
                f"{path}.in_exchange_for",
            ),
            "given_for_guarantee": (guarantees, f"{path}.in_exchange_for"),
            "settled_in": (warrant.settled_in, f"{path}.settled_in"),
        }
    )
    facts["net_settleable"] = _term("net_settleable", warrant.net_settleable)
    return Subject(warrant.id, "warrant", facts)


def _payments_to_customers(deal: Deal) -> Iterator[Subject]:
    """Capital that is tied to purchases of its recipient: what is paid, and for what worth."""
    for contract in deal.of_kind(Contribution):
        if contract.tied_to is None:
            continue
        path = f"contracts.{contract.id}"
        sides = sides_of_purchase(deal.contracts[contract.tied_to])
        customer = sides == (contract.contributor, contract.recipient)
        facts = derived_facts({"recipient_is_customer": (customer, f"{path}.tied_to")})
        paid = contract.calls.total if contract.calls is not None else contract.amount
        for name, figure in (("paid", paid), ("instrument_value", contract.instrument_fair_value)):
            if figure is not None:
                facts[name] = _term(name, figure)
        yield Subject(contract.id, "payment", facts)


def _investments(deal: Deal) -> Iterator[Subject]:
    """Interests that are worth something else on later days, in books of their holder."""
    for interest in deal.of_kind(EquityInterest):
        if interest.fair_values and deal.entities[interest.holder].keeps_books:
            yield Subject(interest.id, "investment")


def with_stated(subject: Subject, deal: Deal, dictionary: Dictionary) -> Subject:
    """A subject with what people state of it in a deal."""
    stated = {
        s.fact: _stated(s.fact, s.value, kind) for kind, s in _about(subject.id, deal, dictionary)
    }
    tables = {t.table: _table(t, dictionary) for t in deal.tables if t.about == subject.id}
    return attrs.evolve(subject, facts={**subject.facts, **stated}, tables=tables)


def _about(subject: str, deal: Deal, dictionary: Dictionary) -> Iterable[tuple[str, StatedFact]]:
    for fact in deal.facts:
        if fact.about == subject:
            meaning = dictionary.facts.get(fact.fact)
            yield (meaning.kind if meaning else "term"), fact
    for judgement in deal.judgements:
        if judgement.about == subject:
            yield "judgement", judgement


def _stated(name: str, figure: Figure[Any], kind: str) -> Fact:
    return _term(name, figure, kind=kind)


def _table(stated: StatedTable, dictionary: Dictionary) -> Table:
    columns = dictionary.tables[stated.table].columns
    rows = tuple(
        {name: _stated(name, cell, columns[name].kind) for name, cell in row.items()}
        for row in stated.rows
    )
    return Table(stated.table, rows, stated.complete)
