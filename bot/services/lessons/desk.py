"""What one person can do with lessons and guides, for the length of one turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import SHANGHAI
from bot.i18n import DEFAULT_LOCALE
from bot.services import attachments
from bot.services.happenings import Happening, happened
from bot.services.lessons import course, memory, posters
from bot.services.lessons.course import DONE, Place
from bot.services.lessons.model import Card, Guide, Hotline, Lesson
from bot.services.lessons.shelf import Shelf
from bot.services.lessons.timing import SECONDS_A_QUESTION
from bot.services.people import Person
from bot.store.tables import lesson_answers, lesson_places, review_cards
from bot.store.work import Work

SHARE_CARD: Final = "share_card"
"""The purpose of the attachment that holds a card to share."""
# A round of review takes two minutes at most.
ROUND: Final = 120 // SECONDS_A_QUESTION


@dataclass(frozen=True, slots=True)
class Kept:
    """How far a person is in a lesson."""

    lesson: Lesson
    place: Place
    finished: bool

    @property
    def is_open(self) -> bool:
        """Whether it waits to be gone on with."""
        return bool(self.place["stage"] != DONE)


@dataclass(frozen=True, slots=True)
class Share:
    """How many reviews there were, and in how many the answer was still known."""

    reviews: int
    remembered: int


class LessonDesk:
    """Gives lessons and guides to a person, keeps their place, their answers and what they remember."""

    def __init__(self, shelf: Shelf, work: Work, person: Person) -> None:
        self.library = shelf.library
        self.finder = shelf.finder
        self._work = work
        self._person = person

    @property
    def now(self) -> datetime:
        """The moment of this turn, where the lessons are read."""
        return self._work.now.astimezone(SHANGHAI)

    @property
    def today(self) -> date:
        """The day of this turn, where the lessons are read."""
        return self.now.date()

    # -- What there is --------------------------------------------------------------

    def lesson(self, name: str) -> Lesson | None:
        """A lesson by its name, None if there is none (any more)."""
        return self.library.lesson(name)

    def guide(self, name: str) -> Guide | None:
        """A guide by its name, None if there is none (any more)."""
        return self.library.guide(name)

    def hotlines(self, guide: Guide) -> list[Hotline]:
        """The numbers a guide leads to."""
        return [self.library.hotlines[number] for number in guide.hotlines]

    def cards(self, lesson: str) -> tuple[Card, ...]:
        """A lesson's cards; which language is the same for its keys and questions."""
        found = self.library.lesson(lesson)
        return found.text(DEFAULT_LOCALE).cards if found else ()

    # -- Where the person is ------------------------------------------------------------

    async def kept(self) -> dict[str, Kept]:
        """Every lesson the person began, by its name, the latest touched first."""
        rows = await self._work.fetch(_PLACES, self._whose())
        return {
            row.lesson: Kept(lesson, row.place, row.finished_at is not None)
            for row in rows
            if (lesson := self.library.lesson(row.lesson)) is not None
        }

    async def begin(self, lesson: str) -> Place | None:
        """Open a lesson where the person left it, or at its beginning; None if there is no such lesson."""
        cards = self.cards(lesson)
        if not cards:
            return None
        row = await self._work.first(_PLACE, {**self._whose(), "which": lesson})
        if row is None or row.place["stage"] == DONE:
            place = course.begun(lesson, cards)
        else:
            place = {**row.place, "stage": course.OPEN}
        await self.keep(place)
        return place

    async def keep(self, place: Place) -> None:
        """Write down where the person is."""
        values = {
            **self._mine(place["lesson"]),
            "state": place["stage"],
            "card": place["card"],
            "place": place,
            "begun_at": self._work.now,
            "touched_at": self._work.now,
            "finished_at": self._work.now if place["stage"] == DONE else None,
        }
        await self._work.execute(_KEEP[self._work.dialect], values)

    async def waiting(self) -> Lesson | None:
        """The lesson the person is in the middle of, the latest if there are several."""
        kept = await self.kept()
        return next((one.lesson for one in kept.values() if one.is_open), None)

    async def named(self, words: str, go_on: bool) -> str | None:
        """The lesson somebody means: the one they are in the middle of, or one with such a name or tag."""
        if go_on and (waiting := await self.waiting()):
            return waiting.id
        return self.library.named(words)

    def todays(self, kept: Mapping[str, Kept]) -> Lesson | None:
        """The lesson of the day: the next one of a track, another track each day. None when all are done."""
        return self.of_the_day({name for name, one in kept.items() if one.finished})

    def of_the_day(self, done: Set[str]) -> Lesson | None:
        """As `todays`, among the lessons that are not done."""
        tracks = [
            [one for one in self.library.on(track.id) if one.id not in done] for track in self.library.tracks
        ]
        following = [lessons[0] for lessons in tracks if lessons]
        return following[self.today.toordinal() % len(following)] if following else None

    def next_on(self, track: str, kept: Mapping[str, Kept]) -> Lesson | None:
        """The first lesson of a track that the person has not finished."""
        lessons = self.library.on(track)
        return next((one for one in lessons if one.id not in kept or not kept[one.id].finished), None)

    # -- Answers --------------------------------------------------------------------------

    async def answered(self, lesson: str, card: Card, answer: Sequence[int]) -> None:
        """Note an answer; only the very first one to a question counts."""
        values = {
            **self._mine(lesson),
            "question": card.key,
            "right": course.is_right(card, answer),
            "chosen": list(answer),
            "made_at": self._work.now,
        }
        await self._work.execute(_ANSWERED[self._work.dialect], values)

    async def finish(self, place: Place) -> None:
        """The lesson is done: from now on its questions come back for review."""
        questions = [card for card in self.cards(place["lesson"]) if card.quiz]
        known = course.right_at_first(place, questions)
        for card in questions:
            fresh = memory.reviewed(None, right=card in known, now=self._work.now)
            values = {**self._mine(place["lesson"]), "question": card.key, **_columns(fresh)}
            await self._work.execute(_REMEMBER[self._work.dialect], {**values, "reviews": 0, "remembered": 0})
        await happened(self._work, Happening("learned", self._person.id, place["lesson"], self._work.now))

    async def draw_card(self, card: posters.ShareCard) -> str:
        """A lesson's card to share, perhaps with the person's name on it, as the key of a held file."""
        drawn = (posters.share_card(card), "lesson.png", "image/png")
        return await attachments.hold_for(self._work, self._person.id, SHARE_CARD, *drawn)

    # -- Review ---------------------------------------------------------------------------

    async def due(self) -> int:
        """How many questions wait to be reviewed."""
        row = await self._work.first(_DUE_COUNT, {**self._whose(), "now": self._work.now})
        return int(row.waiting) if row else 0

    async def round(self) -> list[list[str]]:
        """The questions of the next round as [lesson, question], the longest due first."""
        rows = await self._work.fetch(_DUE, {**self._whose(), "now": self._work.now})
        there = [[row.lesson, row.question] for row in rows if self.question(row.lesson, row.question)]
        return there[:ROUND]

    async def next_due(self) -> datetime | None:
        """When the next question comes back, None if none will."""
        row = await self._work.first(_NEXT_DUE, self._whose())
        return row.due_at.astimezone(SHANGHAI) if row else None

    def question(self, lesson: str, key: str) -> Card | None:
        """A question, None if there is none (any more)."""
        return next((card for card in self.cards(lesson) if card.key == key and card.quiz), None)

    async def reviewed(self, lesson: str, question: str, *, right: bool) -> None:
        """A question was answered in a review: FSRS says when it comes back."""
        which = {**self._whose(), "which": lesson, "asked": question}
        row = await self._work.first(_MEMORY, which)
        if row is None:
            return
        before = memory.Memory(
            row.state, row.step, row.stability, row.difficulty, row.due_at, row.reviewed_at
        )
        after = memory.reviewed(before, right=right, now=self._work.now)
        counts = {"reviews": row.reviews + 1, "remembered": row.remembered + right}
        await self._work.execute(
            _REVIEWED,
            {**which, **{f"new_{name}": value for name, value in {**_columns(after), **counts}.items()}},
        )
        about = f"{counts['reviews']}.{lesson}.{question}"
        await happened(self._work, Happening("reviewed", self._person.id, about, self._work.now))

    async def share(self) -> Share:
        """How much the person remembers, over all reviews so far."""
        row = await self._work.first(_SHARE, self._whose())
        return Share(int(row.reviews or 0), int(row.remembered or 0)) if row else Share(0, 0)

    def _whose(self) -> dict[str, int]:
        return {"whose_bot": self._work.bot, "whose": self._person.id}

    def _mine(self, lesson: str) -> dict[str, Any]:
        return {"bot": self._work.bot, "person": self._person.id, "lesson": lesson}


