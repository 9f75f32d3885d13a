"""When a station is open: OpenStreetMap's opening_hours syntax, evaluated by opening-hours-py.

https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stub forgot

from bot.home import SHANGHAI
from bot.services.stations.holidays import COUNTRY, with_holidays
from bot.services.stations.model import Opening

MAX_LENGTH: Final = 255
"""Characters an opening_hours value may have: what OpenStreetMap itself allows for a value."""

_HORIZON_DAYS: Final = 366  # a change farther away than a year counts as never
_MOST_CHANGES: Final = 50  # changes of a comment alone are stepped over, but not for ever
_UNKNOWN: Final = Opening(None)
_EXAMPLE: Final = "write for example Mo-Su 08:00-22:00, 24/7, or Mo-Fr 09:00-18:00; PH off"


@lru_cache(maxsize=16_384)
def problem_with(hours: str) -> str | None:
    """What is wrong with `hours` and what to do, or None when they can be read. No hours at all are fine."""
    if not hours:
        return None
    if len(hours) > MAX_LENGTH:
        return f"opening hours are longer than {MAX_LENGTH} characters; shorten them"
    try:
        OpeningHours(hours, country=COUNTRY, auto_country=False, auto_timezone=False)
    except (ParserError, UnicodeEncodeError) as error:
        return f"opening hours cannot be read{_where(error)}; {_EXAMPLE}"
    return None


def _where(error: Exception) -> str:
    """Which character the parser stumbled over, from the ` --> 1:7` in its message."""
    _, arrow, rest = str(error).partition(" --> 1:")
    column = rest.split("\n", 1)[0]
    return f" from character {column} on" if arrow and column.isdigit() else ""


@lru_cache(maxsize=16_384)
def is_always(hours: str) -> bool:
    """Whether hours mean round the clock, every day."""
    if not hours or problem_with(hours):
        return False
    return str(OpeningHours(hours, auto_country=False, auto_timezone=False).normalize()) == "24/7"


def opening(hours: str, now: datetime, zone: ZoneInfo = SHANGHAI) -> Opening:
    """Whether a place with these hours is open at `now` (aware), to the minute. Unreadable hours are
    unknown."""
    minute = now.astimezone(zone).replace(second=0, microsecond=0, fold=0)
    return _opening(hours, minute, zone)


@lru_cache(maxsize=65_536)
def _opening(hours: str, minute: datetime, zone: ZoneInfo) -> Opening:
    parsed = _parsed(hours, minute.year, zone)
    if parsed is None:
        return _UNKNOWN
    state, _ = parsed.state(minute)
    if state == State.OPEN:
        until = _first_change(parsed, minute, to_open=False)
        return Opening(True, until=until, always=until is None)
    opens = _first_change(parsed, minute, to_open=True)
    return Opening(False if state == State.CLOSED else None, opens=opens)


@lru_cache(maxsize=16_384)
def _parsed(hours: str, year: int, zone: ZoneInfo) -> OpeningHours | None:
    """The hours as the library evaluates them in `year` and the year after, None when there are none to
    read."""
    if not hours or problem_with(hours):
        return None
    return OpeningHours(
        with_holidays(hours, year),
        timezone=zone,
        country=COUNTRY,
        auto_country=False,
        auto_timezone=False,
        max_interval_days=_HORIZON_DAYS,
    )


def _first_change(parsed: OpeningHours, start: datetime, *, to_open: bool) -> datetime | None:
    """The next moment at which the place becomes open (or ceases to be), None when none is in sight."""
    moment = start
    for _ in range(_MOST_CHANGES):
        change = parsed.next_change(moment)
        if change is None:
            return None
        state, _ = parsed.state(change)
        if (state == State.OPEN) == to_open:
            return change
        moment = change
    return None


class OpeningBoard:
    """Which of many opening hours are open, kept current at little cost: only those whose next change has
    come are looked at again."""

    def __init__(self, hours: Sequence[str], zone: ZoneInfo = SHANGHAI) -> None:
        self._hours = hours
        self._zone = zone
        self.always = np.array([is_always(text) for text in hours], dtype=np.bool_)
        """For each of the hours, whether they never end."""
        self._open = np.zeros(len(hours), dtype=np.bool_)
        self._due = np.zeros(len(hours))  # seconds since 1970 at which each must be looked at again
        self._next_due = 0.0
        self._looked_at = 0.0
        self.version = 0
        """Grows whenever a value of `open_at` changed."""

    def open_at(self, now: datetime) -> NDArray[np.bool_]:
        """For each of the hours, whether it is surely open at `now` (aware). Not to be written to."""
        seconds = now.timestamp()
        if seconds < self._looked_at:
            self._due[:] = 0.0
        elif seconds < self._next_due:
            return self._open
        self._looked_at = seconds
        before = self._open.copy()
        for position in np.flatnonzero(self._due <= seconds).tolist():
            self._look_at(position, now)
        self._next_due = float(self._due.min(initial=np.inf))
        if not np.array_equal(before, self._open):
            self.version += 1
        return self._open

    def _look_at(self, position: int, now: datetime) -> None:
        found = opening(self._hours[position], now, self._zone)
        self._open[position] = found.open is True
        change = found.until if found.open else found.opens
        # Without a change in sight, tomorrow is soon enough to look again.
        self._due[position] = (change or now + timedelta(days=1)).timestamp()
