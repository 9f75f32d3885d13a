"""Where the bot stands in groups: put in, thrown out, silenced, moved. What is to be said of it comes later.

Each step looks at what the group's row says and notes the difference, so that a change that is told twice, or
in another order, counts once.
"""

from __future__ import annotations

from bot.services import addresses
from bot.services.groups import news, rows
from bot.services.incoming import Place
from bot.store.work import Work

REMOVED = "the bot was removed"


async def note(work: Work, chat: int, place: Place, locale: str) -> None:
    """Take note of the bot's place in a group; `locale` is what whoever changed it reads."""
    known = await rows.get(work, chat)
    if not place.present:
        await _leave(work, known)
        return
    group = known or await rows.meet(work, chat, place.title, locale)
    await rows.change(work, chat, title=place.title[: rows.LONGEST_TITLE], left_at=None)
    if not group.greeted:
        await news.plan(work, chat, news.GREETING)
    elif group.gone:
        await news.plan(work, chat, news.BACK)
    await (speak if place.may_write else silence)(work, chat)


async def silence(work: Work, chat: int) -> None:
    """The bot may not write in a group: mark it, and have those who look after it told, once."""
    group = await rows.get(work, chat)
    if group is None or group.silent:
        return
    await rows.change(work, chat, silent_since=work.now)
    await news.plan(work, chat, news.SILENCED)


async def speak(work: Work, chat: int) -> None:
    """The bot may write in a group (again)."""
    await rows.change(work, chat, silent_since=None)


async def lose_topic(work: Work, chat: int, topic: int) -> None:
    """A forum topic is gone: what went there goes to the group itself."""
    group = await rows.get(work, chat)
    if group is not None and group.topic == topic:
        await rows.change(work, chat, topic=None)


async def _leave(work: Work, known: rows.Group | None) -> None:
    if known is None or known.gone:
        return
    await addresses.leave(work, known.chat, REMOVED)
    await news.plan(work, known.chat, news.REMOVED)
