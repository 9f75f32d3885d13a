"""The words of this package: a point, a station, what a courier asks for and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

Mode = Literal["foot", "ebike"]
MODES: Final[tuple[Mode, ...]] = ("foot", "ebike")

MAX_MINUTES: Final = 24 * 60
"""No search reaches farther than a day's way."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth in WGS-84 degrees, latitude first."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Station:
    """A place that looks after couriers. `services` holds ids of content/services.yaml, `kind` one of
    content/station_kinds.yaml, `opening_hours` OpenStreetMap syntax or nothing when unknown, `confirmed`
    the day somebody last checked. A retired station stays known to its links and favourites but is no
    longer found."""

    id: str
    name: str
    kind: str
    point: Point
    name_en: str = ""
    address: str = ""
    district: str = ""
    services: tuple[str, ...] = ()
    opening_hours: str = ""
    phone: str = ""
    note: str = ""
    confirmed: date | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a station must offer: all of `services`, one of `kinds` (any when empty), open now,
    within `minutes` by `mode`, open around the clock where `always`."""

    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    open_now: bool = False
    minutes: int | None = None
    mode: Mode = "foot"
    always: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The query as JSON values, defaults left out."""
        values: dict[str, Any] = {}
        if self.services:
            values["services"] = list(self.services)
        if self.kinds:
            values["kinds"] = list(self.kinds)
        if self.open_now:
            values["open_now"] = True
        if self.minutes is not None:
            values["minutes"] = self.minutes
        if self.mode != "foot":
            values["mode"] = self.mode
        if self.always:
            values["always"] = True
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Query:
        """The query that `to_dict` wrote. Raises ValueError where a value is not one it could have
        written."""
        minutes, mode = values.get("minutes"), values.get("mode", "foot")
        if minutes is not None and not (type(minutes) is int and 0 < minutes <= MAX_MINUTES):
            raise ValueError("minutes must be a whole number from 1 to 1440")
        if mode not in MODES:
            raise ValueError("mode must be foot or ebike")
        open_now, always = _flag(values, "open_now"), _flag(values, "always")
        return cls(_words(values, "services"), _words(values, "kinds"), open_now, minutes, mode, always)


def _flag(values: Mapping[str, Any], key: str) -> bool:
    flag = values.get(key, False)
    if type(flag) is not bool:
        raise ValueError(f"{key} must be true or false")
    return flag


def _words(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    words = values.get(key, [])
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{key} must be a list of words")
    return tuple(words)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a station is open: `open` is None when nobody knows. `until` says when it closes, `opens`
    when it opens next (aware datetimes in the station's time zone, None when no change is in sight),
    `always` is 24/7."""

    open: bool | None
    until: datetime | None = None
    opens: datetime | None = None
    always: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A station, how far it is as the crow flies (metres), how long the way takes (whole minutes), its
    opening."""

    station: Station
    metres: float
    minutes: int
    opening: Opening


@dataclass(frozen=True, slots=True)
class Place:
    """A town, quarter, road or landmark that people name when they say where they are."""

    name: str
    point: Point
    name_en: str = ""
    kind: str = ""
    region: str = ""
    district: str = ""
