"""Roles that end soon: their holders are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.clock.kinds import Kind
from bot.services.due import Due
from bot.services.notices import worded
from bot.services.outbox import NOTICE, Outgoing
from bot.services.roles.expiring import EXPIRES, Ending, ending_of
from bot.store.work import Work
from bot.talk import says


def ending(draw: Callable[[Ending], says.Message]) -> Kind:
    """The kind of due things that tell of the end of a role; `draw` words it."""

    async def tell(work: Work, thing: Due) -> Sequence[Outgoing]:
        found = await ending_of(work, thing)
        return [worded(work, found.to, NOTICE, draw, found)] if found else []

    return Kind(EXPIRES, tell)
