"""Suggestions: what could be better, what people think of it, and what becomes of it."""
