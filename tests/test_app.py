"""What holds a running Wayside together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from bot.app import Wayside, background, webhook_of
from bot.delivery.profile import Webhook
from bot.knowledge import Knowledge
from bot.sandbox import RunningSandbox, SandboxSettings, start_sandbox
from bot.services import outbox
from bot.services.outbox import Outgoing
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import outbox as rows_table
from tests.conftest import BOT

TOKEN = f"{BOT}:" + "A" * 35


@pytest.fixture
async def telegram() -> AsyncIterator[RunningSandbox]:
    """A local Telegram."""
    started = await start_sandbox(SandboxSettings(port=0, flood="off"))
    yield started
    await started.close()


async def test_a_part_that_fails_ends_the_whole() -> None:
    """An intake that died in silence would leave a bot that hears nobody and says nothing."""

    async def fail() -> None:
        raise RuntimeError("a secret in an error")

    async def run() -> None:
        async with background(fail()):
            await asyncio.Event().wait()

    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await run()
    assert [entry["event"] for entry in logs] == ["stopping"]
    assert "secret" not in str(logs[0]["error"])


async def test_a_part_runs_as_long_as_its_block() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with background(work()):
        await asyncio.sleep(0)
    assert ended.is_set()


def test_every_language_has_its_command_menu() -> None:
    private, groups = Knowledge(Settings()).menus()
    assert set(private) == {None, "zh", "en"}
    assert private[None] == private["zh"] != private["en"]
    assert [name for name, _ in groups["en"]] == ["stations", "group"]
    assert all(1 <= len(text) <= 256 for menu in private.values() for _, text in menu)


class SlowToAnswer(Database):
    """A database that commits and then takes its time to say so."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.answered = asyncio.Event()
        self.slow: set[asyncio.Task[Any] | None] = set()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """What is committed is committed, whoever is cut off while waiting for the answer."""
        async with super().transaction() as connection:
            yield connection
        if asyncio.current_task() in self.slow:
            await self.answered.wait()


async def test_a_speaker_that_stops_while_it_claims_leaves_nothing_leased(
    telegram: RunningSandbox, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim was cut off in its commit: its rows were a dead speaker's, and waited half a minute."""
    slow = SlowToAnswer(database_url)
    monkeypatch.setattr("bot.app.database_of", lambda _settings: slow)
    claim = outbox.claim

    async def slowly(*args: Any, **how: Any) -> list[Outgoing]:
        claimed = await claim(*args, **how)
        if claimed:
            slow.slow.add(asyncio.current_task())
        return claimed

    monkeypatch.setattr("bot.delivery.ledger.outbox.claim", slowly)
    wayside = Wayside(Settings.model_validate({"token": TOKEN, "api_url": telegram.url}))
    async with wayside.running("speak"):
        async with database.work(BOT, datetime.now(UTC)) as work:
            await outbox.put(work, [Outgoing(BOT, 1001, {"type": "buttons", "rows": []})])
        async with asyncio.timeout(30):
            while (await _only_row(database)).leased_by is None:  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.05, slow.answered.set)
    row = await _only_row(database)
    assert (row.state, row.leased_by) == ("waiting", None)


async def _only_row(database: Database) -> sa.Row[Any]:
    async with database.work(BOT, datetime.now(UTC)) as work:
        (row,) = await work.fetch(sa.select(rows_table))
    return row


def _hook(**given: Any) -> Webhook | None:
    return webhook_of(Settings.model_validate({"token": TOKEN, **given}))


def test_every_listener_makes_the_same_secret_of_the_token() -> None:
    """Each made up its own at the start: Telegram knew the last one, and half of its updates got a 401."""
    url = {"webhook_url": "https://bots.example.org/hook"}
    one, two = _hook(**url), _hook(**url)
    other = _hook(**url, token=f"{BOT}:" + "B" * 35)
    assert one is not None
    assert one == two != other
    assert re.fullmatch(r"[0-9a-f]{64}", one.secret)
    assert TOKEN.partition(":")[2] not in one.secret
    assert _hook(**url, webhook_secret="mine") == Webhook(url["webhook_url"], "mine")
    assert _hook() is None
