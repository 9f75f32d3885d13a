"""Kinds of answers that only appeals ask for: a story, what goes with it, a place, a day, an amount."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from bot.i18n import _
from bot.services.appeals.model import LONGEST_PLACE, LONGEST_STORY, LONGEST_WORDS
from bot.services.appeals.since import LONGEST, since
from bot.services.stations.desk import StationDesk
from bot.services.stations.model import Point, Query
from bot.services.stations.text import fold
from bot.services.understanding.money import amounts
from bot.services.understanding.units import cut
from bot.talk import hears, says
from bot.talk.choosing import chosen
from bot.talk.errors import Refused
from bot.talk.inputs import LongText, Sent, line
from bot.talk.says import Json

DONE: Final = "done"
FEN: Final = 100
SHORTEST_STORY: Final = 5
# Characters or English words; what is shorter where a kind is asked may be a search as well.
_SHORTEST_UNASKED: Final = 8
# More than any truck's freight in a year; a slip of the finger is found here.
MOST_YUAN: Final = 10_000_000
_AMOUNT: Final = re.compile(
    r"[¥￥]?\s*(\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?)\s*(万|千|k)?\s*(?:元|块钱?|yuan|rmb)?(?:左右|多)?",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(r"没有?了?|没得了?|冇|no|none|nothing|that s all", re.IGNORECASE)
_TIMES: Final = {None: 1, "万": 10_000, "千": 1_000, "k": 1_000}


class Story:
    """Words, a voice message, or a picture with words: `{"text", "sent"}`, `sent` as inputs.Sent has it."""

    def hear(self, event: hears.Event) -> Json:
        """What happened, told in one message."""
        if isinstance(event, hears.Voice):
            return {"text": "", "sent": Sent().hear(event)}
        if isinstance(event, hears.Photo | hears.File):
            text = LongText(SHORTEST_STORY, LONGEST_STORY).hear(hears.Text(event.caption))
            return {"text": text, "sent": Sent().hear(event)}
        if not isinstance(event, hears.Text):
            raise Refused(_("Please write what happened, or send a voice message."))
        return {"text": LongText(SHORTEST_STORY, LONGEST_STORY).hear(event), "sent": None}

    def read(self, value: Json) -> dict[str, Json]:
        """The same; Refused if it is anything else."""
        if not isinstance(value, dict) or set(value) != {"text", "sent"}:
            raise Refused(_("Please write what happened, or send a voice message."))
        return value


class About:
    """One of the kinds, tapped or named, as its id; or the story itself, as Story has it."""

    def __init__(self, kinds: Sequence[tuple[str, str]]) -> None:
        self._options = [says.Option(label, kind) for label, kind in kinds]

    def hear(self, event: hears.Event) -> Json:
        """A kind if it is one, else the story of who begins to tell at once."""
        if isinstance(event, hears.Text) and any(option.value == event.text for option in self._options):
            return event.text
        try:
            return chosen(self._options, event)
        except Refused:
            if isinstance(event, hears.Text) and len(cut(event.text).written) < _SHORTEST_UNASKED:
                raise
            return Story().hear(event)

    def read(self, value: Json) -> Json:
        """The same; Refused if it is anything else."""
        return value if any(option.value == value for option in self._options) else Story().read(value)


class More:
    """Something to go with what was told: a photo, a file, a voice message, more words; or that it is all.

    With `only_words` nothing but words.
    """

    def __init__(self, done: str, *, only_words: bool = False) -> None:
        self._done = done
        self._only_words = only_words

    def hear(self, event: hears.Event) -> Json:
        """One of these: `{"text"}`, `{"sent"}`, or "done"."""
        if not isinstance(event, hears.Text):
            if self._only_words:
                raise Refused(
                    _("Words only, please: you'd rather have no papers of an injury kept. /privacy")
                )
            return {"sent": Sent().hear(event)}
        said = event.text.strip(" ✓")
        if said in (DONE, self._done.strip(" ✓")) or _NOTHING.fullmatch(said):
            return DONE
        return {"text": LongText(1, LONGEST_WORDS).hear(event)}

    def read(self, value: Json) -> Json:
        """The same; Refused if it is anything else."""
        if value != DONE and not (isinstance(value, dict) and set(value) in ({"text"}, {"sent"})):
            raise Refused(_("Please send a photo, a file or a voice message."))
        return value


class Somewhere:
    """A place: shared, the name of a station or a quarter, or just said: `{"place", "point", "district"}`."""

    def __init__(self, stations: StationDesk) -> None:
        self._stations = stations

    def hear(self, event: hears.Event) -> Json:
        """A location or a line of words."""
        if isinstance(event, hears.Location):
            return self._shared(event)
        said = line(LONGEST_PLACE).hear(event)
        matches = self._stations.read(said).matches
        if not matches:
            return {"place": said, "point": None, "district": ""}
        named = matches[0].named
        return {
            "place": said,
            "point": [named.point.lat, named.point.lon],
            "district": named.district,
        }

    def read(self, value: Json) -> dict[str, Json]:
        """The same; Refused if it is anything else."""
        if not isinstance(value, dict) or set(value) != {"place", "point", "district"}:
            raise Refused(_("Please send a location, or write where."))
        return value

    def _shared(self, event: hears.Location) -> Json:
        found = self._stations.near(Point(event.lat, event.lon), Query(), 1)
        nearest = found[0].station if found else None
        place = event.title[:LONGEST_PLACE]
        if not place:
            place = str(_("near {station}").format(station=nearest.name)) if nearest else str(_("a pin"))
        district = nearest.district if nearest else ""
        return {"place": place, "point": [event.lat, event.lon], "district": district}


class Day:
    """The day since when something is so, in ISO."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def hear(self, event: hears.Event) -> Json:
        """A line that says since when."""
        day = since(line(LONGEST).hear(event), self._now())
        if day is None:
            raise Refused(_("I can't read that day. For example: yesterday, 3 weeks ago, April 20."))
        return day.isoformat()

    def read(self, value: Json) -> date:
        """The day; Refused if it is none."""
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise Refused(_("Please write since when.")) from None


class Amount:
    """An amount in yuan, kept in fen."""

    def hear(self, event: hears.Event) -> Json:
        """A number as people write or say it: 3200, 1.5万, 三千二."""
        said = line(LONGEST).hear(event).strip()
        match = _AMOUNT.fullmatch(said)
        if match is not None:
            yuan = float(match[1].replace(",", "")) * _TIMES[match[2].lower() if match[2] else None]
        else:
            found = amounts(fold(said))
            yuan = float(found[0].value) if len(found) == 1 and not said.startswith("-") else 0.0
        if not 0 < yuan <= MOST_YUAN:
            raise Refused(_("Please write a number, such as 3200 or 1.5万."))
        return round(yuan * FEN)

    def read(self, value: Json) -> int:
        """The amount in fen; Refused if it is none."""
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise Refused(_("Please write a number, such as 3200 or 1.5万."))
        return value
