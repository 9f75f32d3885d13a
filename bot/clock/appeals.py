"""Appeals on the clock: deadlines, rounds over what is held, files that follow, topics that open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.clock.kinds import Kind
from bot.services.appeals import deadlines, enclosing, posting
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import News
from bot.services.appeals.register import DEADLINE, Register
from bot.services.due import Due
from bot.services.outbox import Outgoing
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[News, Rulebook], Sequence[says.Message]]

# A deadline may tell many people of one case; a transaction holds few of them.
BATCH = 16


def appealing(rules: Rulebook, draw: Draw) -> list[Kind]:
    """The kinds of due things of appeals; `draw` words news in the language being spoken."""

    def drawn(news: News) -> Sequence[says.Message]:
        return draw(news, rules)

    async def strike(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await posting.post(work, await deadlines.strike(Register(work, rules), thing), drawn)

    async def round_up(work: Work, _thing: Due) -> Sequence[Outgoing]:
        return await posting.post(work, await deadlines.round_up(Register(work, rules)), drawn)

    async def relay(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await posting.post(work, await enclosing.relay(Register(work, rules), thing), drawn)

    async def open_topic(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await posting.open_topic(Register(work, rules), thing, drawn)

    return [
        Kind(DEADLINE, strike, batch=BATCH),
        Kind(deadlines.ROUND, round_up, limit_seconds=300),
        Kind(enclosing.ENCLOSE, relay, batch=BATCH),
        Kind(posting.TOPIC, open_topic, batch=BATCH),
    ]
