"""The stations as this process knows them: an index in memory, made anew when they change anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.services.stations.catalogue import Catalogue
from bot.services.stations.index import StationIndex
from bot.services.stations.model import Place, Point, Station
from bot.store.tables import revisions, stations
from bot.store.work import Work

STATIONS = "stations"


@dataclass(frozen=True, slots=True)
class Change:
    """Another revision of the stations, and all of them."""

    revision: int
    stations: Sequence[Station]


class StationBoard:
    """Holds the index of one bot's stations; readers always see a whole one, old or new."""

    def __init__(self, places: Sequence[Place], catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._places = places
        self._revision: int | None = None
        self.index = StationIndex([], places, catalogue)

    async def look(self, work: Work) -> Change | None:
        """The stations as they are in the database; None if nothing changed since the last look."""
        row = await work.first(_REVISION, {"whose_bot": work.bot})
        revision = row.number if row else 0
        return None if revision == self._revision else Change(revision, await all_stations(work))

    async def show(self, change: Change) -> None:
        """Make the index anew. Half a second for a large city: outside of any transaction."""
        # Not on the loop that answers people, either.
        self.index = await asyncio.to_thread(StationIndex, change.stations, self._places, self.catalogue)
        self._revision = change.revision


async def all_stations(work: Work) -> list[Station]:
    """Every station of the bot, retired ones too, by id."""
    return [_station(row) for row in await work.fetch(_STATIONS, {"whose_bot": work.bot})]


def _station(row: Any) -> Station:
    return Station(
        row.id,
        row.name,
        row.kind,
        Point(row.lat, row.lon),
        name_en=row.name_en,
        address=row.address,
        district=row.district,
        services=tuple(row.services),
        opening_hours=row.opening_hours,
        phone=row.phone,
        note=row.note,
        confirmed=row.confirmed_on,
        retired=row.retired_at is not None,
    )


_REVISION = sa.select(revisions.c.number).where(
    revisions.c.bot == sa.bindparam("whose_bot"), revisions.c.name == STATIONS
)
_STATIONS = sa.select(stations).where(stations.c.bot == sa.bindparam("whose_bot")).order_by(stations.c.id)