def _columns(found: memory.Memory) -> dict[str, Any]:
    return {
        "state": found.state,
        "step": found.step,
        "stability": found.stability,
        "difficulty": found.difficulty,
        "due_at": found.due_at,
        "reviewed_at": found.reviewed_at,
    }


def _of(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.bot == sa.bindparam("whose_bot"), table.c.person == sa.bindparam("whose"))


_PLACES = sa.select(lesson_places).where(_of(lesson_places)).order_by(lesson_places.c.touched_at.desc())
_PLACE = sa.select(lesson_places.c.place).where(
    _of(lesson_places), lesson_places.c.lesson == sa.bindparam("which")
)
_IS_DUE = sa.and_(_of(review_cards), review_cards.c.due_at <= sa.bindparam("now"))
_DUE_COUNT = sa.select(sa.func.count().label("waiting")).select_from(review_cards).where(_IS_DUE)
_DUE = (
    sa.select(review_cards.c.lesson, review_cards.c.question)
    .where(_IS_DUE)
    .order_by(review_cards.c.due_at, review_cards.c.lesson, review_cards.c.question)
)
_NEXT_DUE = sa.select(review_cards.c.due_at).where(_of(review_cards)).order_by(review_cards.c.due_at).limit(1)
_ONE_REVIEW = sa.and_(
    _of(review_cards),
    review_cards.c.lesson == sa.bindparam("which"),
    review_cards.c.question == sa.bindparam("asked"),
)
_MEMORY = sa.select(review_cards).where(_ONE_REVIEW)
_REVIEWED = (
    sa.update(review_cards)
    .where(_ONE_REVIEW)
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=review_cards.c[name].type)
            for name in (
                "state",
                "step",
                "stability",
                "difficulty",
                "due_at",
                "reviewed_at",
                "reviews",
                "remembered",
            )
        }
    )
)
_SHARE = sa.select(
    sa.func.sum(review_cards.c.reviews).label("reviews"),
    sa.func.sum(review_cards.c.remembered).label("remembered"),
).where(_of(review_cards))


def _keep(insert: Any) -> Any:
    statement = insert(lesson_places)
    new = statement.excluded
    changed = {name: new[name] for name in ("state", "card", "place", "touched_at")}
    finished = sa.func.coalesce(new.finished_at, lesson_places.c.finished_at)
    return statement.on_conflict_do_update(
        index_elements=[lesson_places.c.bot, lesson_places.c.person, lesson_places.c.lesson],
        set_={**changed, "finished_at": finished},
    )


_KEEP = {"sqlite": _keep(sqlite.insert), "postgresql": _keep(postgresql.insert)}
_ANSWERED = {
    "sqlite": sqlite.insert(lesson_answers).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(lesson_answers).on_conflict_do_nothing(),
}
_REMEMBER = {
    "sqlite": sqlite.insert(review_cards).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(review_cards).on_conflict_do_nothing(),
}
