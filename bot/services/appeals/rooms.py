"""The chats in which desks work together: a group of theirs, in a forum with a topic for each appeal."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services import audit
from bot.services.appeals import desks
from bot.services.appeals.desks import Stop
from bot.services.appeals.kinds import Rulebook
from bot.services.incoming import Incoming
from bot.services.people import Person
from bot.services.roles import rules
from bot.services.roles.rules import Action, NotAllowed
from bot.store.tables import desk_groups
from bot.store.work import Work


class DeskRooms:
    """Lets who serves at a desk, and administers a group, have the desk's appeals come there."""

    def __init__(self, work: Work, person: Person, book: Rulebook, incoming: Incoming) -> None:
        self._work = work
        self._person = person
        self._book = book
        self._incoming = incoming

    async def mine(self) -> list[tuple[Stop, str]]:
        """The desks at which the person serves, and what people call them."""
        reach = await rules.reach(self._work, self._person.id, Action.HANDLE_APPEALS)
        branches = list(reach.branches)
        for desk in self._book.desks:
            if desk.branch not in branches and await self._serves(desk.branch):
                branches.append(desk.branch)
        stops = [desks.stop_at(self._book, branch) for branch in branches]
        return [(stop, await self._name(stop)) for stop in stops]

    async def settle(self, branch: str, *, is_forum: bool) -> str:
        """Let the appeals of a desk come to the group that is spoken in; gives the desk's name.

        Raises NotAllowed for who does not serve there, or does not administer the group.
        """
        chat = self._group()
        if not await self._serves(branch):
            raise NotAllowed(Action.HANDLE_APPEALS)
        values = {"chat": chat, "is_forum": is_forum, "set_by": self._person.id, "set_at": self._work.now}
        row = {"bot": self._work.bot, "branch": branch, **values}
        await self._work.execute(_SETTLE[self._work.dialect], row)
        await audit.record(self._work, "desk.room", self._person.id, branch=branch, chat=chat)
        return await self._name(desks.stop_at(self._book, branch))

    async def leave(self) -> bool:
        """No appeals come here any more; False where none did. Raises NotAllowed as `settle` does."""
        chat = self._group()
        found = await self._work.fetch(_HERE, {"of": self._work.bot, "where_to": chat})
        for row in found:
            if not await self._serves(row.branch):
                raise NotAllowed(Action.HANDLE_APPEALS)
        await self._work.execute(_LEAVE, {"of": self._work.bot, "where_to": chat})
        for row in found:
            await audit.record(self._work, "desk.room_left", self._person.id, branch=row.branch, chat=chat)
        return bool(found)

    def _group(self) -> int:
        """The group that is spoken in, for its administrators."""
        if self._incoming.private or self._incoming.administers != self._incoming.chat:
            raise NotAllowed(Action.HANDLE_APPEALS)
        return self._incoming.chat

    async def _serves(self, branch: str) -> bool:
        return await desks.may_serve(self._work, self._person.id, branch)

    async def _name(self, stop: Stop) -> str:
        return await desks.name_of(self._work, self._book, stop, self._person.locale)


def _settle(insert: Any) -> Any:
    statement = insert(desk_groups)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["bot", "branch"],
        set_={name: new[name] for name in ("chat", "is_forum", "set_by", "set_at")},
    )


_SETTLE: Final = {"sqlite": _settle(sqlite.insert), "postgresql": _settle(postgresql.insert)}
_THIS = sa.and_(desk_groups.c.bot == sa.bindparam("of"), desk_groups.c.chat == sa.bindparam("where_to"))
_HERE: Final = sa.select(desk_groups.c.branch).where(_THIS)
_LEAVE: Final = sa.delete(desk_groups).where(_THIS)
