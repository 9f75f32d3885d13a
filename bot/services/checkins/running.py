"""What the clock does with check-ins: opens rounds, asks, nudges, closes, draws boards anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.home import HOME_ZONE
from bot.services import due
from bot.services.checkins import book, rows
from bot.services.checkins.asking import people_in, plan_slices
from bot.services.checkins.model import (
    ANSWERING,
    ASK,
    CLOSE,
    KEEP_ROUNDS,
    NUDGE,
    Asked,
    Board,
    Checkin,
    Round,
)
from bot.services.due import Due
from bot.services.groups.quiet import NIGHT
from bot.services.happenings import Happening, happened
from bot.services.notices import Recipient
from bot.services.segments.model import SegmentError
from bot.store.tables import conversations, outbox
from bot.store.work import Work
from bot.talk.journal import Journal


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Somebody to be asked a round."""

    recipient: Recipient
    asked: Asked


@dataclass(frozen=True, slots=True)
class ToRedraw:
    """A board that stands in somebody's chat as `message`."""

    recipient: Recipient
    message: int
    board: Board


async def open_round(work: Work, number: int) -> int | None:
    """Open the next round of a check-in and plan to ask everybody; gives its number.

    None where the check-in was ended, or nobody is there to be asked. A round that is still open is closed
    first.
    """
    checkin = await book.checkin(work, number)
    if checkin is None or checkin.ended:
        return None
    for row in await work.fetch(rows.STILL_OPEN, {"of": work.bot, "row": number}):
        await close(work, row.id)
    people = await _audience(work, checkin)
    if not people:
        return None
    counted = await work.write(rows.COUNT_ROUND, {"of": work.bot, "row": number})
    if not counted:
        return None
    round_id = await _add_round(work, checkin, counted[0].rounds)
    asked = [{"bot": work.bot, "round": round_id, "person": one, "answered": False} for one in people]
    await work.execute(rows.ADD_PEOPLE, asked)
    await plan_slices(work, ASK, people, {"round": round_id})
    return round_id


async def _audience(work: Work, checkin: Checkin) -> Sequence[int]:
    """Who is asked now; nobody where the segment names what is no longer there."""
    try:
        return await people_in(work, checkin.segment, checkin.branch)
    except SegmentError:
        return ()


async def _add_round(work: Work, checkin: Checkin, number: int) -> int:
    timing = checkin.timing
    closes_at = work.now + timedelta(minutes=timing.close_minutes)
    values = {
        "bot": work.bot,
        "checkin": checkin.id,
        "number": number,
        "opened_at": work.now,
        "closes_at": closes_at,
        "told": "",
    }
    round_id = int((await work.write(rows.ADD_ROUND, values))[0].id)
    what = {"round": round_id}
    nudge_at = _nudge_at(work, checkin)
    if nudge_at is not None and nudge_at < closes_at:
        await due.plan(work, NUDGE, nudge_at, what)
    await due.plan(work, CLOSE, closes_at, what)
    return round_id


def _nudge_at(work: Work, checkin: Checkin) -> datetime | None:
    """When to nudge; who sleeps is not woken, unless it is about their safety."""
    timing = checkin.timing
    if timing.nudge_minutes is None:
        return None
    at = work.now + timedelta(minutes=timing.nudge_minutes)
    return at if checkin.safety else NIGHT.end_after(at, timing.zone) or at


async def to_ask(work: Work, thing: Due) -> list[ToAsk]:
    """Of a slice those who are to be asked: who can be reached and has not answered, while it is open."""
    found = await book.round_of(work, thing.what["round"])
    if found is None or not found[1].is_open(work.now):
        return []
    checkin, one = found
    people = await work.fetch(rows.TO_ASK, {"of": work.bot, "the_round": one.id, "ids": thing.what["people"]})
    again = bool(thing.what.get("again"))
    return [
        ToAsk(
            Recipient(row.id, row.account, row.language),
            Asked(checkin, one, False, row.zone or HOME_ZONE, again),
        )
        for row in people
    ]


