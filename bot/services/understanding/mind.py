"""What a process needs to understand people: learnt or loaded when first needed, then kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from bot.services.stations.catalogue import Catalogue
from bot.services.understanding.content import read_material
from bot.services.understanding.danger_ear import DangerEar
from bot.services.understanding.lexicon import Lexicon
from bot.services.understanding.model import Understood
from bot.services.understanding.reader import Reader
from bot.services.understanding.said import ReadStations, Said
from bot.services.understanding.training import read_classifier


@dataclass(frozen=True, slots=True)
class _Learnt:
    reader: Reader
    lexicon: Lexicon


class Mind:
    """Reads texts, and listens for `danger` in them.

    The first text waits until what it needs is there: 0.1 s, or a second to learn it.
    """

    def __init__(self, content: Path, cache: Path, catalogue: Catalogue) -> None:
        self._content = content
        self._cache = cache
        self._catalogue = catalogue
        self.danger = DangerEar(content, cache)
        self._learning = Lock()
        self._learnt: _Learnt | None = None

    def prepare(self) -> None:
        """Load or learn now, so that nobody waits later. May be called from any thread."""
        self._ready()
        self.danger.prepare()

    def said(self, text: str, now: datetime, zone: ZoneInfo, read_stations: ReadStations) -> Said:
        """A text that was said at `now` (aware) in `zone`, with what is certain of it."""
        return Said(text, now, zone, read_stations, self._ready().lexicon)

    def understand(self, said: Said, *, why: bool = False) -> Understood:
        """What a text wants; never raises on any text."""
        return self._ready().reader.understand(said, why=why)

    def slots(self, said: Said, intent: str) -> dict[str, Any]:
        """What was said along with an intent."""
        return self._ready().reader.slots(said, intent)

    def _ready(self) -> _Learnt:
        with self._learning:
            if self._learnt is None:
                material = read_material(self._content)
                classifier = read_classifier(material, self._cache)
                self._learnt = _Learnt(Reader(classifier, self._catalogue), Lexicon(material.values))
            return self._learnt
