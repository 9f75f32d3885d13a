"""A round as a table to keep: who answered what, or of an anonymous one the answers alone, in no order."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from typing import Any, Final

import orjson

from bot.i18n import _
from bot.services import files
from bot.services.checkins import book, rows
from bot.services.checkins.model import SMALLEST_TALLY, Checkin, Line, Question, Round
from bot.services.table_files import write_xlsx
from bot.store.work import Work
from bot.talk.says import Json

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def table(work: Work, checkin: Checkin, one: Round) -> str | None:
    """Keep a round's table; gives the file's key. None for so few anonymous answers that they tell who."""
    header, lines = await (_unseen if checkin.anonymous else _named)(work, checkin, one)
    if checkin.anonymous and len(lines) < SMALLEST_TALLY:
        return None
    written = await asyncio.to_thread(_xlsx, header, lines)
    return await files.keep_for_a_day(work, written, "checkin.xlsx", XLSX)


async def _named(work: Work, checkin: Checkin, one: Round) -> tuple[list[str], list[list[Any]]]:
    header = ["#", str(_("Name")), str(_("Answered")), *_titles(checkin)]
    found = await book.lines(work, checkin, one)
    return header, [_line(place, line, checkin) for place, line in enumerate(found, 1)]


def _line(place: int, line: Line, checkin: Checkin) -> list[Any]:
    said = [_cell(question, line.values.get(question.key)) for question in checkin.questions]
    return [place, line.called, "✓" if line.answered else "", *said]


async def _unseen(work: Work, checkin: Checkin, one: Round) -> tuple[list[str], list[list[Any]]]:
    """Each answerer's row; their keys are random, and so is the order of the rows."""
    answers: dict[str, dict[str, Json]] = {}
    for row in await work.fetch(rows.ALL_ANSWERS, {"of": work.bot, "the_round": one.id}):
        answers.setdefault(row.key, {})[row.question] = orjson.loads(row.value)
    said = [
        [place, *(_cell(question, values.get(question.key)) for question in checkin.questions)]
        for place, values in enumerate(answers.values(), 1)
    ]
    return ["#", *_titles(checkin)], said


def _titles(checkin: Checkin) -> list[str]:
    """The questions, numbered: two may read the same."""
    return [f"{place}. {question.text}" for place, question in enumerate(checkin.questions, 1)]


def _cell(question: Question, value: Json) -> Any:
    if value is None:
        return ""
    option = question.option(value)
    if option is not None:
        return option.label
    return "✓" if question.kind in ("here", "photo") else value


def _xlsx(header: Sequence[str], lines: Sequence[Sequence[Any]]) -> bytes:
    book_of_one = io.BytesIO()
    named = (dict(zip(header, line, strict=True)) for line in lines)
    write_xlsx(book_of_one, str(_("Answers")), header, named)
    return book_of_one.getvalue()


def file_name(checkin: Checkin, one: Round) -> str:
    """What the file is called in the chat."""
    return str(_("{title} {n}.xlsx").format(title=checkin.title[:40].strip(), n=one.number))
