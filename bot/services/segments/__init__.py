"""Segments: who is meant, as a short line that people type and read."""

from bot.services.segments.audience import (
    Audience,
    audience,
    groups_within,
    people_within,
    tests,
)
from bot.services.segments.model import Segment, SegmentError
from bot.services.segments.reading import parse
from bot.services.segments.saying import describe, say
from bot.services.segments.settling import names, settle, settle_again

__all__ = [
    "Audience",
    "Segment",
    "SegmentError",
    "audience",
    "describe",
    "groups_within",
    "names",
    "parse",
    "people_within",
    "say",
    "settle",
    "settle_again",
    "tests",
]
