"""Kinds of answers a step can ask for: how each is heard, and how it is read back from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.i18n import _, ngettext
from bot.talk import hears
from bot.talk.errors import Refused
from bot.talk.says import Json

T_co = TypeVar("T_co", covariant=True)

# A name, a title, a line: what fits a phone's screen in one glance.
LINE_LENGTH = 200
# Files of pictures that nobody here can draw anew, without the place where they were taken.
_TELL_A_PLACE = (".heic", ".heif", ".hif", ".avif")


class Input(Protocol, Generic[T_co]):
    """A kind of answer. `hear` gives JSON or raises Refused; `read` gives the value or raises Refused."""

    def hear(self, event: hears.Event) -> Json:
        """Take what the person sent, as JSON for the journal."""

    def read(self, value: Json) -> T_co:
        """The value that the journal's JSON stands for; Refused if this release no longer takes it."""


@dataclass(frozen=True, slots=True)
class LongText:
    """Free words, between two lengths in characters."""

    shortest: int = 1
    longest: int = 2000

    def hear(self, event: hears.Event) -> Json:
        """A typed text, or the words under a picture."""
        if not isinstance(event, hears.Text):
            raise Refused(_("Please write it in words."))
        text = event.text.strip()
        self.read(text)
        return text

    def read(self, value: Json) -> str:
        """The text; Refused if it is too short or too long."""
        if not isinstance(value, str):
            raise Refused(_("Please write it in words."))
        if len(value) < self.shortest:
            raise Refused(
                ngettext(
                    "A little more, please: at least {n} character.",
                    "A little more, please: at least {n} characters.",
                    self.shortest,
                )
            )
        if len(value) > self.longest:
            raise Refused(
                _("That is {length} characters; {limit} fit. Please shorten it.").format(
                    length=len(value), limit=self.longest
                )
            )
        return value


def line(longest: int = LINE_LENGTH) -> LongText:
    """One short line of words."""
    return LongText(1, longest)


@dataclass(frozen=True, slots=True)
class Location:
    """A shared place; gives degrees WGS-84 as (lat, lon)."""

    def hear(self, event: hears.Event) -> Json:
        """A location or a venue."""
        if not isinstance(event, hears.Location):
            raise Refused(_("Please send a location: tap 📍 below, or the paper clip and Location."))
        return [event.lat, event.lon]

    def read(self, value: Json) -> tuple[float, float]:
        """The place; Refused if it is none."""
        if not isinstance(value, list) or len(value) != 2:
            raise Refused(_("Please send a location: tap 📍 below, or the paper clip and Location."))
        return float(value[0]), float(value[1])


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture; gives its file id at the channel."""

    def hear(self, event: hears.Event) -> Json:
        """A photo."""
        if not isinstance(event, hears.Photo):
            raise Refused(_("Please send a photo."))
        return event.file

    def read(self, value: Json) -> str:
        """The file id; Refused if it is none."""
        if not isinstance(value, str):
            raise Refused(_("Please send a photo."))
        return value


@dataclass(frozen=True, slots=True)
class Note:
    """Words, a photo, or a photo with words."""

    longest: int = 500

    def hear(self, event: hears.Event) -> Json:
        """A text or a photo with its caption."""
        if isinstance(event, hears.Photo):
            return {"text": event.caption[: self.longest], "photo": event.file}
        if isinstance(event, hears.Text):
            return {"text": LongText(1, self.longest).hear(event), "photo": None}
        raise Refused(_("Please send words or a photo."))

    def read(self, value: Json) -> dict[str, str | None]:
        """`{"text": …, "photo": file id or None}`; Refused if it is anything else."""
        if not isinstance(value, dict) or set(value) != {"text", "photo"}:
            raise Refused(_("Please send words or a photo."))
        return value


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo, a file or a voice note."""

    def hear(self, event: hears.Event) -> Json:
        """Whatever of these was sent."""
        match event:
            case hears.Photo(file, caption, _, size):
                return {"kind": "photo", "file": file, "caption": caption, "size": size}
            case hears.File(name=name) if name.lower().endswith(_TELL_A_PLACE):
                raise Refused(
                    _("Please send it as a photo, not as a file: as a file it tells where you took it.")
                )
            case hears.File(file, name, caption, size):
                return {"kind": "file", "file": file, "name": name, "caption": caption, "size": size}
            case hears.Voice(file, seconds, size):
                return {"kind": "voice", "file": file, "seconds": seconds, "size": size}
        raise Refused(_("Please send a photo, a file or a voice message."))

    def read(self, value: Json) -> hears.Photo | hears.File | hears.Voice:
        """What was sent; Refused if it is anything else."""
        match value:
            case {"kind": "photo", "file": str(file), "caption": str(caption), "size": int(size)}:
                return hears.Photo(file, caption, size=size)
            case {"kind": "file", "file": str(file), "name": str(name), "caption": str(caption)}:
                return hears.File(file, name, caption, int(value.get("size", 0)))
            case {"kind": "voice", "file": str(file), "seconds": int(seconds), "size": int(size)}:
                return hears.Voice(file, seconds, size)
        raise Refused(_("Please send a photo, a file or a voice message."))
