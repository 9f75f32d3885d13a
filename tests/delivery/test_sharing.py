"""Several speakers for one bot: every message once, each chat in order and by one of them, one budget."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limiter import LoopTimer
from bot.delivery.pace import Pace, Rates, Shared, interval_of
from bot.delivery.speaker import Speaker
from bot.delivery.turns import Turns
from bot.services import outbox
from bot.services.outbox import LEASE, Outgoing
from bot.store.database import Database
from bot.store.tables import paces
from bot.store.work import Work
from tests.conftest import BOT
from tests.delivery.conftest import TELLS_OF_SECONDS, Stage, text

pytestmark = TELLS_OF_SECONDS
HELD = sa.select(paces.c.chat).where(paces.c.held_by.is_not(None))
REFUSED = sa.select(paces.c.chat).where(paces.c.refused_until.is_not(None))


@asynccontextmanager
async def speaking(*speakers: Speaker) -> AsyncIterator[None]:
    """Let them run."""
    running = [asyncio.create_task(speaker.run()) for speaker in speakers]
    yield
    for speaker in speakers:
        await speaker.stop(1)
    await asyncio.gather(*running)


def numbered(chats: Sequence[int], count: int) -> list[Outgoing]:
    return [Outgoing(BOT, chat, text(str(number))) for number in range(count) for chat in chats]


async def test_each_chat_hears_everything_once_and_in_order(stage: Stage) -> None:
    chats = [await stage.driver.started() for _ in range(6)]
    async with speaking(*(stage.speaker(owner, shared=True) for owner in ("one", "two", "three"))):
        for _ in range(4):
            await stage.put(numbered(chats, 5))
        await stage.settled()
    for chat in chats:
        assert await stage.texts(chat) == ["0", "1", "2", "3", "4"] * 4


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_claims_later_rows_does_not_overtake_who_is_still_claiming(
    stage: Stage, database_url: str
) -> None:
    """The later one took the turn first, so that the earlier one gave its rows back: they came second."""
    ann = await stage.driver.started()
    earlier, later = stage.speaker("earlier", shared=True), stage.speaker("later", shared=True)
    await stage.put(numbered([ann], 2))
    turns = earlier._ledger._turns
    assert turns is not None
    with turns.deed() as deed:
        async with stage.database.work(BOT, stage.now) as work:
            first = await outbox.claim(work, "earlier", 10, shared=True)
            await stage.put(numbered([ann], 2))
            assert await later._ledger.claim(10) == []
            kept = await deed.take(work, first)
    assert [row.id for row in kept] == [row.id for row in first] != []
    assert await later._ledger.claim(10) == []
    assert len(await earlier._ledger.claim(10)) == 2


async def test_no_two_speak_to_one_chat_at_the_same_time(stage: Stage) -> None:
    """Each answer takes a while, so that a second request would be seen beside the first."""
    ann = await stage.driver.started()
    await stage.driver.client("faults", method="sendMessage", times=100, delay=0.02)
    one, two = stage.speaker("one", shared=True), stage.speaker("two", shared=True)
    both = 0
    async with speaking(one, two):
        await stage.put(numbered([ann], 20))
        async with asyncio.timeout(30):
            while any(row.state == "waiting" for row in await stage.rows()):
                both += ann in one._limiter._flying and ann in two._limiter._flying
                await asyncio.sleep(0.002)
    assert both == 0
    assert await stage.texts(ann) == [str(number) for number in range(20)]


async def test_a_dead_speakers_chat_waits_for_its_lease_and_then_goes_on_in_order(stage: Stage) -> None:
    """What the dead one had in hand comes before what came later."""
    ann, ben = await stage.driver.started(), await stage.driver.started()
    await stage.put(numbered([ann], 2))
    dead = stage.speaker("dead", shared=True)
    await dead._ledger.claim(1)
    await stage.put([Outgoing(BOT, ann, text("later")), Outgoing(BOT, ben, text("meanwhile"))])
    async with speaking(stage.speaker("two", shared=True)):

        async def ben_heard() -> bool:
            return bool(await stage.texts(ben))

        await stage.until(ben_heard)
        assert await stage.texts(ann) == []
        stage.later(LEASE.total_seconds())
        await stage.settled()
    assert await stage.texts(ann) == ["0", "1", "later"]


async def test_a_stopped_speaker_leaves_its_turns_at_once(stage: Stage) -> None:
    ann = await stage.driver.started()
    one = stage.speaker("one", shared=True)
    await stage.put(numbered([ann], 1))
    await one._ledger.claim(1)
    await one.stop(1)
    async with speaking(stage.speaker("two", shared=True)):
        await stage.settled()
    assert await stage.texts(ann) == ["0"]


async def test_a_turn_ends_once_whatever_else_takes_its_rows_out_of_hand(stage: Stage) -> None:
    """A lease is renewed while rows are settled: what it finds no more was not lost to another speaker."""
    ann = await stage.driver.started()
    speaker = stage.speaker("one", shared=True)
    await stage.put(numbered([ann], 2))
    first, second = await speaker._ledger.claim(2)
    turns = speaker._ledger._turns
    assert turns is not None
    with turns.deed() as settling, turns.deed() as renewing:
        async with stage.database.work(BOT, stage.now) as work:
            await settling.end(work, [first.id])
            await renewing.end(work, [first.id, second.id])
            assert (await work.fetch(HELD)) == []
    assert (turns.rows, turns.chats, turns.busy, turns.ending) == ({}, {}, {}, {})


async def test_a_broadcast_is_shared_and_reaches_everybody_once(stage: Stage) -> None:
    people = [await stage.driver.started() for _ in range(120)]
    async with speaking(stage.speaker("one", shared=True), stage.speaker("two", shared=True)):
        await stage.broadcast(people)
        rows = await stage.settled()
    assert Counter(row.state for row in rows) == {"sent": len(people)}
    assert [len(await stage.texts(who)) for who in people] == [1] * len(people)


async def test_a_429_of_one_holds_back_the_other(stage: Stage) -> None:
    ann = await stage.driver.started()
    await stage.driver.client("faults", method="sendMessage", times=1, retry_after=1)
    one = stage.speaker("one", shared=True)
    async with speaking(one):
        await stage.put(numbered([ann], 1))
        await stage.reached()

        async def told() -> bool:
            async with stage.database.work(BOT, stage.now) as work:
                row = await work.first(REFUSED)
            return row is not None

        await stage.until(told)
        await one.stop(0)
    two = stage.speaker("two", shared=True)
    (row,) = await two._ledger.claim(1)
    pace, now = two._limiter.pace, two._limiter.timer.now()
    assert row.chat == ann
    assert pace.chat_open_at(ann) - now == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_reply_decided_elsewhere_is_said_at_once(stage: Stage, database_url: str) -> None:
    """The speaker's own tick is a minute away; the other process has a database of its own."""
    ann = await stage.driver.started()
    listener = Database(database_url)
    hearing = asyncio.create_task(stage.database.hear())
    speaker = stage.speaker(tick_seconds=60)
    async with speaking(speaker):
        await stage.until(_says_what_is_put(stage, listener, ann))
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await listener.close()


