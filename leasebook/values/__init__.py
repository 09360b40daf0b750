"""
Room 0: vocabulary that knows nothing of leases (money, durations, citations, problems).
"""
