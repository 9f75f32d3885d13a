"""Several bots in one process: a file lists them, each has its own people and its own name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.fleet import Unfit, fleet, read_fleet
from bot.sandbox import RunningSandbox, SandboxSettings, start_sandbox
from bot.settings import Settings
from bot.store.database import sqlite_url

TOKENS = {"EAST": "700000011:" + "E" * 35, "WEST": "700000012:" + "W" * 35}
TWO = """bots:
  - token_env: EAST
    webhook_url: https://bots.example.org/east
  - token_env: WEST
    webhook_url: https://bots.example.org/west
"""


def write(folder: Path, text: str) -> Path:
    """A file of bots."""
    path = folder / "bots.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def common(**other: Any) -> Settings:
    """What the bots have in common."""
    return Settings.model_validate({"token": SecretStr(""), **other})


# -- The file ----------------------------------------------------------------------------------


def test_each_bot_has_its_own_and_the_rest_in_common(tmp_path: Path) -> None:
    east, west = read_fleet(write(tmp_path, TWO), common(default_locale="en"), TOKENS)
    assert (east.bot, west.bot) == (700_000_011, 700_000_012)
    assert (east.webhook_path, west.webhook_path) == ("/east", "/west")
    assert east.default_locale == west.default_locale == "en"


def test_content_is_a_folder_beside_the_file(tmp_path: Path) -> None:
    (one,) = read_fleet(write(tmp_path, "bots:\n  - {token_env: EAST, content: east}\n"), common(), TOKENS)
    assert one.content == tmp_path / "east"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "one list called bots"),
        ("bots: []", "one list called bots"),
        ("bots: [{token_env: EAST}]\nmore: 1", "one list called bots"),
        ("bots: [{content: east}]", "bot 1: write token_env"),
        ("bots: [{token_env: EAST, token: x}]", "bot 1: write token_env"),
        ("bots: [{token_env: NORTH}]", "bot 1: set NORTH to its token"),
        ("bots: [{token_env: EAST, default_locale: fr}]", "default_locale"),
        ("bots: [{token_env: EAST}, {token_env: EAST}]", "the same token"),
        (TWO.replace("/west", "/east"), "the same path"),
        ("bots: [", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_says_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Unfit) as unfit:
        read_fleet(write(tmp_path, text), common(), TOKENS)
    assert said in str(unfit.value)
    assert "E" * 35 not in str(unfit.value)


# -- Running them -----------------------------------------------------------------------------------


@pytest.fixture
async def telegram() -> AsyncIterator[RunningSandbox]:
    """A local Telegram with two bots and a person."""
    started = await start_sandbox(SandboxSettings(port=0, flood="off"))
    async with aiohttp.ClientSession() as http:
        for token in TOKENS.values():
            await http.get(f"{started.url}/bot{token}/getMe")
        await http.post(
            f"{started.url}/client/users", json={"id": 1001, "first_name": "Ann", "language_code": "en"}
        )
    yield started
    await started.close()


async def _called(http: aiohttp.ClientSession, url: str, token: str, method: str) -> Any:
    async with http.get(f"{url}/bot{token}/{method}") as answer:
        return (await answer.json())["result"]


async def test_two_bots_in_one_process_answer_for_themselves(
    telegram: RunningSandbox, tmp_path: Path
) -> None:
    """One database, as one PostgreSQL would be: every row says whose it is."""
    shared = common(
        api_url=telegram.url, database_url=sqlite_url(tmp_path / "both.sqlite"), default_locale="en"
    )
    text = "bots: [{token_env: EAST}, {token_env: WEST}]"
    bots = read_fleet(write(tmp_path, text), shared, TOKENS)
    async with fleet(bots, "all"), aiohttp.ClientSession() as http:
        names = [await _called(http, telegram.url, token, "getMe") for token in TOKENS.values()]
        assert len({name["username"] for name in names}) == 2
        for token in TOKENS.values():
            assert (await _called(http, telegram.url, token, "getMyDescription"))["description"]
        assert await _answers(http, telegram.url, names[0]["id"]) == 1
        assert await _answers(http, telegram.url, names[1]["id"]) == 1


async def _answers(http: aiohttp.ClientSession, url: str, bot: int) -> int:
    """Say hello to one bot; gives how many of its answers come, and sees that they are its own."""
    sent = {"from": 1001, "chat": 1001, "bot": bot, "text": "/start"}
    async with http.post(f"{url}/client/messages", json=sent) as answer:
        answer.raise_for_status()
    for _ in range(100):
        async with http.get(f"{url}/client/chats/1001/messages", params={"bot": str(bot)}) as answer:
            told = await answer.json()
        messages = told["messages"] if isinstance(told, dict) else told
        found = [one for one in messages if one["from"]["id"] == bot and "text" in one]
        if found:
            return len(found)
        await asyncio.sleep(0.05)
    return 0
