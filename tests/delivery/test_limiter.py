"""The limiter: who waits, who goes next. Time is a number that the test moves."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.delivery.limiter import FLIGHTS, SPARE_FLIGHTS, Limiter, Stopping, Ticket
from bot.delivery.pace import MARGIN, UNLIMITED, Pace, Rates, Shared
from bot.services.outbox import BROADCAST
from tests.delivery.conftest import TELLS_OF_SECONDS

pytestmark = TELLS_OF_SECONDS


class FakeTimer:
    """Time that rings its alarms only when it is moved."""

    def __init__(self) -> None:
        self.time = 0.0
        self._alarms: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._count = itertools.count()

    def now(self) -> float:
        return self.time

    def ring(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(0, callback, (), asyncio.get_running_loop())
        heapq.heappush(self._alarms, (self.time + seconds, next(self._count), handle))
        return handle

    async def pass_until(self, end: float) -> None:
        """Move on to `end`, ringing on the way."""
        await settle()
        while self._alarms and self._alarms[0][0] <= end:
            self.time, _, handle = heapq.heappop(self._alarms)
            if not handle.cancelled():
                handle._run()
            await settle()
        self.time = end


async def settle() -> None:
    """Let all that can run, run."""
    for _ in range(20):
        await asyncio.sleep(0)


class Post:
    """Carries requests, and notes which and when."""

    def __init__(self, timer: FakeTimer, limiter: Limiter) -> None:
        self.timer = timer
        self.limiter = limiter
        self.sent: list[tuple[str, float]] = []
        self.refusals: dict[str, list[int]] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.tasks: list[asyncio.Task[Any]] = []

    async def _carry(self, name: str) -> bool:
        self.sent.append((name, round(self.timer.now(), 3)))
        await self.open.wait()
        if self.refusals.get(name):
            raise RetryAfter(self.refusals[name].pop(0))
        return True

    def send(self, name: str, chat: int | None, priority: int = 10) -> asyncio.Task[Any]:
        data = {} if chat is None else {"chat_id": chat}
        request = self.limiter.process_request(
            self._carry, (name,), {}, "sendMessage", data, Ticket(priority)
        )
        self.tasks.append(asyncio.create_task(request))
        return self.tasks[-1]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.sent]


def make(rates: Rates, flights: int = FLIGHTS) -> tuple[FakeTimer, Post]:
    timer = FakeTimer()
    return timer, Post(timer, Limiter(Pace(rates), timer, flights))


ONE_A_SECOND = Rates(per_second=1, private_seconds=0, group_per_minute=float("inf"))


async def test_a_reply_passes_broadcasts_that_wait() -> None:
    timer, post = make(ONE_A_SECOND)
    for number in range(3):
        post.send(f"broadcast {number}", 10 + number, 50)
    await settle()
    post.send("reply", 1, 10)
    await timer.pass_until(10)
    assert post.names == ["broadcast 0", "reply", "broadcast 1", "broadcast 2"]


async def test_a_reply_passes_a_broadcast_that_waits_for_the_same_chat() -> None:
    timer, post = make(ONE_A_SECOND)
    for number in range(2):
        post.send(f"broadcast {number}", 10 + number, 50)
    await settle()
    post.send("reply", 11, 10)
    await timer.pass_until(10)
    assert post.names == ["broadcast 0", "reply", "broadcast 1"]


async def test_equals_go_in_order() -> None:
    timer, post = make(ONE_A_SECOND)
    for number in range(5):
        post.send(str(number), number + 1)
    await timer.pass_until(10)
    assert post.names == ["0", "1", "2", "3", "4"]


async def test_a_chat_that_waits_holds_nobody_up() -> None:
    timer, post = make(Rates(private_burst=3))
    for number in range(5):
        post.send(f"chatty {number}", 1)
    post.send("other", 2)
    await timer.pass_until(0.9)
    assert post.names == ["chatty 0", "chatty 1", "chatty 2", "other"]
    await timer.pass_until(3)
    assert post.names[4:] == ["chatty 3", "chatty 4"]


async def test_a_group_gets_no_more_than_its_minute() -> None:
    timer, post = make(Rates())
    for number in range(30):
        post.send(str(number), -5)
    await timer.pass_until(59.9)
    assert 15 <= len(post.sent) <= 20


async def test_one_request_per_chat_is_under_way() -> None:
    _, post = make(UNLIMITED)
    post.open.clear()
    post.send("first", 1)
    post.send("second", 1)
    post.send("other", 2)
    await settle()
    assert post.names == ["first", "other"]
    post.open.set()
    await settle()
    assert post.names == ["first", "other", "second"]


async def test_so_many_are_under_way_and_no_more() -> None:
    _, post = make(UNLIMITED, flights=3)
    post.open.clear()
    for number in range(10):
        post.send(str(number), number + 1)
    await settle()
    assert len(post.sent) == 3
    post.open.set()
    await settle()
    assert len(post.sent) == 10


async def test_a_429_pauses_its_chat_and_tries_again_by_itself() -> None:
    timer, post = make(Rates())
    post.refusals["refused"] = [3]
    refused = post.send("refused", 1)
    await settle()
    post.send("behind", 1)
    post.send("other", 2)
    await timer.pass_until(2.9)
    assert post.names == ["refused", "other"]
    await timer.pass_until(10)
    assert post.names == ["refused", "other", "refused", "behind"]
    assert post.sent[2][1] == pytest.approx(3, abs=0.01)
    assert await refused is True


async def test_two_refused_chats_pause_all_but_answers() -> None:
    timer, post = make(Rates())
    post.refusals = {"a": [5], "b": [5]}
    post.send("a", 1)
    post.send("b", 2)
    await timer.pass_until(0.1)
    post.send("c", 3)
    post.send("tap", None)
    await timer.pass_until(4.9)
    assert post.names == ["a", "b", "tap"]
    await timer.pass_until(9)
    assert sorted(post.names[3:]) == ["a", "b", "c"]


async def test_a_cancelled_request_leaves_no_trace() -> None:
    timer, post = make(ONE_A_SECOND)
    post.send("first", 1)
    await settle()
    gone = post.send("gone", 2)
    post.send("last", 3)
    await settle()
    gone.cancel()
    await timer.pass_until(5)
    assert post.sent == [("first", 0), ("last", pytest.approx(1 + MARGIN))]


async def test_a_request_cancelled_in_its_very_turn_frees_its_chat() -> None:
    timer, post = make(UNLIMITED)
    gone = post.send("gone", 1)
    await asyncio.sleep(0)
    gone.cancel()
    await settle()
    post.send("next", 1)
    await timer.pass_until(1)
    assert post.names[-1] == "next"


async def test_a_closed_limiter_refuses_who_waits_and_lets_fly_who_flies() -> None:
    _, post = make(ONE_A_SECOND)
    post.open.clear()
    flying, waiting, behind = post.send("flies", 1), post.send("waits", 2), post.send("behind", 1)
    await settle()
    await post.limiter.shutdown()
    post.open.set()
    assert await flying is True
    for task in (waiting, behind, post.send("late", 3)):
        with pytest.raises(Stopping):
            await task


async def test_ten_thousand_waiting_messages_do_not_delay_a_reply() -> None:
    timer, post = make(Rates())
    for number in range(10_000):
        post.send("broadcast", number + 10, 50)
    await timer.pass_until(1)
    post.send("reply", 5, 10)
    await timer.pass_until(1.2)
    assert "reply" in post.names
    for task in post.tasks:
        task.cancel()


async def test_broadcasts_leave_some_flights_to_replies() -> None:
    """Where Telegram takes long to answer, a reply does not wait for broadcasts to land."""
    timer, post = make(UNLIMITED)
    post.open.clear()
    for number in range(100):
        post.send("broadcast", number + 10, BROADCAST)
    await settle()
    post.send("reply", 5)
    await settle()
    assert post.names.count("broadcast") == FLIGHTS - SPARE_FLIGHTS
    assert post.names[-1] == "reply"
    post.open.set()
    await timer.pass_until(1)


async def test_nobody_flies_whose_result_could_not_be_kept() -> None:
    """A crash repeats what is not written down: that is as good as under way."""
    timer, unwritten = FakeTimer(), [3]
    post = Post(timer, Limiter(Pace(UNLIMITED), timer, 3, unwritten=lambda: unwritten[0]))
    post.send("waits", 1)
    await settle()
    assert post.names == []
    unwritten[0] = 0
    post.limiter.look()
    await settle()
    assert post.names == ["waits"]


async def test_departures_are_reserved_before_the_last_is_gone_and_only_for_who_waits() -> None:
    timer, asked = FakeTimer(), []
    whole = Shared(interval=0.01)

    async def reserve(count: int) -> float:
        asked.append(count)
        return timer.now() + 0.02

    post = Post(timer, Limiter(Pace(UNLIMITED, whole), timer, reserve=reserve))
    for number in range(10):
        post.send("message", number + 1)
    await timer.pass_until(1)
    assert len(post.names) == 10
    assert sum(asked) <= 10 + whole.at_once
    await timer.pass_until(5)
    assert sum(asked) <= 10 + whole.at_once
