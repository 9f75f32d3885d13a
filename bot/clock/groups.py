"""Word of what happened to a group: a greeting in it, or a notice to those who look after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.clock.kinds import Kind
from bot.i18n import DEFAULT_LOCALE, speaking
from bot.services.branches import tree
from bot.services.branches.tree import Branch
from bot.services.due import Due
from bot.services.groups.news import BACK, GREETING, GROUP_NEWS, News, come
from bot.services.messages import compose
from bot.services.outbox import NOTICE, Outgoing
from bot.store.work import Work
from bot.talk import says

Draw = Callable[[News, Branch | None], says.Message]


def grouping(draw: Draw) -> Kind:
    """The kind of due things that bring news of groups; `draw` words one in the language being spoken."""

    async def tell(work: Work, thing: Due, _services: Any) -> Sequence[Outgoing]:
        news = await come(work, thing)
        if news is None:
            return []
        branch = await tree.get(work, news.group.branch) if news.group.branch else None
        readers = [(recipient.account, recipient.locale) for recipient in news.to]
        if news.what in (GREETING, BACK):
            readers = [(news.group.chat, news.group.locale or DEFAULT_LOCALE)]
        return [_said(work, account, locale, news, branch) for account, locale in readers]

    def _said(work: Work, chat: int, locale: str, news: News, branch: Branch | None) -> Outgoing:
        with speaking(locale):
            return Outgoing(work.bot, chat, compose(draw(news, branch)), NOTICE)

    return Kind(GROUP_NEWS, tell)
