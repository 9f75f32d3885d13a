"""Stations: where they are, what they offer, when they open, and how a courier finds one."""
