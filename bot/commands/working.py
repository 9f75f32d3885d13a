"""What commands share: which bot is meant, one transaction of its database, its name, files that come in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.work import Work

T = TypeVar("T")

TableFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".csv or .xlsx")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
MOST_NAMED = 10
NAMED: ContextVar[int | None] = ContextVar("NAMED", default=None)
"""What follows `--bot` on the command line."""


def bots() -> list[Settings]:
    """The bots of this deployment, or of them the one that `--bot` names; a sentence and the end if wrong."""
    meant = NAMED.get()
    found = _all()
    if meant is None:
        return found
    numbers = [_number(one) for one in found]
    if meant not in numbers:
        _complain(f"There is no bot {meant} here, but: {_listed(found)}")
    return [found[numbers.index(meant)]]


def chosen() -> Settings:
    """The one bot that is meant; a sentence and the end where several are."""
    found = bots()
    if len(found) > 1:
        _complain(f"There are several bots, say which one: 'wayside --bot ID …' with {_listed(found)}")
    return found[0]


def databases(settings: Sequence[Settings]) -> dict[str, Settings]:
    """The databases behind bots, by URL, each with one of its bots."""
    found: dict[str, Settings] = {}
    for one in settings:
        found.setdefault(one.database_url, one)
    return found


def _all() -> list[Settings]:
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        common = Settings()
    except ValidationError as error:
        _complain(", ".join(f"WAYSIDE_{flaw['loc'][0]} {flaw['msg']}".upper() for flaw in error.errors()))
    if common.bots_file is None:
        return [common]
    # Only who has several bots pays for it.
    from bot.fleet import Unfit, read_fleet

    try:
        return read_fleet(common.bots_file, common)
    except Unfit as error:
        _complain(str(error))


def _number(settings: Settings) -> int | None:
    """A bot's id; None where there is no token."""
    try:
        return settings.bot
    except ValueError:
        return None


def _listed(found: Sequence[Settings]) -> str:
    return ", ".join(f"{_number(one)} ({one.content.name})" for one in found)


def _complain(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def work(deed: Callable[[Work], Awaitable[T]]) -> T:
    """Do something in one transaction of the chosen bot's database, brought up to date first."""
    from bot.app import utc_now
    from bot.keys import database_of
    from bot.store.migrations import upgrade

    settings = chosen()

    async def run() -> T:
        database = database_of(settings)
        try:
            if database.is_sqlite:
                await upgrade(database)
            async with database.work(settings.bot, utc_now()) as opened:
                return await deed(opened)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except ValueError as error:
        _complain(str(error))


def username() -> str:
    """The chosen bot's name in Telegram, without @."""
    from bot.delivery.profile import Profile, Unwelcome

    settings = chosen()

    async def ask() -> str:
        profile = Profile(settings.token.get_secret_value(), settings.api_url)
        try:
            return await profile.username()
        finally:
            await profile.close()

    try:
        return asyncio.run(ask())
    except Unwelcome as error:
        _complain(str(error))


def stop_at(problems: Sequence[object], undone: str = "Nothing was imported") -> None:
    """Name what is wrong with a file and end there, if anything is."""
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        _complain(f"{undone}: mend {len(problems)} problems first.")


def say_changes(changes: Mapping[str, Sequence[str]], unchanged: int, *, dry_run: bool) -> None:
    """Say what an import did, or would do, to which ids."""
    would = "would be " if dry_run else ""
    for word, ids in changes.items():
        if ids:
            more = " …" if len(ids) > MOST_NAMED else ""
            typer.echo(f"{len(ids)} {would}{word}: {', '.join(ids[:MOST_NAMED])}{more}")
    typer.echo(f"{unchanged} unchanged.")
