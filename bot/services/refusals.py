"""Why a service does not do what somebody asks."""

from __future__ import annotations


class NotThere(Exception):
    """There is no such thing, it is not theirs, or it is not as it was: nobody learns which."""


class TooMany(Exception):
    """Somebody has as many as one may have."""
