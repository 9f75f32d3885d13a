"""A broadcast whose speaker is killed again and again: nobody is missing, nobody has it twice."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import partial

from bot.delivery.limiter import FLIGHTS
from bot.services import letters, outbox
from bot.services.outbox import REMINDER, Outgoing
from tests.conftest import BOT
from tests.delivery.conftest import Stage, text

KILLS = 3
PEOPLE = 600
PATIENCE_SECONDS = 30


async def start(stage: Stage) -> asyncio.subprocess.Process:
    """A speaker as a process of its own."""
    url = stage.database.engine.url.render_as_string(hide_password=False)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.delivery.speaking", url, stage.driver.sandbox.url
    )


async def crowd(stage: Stage) -> list[int]:
    """People who started the bot."""
    return [await stage.driver.started() for _ in range(PEOPLE)]


async def _has_reached(stage: Stage, messages: int) -> bool:
    return stage.driver.sandbox.stage.calls["sendMessage"] >= messages


async def speak_and_be_killed(stage: Stage) -> None:
    """Let a speaker send, kill it in the middle, start the next; return when the last one is done."""
    chance = random.Random(5)
    for number in range(KILLS):
        process = await start(stage)
        at = PEOPLE * (number + 1) // (KILLS + 1) + chance.randrange(40)
        try:
            await stage.until(partial(_has_reached, stage, at), PATIENCE_SECONDS)
        finally:
            process.kill()
            await process.wait()
    last = await start(stage)
    try:
        await stage.settled(PATIENCE_SECONDS)
    finally:
        last.kill()
        await last.wait()


async def test_nobody_is_missing_and_nobody_has_it_twice(stage: Stage) -> None:
    """Whoever is uncertain is reported so, has it once or not at all, and there are few of them."""
    people = await crowd(stage)
    stage.now = datetime.now(UTC)  # the other process lives in real time
    await stage.broadcast(people)
    await speak_and_be_killed(stage)
    heard = {who: len(await stage.texts(who)) for who in people}
    async with stage.database.work(BOT, stage.now) as work:
        results = await letters.results(work, 1, limit=PEOPLE)
    states = {one.chat: one.state for one in results}
    assert states.keys() == heard.keys()
    assert set(states.values()) <= {outbox.SENT, outbox.UNCERTAIN}
    assert {heard[who] for who in people if states[who] == outbox.SENT} == {1}
    assert max(heard.values()) == 1
    assert Counter(states.values())[outbox.UNCERTAIN] <= KILLS * FLIGHTS * 2


async def test_of_reminders_only_what_was_on_its_way_comes_twice(strict_stage: Stage) -> None:
    """All arrive. Telegram had just taken some at each kill: without limits about as many as may fly."""
    stage = strict_stage
    stage.driver.sandbox.stage.floods.mode = "off"
    people = await crowd(stage)
    stage.now = datetime.now(UTC)
    await stage.put([Outgoing(BOT, who, text("ring"), REMINDER) for who in people])
    await speak_and_be_killed(stage)
    heard = {who: len(await stage.texts(who)) for who in people}
    assert min(heard.values()) == 1
    assert sum(heard.values()) <= PEOPLE + KILLS * FLIGHTS * 5 // 4
