"""Broadcasts start, are filled in and watched by the clock; what was missed is done late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.clock.kinds import Kind
from bot.services.broadcasts import running
from bot.services.broadcasts.model import FILL, START, WATCH, Terms
from bot.services.broadcasts.running import Draws
from bot.services.due import Due
from bot.services.outbox import Outgoing
from bot.store.work import Work

# A page of recipients is a transaction of its own: replies come in between.
ONE_AT_A_TIME: Final = 1


def broadcasting(terms: Terms, draws: Draws) -> list[Kind]:
    """The kinds of due things that carry broadcasts; `draws` words what organizers see."""

    async def start(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await running.start(work, thing, draws)

    async def fill(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await running.fill(work, thing)

    async def watch(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await running.watch(work, thing, terms, draws)

    return [
        Kind(START, start, batch=ONE_AT_A_TIME),
        Kind(FILL, fill, batch=ONE_AT_A_TIME),
        Kind(WATCH, watch),
    ]
