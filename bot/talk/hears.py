"""What a dialog hears, neutral of the channel."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.talk.says import Json

# Bidirectional overrides and isolates can make a text read as something else than it is.
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(text: str) -> str:
    """User text without control characters, bidirectional marks and lone surrogates; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_BIDI)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc")


@dataclass(frozen=True, slots=True)
class Text:
    """A typed text, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A tap on one of the open prompt's buttons: the value that stands behind it."""

    value: Json


@dataclass(frozen=True, slots=True)
class Location:
    """A shared place in degrees; `title` where the channel named it (a venue)."""

    lat: float
    lon: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture by its file id at the channel; `album` groups pictures sent together. `size` in bytes."""

    file: str
    caption: str = ""
    album: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """A document by its file id at the channel; `album` groups those sent together. `size` in bytes."""

    file: str
    name: str = ""
    caption: str = ""
    size: int = 0
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note by its file id at the channel; length in seconds, `size` in bytes."""

    file: str
    seconds: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Other:
    """Something no dialog takes: a sticker, a contact, a game."""


@dataclass(frozen=True, slots=True)
class Back:
    """Take the last answer back."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave an optional question unanswered."""


Event = Text | Choice | Location | Photo | File | Voice | Other | Back | Skip
