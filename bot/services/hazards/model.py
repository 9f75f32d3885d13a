"""What a hazard is, and who hears what of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.services.notices import Recipient
from bot.services.stations.model import Point

# The kind of due things that remind a desk, and go a step up when nothing happened.
DEADLINE: Final = "hazard_deadline"

SAME_METRES: Final = 50
"""Reports of one kind so near to each other are of one hazard."""
NEAR_METRES: Final = 3_000
"""What is farther away concerns nobody who rides here."""
MOST_LISTED: Final = 30
SHOWN_AFTER: Final = timedelta(days=14)
"""What was mended stays in the list so long, for everybody to see."""
KEEP: Final = timedelta(days=365)
"""After it is over."""
LONGEST_NOTE: Final = 300
LONGEST_ANSWER: Final = 300
"""In characters."""
MOST_OPEN: Final = 20
"""Reported by one person and not settled: more than anybody sees, and a bound for scripts."""


class State(StrEnum):
    """Where a hazard stands."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"  # somebody was there: it is to be mended
    FIXED = "fixed"
    REFUSED = "refused"  # nothing there


OPEN: Final = (State.REPORTED, State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody reports. `place` is as our maps call it; `is_exact` where they shared it there."""

    kind: str
    place: str = ""
    point: Point | None = None
    is_exact: bool = False
    district: str = ""
    note: str = ""
    attachment: int | None = None

    @property
    def tells_something(self) -> bool:
        """Whether there is more to it than that somebody reports it."""
        return bool(self.note) or self.attachment is not None


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazard as everybody may know it: nothing here says who reported it, only how many did."""

    id: int
    kind: str
    place: str
    point: Point | None
    is_exact: bool
    district: str
    state: State
    desk: str
    branch: str
    next_at: datetime | None
    answer: str
    made_at: datetime
    changed_at: datetime
    reports: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to be mended."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Near:
    """A hazard, and how many metres away it is; None where that is not known."""

    hazard: Hazard
    metres: float | None = None


class Tiding(StrEnum):
    """What there is to hear of."""

    # To a desk
    NEW = "new"
    MORE = "more"  # somebody else reports the same
    CAME_UP = "came_up"
    MISSED = "missed"
    STILL_THERE = "still_there"
    WITHDRAWN = "withdrawn"
    # To those who reported it
    CONFIRMED = "confirmed"
    FIXED = "fixed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class News:
    """Word to somebody about a hazard; `note` is what a report said, for a desk. In a group it has no
    buttons of its own."""

    to: Recipient
    what: Tiding
    hazard: Hazard
    note: str = ""
    has_photo: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A hazard as it is now, and who has to hear of it."""

    hazard: Hazard
    news: tuple[News, ...] = ()
