"""A broadcast that is paused or cancelled while it runs: what is not on its way yet stays."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.delivery.ledger import TEND_AFTER
from bot.delivery.speaker import Speaker
from bot.services import letters
from bot.store.work import Work
from tests.conftest import BOT
from tests.delivery.conftest import TELLS_OF_SECONDS, Stage

pytestmark = TELLS_OF_SECONDS
MANY = 1000


@asynccontextmanager
async def speaking(stage: Stage) -> AsyncIterator[Speaker]:
    """A speaker at work, whose time passes when the test says so."""
    speaker = stage.speaker()
    running = asyncio.create_task(speaker.run())
    yield speaker
    await speaker.stop(1)
    await running


async def tell(stage: Stage, deed: Callable[[Work, int], Awaitable[None]]) -> None:
    """Pause, resume or cancel."""
    async with stage.database.work(BOT, stage.now) as work:
        await deed(work, 1)


async def states(stage: Stage) -> Counter[str]:
    return Counter(row.state for row in await stage.rows())


async def under_way(stage: Stage) -> None:
    """Wait until some of it is sent."""

    async def begun() -> bool:
        return (await states(stage))["sent"] > 0

    await stage.until(begun)


async def nothing_in_hand(stage: Stage) -> None:
    """Wait until no row is in anybody's hands, as time goes on."""

    async def empty() -> bool:
        stage.later(TEND_AFTER.total_seconds())
        return (await states(stage))["sending"] == 0

    await stage.until(empty)


async def test_a_paused_broadcast_stops_and_goes_on_where_it_was(stage: Stage) -> None:
    people = [await stage.driver.started() for _ in range(20)]
    strangers = range(500_000, 500_000 + MANY)
    await stage.driver.client("faults", method="sendMessage", times=200, delay=0.02)
    async with speaking(stage):
        await stage.broadcast([*strangers, *people])

        async def begun() -> bool:
            return (await states(stage))["dead"] > 0

        await stage.until(begun)
        await tell(stage, letters.pause)
        seen = await states(stage)
        await nothing_in_hand(stage)
        # What had left by then has landed, and nothing else has left.
        assert (await states(stage))["waiting"] == seen["waiting"]
        await tell(stage, letters.resume)
        await stage.settled()
    assert await states(stage) == {"dead": MANY, "sent": len(people)}


async def test_who_had_to_wait_for_the_chat_does_not_go_after_a_pause(stage: Stage) -> None:
    """Telegram wants a second of that chat; the broadcast is paused meanwhile."""
    ann = await stage.driver.started()
    await stage.driver.client("faults", method="sendMessage", times=1, retry_after=1)
    async with speaking(stage) as speaker:
        await stage.broadcast([ann])
        await stage.reached()
        await tell(stage, letters.pause)

        async def let_go() -> bool:
            return not speaker._ledger.held

        await stage.until(let_go)
        assert await stage.texts(ann) == []
        assert await states(stage) == {"waiting": 1}
        await tell(stage, letters.resume)
        await stage.settled()
    assert await stage.texts(ann) == ["hello"]


async def test_a_cancelled_broadcast_ends(stage: Stage) -> None:
    people = [await stage.driver.started() for _ in range(3)]
    await stage.driver.client("faults", method="sendMessage", times=3, delay=0.05)
    async with speaking(stage):
        await stage.broadcast([*people, *range(500_000, 500_000 + MANY)])
        await under_way(stage)
        await tell(stage, letters.cancel)
        await nothing_in_hand(stage)

        async def over() -> bool:
            stage.later(TEND_AFTER.total_seconds())
            async with stage.database.work(BOT, stage.now) as work:
                return await letters.state(work, 1) == letters.OVER

        await stage.until(over)
    ended = await states(stage)
    assert ended.keys() == {"sent", "dead", "cancelled"}
    assert ended.total() == MANY + len(people)


async def test_what_was_said_in_part_is_not_begun_anew(strict_stage: Stage) -> None:
    """A long broadcast is stopped between its two messages: nobody gets the first one twice."""
    stage = strict_stage
    ann = await stage.driver.started()
    await stage.broadcast([ann], "a" * 4000 + "\n\n" + "b" * 4000)
    speaker = stage.speaker()
    running = asyncio.create_task(speaker.run())
    await stage.driver.client("faults", method="sendMessage", times=1, delay=0.05)
    await stage.reached()
    await stage.driver.client("faults", method="sendMessage", times=1, retry_after=10)
    await stage.reached()
    await speaker.stop(1)
    await running
    (row,) = await stage.rows()
    assert (row.state, row.error) == ("uncertain", "stopped in the middle")
    assert [words[0] for words in await stage.texts(ann)] == ["a"]
