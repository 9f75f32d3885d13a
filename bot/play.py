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
from bot.knowledge import Knowledge
from bot.services.incoming import Command, Incoming, What
from bot.services.intake import Intake, IntakeSettings
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
    knowledge = Knowledge(Settings())
    async with database.work(BOT, utc_now()) as work:
        await knowledge.fill(work)
    await knowledge.refresh(database, BOT, utc_now())
    terminal = Terminal(typer.echo)
    intake = Intake(
        database,
        repertoire,
        knowledge.services(USERNAME),
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
