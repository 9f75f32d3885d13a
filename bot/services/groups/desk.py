"""What one person can do with groups, for the length of one turn."""

from __future__ import annotations

from typing import Final

from bot.i18n import current_locale
from bot.services import audit, outbox
from bot.services.branches import tree
from bot.services.groups import rows
from bot.services.groups.quiet import QuietHours
from bot.services.groups.rows import Group
from bot.services.hearing import TOPICS, skip_waiting
from bot.services.incoming import Incoming
from bot.services.messages import compose
from bot.services.outbox import NOTICE, Outgoing
from bot.services.people import Person
from bot.services.roles.rules import Action, demand
from bot.store.work import Work
from bot.talk import says

NO_TITLE: Final = ""


class NotAdministrator(Exception):
    """Somebody tried what only administrators of the group may, as the channel has them."""


class GroupDesk:
    """Shows a group to whoever speaks in it, and lets its administrators change how it is spoken to.

    That somebody administers a group is the channel's word, brought by the update itself.
    """

    def __init__(self, work: Work, person: Person, incoming: Incoming) -> None:
        self._work = work
        self._person = person
        self._incoming = incoming

    async def here(self) -> Group:
        """The group the person speaks in. LookupError in a private chat."""
        if self._incoming.private:
            raise LookupError("this is no group")
        known = await rows.get(self._work, self._incoming.chat)
        return known or await rows.meet(self._work, self._incoming.chat, NO_TITLE, current_locale())

    async def administered(self, chat: int | None) -> Group | None:
        """A group by its chat's id, for its administrators only."""
        if chat is None or self._incoming.administers != chat:
            return None
        return await rows.get(self._work, chat) or await rows.meet(
            self._work, chat, NO_TITLE, current_locale()
        )

    async def branch_of(self, chat: int) -> str | None:
        """The branch that a group is bound to."""
        group = await rows.get(self._work, chat)
        return group.branch if group else None

    @property
    def is_administrator(self) -> bool:
        """Whether the person administers the group they speak in."""
        return self._incoming.administers == self._incoming.chat

    @property
    def topic(self) -> int | None:
        """The forum topic the person speaks in; None outside of forums."""
        return self._incoming.thread

    # -- Binding ---------------------------------------------------------------------------

    async def bind(self, chat: int, branch: str) -> Group:
        """Bind a group to a branch, in place of the one before.

        Raises NotAdministrator, NotAllowed for who does not organize that branch, ValueError for one that is
        not there.
        """
        self._demand_administrator(chat)
        await demand(self._work, self._person.id, Action.BIND_GROUP, branch)
        found = await tree.get(self._work, branch)
        if found is None or found.closed:
            raise ValueError("there is no such branch")
        await rows.meet(self._work, chat, NO_TITLE, current_locale())
        by = self._person.id
        await rows.change(self._work, chat, branch=branch, bound_by=by, bound_at=self._work.now)
        await audit.record(self._work, "group.bound", by, chat=chat, branch=branch)
        group = await rows.get(self._work, chat)
        if group is None:
            raise ValueError("the group moved meanwhile")
        return group

    async def unbind(self) -> None:
        """Let the group belong to no branch. Raises NotAdministrator."""
        group = await self._own()
        await rows.unbind(self._work, group, self._person.id)

    # -- How it is spoken to ------------------------------------------------------------------

    async def speak(self, locale: str) -> None:
        """Speak this language to all of the group. Raises NotAdministrator."""
        await rows.change(self._work, (await self._own()).chat, language=locale)

    async def keep_quiet(self, quiet: QuietHours | None) -> None:
        """Send nothing that can wait during these hours; None for no such hours. Raises NotAdministrator."""
        start, end = (quiet.start, quiet.end) if quiet else (None, None)
        await rows.change(self._work, (await self._own()).chat, quiet_from=start, quiet_to=end)

    async def hear(self, topic: str, wanted: bool) -> None:
        """Have broadcasts on a topic there, or none any more: not even one that waits for the morning.

        Raises NotAdministrator, ValueError for what is no topic.
        """
        group = await self._own()
        if topic not in TOPICS:
            raise ValueError("no such topic")
        muted = group.muted - {topic} if wanted else group.muted | {topic}
        await rows.change(self._work, group.chat, muted=sorted(muted) or None)
        if not wanted:
            await skip_waiting(self._work, group.chat, topic)

    async def bring_news(self, topic: int | None) -> None:
        """Send news to a forum topic, or to the group itself for None. Raises NotAdministrator."""
        await rows.change(self._work, (await self._own()).chat, topic=topic)

    async def tell(self, group: Group, message: says.Message) -> None:
        """Say something to a group, where its news go."""
        notice = Outgoing(self._work.bot, group.chat, compose(message), NOTICE, thread=group.topic)
        await outbox.put(self._work, [notice])

    async def _own(self) -> Group:
        """The group they speak in. Raises NotAdministrator."""
        self._demand_administrator(self._incoming.chat)
        return await self.here()

    def _demand_administrator(self, chat: int) -> None:
        if self._incoming.administers != chat:
            raise NotAdministrator
