"""An intake on a real database, with a dialog that has every kind of step."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot.services.floods import Dam, Rate
from bot.services.incoming import Command, Incoming, Press, What
from bot.services.intake import Intake, IntakeSettings
from bot.services.outbox import Outgoing
from bot.services.refusals import NotThere
from bot.store.database import Database
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog, Repertoire, Scene, Way, repertoire
from bot.talk.engine import Go, Talk
from bot.talk.inputs import LongText
from tests.conftest import BOT
from tests.services.people import City
from tests.talk import sample

# Its clock stands still: everything would be one flood.
NO_LIMIT = Rate(0, 0)


@dataclass
class Heard:
    """What the intake gave to the speaker."""

    rows: list[Outgoing] = field(default_factory=list)
    toasts: list[tuple[str, str | None]] = field(default_factory=list)

    def take(self, rows: Any) -> None:
        """Keep rows."""
        self.rows.extend(rows)

    def toast(self, query: str, text: str | None) -> None:
        """Keep a toast."""
        self.toasts.append((query, text))

    @property
    def texts(self) -> list[str]:
        """All texts, in order."""
        return [row.body["text"] for row in self.rows if row.body["type"] == "text"]


@dataclass
class Desk:
    """A service that the sample dialog files with; it may be told to fail."""

    filed: list[Any] = field(default_factory=list)


async def _file(talk: Talk, desk: Desk) -> None:
    await sample.file(talk, desk.filed)


async def _ask(talk: Talk) -> None:
    await talk.choose("colour", "Which colour?", [("Red", "red"), ("Blue", "blue")])


async def _break(talk: Talk) -> None:
    word = await talk.ask("word", "Say a word.", LongText())
    raise ValueError(word)


async def _menu(aside: Aside, _argument: str) -> None:
    aside.say(says.Text("The menu"))


async def _poke(aside: Aside, what: str) -> None:
    aside.toast(f"poked {what}")


async def _fetch(aside: Aside, what: str) -> None:
    raise NotThere(what)


def _route(event: hears.Event, scene: Scene, services: object) -> Way | None:
    # An open question has the first word; "first colours" plainly turns away from it.
    said = event.text if isinstance(event, hears.Text) else ""
    if said == "first colours" or (said == "colours" and (scene.refused or not scene.dialog)):
        return Way(Go("ask"))
    return None


def made_repertoire() -> Repertoire:
    """Three dialogs, a menu and two actions."""
    dialogs = (
        Dialog("file", _file, lambda: "An appeal", "file"),
        Dialog("ask", _ask, lambda: "A colour", "ask", parks=False, in_groups=True),
        Dialog("break", _break, lambda: "A bug", "break"),
    )
    actions = (Answerer("poke", _poke), Answerer("fetch", _fetch))
    return repertoire(dialogs, (Answerer("menu", _menu),), actions, (), _route, list)


@dataclass
class Services:
    """What dialogs ask for."""

    desk: Desk


class Stand:
    """An intake with its ears and its mouth."""

    def __init__(self, database: Database, now: datetime, first_number: int = 1) -> None:
        self.database = database
        self.heard = Heard()
        self.desk = Desk()
        self.repertoire = made_repertoire()
        self.now = now
        self._updates = itertools.count(1)
        self._numbers = itertools.count(first_number)
        self.intake = self.fresh_intake()

    def fresh_intake(self) -> Intake:
        """An intake as after a restart: it knows nothing but the database."""
        self.intake = Intake(
            self.database,
            self.repertoire,
            lambda *_turn: Services(self.desk),
            self.heard,
            IntakeSettings(
                BOT, "here", lambda: self.now, lambda: next(self._numbers), "en", Dam(NO_LIMIT, NO_LIMIT)
            ),
        )
        return self.intake

    def update(self, what: What, account: int = 5, chat: int | None = None, **more: Any) -> Incoming:
        """An update that is yet to be taken."""
        chat = account if chat is None else chat
        return Incoming(next(self._updates), chat, account, what, chat == account, "en", **more)

    async def say(self, words: str, account: int = 5, chat: int | None = None) -> list[str]:
        """Type something; gives the texts that came back."""
        what: What = Command(words[1:]) if words.startswith("/") else hears.Text(words)
        return await self.take(self.update(what, account, chat))

    async def take(self, *updates: Incoming) -> list[str]:
        """Take updates together; gives the texts that came back."""
        before = len(self.heard.texts)
        await self.intake.play(updates)
        return self.heard.texts[before:]

    def data(self, label: str) -> str:
        """What the newest button with this label carries."""
        for row in reversed(self.heard.rows):
            for buttons in reversed(row.body.get("rows", [])):
                for button in buttons:
                    if button["label"] == label:
                        return str(button["data"])
        raise LookupError(label)

    async def press(
        self, data: str, account: int = 5, message: int = 10, chat: int | None = None
    ) -> tuple[list[str], str | None]:
        """Tap a button; gives the texts that came back, and the toast."""
        texts = await self.take(self.update(Press(data, "q"), account, chat, message=message))
        return texts, self.heard.toasts[-1][1]


@pytest.fixture
def stand(database: Database, now: datetime) -> Stand:
    """An intake on each kind of database."""
    return Stand(database, now)


@pytest.fixture
def make_stand(database: Database, now: datetime) -> Callable[..., Stand]:
    """Several intakes on one database, each with conversation numbers from another one on."""
    return lambda first_number=1: Stand(database, now, first_number)


@pytest.fixture
async def city(database: Database, now: datetime) -> City:
    """The branches of a small city, on each kind of database."""
    made = City(database, now)
    await made.build()
    return made
