"""`wayside talk`: a dialog in the terminal, on a database that is gone afterwards."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typer

from bot.app import new_number, utc_now
from bot.dialogs import everything
from bot.i18n import LOCALES
from bot.services.appeals.handbook import read_handbook
from bot.services.house import House
from bot.services.incoming import Command, Incoming, What
from bot.services.intake import Intake
from bot.services.intake import Settings as IntakeSettings
from bot.services.invitations import Links
from bot.services.lessons.shelf import read_shelf
from bot.services.stations.board import StationBoard
from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.content import load_content
from bot.services.stations.places import read_places
from bot.services.understanding import Mind
from bot.services.whereabouts import Whereabouts
from bot.settings import Settings
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade
from bot.talk.dialog import Dialog, Repertoire
from bot.terminal import Terminal

BOT = 0
PERSON = 1
# Links to a bot in a terminal lead nowhere; they show what a real one would look like.
USERNAME = "wayside_bot"
HELP = "Type, or choose a number. 📍 29.47, 106.55 shares a place. Ctrl-D leaves."


async def play(dialog: str, locale: str) -> None:
    """Play one dialog until the person leaves. Says what there is where the name is none of it."""
    repertoire = everything()
    if dialog not in repertoire.dialogs or locale not in LOCALES:
        names = ", ".join(sorted(repertoire.dialogs))
        raise typer.BadParameter(f"choose a dialog ({names}) and a locale ({', '.join(LOCALES)})")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "talk.sqlite"))
        await upgrade(database)
        try:
            await _converse(database, repertoire, repertoire.dialogs[dialog], locale)
        finally:
            await database.close()


async def _converse(database: Database, repertoire: Repertoire, dialog: Dialog, locale: str) -> None:
    settings = Settings()
    content = settings.content
    catalogue = read_catalogue(content)
    board = StationBoard(read_places(content), catalogue)
    async with database.work(BOT, utc_now()) as work:
        await load_content(work, content, catalogue)
        await board.refresh(work)
    whereabouts = Whereabouts()
    links = Links(USERNAME)
    shelf = read_shelf(content)
    handbook = read_handbook(content)
    mind = Mind(content, settings.cache, catalogue)
    terminal = Terminal(typer.echo)
    intake = Intake(
        database,
        repertoire,
        lambda work, incoming, seat: House(
            board, whereabouts, work, seat.person, links, shelf, mind, incoming, handbook
        ),
        terminal,
        IntakeSettings(BOT, "terminal", utc_now, new_number, locale),
    )
    updates = itertools.count(1)

    async def hear(what: What, tapped: int | None = None) -> None:
        await intake.play([Incoming(next(updates), PERSON, PERSON, what, message=tapped)])

    typer.echo(HELP)
    await hear(Command(dialog.command or dialog.name))
    for line in _lines():
        await hear(*terminal.read(line))


def _lines() -> Iterator[str]:
    """What is typed, line by line."""
    while True:
        try:
            line = input("> ")
        except (EOFError, KeyboardInterrupt):
            return
        if line.strip():
            yield line
