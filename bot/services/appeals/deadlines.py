"""What the clock does with appeals: reminds the owner, moves up what was missed, asks again, closes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.services import due
from bot.services.appeals import desks, rows, telling
from bot.services.appeals.desks import Stop
from bot.services.appeals.model import OF_THE_DESK, Appeal, Deed, News, Next, Side, State, Tiding
from bot.services.appeals.moves import Move
from bot.services.appeals.register import Register
from bot.services.due import Due
from bot.store.work import Work

ROUND: Final = "appeal_round"
"""The kind of due things that look for holders who are gone or away."""

_BY_CLOCK: Final = Deed(Side.CLOCK)


async def plan_rounds(work: Work) -> None:
    """See to it that every hour somebody looks for appeals whose holder is gone; once is enough."""
    await due.plan(work, ROUND, work.now, {}, rule="FREQ=HOURLY", name=ROUND)


async def strike(register: Register, thing: Due) -> list[News]:
    """A deadline, or the time to remind of it; one that was overtaken does nothing."""
    appeal = await register.hold(int(thing.what["appeal"]))
    if appeal is None or not _is_meant(appeal, thing):
        return []
    if thing.what.get("before"):
        return await telling.owner(register, appeal, Tiding.REMINDED)
    if appeal.next_what in OF_THE_DESK:
        return await _missed(register, appeal)
    return await (_ask_again if appeal.next_what is Next.ASK else _close)(register, appeal)


def _is_meant(appeal: Appeal, thing: Due) -> bool:
    if appeal.next_what is None or appeal.next_what != thing.what["next"]:
        return False
    return appeal.next_at == datetime.fromisoformat(thing.what["at"])


async def _missed(register: Register, appeal: Appeal) -> list[News]:
    """One step up; where there is none it stays, late, and those who look after the branch hear of it."""
    before = appeal
    changes = await desks.climb(register.work, register.book, appeal)
    missed = Deed(Side.CLOCK, reason=str(appeal.next_what))
    if "branch" in changes:
        appeal = await register.move(appeal, Move.GO_UP, missed, **changes)
        news = await telling.author(register, appeal, Tiding.WENT_UP)
        news += await telling.owner(register, appeal, Tiding.CAME_UP)
        return news + await telling.former(register, before, appeal)
    appeal = await register.move(appeal, Move.OVERDUE, missed, started_at=register.work.now)
    news = await telling.author(register, appeal, Tiding.LATE)
    news += await telling.owner(register, appeal, Tiding.MISSED)
    return news + await telling.overseers(register, appeal, Tiding.MISSED, but=news)


async def _ask_again(register: Register, appeal: Appeal) -> list[News]:
    appeal = await register.move(appeal, Move.ASK_AGAIN, _BY_CLOCK)
    return await telling.author(register, appeal, Tiding.STILL_SOLVED)


async def _close(register: Register, appeal: Appeal) -> list[News]:
    news = await telling.author(register, appeal, Tiding.CLOSED)
    if appeal.is_collective:
        for part in await register.parts(appeal):
            if part.state is State.MERGED:
                await register.move(part, Move.CLOSE, _BY_CLOCK)
    await register.move(appeal, Move.CLOSE, _BY_CLOCK)
    return news


# -- Who is gone, who is away --------------------------------------------------------------


async def round_up(register: Register) -> list[News]:
    """Hand over what is held by somebody who serves there no more, or is away."""
    news = []
    for appeal in await register.many(rows.HELD):
        holder = await desks.server(register.work, appeal.branch, appeal.holder or 0)
        if holder is None or holder.away:
            held = await register.hold(appeal.id)
            if held is not None and held.holder == appeal.holder:
                news += await let_go(register, held, "gone" if holder is None else "away")
    return news


async def let_go(register: Register, appeal: Appeal, why: str) -> list[News]:
    """Give a held appeal to whoever stands in for its holder, or back to the whole desk."""
    stand_in = await desks.stand_in(register.work, appeal.branch, appeal.holder or 0)
    deed = Deed(Side.CLOCK, reason=why)
    appeal = await register.move(
        appeal, Move.HAND_OVER, deed, holder=stand_in.to.person if stand_in else None
    )
    # Of what is solved already only the desk needs to know.
    is_solved = appeal.state in (State.ANSWERED, State.CONFIRMED)
    news = [] if is_solved else await telling.author(register, appeal, Tiding.HANDED_ON)
    if stand_in is not None:
        return [*news, await telling.person(register, appeal, stand_in, Tiding.REFERRED)]
    return news + await telling.desk(register, appeal, Stop(appeal.branch, appeal.desk), Tiding.REFERRED)
