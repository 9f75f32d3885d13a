"""All services for one turn, by the names under which dialogs ask for them."""

from __future__ import annotations

from bot.services.branches.desk import BranchDesk
from bot.services.invitations import InvitationDesk, Links
from bot.services.lessons.daily import DailyDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.shelf import Shelf
from bot.services.notices import Notices
from bot.services.people import People, Person
from bot.services.reminders.desk import ReminderDesk
from bot.services.roles.desk import RoleDesk
from bot.services.stations.board import StationBoard
from bot.services.stations.desk import StationDesk
from bot.services.whereabouts import Whereabouts
from bot.store.work import Work


class House:
    """A dialog's parameters are filled from here, such as `stations` and `people`."""

    def __init__(
        self,
        board: StationBoard,
        whereabouts: Whereabouts,
        work: Work,
        person: Person,
        links: Links,
        shelf: Shelf,
    ) -> None:
        self.branches = BranchDesk(work, person)
        self.daily = DailyDesk(work, person)
        self.invitations = InvitationDesk(work, person, links)
        self.lessons = LessonDesk(shelf, work, person)
        self.notices = Notices(work)
        self.people = People(work, person)
        self.reminders = ReminderDesk(work, person)
        self.roles = RoleDesk(work, person)
        self.stations = StationDesk(board, whereabouts, work, person)
