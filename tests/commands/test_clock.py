"""`wayside clock`, as an operator reads it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.clock import clock
from bot.services import due
from bot.store.database import Database, sqlite_url
from bot.store.tables import due as table
from tests.conftest import BOT, NOW

DAY = timedelta(days=1)


@pytest.fixture
def shell(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A shell with settings of its own."""
    monkeypatch.setenv("WAYSIDE_TOKEN", f"{BOT}:abcdefghijklmnopqrstuvwxyz0123456789")
    monkeypatch.setenv("WAYSIDE_DATABASE_URL", sqlite_url(sqlite_path))
    if not any(command.callback is clock for command in app.registered_commands):
        app.command("clock")(clock)
    return CliRunner()


async def _plan(path: Path) -> None:
    """At eight in Shanghai for ever, one that failed, one that is dead."""
    database = Database(sqlite_url(path))
    eight = datetime(2099, 5, 13, tzinfo=UTC)
    async with database.work(BOT, NOW) as work:
        await due.plan(work, "bell", eight, {}, whose="person:7", zone="Asia/Shanghai", rule="FREQ=DAILY")
        failed = await due.plan(work, "gong", eight - DAY, {})
        dead = await due.plan(work, "horn", eight - DAY, {})
        for number, values in (
            (failed, {"attempts": 2, "error": "OSError"}),
            (dead, {"attempts": 8, "error": "ValueError", "state": due.DEAD}),
        ):
            await work.execute(sa.update(table).where(table.c.id == number).values(**values))
    await database.close()


def test_nothing_is_due(shell: CliRunner) -> None:
    done = shell.invoke(app, ["clock"])
    assert done.exit_code == 0
    assert "Nothing is due." in done.stdout
    assert "wayside run" in done.stdout


def test_what_is_due_in_local_words(shell: CliRunner, sqlite_path: Path) -> None:
    asyncio.run(_plan(sqlite_path))
    heading, gong, bell, horn = shell.invoke(app, ["clock"]).stdout.splitlines()
    assert heading.split() == ["KIND", "WHEN", "HOW", "SOON", "WHOSE", "STATE"]
    assert "failed 2 times (OSError), tries again" in gong
    assert "Wed 2099-05-13 08:00 Asia/Shanghai" in bell
    assert "person:7" in bell
    assert bell.endswith("waiting, repeats")
    assert horn.endswith("dead after 8 tries: ValueError")


def test_a_short_list_says_that_there_is_more(shell: CliRunner, sqlite_path: Path) -> None:
    asyncio.run(_plan(sqlite_path))
    done = shell.invoke(app, ["clock", "--limit", "1"])
    assert "gong" in done.stdout
    assert "bell" not in done.stdout
    assert done.stdout.endswith("see more with --limit.\n")


def test_without_a_token_it_says_what_is_missing(shell: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYSIDE_TOKEN", "")
    done = shell.invoke(app, ["clock"])
    assert done.exit_code == 1
    assert "WAYSIDE_TOKEN" in done.output
