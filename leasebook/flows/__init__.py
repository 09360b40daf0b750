"""
Room 8: money between the parties of deals, where it goes round, and whose money pays for sales.
"""
