"""Whom the clock tells what was answered: who suggested it, and everybody who voted."""

from __future__ import annotations

from bot.services.checkins.asking import reachable
from bot.services.due import Due
from bot.services.ideas import book
from bot.services.ideas.model import News, State, Tiding
from bot.store.work import Work


async def to_tell(work: Work, thing: Due) -> list[News]:
    """The people of a slice; nobody where it is not answered any more."""
    idea = await book.get(work, int(thing.what["idea"]))
    if idea is None or idea.state is not State.ANSWERED:
        return []
    author = await book.owner(work, idea.id)
    told = await reachable(work, thing.what["people"])
    return [News(to, Tiding.ANSWERED, idea, is_mine=to.person == author) for to in told]
