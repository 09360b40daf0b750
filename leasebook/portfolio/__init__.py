"""
Room 7: many leases at once, as columns; the same arithmetic and the same rules as for one.
"""
