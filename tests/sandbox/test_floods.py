"""Flood limits against a clock that the test moves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.limits import PRIVATE_BURST
from bot.sandbox.floods import Floods

BOT = 1
GROUP = -100


def test_one_person_gets_a_short_burst_and_then_one_a_second() -> None:
    floods = Floods("telegram")
    answers = [floods.spend(BOT, 7, 100.0) for _ in range(PRIVATE_BURST + 1)]
    assert answers == [0] * PRIVATE_BURST + [1]
    assert floods.spend(BOT, 8, 100.0) == 0, "somebody else is not held up"
    assert floods.spend(BOT, 7, 101.0) == 0
    assert floods.spend(BOT, 7, 101.0) == 1
    assert floods.refused == 2


def test_a_group_gets_twenty_a_minute() -> None:
    floods = Floods("telegram")
    assert [floods.spend(BOT, GROUP, 0.0) for _ in range(21)] == [0] * 20 + [3]
    assert floods.spend(BOT, GROUP, 3.0) == 0


def test_a_bot_gets_thirty_a_second_over_all_chats() -> None:
    floods = Floods("telegram")
    answers = [floods.spend(BOT, person, 0.0) for person in range(1, 32)]
    assert answers == [0] * 30 + [1]
    assert floods.spend(2, 31, 0.0) == 0, "another bot has its own budget"


def test_paid_broadcasts_get_a_thousand_and_off_gets_everything() -> None:
    paid, off = Floods("paid"), Floods("off")
    assert [paid.spend(BOT, person, 0.0) for person in range(1, 1002)] == [0] * 1000 + [1]
    assert not any(off.spend(BOT, 7, 0.0) for _ in range(5000))


def test_a_refused_message_costs_nothing() -> None:
    floods = Floods("telegram")
    for _ in range(100):
        floods.spend(BOT, 7, 0.0)
    assert floods.spend(BOT, 7, 1.0) == 0


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 0.5)), max_size=300))
def test_no_second_sees_more_than_thirty_plus_the_burst(sends: list[tuple[int, float]]) -> None:
    """Over any window of w seconds at most 30 (w + 1) messages pass, and per person w + the burst."""
    floods, now, passed = Floods("telegram"), 1_800_000_000.0, []
    for person, pause in sends:
        now += pause
        if floods.spend(BOT, person, now) == 0:
            passed.append((now, person))
    for index, (start, person) in enumerate(passed):
        mine = [time for time, who in passed[index:] if who == person]
        assert all(count <= time - start + PRIVATE_BURST + 0.01 for count, time in enumerate(mine, 1))
