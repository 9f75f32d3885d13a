"""Lessons and guides: what they teach, how far a person is, what comes back for review."""
