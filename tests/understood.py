"""What is understood of a text, with the sentences and stations of the real content."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.content import read_content
from bot.services.stations.index import StationIndex
from bot.services.stations.places import read_places
from bot.services.understanding import Mind, Understood
from bot.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 13, 14, 20, tzinfo=ZONE)


@cache
def learnt_mind() -> Mind:
    """What was learnt from the content, or loaded where it was learnt before."""
    settings = Settings()
    return Mind(settings.content, settings.cache, read_catalogue(settings.content))


@cache
def stations() -> StationIndex:
    """The stations of the content."""
    content = Settings().content
    catalogue = read_catalogue(content)
    return StationIndex(read_content(content, catalogue), read_places(content), catalogue)


def understood(text: str, *, why: bool = False) -> Understood:
    """What a text wants that is said on a Wednesday afternoon."""
    mind = learnt_mind()
    return mind.understand(mind.said(text, NOW, ZONE, stations().read), why=why)
