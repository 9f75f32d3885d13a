"""Reports of appeals come by themselves; one that nobody could send within a day is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.clock.kinds import Kind
from bot.i18n import speaking
from bot.services import files
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.subscriptions import REPORT, Drawn, Sending, due_now
from bot.services.due import Due
from bot.services.messages import compose
from bot.services.outbox import REMINDER, Outgoing
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[Sending, Rulebook], Drawn]

GRACE: Final = timedelta(days=1)
# Each draws a picture: a transaction holds few of them.
BATCH: Final = 4


def reporting(rules: Rulebook, draw: Draw) -> Kind:
    """The kind of due things that send reports; `draw` words one in the language being spoken."""

    async def report(work: Work, thing: Due) -> Sequence[Outgoing]:
        sending = await due_now(work, thing, rules)
        if sending is None:
            return []
        with speaking(sending.to.locale):
            drawn = draw(sending, rules)
            bodies = [compose(drawn.text)]
            if drawn.picture is not None:
                key = await files.keep(work, drawn.picture, drawn.name, "image/png")
                bodies.insert(0, compose(says.Photo(key)))
        return [Outgoing(work.bot, sending.to.account, body, REMINDER) for body in bodies]

    return Kind(REPORT, report, missed="skip", grace=GRACE, batch=BATCH)
