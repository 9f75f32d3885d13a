"""Roles that end soon: their holders are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.clock.kinds import Kind
from bot.i18n import speaking
from bot.services.due import Due
from bot.services.messages import compose
from bot.services.outbox import NOTICE, Outgoing
from bot.services.roles.expiring import EXPIRES, Ending, ending
from bot.store.work import Work
from bot.talk import says


def serving(draw: Callable[[Ending], says.Message]) -> Kind:
    """The kind of due things that tell of the end of a role; `draw` words it."""

    async def tell(work: Work, thing: Due, _services: Any) -> Sequence[Outgoing]:
        found = await ending(work, thing)
        if found is None:
            return []
        with speaking(found.to.locale):
            return [Outgoing(work.bot, found.to.account, compose(draw(found)), NOTICE)]

    return Kind(EXPIRES, tell)
