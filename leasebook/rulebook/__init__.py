"""Room 4: decisions by cited rules, read from data; three values; undetermined is an answer."""
