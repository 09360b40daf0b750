"""Room 11: what would have to change for a decision to come out otherwise, and where it leads."""
