"""What organizers see of a lesson: how many took it, where they stop, what they know. Never who.

Anything about fewer than five people is left out: in small branches one would know whom it means.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.services import files
from bot.services.lessons.model import Lesson
from bot.services.people import Person
from bot.services.roles.rules import Action, NotAllowed, Reach, reach
from bot.services.segments.audience import people_within
from bot.services.table_files import write_xlsx
from bot.store.tables import lesson_answers, lesson_places, people, review_cards
from bot.store.work import Work

LEAST_PEOPLE: Final = 5
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: how many answered it, how many right at the first try. None for too few people."""

    key: str
    answered: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A card at which people left off, and how many are there now. None for too few."""

    card: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A lesson within somebody's reach; `remembered` is the share of reviews, 0 to 1, None for too few."""

    started: int
    finished: int
    questions: tuple[Question, ...]
    stops: tuple[Stop, ...]
    remembered: float | None


class FigureDesk:
    """Figures of lessons, for an organizer."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def may_see(self) -> bool:
        """Whether there is anybody whose figures this person may see."""
        return bool(await reach(self._work, self._person.id, Action.RUN_TRACKS))

    async def counts(self) -> dict[str, tuple[int, int]]:
        """How many began and finished each lesson. Raises NotAllowed."""
        rows = await self._work.fetch(_counts(self._work.bot, await self._within()))
        return {row.lesson: (int(row.started), int(row.finished)) for row in rows}

    async def of(self, lesson: Lesson, locale: str) -> Figures:
        """Everything about one lesson. Raises NotAllowed."""
        work, within = self._work, await self._within()
        started, finished = (await self.counts()).get(lesson.id, (0, 0))
        stops = {row.card: int(row.n) for row in await work.fetch(_stops(work.bot, within, lesson.id))}
        answers = {row.question: row for row in await work.fetch(_answers(work.bot, within, lesson.id))}
        cards = lesson.text(locale).cards
        return Figures(
            started,
            finished,
            tuple(_question(card.key, answers.get(card.key)) for card in cards if card.quiz),
            tuple(Stop(card.key, _told(stops[card.key])) for card in cards if card.key in stops),
            _share(await work.first(_remembered(work.bot, within, lesson.id))),
        )

    async def picture(self, drawn: bytes) -> str:
        """A chart as the key of a kept file."""
        return await files.keep(self._work, drawn, "lesson.png", "image/png")

    async def table(self, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
        """A table as the key of a kept XLSX file."""
        written = io.BytesIO()
        write_xlsx(written, "1", columns, rows)
        return await files.keep(self._work, written.getvalue(), "lesson.xlsx", XLSX)

    async def _within(self) -> Reach:
        within = await reach(self._work, self._person.id, Action.RUN_TRACKS)
        if not within:
            raise NotAllowed(Action.RUN_TRACKS)
        return within


def _question(key: str, row: Any) -> Question:
    if row is None or int(row.answered) < LEAST_PEOPLE:
        return Question(key, None, None)
    return Question(key, int(row.answered), int(row.known or 0))


def _told(people_there: int) -> int | None:
    return people_there if people_there >= LEAST_PEOPLE else None


def _share(row: Any) -> float | None:
    if row is None or int(row.persons) < LEAST_PEOPLE:
        return None
    return int(row.remembered) / int(row.reviews)


def _of(table: sa.Table, bot: int, within: Reach) -> sa.ColumnElement[bool]:
    reached = sa.select(people.c.id).where(people.c.bot == bot, people_within(within))
    return sa.and_(table.c.bot == bot, table.c.person.in_(reached))


def _counts(bot: int, within: Reach) -> sa.Select[Any]:
    return (
        sa.select(
            lesson_places.c.lesson,
            sa.func.count().label("started"),
            sa.func.count(lesson_places.c.finished_at).label("finished"),
        )
        .where(_of(lesson_places, bot, within))
        .group_by(lesson_places.c.lesson)
    )


def _stops(bot: int, within: Reach, lesson: str) -> sa.Select[Any]:
    unfinished = sa.and_(lesson_places.c.lesson == lesson, lesson_places.c.finished_at.is_(None))
    return (
        sa.select(lesson_places.c.card, sa.func.count().label("n"))
        .where(_of(lesson_places, bot, within), unfinished)
        .group_by(lesson_places.c.card)
    )


def _answers(bot: int, within: Reach, lesson: str) -> sa.Select[Any]:
    known = sa.func.sum(sa.case((lesson_answers.c.right, 1), else_=0)).label("known")
    return (
        sa.select(lesson_answers.c.question, sa.func.count().label("answered"), known)
        .where(_of(lesson_answers, bot, within), lesson_answers.c.lesson == lesson)
        .group_by(lesson_answers.c.question)
    )


def _remembered(bot: int, within: Reach, lesson: str) -> sa.Select[int, Any, Any]:
    reviewed = sa.and_(review_cards.c.lesson == lesson, review_cards.c.reviews > 0)
    return sa.select(
        sa.func.count(sa.distinct(review_cards.c.person)).label("persons"),
        sa.func.sum(review_cards.c.reviews).label("reviews"),
        sa.func.sum(review_cards.c.remembered).label("remembered"),
    ).where(_of(review_cards, bot, within), reviewed)
