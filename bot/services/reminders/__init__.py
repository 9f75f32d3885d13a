"""Reminders: what a person wants to be told of, once or again and again."""
