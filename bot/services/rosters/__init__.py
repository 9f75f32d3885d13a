"""Rosters: an office's own list of people, each invited by a link of their own. Their names stay with it."""
