"""What people did that others may want to know of: told in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bot.services.points import earning
from bot.store.work import Work

Kind = Literal["checked_in", "helped", "came", "answered", "hazard", "corrected", "learned", "reviewed"]
"""Checked in at a station, helped as a volunteer, came to an event, answered a check-in or survey, reported a
hazard that was confirmed or a flaw that was settled, finished a lesson, reviewed a question."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something a person did, once: `about` names what it was (a place, a round), and with `kind` and the
    person tells it from all others. `minutes` of help; `weak` where only a shared location speaks for it."""

    kind: Kind
    person: int
    about: str
    at: datetime
    minutes: int = 0
    weak: bool = False


Listener = Callable[[Work, Happening], Awaitable[None]]


LISTENERS: Final[Sequence[Listener]] = (earning.heard,)
"""Who hears of every happening. A listener may write, in the same transaction; it must not raise."""


async def happened(work: Work, happening: Happening) -> None:
    """Tell all listeners."""
    for listener in LISTENERS:
        await listener(work, happening)
