"""
Room 5: how much: schedules of leases, notes, plant and the like, in minor units by date.
"""
