"""Reminders ring: what was missed comes late, once, with a word about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.clock.kinds import GRACE, Kind
from bot.services.due import Due
from bot.services.notices import worded
from bot.services.outbox import BROADCAST, REMINDER, Outgoing
from bot.services.reminders.model import REMIND, Ring
from bot.services.reminders.offers import OFFER, Offer, to_offer
from bot.services.reminders.ringing import ring
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[Ring], says.Message]


def reminding(draw: Draw) -> Kind:
    """The kind of due things that ring; `draw` words a ring in the language being spoken."""

    async def remind(work: Work, thing: Due) -> Sequence[Outgoing]:
        rung = await ring(work, thing, GRACE)
        if rung is None:
            return []
        return [worded(work, rung, REMINDER, draw, rung)]

    return Kind(REMIND, remind)


def offering(draw: Callable[[Offer], says.Message]) -> Kind:
    """The kind of due things that offer a reminder to people; `draw` words it."""

    async def offer(work: Work, thing: Due) -> Sequence[Outgoing]:
        offered, people = await to_offer(work, thing)
        if offered is None:
            return []
        return [worded(work, to, BROADCAST, draw, offered) for to in people]

    return Kind(OFFER, offer)
