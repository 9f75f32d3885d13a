"""Check-ins and rounds as the database has them: looked up, counted, told apart."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson

from bot.home import HOME_ZONE
from bot.services import due
from bot.services.checkins import rows
from bot.services.checkins.model import (
    BOARD,
    BOARD_AFTER,
    SMALLEST_TALLY,
    TREND,
    Asked,
    Board,
    Checkin,
    Line,
    Question,
    Round,
    Tally,
)
from bot.store.work import Work


async def checkin(work: Work, number: int) -> Checkin | None:
    """A check-in by its number."""
    row = await work.first(rows.CHECKIN, {"of": work.bot, "row": number})
    return rows.checkin_from(row) if row else None


async def round_of(work: Work, number: int) -> tuple[Checkin, Round] | None:
    """A round by its number, with its check-in."""
    row = await work.first(rows.ROUND, {"of": work.bot, "the_round": number})
    found = await checkin(work, row.checkin) if row else None
    return (found, rows.round_from(row)) if row and found else None


async def asked(work: Work, number: int, person: int) -> Asked | None:
    """A round as a person is asked it; None for who is not asked."""
    row = await work.first(rows.ASKED, {"of": work.bot, "the_round": number, "whose": person})
    found = await checkin(work, row.checkin) if row else None
    return rows.asked_from(found, row) if row and found else None


async def asked_now(work: Work, person: int) -> list[Asked]:
    """The open rounds that a person is asked, the first to close first."""
    found = await work.fetch(rows.ASKED_NOW, {"of": work.bot, "whose": person, "now": work.now})
    known = {number: await checkin(work, number) for number in {row.checkin for row in found}}
    return [rows.asked_from(one, row) for row in found if (one := known[row.checkin]) is not None]


async def latest(work: Work, checkin_id: int, most: int = TREND) -> list[Round]:
    """The latest rounds of a check-in, the newest first."""
    found = await work.fetch(rows.LATEST, {"of": work.bot, "row": checkin_id, "most": most})
    return [rows.round_from(row) for row in found]


async def board(work: Work, checkin: Checkin, one: Round, zone: str = HOME_ZONE) -> Board:
    """How a round stands now, counted from the rows. Times on it are shown in `zone`."""
    where = {"of": work.bot, "the_round": one.id}
    counts = await work.first(rows.COUNTS, where)
    answered = int(counts.answered or 0) if counts else 0
    hidden = checkin.anonymous and answered < SMALLEST_TALLY
    tallies = () if hidden else await _tallies(work, checkin, one)
    return Board(
        checkin,
        one,
        int(counts.asked) if counts else 0,
        answered,
        int(counts.unreachable or 0) if counts else 0,
        tallies,
        hidden,
        zone,
    )


async def _tallies(work: Work, checkin: Checkin, one: Round) -> tuple[Tally, ...]:
    """Counted here: what people answered is sealed, and the database can't tell two answers apart."""
    said: dict[str, Counter[Any]] = {}
    for row in await work.fetch(rows.ALL_ANSWERS, {"of": work.bot, "the_round": one.id}):
        said.setdefault(row.question, Counter())[orjson.loads(row.value)] += 1
    return tuple(_tally(question, said.get(question.key, Counter())) for question in checkin.questions)


def _tally(question: Question, said: Counter[Any]) -> Tally:
    if question.kind == "text":
        return Tally(question, texts=tuple(sorted(said.elements())))
    if question.kind == "photo":
        return Tally(question, {True: said.total()} if said else {})
    return Tally(question, dict(said))


async def lines(work: Work, checkin: Checkin, one: Round) -> list[Line]:
    """Who was asked in a named round, and what they answered; ValueError for an anonymous one."""
    if checkin.anonymous:
        raise ValueError("nobody knows whose answers these are")
    where = {"of": work.bot, "the_round": one.id}
    values: dict[int, dict[str, Any]] = {}
    for row in await work.fetch(rows.ALL_ANSWERS, where):
        values.setdefault(row.person, {})[row.question] = orjson.loads(row.value)
    return [
        Line(row.person, row.called or "", row.answered, values.get(row.person, {}))
        for row in await work.fetch(rows.LINES, where)
    ]


async def refresh_boards(work: Work, round_id: int) -> None:
    """Have the boards of a round drawn anew soon, if there are any; many answers at once are one edit."""
    if await work.first(rows.HAS_BOARD, {"of": work.bot, "the_round": round_id}) is None:
        return
    name = f"round:{round_id}"
    await due.plan(work, BOARD, work.now + BOARD_AFTER, {"round": round_id}, name=name)
