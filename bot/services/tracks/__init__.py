"""Tracks: lessons that belong together, places in them, and the certificate at their end."""
