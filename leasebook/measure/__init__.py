"""
Room 5: how much: schedules of leases, notes, plant and the like, in minor units by date.

Where to look:

What every measurement uses:
    `schedule` amounts by date; `setting` framework, scenario and outcomes; `not_modelled` and
    `missing_rates` the answers to what cannot be measured; `draws`, `purchases` and `last_days`
    days and amounts that a contract spells out by a rule.

From contracts to leases:
    `units_of_account` is the way in; `separate_leases`, `combined_contracts` and `portfolio` part
    and join them; `lease_components` and `allocation` share the consideration, `service_rent` is
    for what turns out to be no lease.

The terms of a lease and what happens to it, the same for both sides:
    `term` and `lease_terms` at commencement; `lease_segment` one stretch of unchanged terms,
    `epoch_change` how it takes over what went before, `end_of_lease` what falls due at its close;
    `course` and `lease_changes` an event after the other, among them `collectability` and
    `rent_deferral` (`deferred_rent` its amounts); `lease_course` all of them; `assumed_lease`
    where another lessee takes over; `lease_periods` days and movements of each period.

A lessee:
    `lessee_epochs` both balances through the segments, `lessee` their schedules,
    `lease_schedules` with the class of each time and the asset that is kept; `lessee_rate` which
    rate it takes.

A lessor:
    `lessor_epochs` and `lessor` level income; `net_investment` and `invested_schedule` what is
    put in place of the asset; `deposit` rents that may have to go back; `leased_asset` what is
    given up, `sublease` where that is a right of use; `settlement` how it ends;
    `lessor_schedules` with the class of each time.

The same figures by name, as an example in a textbook asks for them:
    `lease_figures`, `lease_rows`, `lessee_figures`, `exempt_figures`, `lessor_figures`,
    `classification_values`.

Sales and leasebacks, works:
    `sale_price`, `sale_and_leaseback` and `leaseback` the split into sale and loan; `financing` a
    sale that failed; `leaseback_schedules` both sides; `works` what is built for a lessee.

A lease in another currency:
    `foreign_lease` is the way in; `translation`, `translated_lessee` and `translated_accruals`.

Plant:
    `asset` cost, owner and use; `plant` depreciation; `carrying_amount` on a day;
    `capitalised_interest` and `borrowing_cost` interest while it is built; `asset_use` all of it
    for one entity.

Money and equity:
    `note`, its terms in `note_terms` and `note_segment`, `effective_interest`; `securities`,
    `split` (interest and principal of a payment); `capital`,
    `equity_investment` without influence, `equity_method` and `investee_profit` with it;
    `acquisition` of an entity; `stated_accounts` where an entity has no contracts.

Promises and goods:
    `guarantee`, `guarantee_maximum`, `credit_derivative`, `credit_loss`, `warrant`, `supply`,
    and `undertakings` for all of them.

Facts that rules wait for:
    `measured_facts`, with `exits` (when a lease could end), `credit_facts`, `transfer_facts` and
    `expected_losses`.

Every contract of a deal, both sides: `contracts`.
"""
