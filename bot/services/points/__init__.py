"""Points: what gives them, where each came from, what they can be exchanged for."""
