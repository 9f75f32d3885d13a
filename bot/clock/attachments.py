"""What people sent and what could not be kept: they are told, right after."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from bot.clock.kinds import Kind
from bot.services.attachments import REFUSAL, Refusal, refusal
from bot.services.due import Due
from bot.services.notices import worded
from bot.services.outbox import REPLY, Outgoing
from bot.store.work import Work
from bot.talk import says


def receiving(draw: Callable[[Refusal], says.Message], told_elsewhere: Set[str]) -> Kind:
    """The kind of due things that tell of a refusal; `draw` words it. Some purposes have their own screen."""

    async def tell(work: Work, thing: Due) -> Sequence[Outgoing]:
        found = await refusal(work, thing)
        if found is None or found.purpose in told_elsewhere:
            return []
        return [worded(work, found.to, REPLY, draw, found)]

    return Kind(REFUSAL, tell)