async def nudge(work: Work, round_id: int) -> int:
    """Plan to ask those once more who have not answered; gives how many."""
    found = await work.fetch(rows.SILENT, {"of": work.bot, "the_round": round_id})
    people = [row.person for row in found]
    await plan_slices(work, ASK, people, {"round": round_id, "again": True})
    return len(people)


async def close(work: Work, round_id: int) -> tuple[Checkin, Round] | None:
    """Close a round; gives it as it was, None where it is closed already.

    From here on not even the database tells in which order anonymous answers came.
    """
    found = await book.round_of(work, round_id)
    where = {"of": work.bot, "the_round": round_id}
    if found is None or not await work.execute(rows.CLOSE, {**where, "now": work.now}):
        return None
    if found[0].anonymous:
        await work.execute(rows.SHUFFLE, where)
        await work.execute(rows.SHUFFLE_PEOPLE, where)
        await _forget_halves(work, round_id)
        await _thank_all(work, found[1])
    await book.refresh_boards(work, round_id)
    return found


def answered(work: Work, person: int, one: Round) -> Happening:
    """That somebody answered a round."""
    return Happening("answered", person, f"round:{one.id}", work.now)


async def _thank_all(work: Work, one: Round) -> None:
    """That people answered anonymously is told when all have: not in the order in which they did."""
    for row in await work.fetch(rows.ANSWERERS, {"of": work.bot, "the_round": one.id}):
        await happened(work, answered(work, row.person, one))


async def _forget_halves(work: Work, round_id: int) -> None:
    """Answers that somebody began and never sent are forgotten with the round."""
    begun = await work.fetch(_BEGUN, {"of": work.bot, "dialog": ANSWERING})
    halves = [row.id for row in begun if Journal(row.journal).given().get("round") == round_id]
    if halves:
        await work.execute(_FORGET, {"ids": halves})


async def silent(work: Work, round_id: int) -> list[int]:
    """Who was asked, can be reached and did not answer."""
    return [row.person for row in await work.fetch(rows.SILENT, {"of": work.bot, "the_round": round_id})]


async def boards(work: Work, round_id: int) -> list[ToRedraw]:
    """The boards of a round that stand in a chat, as they should be drawn now."""
    found = await book.round_of(work, round_id)
    if found is None:
        return []
    redrawn = []
    for row in await work.fetch(rows.BOARDS, {"of": work.bot, "the_round": round_id}):
        message = row.message or await _sent_as(work, round_id, row)
        if message is not None:
            board = await book.board(work, *found, row.zone or HOME_ZONE)
            redrawn.append(ToRedraw(Recipient(row.person, row.account, row.language), message, board))
    return redrawn


async def _sent_as(work: Work, round_id: int, row: Any) -> int | None:
    """The number that a board got at the channel; remembered, for the outbox forgets it after a while."""
    sent = await work.first(_SENT, {"of": work.bot, "row": row.posted})
    if sent is None or sent.message_id is None:
        return None
    where = {"of": work.bot, "the_round": round_id, "whose": row.person}
    await work.execute(rows.BOARD_AT, {**where, "number": sent.message_id})
    return int(sent.message_id)


async def prune(work: Work) -> None:
    """Forget rounds that closed long ago, with all that was answered."""
    for statement in rows.PRUNE:
        await work.execute(statement, {"of": work.bot, "before": work.now - KEEP_ROUNDS})


_BEGUN = sa.select(conversations.c.id, conversations.c.journal).where(
    conversations.c.bot == sa.bindparam("of"), conversations.c.dialog == sa.bindparam("dialog")
)
_FORGET = sa.delete(conversations).where(conversations.c.id.in_(sa.bindparam("ids", expanding=True)))
_SENT = sa.select(outbox.c.message_id).where(
    outbox.c.bot == sa.bindparam("of"), outbox.c.id == sa.bindparam("row")
)
