"""What a person's desk of stations knows beyond the search: the districts around them."""

from __future__ import annotations

from datetime import datetime

from bot.services import people
from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.desk import StationDesk
from bot.services.stations.model import Place, Point
from bot.services.whereabouts import Whereabouts
from bot.settings import ROOT
from bot.store.database import Database
from tests.services.people import City

NORTH, SOUTH = Point(30.0, 106.5), Point(29.0, 106.5)
BOARD = StationBoard(
    [Place("北区", NORTH, kind="district"), Place("南区", SOUTH, kind="district")],
    read_catalogue(ROOT / "content"),
)


async def test_districts_begin_around_the_station_looked_at_where_no_place_was_shared(
    database: Database, now: datetime
) -> None:
    """Who typed the name of a quarter was offered nine districts of another city, and never their own."""
    city = City(database, now)
    async with city.work() as work:
        person = (await people.welcome(work, {1: None}, "zh_CN"))[1]
        desk = StationDesk(BOARD, Whereabouts(), work, person)
        assert desk.districts(SOUTH) == ["南区", "北区"]
        assert desk.districts(NORTH) == ["北区", "南区"]
        desk.remember(NORTH)
        assert desk.districts(SOUTH) == ["北区", "南区"]
