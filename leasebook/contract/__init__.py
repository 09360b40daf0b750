"""
Room 2: what the parties signed, as frozen values; knows nothing of accounting.
"""
