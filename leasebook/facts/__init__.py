"""Room 3: what is known of a contract, entity or guarantee, and what is not."""
