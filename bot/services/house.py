"""All services for one turn, by the names under which dialogs ask for them."""

from __future__ import annotations

from bot.services.people import People, Person
from bot.services.stations.board import StationBoard
from bot.services.stations.desk import StationDesk
from bot.services.whereabouts import Whereabouts
from bot.store.work import Work


class House:
    """A dialog's parameters are filled from here: `stations`, `people`."""

    def __init__(self, board: StationBoard, whereabouts: Whereabouts, work: Work, person: Person) -> None:
        self.people = People(work, person)
        self.stations = StationDesk(board, whereabouts, work, person)
