"""
A portfolio measured lot by lot: tallies that add up, parts that a restart skips, one lease again.
"""
