"""The pace, with Telegram's own buckets (the sandbox's) as the referee."""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.delivery.pace import LATE, Pace, Rates
from bot.sandbox.floods import Floods

EPSILON = 1e-9
BOT = 1

people = st.integers(1, 6)
groups = st.integers(-3, -1)
loads = st.lists(st.tuples(st.one_of(people, groups), st.floats(0, 0.4)), min_size=1, max_size=120)


def depart(pace: Pace, chat: int, now: float) -> float:
    """Send as early as the pace allows; gives the time."""
    at = max(now, pace.open_at(), pace.chat_open_at(chat))
    pace.leave(chat, at)
    pace.arrive(chat, at)
    return at


@given(loads)
def test_no_second_and_no_minute_holds_more_than_the_limit(load: list[tuple[int, float]]) -> None:
    pace, now = Pace(), 0.0
    sent: list[float] = []
    by_chat: defaultdict[int, list[float]] = defaultdict(list)
    for chat, pause in load:
        now = depart(pace, chat, now + pause * pause)
        sent.append(now)
        by_chat[chat].append(now)
    for first, over in zip(sent, sent[limits.MESSAGES_PER_SECOND :], strict=False):
        assert over - first >= 1 - EPSILON
    for chat, times in by_chat.items():
        for count, (first, last) in enumerate((times[0], time) for time in times):
            if chat > 0:
                assert last - first >= count - (Rates().private_burst - 1) - EPSILON
        for first, over in zip(times, times[limits.GROUP_MESSAGES_PER_MINUTE :], strict=False):
            assert over - first >= 60 or chat > 0


@given(st.integers(0, 2**32), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_telegram_never_refuses_whatever_the_way_takes(seed: int, there: float, back: float) -> None:
    """Messages leave by the pace, take any time to arrive, and are counted when they arrive."""
    chance = random.Random(seed)
    pace, referee = Pace(), Floods("telegram")
    waiting = [chance.choice([1, 1, 1, 2, 3, 4, 5, -1, -2]) for _ in range(60)]
    arrivals: list[tuple[float, int, float]] = []
    flying: set[int] = set()
    now = 0.0
    while waiting or arrivals:
        free = [chat for chat in waiting if chat not in flying]
        at = min((max(now, pace.open_at(), pace.chat_open_at(chat)) for chat in free), default=1e9)
        if arrivals and arrivals[0][0] <= at:
            arrived, chat, answered = heapq.heappop(arrivals)
            if answered == 0:
                assert referee.spend(BOT, chat, arrived) == 0
                heapq.heappush(arrivals, (arrived + chance.random() * back, chat, 1))
                continue
            now = max(now, arrived)
            flying.discard(chat)
            pace.arrive(chat, arrived)
            continue
        now = at
        chat = next(c for c in free if max(pace.open_at(), pace.chat_open_at(c)) <= now)
        waiting.remove(chat)
        flying.add(chat)
        pace.leave(chat, now)
        heapq.heappush(arrivals, (now + chance.random() * there, chat, 0))
    assert referee.refused == 0


@pytest.mark.parametrize("rate", [1, 30, 1000])
def test_a_minute_of_backlog_holds_the_rate_within_two_percent(rate: int) -> None:
    pace = Pace(Rates(per_second=rate))
    sent = 0
    while max(pace.open_at(), 0) < 60:
        depart(pace, sent + 1, 0)
        sent += 1
    assert 0.98 * 60 * rate <= sent <= 60 * rate + 1


def test_a_late_timer_does_not_cost_speed() -> None:
    """Each wake-up comes up to 5 ms after its time; over a minute the rate holds all the same."""
    chance, pace, now, sent = random.Random(1), Pace(), 0.0, 0
    while now < 60:
        now = max(now, pace.open_at()) + chance.random() * LATE / 20
        while pace.open_at() <= now:
            pace.leave(sent + 1, now)
            sent += 1
    assert sent >= 0.98 * 60 * limits.MESSAGES_PER_SECOND


def test_a_machine_that_stops_now_and_then_does_not_cost_speed() -> None:
    """Twice a second it stands still for 60 ms: that is caught up, within what a second may hold."""
    pace, now, sent = Pace(Rates(per_second=1000)), 0.0, list[float]()
    while now < 60:
        now = max(now, pace.open_at())
        now += 0.06 if int(now * 2) != int((now - 0.001) * 2) else 0
        while pace.open_at() <= now:
            pace.leave(len(sent) + 1, now)
            sent.append(now)
    assert len(sent) >= 0.98 * 60_000
    assert all(later - first >= 1 - EPSILON for first, later in zip(sent, sent[1000:], strict=False))


def test_nothing_bursts_after_an_idle_time() -> None:
    pace = Pace()
    depart(pace, 1, 0)
    times = [depart(pace, chat, 3600) for chat in range(2, 40)]
    assert all(later - earlier >= 1 / 30 for earlier, later in pairwise(times))
    assert times[30] - times[0] >= 1


def test_a_refused_chat_waits_alone_and_then_does_not_burst() -> None:
    pace = Pace()
    pace.refuse(1, 0, 5)
    assert depart(pace, 2, 0) == 0
    times = [depart(pace, 1, 0) for _ in range(4)]
    assert times[0] == pytest.approx(5)
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))


def test_a_second_refused_chat_pauses_everybody() -> None:
    pace = Pace()
    pace.refuse(1, 0, 5)
    pace.refuse(2, 1, 7)
    times = [depart(pace, chat, 1) for chat in range(3, 40)]
    assert times[0] == pytest.approx(8)
    assert times[30] - times[0] >= 1


def test_a_chat_refused_twice_still_pauses_alone() -> None:
    pace = Pace()
    pace.refuse(1, 0, 5)
    pace.refuse(1, 1, 5)
    assert depart(pace, 2, 1) == 1


def test_chats_that_are_idle_are_forgotten() -> None:
    """A broadcast to everybody must not leave everybody in memory."""
    pace = Pace(Rates(per_second=float("inf")))
    for chat in range(1, 50_000):
        pace.leave(chat, chat / 100)
    assert len(pace._chats) <= 20_001
