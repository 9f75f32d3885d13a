"""When a question comes back: FSRS with the library's own parameters, and nothing random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from fsrs import Card, Rating, Scheduler, State

# Fuzz would make two runs differ; six questions a day need no spreading.
SCHEDULER: Final = Scheduler(enable_fuzzing=False)
# FSRS never looks at the number of a card, but makes one of the clock where none is given.
_ANY: Final = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """How well a question is known: FSRS state, step, stability (days), difficulty (1 to 10)."""

    state: int
    step: int | None
    stability: float
    difficulty: float
    due_at: datetime
    reviewed_at: datetime


def reviewed(memory: Memory | None, *, right: bool, now: datetime) -> Memory:
    """The memory after an answer at `now` (aware): known is "good", not known "again"."""
    moment = now.astimezone(UTC)
    card = _card(memory, moment)
    after, _log = SCHEDULER.review_card(card, Rating.Good if right else Rating.Again, moment)
    return Memory(
        int(after.state),
        after.step,
        after.stability or 0.0,
        after.difficulty or 0.0,
        after.due,
        moment,
    )


def _card(memory: Memory | None, now: datetime) -> Card:
    if memory is None:
        return Card(card_id=_ANY, due=now)
    return Card(
        _ANY,
        State(memory.state),
        memory.step,
        memory.stability,
        memory.difficulty,
        memory.due_at.astimezone(UTC),
        memory.reviewed_at.astimezone(UTC),
    )
