"""What privacy needs the clock for: packing somebody's data, and sweeping up after who was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.clock.kinds import Kind
from bot.services.due import Due
from bot.services.notices import worded
from bot.services.outbox import REPLY, Outgoing
from bot.services.privacy.desk import MYDATA
from bot.services.privacy.forgetting import SWEEP, sweep
from bot.services.privacy.packing import Packed, pack
from bot.store.work import Work
from bot.talk import says

# A thousand photos take their time.
PACKING_SECONDS = 120

Draw = Callable[[Packed], says.Message]


def keeping_private(draw: Draw) -> list[Kind]:
    """The kinds of due things of privacy; `draw` words the message that brings the data."""

    async def give(work: Work, thing: Due) -> Sequence[Outgoing]:
        packed = await pack(work, thing)
        if packed is None:
            return []
        return [worded(work, packed, REPLY, draw, packed)]

    async def clean(work: Work, _thing: Due) -> Sequence[Outgoing]:
        await sweep(work)
        return []

    return [Kind(MYDATA, give, batch=1, limit_seconds=PACKING_SECONDS), Kind(SWEEP, clean)]
