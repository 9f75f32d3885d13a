"""The codes that a place shows to be scanned: good for a minute, made without asking anybody.

A code is an HMAC-SHA256 over the place and a slot of 60 seconds, under the place's own key, which comes from
the bot's secret. A screen at a place needs only that place's key: whoever takes it along can open no other
door. A printed code is an HMAC over the place and a word; it is weaker, for it never changes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

SLOT_SECONDS: Final = 60
SLOTS_GOOD: Final = 3
"""The slot of now and those just before: between the scan and the answer the phone opens a chat."""
CODE_LENGTH: Final = 16
"""In hexadecimal digits, 64 bits: nobody guesses one within its minutes."""
LINK: Final = "https://t.me/{bot}?start=in_{place}_{code}"

STATION: Final = "s"
EVENT: Final = "e"
_PRINTED: Final = b"printed"
_PURPOSE: Final = b"wayside presence"
_PLACE: Final = re.compile(r"[se][A-Za-z0-9_-]{1,40}")
_PAYLOAD: Final = re.compile(r"([se][A-Za-z0-9_-]{1,40})_([0-9a-f]{16})")

Verdict = Literal["live", "printed", "old"]
"""What a code is: of the last minutes, the printed one, or neither."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanned link says: a place, and the code it showed."""

    place: str
    code: str


def station_place(station: str) -> str:
    """A station as a place. ValueError for an id that no link can carry."""
    return _checked(STATION + station)


def event_place(event: int) -> str:
    """An event as a place."""
    return _checked(f"{EVENT}{event}")


def _checked(place: str) -> str:
    if not _PLACE.fullmatch(place):
        raise ValueError("a place is s and a station's id, or e and an event's number")
    return place


def key_of(secret: str, bot: int, place: str) -> str:
    """The key of one place, as hexadecimal; `secret` is the bot's token."""
    return hmac.new(
        secret.encode(), _PURPOSE + f":{bot}:{_checked(place)}".encode(), hashlib.sha256
    ).hexdigest()


def slot_of(now: datetime) -> int:
    """The number of the slot that a moment lies in."""
    return int(now.timestamp()) // SLOT_SECONDS


def live_code(key: str, place: str, slot: int) -> str:
    """What a place shows during a slot."""
    return _code(key, place, str(slot).encode())


def printed_code(key: str, place: str) -> str:
    """What stands on a printed sheet."""
    return _code(key, place, _PRINTED)


def link(bot: str, place: str, code: str) -> str:
    """What the QR code says: a link into the chat with the bot (its name without @)."""
    return LINK.format(bot=bot, place=place, code=code)


def read(payload: str) -> Scanned | None:
    """The place and code of a link's payload (behind `in_`); None for anything else."""
    match = _PAYLOAD.fullmatch(payload)
    return Scanned(match[1], match[2]) if match else None


def judge(scanned: Scanned, key: str, now: datetime) -> Verdict:
    """What a scanned code is now. A screen whose clock is a little ahead is right, too."""
    slot = slot_of(now)
    for good in range(slot + 1, slot - SLOTS_GOOD, -1):
        if hmac.compare_digest(scanned.code, live_code(key, scanned.place, good)):
            return "live"
    if hmac.compare_digest(scanned.code, printed_code(key, scanned.place)):
        return "printed"
    return "old"


def _code(key: str, place: str, what: bytes) -> str:
    made = hmac.new(key.encode(), _checked(place).encode() + b"\0" + what, hashlib.sha256)
    return made.hexdigest()[:CODE_LENGTH]
