"""Wishes: small things that somebody wishes for, and somebody else makes true; neither learns who."""
