"""
Room 6: double entry (chart, posting templates, journal, ledger).
"""
