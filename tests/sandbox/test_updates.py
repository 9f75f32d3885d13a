"""The queue of updates: order, confirmation, kinds, age."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.sandbox.updates import UpdateQueue


def _filled(count: int) -> UpdateQueue:
    queue = UpdateQueue(100)
    for number in range(count):
        queue.put("message", {"n": number}, lane=1, now=0.0)
    return queue


def _ids(queue: UpdateQueue, offset: int, limit: int = 100) -> list[int]:
    return [update["update_id"] for update in queue.take(offset, limit, 0.0)]


def test_updates_come_again_until_they_are_confirmed() -> None:
    queue = _filled(3)
    assert _ids(queue, 0) == [100, 101, 102]
    assert _ids(queue, 0, limit=2) == [100, 101]
    assert _ids(queue, 102) == [102]
    assert _ids(queue, 0) == [102], "the ones before are gone"
    assert queue.delivered == 2


def test_a_negative_offset_keeps_only_the_newest() -> None:
    assert _ids(_filled(5), -2) == [103, 104]
    assert _ids(_filled(2), -9) == [100, 101]


def test_some_kinds_come_only_when_named() -> None:
    queue = UpdateQueue(1)
    assert not queue.put("chat_member", {}, 1, 0.0)
    queue.allow(["chat_member", "nonsense"])
    assert queue.put("chat_member", {}, 1, 0.0)
    assert not queue.put("message", {}, 1, 0.0)
    queue.allow([])
    assert queue.put("message", {}, 1, 0.0), "an empty list means the default"


def test_updates_are_kept_for_a_day() -> None:
    queue = _filled(1)
    assert len(queue.take(0, 100, limits.UPDATE_AGE_SECONDS)) == 1
    assert queue.take(0, 100, limits.UPDATE_AGE_SECONDS + 1) == []


@given(st.lists(st.integers(-3, 130), max_size=30), st.integers(0, 20))
def test_what_was_confirmed_never_comes_back(offsets: list[int], count: int) -> None:
    queue, highest = _filled(count), 0
    for offset in offsets:
        ids = _ids(queue, offset)
        highest = max(highest, offset)
        assert ids == sorted(ids)
        assert all(update_id >= highest for update_id in ids)
