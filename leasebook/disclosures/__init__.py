"""
Disclosures: what the notes on leases say beside the statements, and the check of published ones.
"""
