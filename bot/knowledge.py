"""What one bot knows and can talk about: its content, read once, and the services over it.

Loading it takes a hundred megabytes; a process that only speaks never does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock.kinds import Kind
from bot.deeds import all_deeds
from bot.dialogs import everything, sharing
from bot.i18n import LOCALES, locale_for, speaking
from bot.keys import seal_of
from bot.services.appeals.handbook import read_handbook
from bot.services.branches.files import load_content as load_branches
from bot.services.brand import read_brand
from bot.services.broadcasts.model import Terms
from bot.services.conversations import Seat
from bot.services.departments.files import load_content as load_departments
from bot.services.house import House, Stock
from bot.services.incoming import Incoming
from bot.services.invitations import Links
from bot.services.lessons.shelf import read_shelf
from bot.services.points.rules import read_points
from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.content import load_content
from bot.services.stations.places import read_places
from bot.services.understanding import Mind
from bot.services.whereabouts import Whereabouts
from bot.settings import Settings
from bot.store.database import Database
from bot.store.work import Work

Menus = dict[str | None, list[tuple[str, str]]]


class Knowledge:
    """One bot's repertoire, stations, lessons, appeals and what it understands."""

    def __init__(self, settings: Settings) -> None:
        self.repertoire = everything()
        self.brand = read_brand(settings.content)
        self._settings = settings
        self._board = StationBoard(read_places(settings.content), read_catalogue(settings.content))
        self._shelf = read_shelf(settings.content)
        self._mind = Mind(settings.content, settings.cache, self._board.catalogue)
        self._handbook = replace(read_handbook(settings.content), danger=self._mind.danger)
        self._points = read_points(settings.content)
        self._seal = seal_of(settings)
        self._terms = Terms(settings.approval_above, settings.messages_per_second)

    def prepare(self) -> None:
        """Load, or learn once, what is needed to understand free words; takes up to seconds."""
        self._mind.prepare()

    async def refresh(self, database: Database, bot: int, now: datetime) -> None:
        """Take over what changed in the database: the stations."""
        async with database.look(bot, now) as work:
            change = await self._board.look(work)
        if change is not None:
            await self._board.show(change)

    async def fill(self, work: Work) -> None:
        """Put stations, branches and departments of the content into a database that has none."""
        await load_content(work, self._settings.content, self._board.catalogue)
        await load_branches(work, self._settings.content)
        await load_departments(work, self._settings.content)

    def services(self, username: str) -> Callable[[Work, Incoming, Seat], House]:
        """What makes all services for one turn; `username` is the bot's, without @."""
        stock = Stock(
            self._board,
            Whereabouts(),
            Links(username, secret=self._settings.token.get_secret_value()),
            self._shelf,
            self._mind,
            self._handbook,
            self.brand,
            self._points,
            self._seal,
            self._terms,
        )
        return lambda work, incoming, seat: House(stock, work, seat, incoming)

    def deeds(self) -> list[Kind]:
        """What the clock does."""
        forgotten, secret = self._settings.forgotten, self._settings.token.get_secret_value()
        return all_deeds(self._shelf, self._handbook, self._terms, self._points, forgotten, secret=secret)

    def offers(self, text: str, language: str | None, now: datetime) -> Sequence[Any]:
        """Stations to share in any chat, for what somebody typed after the bot's name."""
        with speaking(locale_for(language, self._settings.default_locale)):
            return sharing.offers(text, self._board, now)

    def menus(self) -> tuple[Menus, Menus]:
        """The command menus of private chats and of groups, by language code."""
        private: Menus = {}
        groups: Menus = {}
        default = self._settings.default_locale
        for language, locale in ((None, default), *((name.split("_")[0], name) for name in LOCALES)):
            with speaking(locale):
                listed = [
                    (name, str(entry.summary()), entry.in_groups)
                    for name, entry in self.repertoire.commands.items()
                    if entry.summary is not None
                ]
            private[language] = [(name, summary) for name, summary, _ in listed]
            groups[language] = [(name, summary) for name, summary, in_groups in listed if in_groups]
        return private, groups
