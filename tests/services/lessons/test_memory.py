"""Review by FSRS: the library's own published intervals come out of our rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.lessons.memory import Memory, reviewed

# test_review_card of py-fsrs: good six times, again twice, good five times, each when it is due;
# the days from each review to the next.
PUBLISHED_ANSWERS = [True] * 6 + [False] * 2 + [True] * 5
PUBLISHED_DAYS = [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]
BEGIN = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)


def test_intervals_are_those_that_the_library_publishes() -> None:
    memory: Memory | None = None
    now, days = BEGIN, []
    for right in PUBLISHED_ANSWERS:
        memory = reviewed(memory, right=right, now=now)
        days.append((memory.due_at - memory.reviewed_at).days)
        now = memory.due_at
    assert days == PUBLISHED_DAYS


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10_000)), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_what_was_answered_always_comes_back_later(answers: list[tuple[bool, int]]) -> None:
    memory: Memory | None = None
    now = BEGIN
    for right, hours in answers:
        memory = reviewed(memory, right=right, now=now)
        assert memory.due_at > now
        assert memory.stability > 0
        assert 1 <= memory.difficulty <= 10
        now += timedelta(hours=hours)
