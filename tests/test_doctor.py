"""The doctor: finds what is wrong, and says what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import Finding, examine
from bot.sandbox import RunningSandbox, SandboxSettings, start_sandbox
from bot.services.audit import OPERATOR
from bot.services.people import welcome
from bot.services.privacy.forgotten import Forgotten, add
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.settings import Settings
from bot.store.database import Database, sqlite_url
from tests.conftest import BOT, NOW
from tests.office import KEYS

TOKEN = f"{BOT}:" + "A" * 35


@pytest.fixture
async def telegram() -> AsyncIterator[RunningSandbox]:
    """A local Telegram."""
    started = await start_sandbox(SandboxSettings(port=0))
    yield started
    await started.close()


def settings(telegram: RunningSandbox, database_url: str, **other: Any) -> Settings:
    """What is right, but for `other`."""
    given = {"token": TOKEN, "api_url": telegram.url, "database_url": database_url, "keys": KEYS}
    return Settings.model_validate({**given, **other})


async def seen(settings: Settings, behind: timedelta = timedelta()) -> dict[str, Finding]:
    """What the doctor finds, by what it is about; our clock may be `behind` the true time."""
    found = [finding async for finding in examine(settings, lambda: datetime.now(UTC) - behind)]
    return {finding.about: finding for finding in found}


async def test_all_is_well(telegram: RunningSandbox, database: Database, database_url: str) -> None:
    found = await seen(settings(telegram, database_url))
    assert [finding for finding in found.values() if not finding.is_well] == []
    assert {"keys", "content", "disk", "database", "schema", "token", "webhook"} <= set(found)


async def test_a_bot_without_an_admin_serves_people_and_the_doctor_says_what_to_do(
    telegram: RunningSandbox, database: Database, database_url: str
) -> None:
    given = settings(telegram, database_url)
    nobody = (await seen(given))["admin"]
    assert (nobody.is_well, nobody.can_wait) == (True, True)
    assert "wayside invite --role admin" in nobody.advice
    async with database.work(BOT, datetime.now(UTC)) as work:
        person = (await welcome(work, {1: "zh"}, "zh_CN"))[1]
        await grants.propose(work, person.id, Role.ADMIN, None, by=OPERATOR)
    assert (await seen(given))["admin"] == Finding("admin", "1 for the whole city")


async def test_a_database_that_is_not_there_yet_is_made_by_nobody(
    telegram: RunningSandbox, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "wayside.sqlite"
    found = await seen(settings(telegram, sqlite_url(path)))
    assert found["database"].is_well
    assert not path.exists()


@pytest.mark.parametrize(
    ("about", "other"),
    [
        ("keys", {"keys": ""}),
        ("keys", {"keys": "short c2hvcnQ="}),
        ("token", {"token": ""}),
        ("token", {"api_url": "http://127.0.0.1:1"}),
        ("database", {"database_url": "postgresql://nobody:secret@127.0.0.1:1/none"}),
        ("webhook", {"webhook_url": "https://example.org/hook"}),
        ("webhook's secret", {"webhook_url": "https://example.org/hook", "webhook_secret": "two secrets"}),
    ],
)
async def test_what_is_wrong_is_named_with_what_to_do(
    telegram: RunningSandbox, sqlite_path: Path, about: str, other: dict[str, Any]
) -> None:
    found = await seen(settings(telegram, **{"database_url": sqlite_url(sqlite_path), **other}))
    assert found[about].advice
    assert "secret" not in found[about].said + found[about].advice


async def test_a_webhook_needs_no_secret_of_ours(telegram: RunningSandbox, sqlite_path: Path) -> None:
    hook = "https://example.org/hook"
    found = await seen(settings(telegram, sqlite_url(sqlite_path), webhook_url=hook))
    assert found["webhook's secret"].is_well
    assert "webhook's secret" not in await seen(settings(telegram, sqlite_url(sqlite_path)))


@pytest.mark.parametrize("where", [None, "data/forgotten", "file/forgotten"])
async def test_who_was_forgotten_is_to_be_written_down_apart_from_the_data(
    tmp_path: Path, where: str | None
) -> None:
    (tmp_path / "file").write_text("")
    data = sqlite_url(tmp_path / "data" / "wayside.sqlite")
    real = Settings.model_validate(
        {"database_url": data, "keys": KEYS, "forgotten_file": tmp_path / where if where else None}
    )
    found = await seen(real)
    assert found["forgotten"].advice


async def test_the_file_of_the_forgotten_is_read(tmp_path: Path) -> None:
    path = tmp_path / "apart" / "forgotten"
    real = Settings.model_validate({"database_url": "sqlite:///x/y", "keys": KEYS, "forgotten_file": path})
    assert (await seen(real))["forgotten"].is_well
    add(path, [Forgotten(BOT, 7, NOW)])
    assert "1 people" in (await seen(real))["forgotten"].said
    path.write_text("half a line")
    assert not (await seen(real))["forgotten"].is_well


async def test_a_clock_that_is_wrong(telegram: RunningSandbox, sqlite_path: Path) -> None:
    found = await seen(settings(telegram, sqlite_url(sqlite_path)), behind=timedelta(minutes=5))
    assert not found["Telegram's clock"].is_well


async def test_content_with_mistakes(telegram: RunningSandbox, sqlite_path: Path, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    found = await seen(settings(telegram, sqlite_url(sqlite_path), content=tmp_path / "content"))
    assert found["content"].advice == "run 'wayside check'"
