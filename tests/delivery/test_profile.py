"""How the bot introduces itself, and what it does where Telegram does not like it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.delivery.profile import LONGEST_WAIT_SECONDS, TRIES, Profile, Unwelcome, Webhook
from bot.sandbox import SandboxSettings, start_sandbox
from bot.services.brand import read_brand
from bot.settings import UPDATES, Settings
from tests.delivery.conftest import TELLS_OF_SECONDS, TOKEN
from tests.sandbox.driver import Driver

pytestmark = TELLS_OF_SECONDS
HOOK = Webhook("http://127.0.0.1:1/hook", "secret")


@pytest.fixture
async def telegram() -> AsyncIterator[Driver]:
    """A local Telegram."""
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off"))
    async with aiohttp.ClientSession() as http:
        yield Driver(sandbox, http, TOKEN)
    await sandbox.close()


@pytest.fixture
def rests() -> list[float]:
    """How long the profile waited."""
    return []


@pytest.fixture
async def profile(telegram: Driver, rests: list[float]) -> AsyncIterator[Profile]:
    """The bot's, that waits for nothing."""

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    opened = Profile(TOKEN, telegram.sandbox.url, rest)
    yield opened
    await opened.close()


async def fault(telegram: Driver, method: str, times: int = 1, **what: Any) -> None:
    await telegram.client("faults", method=method, times=times, **what)


async def test_two_listeners_that_start_together_both_set_the_webhook(
    telegram: Driver, profile: Profile, rests: list[float]
) -> None:
    """One of them was asked to wait a second, and ended."""
    await fault(telegram, "setWebhook", times=2, retry_after=1)
    await profile.deliver_to(HOOK, UPDATES)
    assert rests == [1, 1]
    assert (await telegram.bot("getWebhookInfo"))["url"] == HOOK.url


async def test_who_is_told_to_wait_again_and_again_says_so(
    telegram: Driver, profile: Profile, rests: list[float]
) -> None:
    await fault(telegram, "setWebhook", times=TRIES + 1, retry_after=1)
    with pytest.raises(Unwelcome, match="1 s of peace"):
        await profile.deliver_to(HOOK, UPDATES)
    assert len(rests) == TRIES


async def test_a_bot_that_must_keep_its_name_for_hours_serves_people_all_the_same(
    telegram: Driver, profile: Profile, rests: list[float]
) -> None:
    """Telegram answers 429 with most of a day to who changes a name too often; the bot did not start."""
    await fault(telegram, "setMyName", times=9, retry_after=int(LONGEST_WAIT_SECONDS) + 1)
    with capture_logs() as logs:
        await profile.show(read_brand(Settings().content))
    assert {(entry["event"], entry["field"]) for entry in logs} == {("profile_not_changed", "name")}
    assert rests == []


@pytest.mark.parametrize("code", [403, 409, 500, 502])
async def test_whatever_telegram_says_to_the_first_call_is_a_sentence(
    telegram: Driver, profile: Profile, code: int
) -> None:
    await fault(telegram, "getMe", error_code=code)
    with pytest.raises(Unwelcome) as unwelcome:
        await profile.username()
    assert TOKEN not in str(unwelcome.value)
