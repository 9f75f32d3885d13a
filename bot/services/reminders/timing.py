"""A time as understood, in JSON and back: what a conversation keeps of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.services.when import Reason, When
from bot.services.when.model import Instant

Json = dict[str, Any]


def to_json(when: When) -> Json:
    """The time as JSON. What counts from now, such as "in half an hour", is a fixed moment in it."""
    return {
        "kind": when.kind,
        "zone": when.zone.key,
        "at": when.at and when.at.isoformat(),
        "rrule": when.rrule,
        "until": when.until and when.until.isoformat(),
        "what": when.what,
        "choices": [to_json(choice) for choice in when.choices],
        "reason": when.reason and when.reason.value,
    }


def from_json(value: Json) -> When:
    """The time that `to_json` wrote. KeyError, TypeError or ValueError for anything else."""
    zone = ZoneInfo(value["zone"])
    return When(
        value["kind"],
        zone,
        _instant(value["at"], zone),
        value["rrule"],
        _instant(value["until"], zone),
        value["what"],
        tuple(from_json(choice) for choice in value["choices"]),
        Reason(value["reason"]) if value["reason"] else None,
    )


def is_settled(when: When) -> bool:
    """Whether it says when to ring, to the minute."""
    return when.kind in ("moment", "recurring") and isinstance(when.at, datetime)


def on_clocks_of(when: When, zone: str) -> When:
    """The same wall time in another zone."""
    if not isinstance(when.at, datetime):
        return when
    there = ZoneInfo(zone)
    return replace(when, zone=there, at=when.at.astimezone(when.zone).replace(tzinfo=there))


def _instant(text: str | None, zone: ZoneInfo) -> Instant | None:
    if text is None:
        return None
    return datetime.fromisoformat(text).astimezone(zone) if "T" in text else date.fromisoformat(text)
