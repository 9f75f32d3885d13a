"""Lessons that come by themselves; one that could not be sent in time is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.clock.kinds import Kind
from bot.services.due import Due
from bot.services.lessons.daily import DAILY, PAUSED_LESSON, Offer, offer, paused
from bot.services.lessons.shelf import Shelf
from bot.services.notices import worded
from bot.services.outbox import REMINDER, Outgoing
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[Offer], says.Message]

# Who wanted it at noon may still want it a little later, and not in the evening.
GRACE: Final = timedelta(hours=1)


def teaching(shelf: Shelf, draw_daily: Draw, draw_paused: Draw) -> list[Kind]:
    """The kinds of due things that bring a lesson; worded in the language being spoken."""

    async def teach(work: Work, thing: Due) -> Sequence[Outgoing]:
        return _said(work, await offer(work, thing, shelf), draw_daily)

    async def remind(work: Work, thing: Due) -> Sequence[Outgoing]:
        return _said(work, await paused(work, thing, shelf), draw_paused)

    return [
        Kind(DAILY, teach, missed="skip", grace=GRACE),
        Kind(PAUSED_LESSON, remind, missed="skip", grace=GRACE),
    ]


def _said(work: Work, offered: Offer | None, draw: Draw) -> list[Outgoing]:
    if offered is None:
        return []
    return [worded(work, offered, REMINDER, draw, offered)]
