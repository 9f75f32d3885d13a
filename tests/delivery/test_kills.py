"""A speaker that is killed without warning, again and again: its next life says what it left unsaid."""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import UTC, datetime
from functools import partial

from bot.services.outbox import Outgoing
from tests.conftest import BOT
from tests.delivery.conftest import Stage, text

KILLS = 3
MESSAGES = 25


async def _speaker(stage: Stage) -> asyncio.subprocess.Process:
    url = stage.database.engine.url.render_as_string(hide_password=False)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.delivery.speaking", url, stage.driver.sandbox.url
    )


async def _put(stage: Stage, chat: int, number: int) -> None:
    stage.now = datetime.now(UTC)  # the other process lives in real time
    await stage.put([Outgoing(BOT, chat, text(str(number)))])


async def _has_said_more(stage: Stage, chat: int, than: int) -> bool:
    return len(await stage.texts(chat)) > than


async def test_no_reply_is_lost_and_one_is_doubled_at_most(strict_stage: Stage) -> None:
    """What is said twice was sent and not yet settled: one message of each chat."""
    chance = random.Random(3)
    strict_stage.driver.sandbox.stage.floods.mode = "off"
    ann = await strict_stage.driver.started()
    numbers = iter(range(KILLS * MESSAGES))
    for _ in range(KILLS):
        process = await _speaker(strict_stage)
        said_before = len(await strict_stage.texts(ann))
        try:
            for _ in range(MESSAGES):
                await _put(strict_stage, ann, next(numbers))
            await strict_stage.until(partial(_has_said_more, strict_stage, ann, said_before))
            await asyncio.sleep(chance.random() * 0.05)
        finally:
            process.kill()
            await process.wait()
    last = await _speaker(strict_stage)
    try:
        rows = await strict_stage.settled(20)
    finally:
        last.kill()
        await last.wait()
    said = [int(words) for words in await strict_stage.texts(ann)]
    assert {row.state for row in rows} == {"sent"}
    assert list(dict.fromkeys(said)) == list(range(KILLS * MESSAGES))
    assert len(said) <= KILLS * MESSAGES + KILLS
