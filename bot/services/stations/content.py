"""The stations that come with the content: all files of content/stations together."""

from __future__ import annotations

from pathlib import Path

from bot.services.stations.board import all_stations
from bot.services.stations.catalogue import Catalogue
from bot.services.stations.files import read_stations
from bot.services.stations.importer import import_stations
from bot.services.stations.model import Station
from bot.store.work import Work


async def load_content(work: Work, content: Path, catalogue: Catalogue) -> None:
    """Fill a database that has no station yet. ValueError where the content is wrong (`wayside check`)."""
    if not await all_stations(work):
        await import_stations(work, read_content(content, catalogue))


def read_content(content: Path, catalogue: Catalogue) -> list[Station]:
    """All stations of the content. ValueError where it is wrong (`wayside check`)."""
    found: list[Station] = []
    for path in sorted((content / "stations").glob("*.csv")):
        reading = read_stations(path, "wgs84", catalogue)
        if reading.problems:
            raise ValueError(str(reading.problems[0]))
        found += reading.stations
    return found
