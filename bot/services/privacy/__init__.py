"""Privacy: consents, what is known of a person and given to them, what is forgotten and when, keys."""
