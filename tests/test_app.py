"""What holds a running Wayside together."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.app import background
from bot.knowledge import Knowledge
from bot.settings import Settings


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
