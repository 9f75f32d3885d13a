"""`wayside outbox`, as an operator reads it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.outbox import app
from bot.services import letters, outbox
from bot.services.letters import Recipient
from bot.services.outbox import DEAD, REMINDER, SENT, Outgoing, Settled
from bot.store.database import Database, sqlite_url
from tests.conftest import BOT, NOW

BODY = {"type": "text", "text": "SECRET", "spans": [], "rows": []}


@pytest.fixture
def shell(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A shell with settings of its own."""
    monkeypatch.setenv("WAYSIDE_TOKEN", f"{BOT}:abcdefghijklmnopqrstuvwxyz0123456789")
    monkeypatch.setenv("WAYSIDE_DATABASE_URL", sqlite_url(sqlite_path))
    return CliRunner()


async def _fill(path: Path) -> tuple[int, int]:
    """One that waits, one that is sent, one refused reminder and one refused of a broadcast; these two."""
    database = Database(sqlite_url(path))
    async with database.work(BOT, NOW) as work:
        letter = await letters.write(work, 3, BODY)
        await letters.fill(work, 3, [Recipient(9, letter)])
        await letters.resume(work, 3)
        (sent_to_all,) = await letters.claim(work, "one", 1)
        rows = [Outgoing(BOT, 5, BODY), Outgoing(BOT, 6, BODY), Outgoing(BOT, 7, BODY, REMINDER)]
        await outbox.put(work, rows)
        results = [
            Settled(rows[1].id, SENT, 4),
            Settled(rows[2].id, DEAD, error="Chat not found"),
            Settled(sent_to_all.id, DEAD, error="Text must be non-empty"),
        ]
        await outbox.settle(work, results)
    await database.close()
    return rows[2].id, sent_to_all.id


def test_an_empty_outbox(shell: CliRunner) -> None:
    assert "The outbox is empty" in shell.invoke(app, []).stdout


def test_what_waits_and_what_was_refused_and_why(shell: CliRunner, sqlite_path: Path) -> None:
    reminder, of_broadcast = asyncio.run(_fill(sqlite_path))
    shown = shell.invoke(app, []).stdout
    lines = [line.split() for line in shown.splitlines()]
    assert ["dead", "2"] in [words[:2] for words in lines]
    assert ["waiting", "1"] in [words[:2] for words in lines]
    assert f"{reminder}  2026-05-13 06:20                7  reminder   Chat not found" in shown
    assert f"{of_broadcast}  2026-05-13 06:20                9  broadcast 3  Text must be non-empty" in shown
    assert "SECRET" not in shown


def test_one_is_tried_again(shell: CliRunner, sqlite_path: Path) -> None:
    reminder, of_broadcast = asyncio.run(_fill(sqlite_path))
    assert "sent again" in shell.invoke(app, ["retry", str(reminder)]).stdout
    assert [line.split()[:2] for line in shell.invoke(app, []).stdout.splitlines()[1:4]] == [
        ["dead", "1"],
        ["sent", "1"],
        ["waiting", "2"],
    ]
    for number in (reminder, of_broadcast, 999):
        refused = shell.invoke(app, ["retry", str(number)])
        assert refused.exit_code == 1
        assert "no refused message" in refused.output
