"""Segments: who is meant, as a short line that people type and read."""

from bot.services.segments.audience import (
    Audience,
    audience,
    groups_within,
    names,
    people_within,
    settle,
    tests,
)
from bot.services.segments.model import Segment, SegmentError
from bot.services.segments.reading import parse
from bot.services.segments.saying import describe, say

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
    "tests",
]