def _says_what_is_put(stage: Stage, listener: Database, chat: int) -> Callable[[], Awaitable[bool]]:
    """Puts a message now and then: what is put before the speaker listens is not heard of."""

    async def heard() -> bool:
        async with listener.work(BOT, stage.now) as work:
            await outbox.put(work, [Outgoing(BOT, chat, text("now"))])
        return bool(await stage.texts(chat))

    return heard


# -- The budget, in simulated time -----------------------------------------------------------------------


class Simulated:
    """Speakers that share one bucket; a reservation takes `late` seconds to come back."""

    def __init__(self, rate: float, late: Sequence[float]) -> None:
        interval = interval_of(Rates(per_second=rate))
        self.paces = [Pace(Rates(per_second=rate), Shared(interval)) for _ in late]
        self.late = late
        self.empty_at = 0.0
        self.coming: list[deque[tuple[float, float, int]]] = [deque() for _ in late]
        self.sent: list[float] = []

    def step(self, number: int, now: float) -> None:
        """A speaker that always has something to send looks at its clock."""
        pace, coming = self.paces[number], self.coming[number]
        shared = pace.whole
        assert isinstance(shared, Shared)
        while coming and coming[0][0] <= now:
            _, first, count = coming.popleft()
            shared.add(first, count)
        if shared.is_low() and not coming:
            first = max(self.empty_at, now)
            self.empty_at = first + shared.at_once * shared.interval
            coming.append((now + self.late[number], first, shared.at_once))
        while pace.open_at() <= now:
            pace.leave(len(self.sent) + 1, now)
            self.sent.append(now)


@pytest.mark.parametrize("rate", [30, 1000])
@pytest.mark.parametrize("late", [(0.003,), (0.003, 0.003), (0.001, 0.02), (0.005, 0.005, 0.005)])
def test_together_they_hold_the_rate_within_two_percent(rate: int, late: Sequence[float]) -> None:
    shared = Simulated(rate, late)
    milliseconds = 20_000
    for tick in range(milliseconds):
        for number in range(len(late)):
            shared.step(number, tick / 1000)
    seconds = milliseconds / 1000
    assert 0.98 * rate * seconds <= len(shared.sent) <= rate * seconds + 2


@given(st.lists(st.integers(1, 200), min_size=100, max_size=400), st.integers(0, 2**16))
def test_no_second_holds_more_than_telegrams_burst_however_late_they_look(
    pauses: list[int], seed: int
) -> None:
    """Telegram's bucket holds a second's worth; what is reserved and missed is lost, not saved up."""
    shared, now = Simulated(30, (0.002, 0.03)), 0
    for number, pause in enumerate(pauses):
        now += pause % (1 + (seed + number) % 200)
        shared.step((seed >> number % 16) & 1, now / 1000)
    for first, over in zip(shared.sent, shared.sent[33:], strict=False):
        assert over - first >= 1


def test_a_reply_in_another_process_waits_a_moment_only() -> None:
    """What a broadcast has reserved ahead is less than a tenth of a second."""
    for rate in (30, 100, 1000):
        shared = Shared(interval_of(Rates(per_second=rate)))
        assert shared.at_once * shared.interval <= max(0.1, 1.1 / rate)


async def test_turns_that_are_being_taken_or_ended_are_not_prolonged(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL found two transactions waiting for each other's turns, and let a second pass each time."""
    prolonged: list[set[int]] = []

    async def note(_work: Work, _owner: str, chats: Collection[int]) -> None:
        prolonged.append(set(chats))

    monkeypatch.setattr("bot.services.paces.renew_turns", note)
    turns = Turns("one", Pace(), LoopTimer(), lambda: stage.now)
    async with stage.database.work(BOT, stage.now) as work:
        rows = [Outgoing(BOT, chat, text("hello"), id=chat) for chat in (1, 2)]
        with turns.deed() as taking:
            await taking.take(work, rows)
        with turns.deed() as ending, turns.deed() as renewing:
            await ending.end(work, [1])
            await renewing.renew(work)
    assert prolonged == [{2}]
