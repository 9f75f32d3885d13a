"""What privacy needs the clock for: packing somebody's data, and sweeping up after who was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.clock.kinds import Kind
from bot.i18n import speaking
from bot.services.due import Due
from bot.services.messages import compose
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

    async def give(work: Work, thing: Due, _services: Any) -> Sequence[Outgoing]:
        packed = await pack(work, thing)
        if packed is None:
            return []
        with speaking(packed.locale):
            body = compose(draw(packed))
        return [Outgoing(work.bot, packed.account, body, REPLY)]

    async def clean(work: Work, _thing: Due, _services: Any) -> Sequence[Outgoing]:
        await sweep(work)
        return []

    return [Kind(MYDATA, give, batch=1, limit_seconds=PACKING_SECONDS), Kind(SWEEP, clean)]
