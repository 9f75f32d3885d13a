"""Points come right after the deed that earned them, in a transaction of their own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock.kinds import Kind
from bot.services.due import Due
from bot.services.outbox import Outgoing
from bot.services.points import ledger
from bot.services.points.rules import PointBook
from bot.store.work import Work


def earning(book: PointBook) -> Kind:
    """The kind of due things that give points by the rules."""

    async def give(work: Work, thing: Due) -> Sequence[Outgoing]:
        rule = book.earnings.get(thing.what["rule"])
        if rule is not None:
            await ledger.give(work, thing.what["person"], rule, thing.what["subject"])
        return []

    return Kind(ledger.EARN, give)
