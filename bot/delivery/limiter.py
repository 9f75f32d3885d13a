"""The flood limits at python-telegram-bot's hook: who waits, who goes next."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import structlog
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot import metrics
from bot.delivery.pace import Pace, Shared
from bot.services.outbox import BROADCAST, REPLY

Answer = bool | dict[str, Any] | list[dict[str, Any]]

# Requests under way at once: more only queue before Telegram, and a reply behind them.
FLIGHTS = 64
# Of these broadcasts leave so many free: where Telegram is slow, a reply must not wait for their answers.
SPARE_FLIGHTS = 8
# uvloop counts in whole milliseconds: a shorter alarm would ring before its time, again and again.
_SHORTEST_ALARM = 0.001

Reserve = Callable[[int], Awaitable[float]]
"""Reserves so many departures of the whole bot; gives the timer's time of the first."""
Refused = Callable[[int, float], None]
"""Hears of a chat and the seconds that Telegram asked to wait."""

log = structlog.get_logger()


class Stopping(Exception):
    """The limiter is closed: this request never left."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """How urgent a request is, the lower the sooner, and what is to be done just before it leaves."""

    priority: int
    leaving: Callable[[], Awaitable[None]] | None = None


# For what comes without one: as urgent as a reply.
_URGENT = Ticket(REPLY)


class Timer(Protocol):
    """A forward-going clock in seconds that can ring."""

    def now(self) -> float:
        """The time."""
        ...

    def ring(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        """Call back after so many seconds; the handle cancels."""
        ...


class LoopTimer:
    """The real one."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def ring(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        """Call back from the event loop."""
        return asyncio.get_running_loop().call_later(max(seconds, _SHORTEST_ALARM), callback)


@dataclass(order=True, slots=True)
class _Waiter:
    """A request in the queue; the lower, the sooner."""

    priority: int
    place: int
    chat: int = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


class Limiter(BaseRateLimiter[Ticket]):
    """Lets requests go when the pace allows: by priority, then in order.

    What is addressed to a chat counts, edits too: Telegram counts them. Answers to taps and inline queries
    are not counted and pass at once. One request per chat is under way at a time; a chat that must wait holds
    up nobody else. `rate_limit_args` is the request's ticket.

    Where the pace is shared with other speakers, `reserve` asks for departures; `refused` hears of every 429.
    `unwritten` says how many answers came whose results are not safe yet: a crash would send these messages
    again, so they count as under way; `look` is to be called when there are fewer.
    """

    def __init__(
        self,
        pace: Pace,
        timer: Timer | None = None,
        flights: int = FLIGHTS,
        *,
        reserve: Reserve | None = None,
        refused: Refused | None = None,
        unwritten: Callable[[], int] = lambda: 0,
        bot: int = 0,
    ) -> None:
        self.pace = pace
        self._reserve = reserve
        self._refused = refused
        self._unwritten = unwritten
        self._bot = bot
        self._reserving: asyncio.Task[None] | None = None
        self.timer = timer or LoopTimer()
        self._flights = flights
        self._places = itertools.count()
        self._ready: list[_Waiter] = []
        self._asleep: list[tuple[float, _Waiter]] = []
        self._behind: defaultdict[int, list[_Waiter]] = defaultdict(list)
        self._flying: set[int] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = float("inf")
        self._closed = False

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Refuse all who wait."""
        self.close()

    def close(self) -> None:
        """Refuse all who wait, and all who come later, with Stopping. Requests under way go on."""
        self._closed = True
        waiting = [*self._ready, *(waiter for _, waiter in self._asleep)]
        waiting += itertools.chain.from_iterable(self._behind.values())
        for waiter in waiting:
            if not waiter.turn.done():
                waiter.turn.set_exception(Stopping())
        self._ready, self._asleep = [], []
        self._behind.clear()
        if self._alarm is not None:
            self._alarm.cancel()
        if self._reserving is not None:
            self._reserving.cancel()

    def look(self) -> None:
        """Let go whoever may now."""
        self._serve()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Ticket | None,
    ) -> Answer:
        """Carry out a request in its turn; a 429 pauses and tries again. Raises Stopping once closed."""
        chat = data.get("chat_id")
        if not isinstance(chat, int):
            return await callback(*args, **kwargs)
        ticket, place = rate_limit_args or _URGENT, next(self._places)
        while True:
            await self._turn(chat, ticket.priority, place)
            try:
                if ticket.leaving is not None:
                    await ticket.leaving()
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = seconds_of(error)
                log.warning("telegram_asks_to_wait", method=endpoint, chat=chat, seconds=seconds)
                metrics.FLOOD_WAITS.labels(self._bot).inc()
                self.pace.refuse(chat, self.timer.now(), seconds)
                if self._refused is not None:
                    self._refused(chat, seconds)
            finally:
                self._land(chat)

    async def _turn(self, chat: int, priority: int, place: int) -> None:
        if self._closed:
            raise Stopping
        waiter = _Waiter(priority, place, chat, asyncio.get_running_loop().create_future())
        heapq.heappush(self._ready, waiter)
        self._serve()
        try:
            await waiter.turn
        except asyncio.CancelledError:
            # Cancelled between its turn and its departure: the place must not stay taken.
            if waiter.turn.done() and not waiter.turn.cancelled() and not waiter.turn.exception():
                self._land(chat)
            raise

    def _serve(self) -> None:
        """Let go whoever may: each waiter is looked at once, not once per tick."""
        now = self.timer.now()
        while self._asleep and self._asleep[0][0] <= now:
            heapq.heappush(self._ready, heapq.heappop(self._asleep)[1])
        while self._ready and self._has_room(self._ready[0]):
            open_at = self.pace.open_at()
            self._look_ahead()
            if open_at > now:
                self._wake_at(open_at, now)
                return
            self._place(heapq.heappop(self._ready), now)
        if self._asleep:
            self._wake_at(self._asleep[0][0], now)

    def _has_room(self, waiter: _Waiter) -> bool:
        spare = SPARE_FLIGHTS if waiter.priority >= BROADCAST else 0
        return len(self._flying) + self._unwritten() < max(self._flights - spare, 1)

    def _look_ahead(self) -> None:
        """Reserve further departures before the last one is gone."""
        whole = self.pace.whole
        if self._reserve is None or self._reserving is not None or not isinstance(whole, Shared):
            return
        if whole.is_low() and not self._closed:
            self._reserving = asyncio.create_task(self._reserve_more(whole, self._reserve))

    async def _reserve_more(self, whole: Shared, reserve: Reserve) -> None:
        count = min(whole.at_once, len(self._ready) + 1)
        try:
            whole.add(await reserve(count), count)
        finally:
            self._reserving = None
        self._serve()

    def _place(self, waiter: _Waiter, now: float) -> None:
        """The waiter goes, or stands behind its chat's request under way, or sleeps until its chat opens."""
        if waiter.turn.done():
            return
        if waiter.chat in self._flying:
            self._behind[waiter.chat].append(waiter)
            return
        open_at = self.pace.chat_open_at(waiter.chat)
        if open_at > now:
            heapq.heappush(self._asleep, (open_at, waiter))
            return
        self.pace.leave(waiter.chat, now)
        self._flying.add(waiter.chat)
        waiter.turn.set_result(None)

    def _land(self, chat: int) -> None:
        self._flying.discard(chat)
        self.pace.arrive(chat, self.timer.now())
        for waiter in self._behind.pop(chat, ()):
            heapq.heappush(self._ready, waiter)
        self._serve()

    def _wake_at(self, when: float, now: float) -> None:
        if when == float("inf"):
            return
        if self._alarm is not None:
            if self._alarm_at <= when:
                return
            self._alarm.cancel()
        self._alarm_at = when
        self._alarm = self.timer.ring(when - now, self._woken)

    def _woken(self) -> None:
        self._alarm, self._alarm_at = None, float("inf")
        self._serve()


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
