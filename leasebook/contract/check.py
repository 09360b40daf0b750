"""
Checks of meaning: what a deal that is well formed says that cannot be.

Each check is a small function from a draft to findings; `CHECKS` names them all. A check stays
silent where a figure is unknown or a part did not fit the model.
"""

from collections.abc import Callable, Iterator

from leasebook.contract import (
    check_accounts,
    check_credit,
    check_currency,
    check_events,
    check_figures,
    check_group,
    check_names,
    check_notes,
    check_parts,
    check_rates,
    check_rent_days,
    check_terms,
    check_transfers,
    check_warrants,
)
from leasebook.contract.draft import Draft
from leasebook.values.problem import Finding

Check = Callable[[Draft], Iterator[Finding]]

#: Every check, by what it holds.
CHECKS: dict[str, Check] = {
    "ids are plain": check_names.ids_are_plain,
    "ids differ by more than case": check_names.ids_differ,
    "bases have ids of their own": check_names.bases_differ,
    "references lead somewhere": check_names.references_lead_somewhere,
    "subjects are something": check_names.subjects_are_something,
    "sources are declared": check_names.sources_are_declared,
    "perimeters name entities": check_names.perimeters_name_entities,
    "interests make no circle": check_names.interests_make_no_circle,
    "outcomes can be read": check_names.outcomes_can_be_read,
    "assertions have an origin": check_names.assertions_have_an_origin,
    "assertions that a basis takes exist": check_names.taken_assertions_exist,
    "facts are stated once": check_names.facts_are_stated_once,
    "filed statements are the entity's": check_names.filed_statements_are_its_own,
    "amounts are within bounds": check_figures.amounts_are_within_bounds,
    "rates are within bounds": check_figures.rates_are_within_bounds,
    "shares are fractions": check_figures.shares_are_fractions,
    "parts are fractions": check_figures.parts_are_fractions,
    "values lie in their range": check_figures.values_lie_in_their_range,
    "needed amounts are not zero": check_figures.needed_amounts_are_not_zero,
    "counts are within bounds": check_figures.counts_are_within_bounds,
    "fiscal years end on a day": check_figures.fiscal_years_end_on_a_day,
    "parties differ": check_terms.parties_differ,
    "rent is one amount": check_terms.rent_is_one_amount,
    "rents that step have an amount": check_terms.rents_that_step_have_an_amount,
    "listed rents fill the term": check_terms.listed_rents_fill_the_term,
    "terms are whole periods": check_terms.terms_are_whole_periods,
    "applied rates are among the stated": check_rates.applied_rates_are_among_the_stated,
    "risk-free rates are not of public entities": (
        check_rates.risk_free_rates_are_not_of_public_entities
    ),
    "rents have steps or days": check_rent_days.rents_have_steps_or_days,
    "dated rents fall in the term": check_rent_days.dated_rents_fall_in_the_term,
    "dated rents count days": check_rent_days.dated_rents_count_days,
    "terms of dated rents end on days": check_rent_days.other_days_are_rent_days,
    "changes fit dated rents": check_rent_days.changes_fit_dated_rents,
    "leases end in time": check_terms.leases_end_in_time,
    "dates are in order": check_terms.dates_are_in_order,
    "notes keep to their coupon dates": check_notes.notes_keep_to_coupon_dates,
    "notes are said in one way": check_notes.notes_are_said_in_one_way,
    "days of notes are in order": check_notes.days_of_notes_are_in_order,
    "repayments have been drawn": check_notes.repayments_have_been_drawn,
    "draws are promised": check_notes.draws_are_promised,
    "prices are near par": check_notes.prices_are_near_par,
    "payments are made in one way": check_terms.payments_are_made_in_one_way,
    "interests are between the parties": check_terms.interests_are_between_the_parties,
    "interests add up to one at most": check_terms.interests_add_up,
    "events happen to leases": check_events.events_happen_to_leases,
    "events fall on their days": check_events.events_fall_on_their_days,
    "events have a place of their own": check_events.events_have_a_place_of_their_own,
    "events say what happens": check_events.events_say_what_happens,
    "events follow one another": check_events.events_follow_one_another,
    "events happen while the lease runs": check_events.events_happen_while_the_lease_runs,
    "deferred rent is paid in the lease": check_events.deferred_rent_is_paid_in_the_lease,
    "changes of rent say the rent": check_events.changes_of_rent_say_the_rent,
    "components can share the rent": check_parts.components_can_share_the_rent,
    "groups list contracts": check_parts.groups_list_contracts,
    "perimeters have no hole": check_terms.perimeters_have_no_hole,
    "losses are estimated in one way": check_credit.losses_are_estimated_in_one_way,
    "guarantees last whole periods": check_credit.guarantees_last_whole_periods,
    "guarantees say their worth in one way": check_credit.guarantees_say_their_worth_once,
    "maxima of guarantees can be told": check_credit.maxima_of_guarantees_can_be_told,
    "covered leases are the debtor's": check_credit.covered_leases_are_the_debtors,
    "guarantees are valued in order": check_credit.guarantees_are_worth_something_later,
    "leases are assumed once, by another": check_events.leases_are_assumed_by_another,
    "acquired interests are the acquirer's": check_group.acquired_interests_are_the_acquirers,
    "an entity is acquired once": check_group.an_entity_is_acquired_once,
    "acquisitions come before what follows": check_group.acquisitions_come_first,
    "supplies say their cost in one way": check_group.supplies_say_their_cost_once,
    "supplies are delivered in one way": check_group.supplies_are_delivered_in_one_way,
    "payments are tied to the recipient's purchases": check_group.payments_are_tied_to_purchases,
    "fees are said in one way": check_group.fees_are_said_in_one_way,
    "unsold parts fall": check_group.unsold_parts_fall,
    "warrants are given for another contract": check_warrants.warrants_are_given_for_another,
    "tranches are the warrant": check_warrants.tranches_are_the_warrant,
    "warrants are dated in order": check_warrants.warrants_are_dated_in_order,
    "stated periods follow each other": check_accounts.stated_periods_follow_each_other,
    "what two bookkeepers pay is a contract": (
        check_accounts.what_two_bookkeepers_pay_is_a_contract
    ),
    "assets pass once": check_transfers.assets_pass_once,
    "subleases fit their head lease": check_transfers.subleases_fit_their_head_lease,
    "exchange rates can be used": check_currency.exchange_rates_can_be_used,
    "commencements have an exchange rate": check_currency.commencements_have_a_rate,
    "leases in another currency stand alone": check_currency.foreign_leases_stand_alone,
}


def check(draft: Draft) -> Iterator[Finding]:
    """
    Every finding of every check.

    Example:
        >>> from leasebook.contract.draft import draft_of
        >>> draft, _ = draft_of({"entities": {"aux": {"name": "A"}}})
        >>> [finding.code for finding in check(draft)]
        ['LB0111']
    """
    for one in CHECKS.values():
        yield from one(draft)
