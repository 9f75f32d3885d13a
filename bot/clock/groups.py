"""Word of what happened to a group: a greeting in it, or a notice to those who look after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.clock.kinds import Kind
from bot.i18n import DEFAULT_LOCALE
from bot.services.branches import tree
from bot.services.branches.tree import Branch
from bot.services.due import Due
from bot.services.groups.news import BACK, GREETING, GROUP_NEWS, News, come
from bot.services.notices import NOBODY, Recipient, worded
from bot.services.outbox import NOTICE, Outgoing
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[News, Branch | None], says.Message]


def grouping(draw: Draw) -> Kind:
    """The kind of due things that bring news of groups; `draw` words one in the language being spoken."""

    async def tell(work: Work, thing: Due) -> Sequence[Outgoing]:
        news = await come(work, thing)
        if news is None:
            return []
        branch = await tree.get(work, news.group.branch) if news.group.branch else None
        return [worded(work, to, NOTICE, draw, news, branch) for to in _readers(news)]

    return Kind(GROUP_NEWS, tell)


def _readers(news: News) -> Sequence[Recipient]:
    if news.what in (GREETING, BACK):
        return [Recipient(NOBODY, news.group.chat, news.group.locale or DEFAULT_LOCALE)]
    return news.to
