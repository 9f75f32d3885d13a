"""Lessons that a group takes together: the clock writes their message, and counts in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.clock.kinds import Kind
from bot.i18n import DEFAULT_LOCALE, speaking
from bot.services.due import Due
from bot.services.lessons.together import COUNT, START, GroupLesson, Tally, count, post
from bot.services.messages import Body, compose
from bot.services.outbox import Outgoing
from bot.store.work import Work
from bot.talk import says

Worded = Callable[[GroupLesson, Tally], says.Message]


def gathering(worded: Worded) -> list[Kind]:
    """The kinds of due things of lessons in groups; `worded` words their message."""

    def draw(lesson: GroupLesson, tally: Tally) -> Body:
        with speaking(lesson.language):
            return compose(worded(lesson, tally))

    async def start(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await post(work, thing.what, draw, DEFAULT_LOCALE)

    async def tell(work: Work, thing: Due) -> Sequence[Outgoing]:
        return await count(work, thing.what["number"], draw)

    return [Kind(START, start), Kind(COUNT, tell)]
