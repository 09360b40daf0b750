"""
Room 7: the group (perimeter, eliminations, group entries, non-controlling interest, worksheet).
"""
