"""A text with what can be known of it for certain: what it asks of stations, its time, its language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from bot.services.stations.search import NOTHING_ASKED, Asked
from bot.services.stations.text import has_han
from bot.services.understanding.lexicon import Lexicon
from bot.services.understanding.pinyin import syllables_of
from bot.services.when import When, read
from bot.services.when.folding import fold

_WORD: Final = re.compile(r"[a-z]+")
_EDGES: Final = " \t\n,，.。;；:：!！?？、~～-–—\"'“”‘’()（）"


class ReadStations(Protocol):
    """Takes a line apart as a search for a station (see `stations.search`)."""

    def __call__(self, text: str, *, surely: bool = False) -> Asked:
        """What it asks for; `surely` where it is known to ask."""


@dataclass(frozen=True)
class Said:
    """A text, the moment and the zone it was said in, and who knows the stations and the words."""

    text: str
    now: datetime
    zone: ZoneInfo
    read_stations: ReadStations
    lexicon: Lexicon

    @cached_property
    def folded(self) -> str:
        """In lower case and half-width, every character at its place."""
        return fold(self.text)

    @cached_property
    def asked(self) -> Asked:
        """What it asks of stations."""
        return self.read_stations(self.text)

    @cached_property
    def searched(self) -> Asked:
        """The same, where it is known to be a search."""
        if self.asked is not NOTHING_ASKED:
            return self.asked
        return self.read_stations(self.text, surely=True)

    @cached_property
    def when(self) -> When:
        """The time in it."""
        return read(self.text, self.now, self.zone)

    @cached_property
    def is_chinese(self) -> bool:
        """Whether there is a Chinese character in it."""
        return has_han(self.text)

    @cached_property
    def is_pinyin(self) -> bool:
        """Whether it is Chinese in Latin letters."""
        words = _WORD.findall(self.folded)
        return not self.is_chinese and bool(words) and all(map(syllables_of, words))

    def named(self, table: str) -> str:
        """The value of a table of the lexicon that was named; nothing where none was."""
        return self.lexicon.value(table, self.folded)

    def original(self, match: re.Match[str], group: str | int = 0) -> str:
        """What a match in `folded` is in the text, without punctuation at its ends."""
        begin, end = match.span(group)
        return trimmed(self.text[begin:end])

    def first(self, pattern: re.Pattern[str], group: str) -> str:
        """What a group of the first match is in the text; nothing where nothing matches."""
        match = pattern.search(self.folded)
        return self.original(match, group) if match and match.group(group) else ""


def trimmed(text: str) -> str:
    """A piece without the spaces and punctuation at its ends."""
    return text.strip(_EDGES)
