"""Daily lessons: one that could not be sent in time is left out, tomorrow brings another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from bot.clock.kinds import Kind
from bot.i18n import speaking
from bot.services.due import Due
from bot.services.lessons.daily import DAILY, Offer, offer
from bot.services.lessons.shelf import Shelf
from bot.services.messages import compose
from bot.services.outbox import REMINDER, Outgoing
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[Offer], says.Message]

# Who wanted it at noon may still want it a little later, and not in the evening.
GRACE: Final = timedelta(hours=1)


def teaching(shelf: Shelf, draw: Draw) -> Kind:
    """The kind of due things that bring a lesson; `draw` words it in the language being spoken."""

    async def teach(work: Work, thing: Due, _services: Any) -> Sequence[Outgoing]:
        offered = await offer(work, thing, shelf)
        if offered is None:
            return []
        with speaking(offered.locale):
            body = compose(draw(offered))
        return [Outgoing(work.bot, offered.account, body, REMINDER)]

    return Kind(DAILY, teach, missed="skip", grace=GRACE)
