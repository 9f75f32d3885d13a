"""Wayside: a chat assistant for people who work on the road."""
