"""Events: announced, brought to mind the day before, called off; helpers thanked when a call-out is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.clock.kinds import Kind
from bot.services.checkins import helping
from bot.services.checkins.helping import Thanked
from bot.services.due import Due
from bot.services.events import telling
from bot.services.events.model import ANNOUNCE, BEFORE, CALL_OFF, OVER, Told
from bot.services.notices import worded
from bot.services.outbox import BROADCAST, NOTICE, REMINDER, Outgoing
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[Told], says.Message]
Recipients = TypeVar("Recipients", Told, Thanked)


@dataclass(frozen=True, slots=True)
class Words:
    """How events are worded, in the language being spoken."""

    announced: Draw
    coming: Callable[[Told, datetime], says.Message]
    called_off: Draw
    thanked: Callable[[Thanked], says.Message]


def inviting(words: Words) -> list[Kind]:
    """The kinds of due things that tell of events."""

    async def announce(work: Work, thing: Due) -> Sequence[Outgoing]:
        return _said(work, await telling.to_tell(work, thing), words.announced, BROADCAST)

    async def remind(work: Work, thing: Due) -> Sequence[Outgoing]:
        if "people" not in thing.what:
            await telling.plan_reminding(work, thing)
            return []
        told = await telling.to_tell(work, thing)
        return _said(work, told, lambda one: words.coming(one, work.now), REMINDER)

    async def call_off(work: Work, thing: Due) -> Sequence[Outgoing]:
        return _said(work, await telling.to_tell(work, thing, called_off=True), words.called_off, NOTICE)

    async def thank(work: Work, thing: Due) -> Sequence[Outgoing]:
        return _said(work, await helping.round_up(work, thing), words.thanked, NOTICE)

    return [Kind(ANNOUNCE, announce), Kind(BEFORE, remind), Kind(CALL_OFF, call_off), Kind(OVER, thank)]


def _said(
    work: Work, told: Sequence[Recipients], draw: Callable[[Recipients], says.Message], priority: int
) -> list[Outgoing]:
    return [worded(work, one.to, priority, draw, one) for one in told]
