"""Hazards: what is dangerous at a place, who mends it, and what everybody can see of it."""
