"""Broadcasts: one message to many, counted before, watched while it runs, reported afterwards."""
