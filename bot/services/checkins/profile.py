"""What people set for check-ins: how organizers read them, who their buddy is, and who may be told.

A buddy is asked by a link and agrees. Whoever consents is looked for when they miss a safety check-in: first
the buddy is told, then organizers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.checkins.model import LONGEST_NAME
from bot.services.codes import hash_of
from bot.services.invitations import Links
from bot.services.notices import Recipient, reachable
from bot.services.people import Person
from bot.store.tables import checkin_people
from bot.store.work import Work

LINK: Final = "https://t.me/{bot}?start=buddy_{token}"


@dataclass(frozen=True, slots=True)
class Profile:
    """One person's settings. `called` is "" while unsaid; `buddy` is a person who agreed."""

    person: int
    called: str = ""
    buddy: int | None = None
    consented: bool = False


class ProfileDesk:
    """Keeps one person's settings for check-ins."""

    def __init__(self, work: Work, person: Person, links: Links) -> None:
        self._work = work
        self._person = person
        self._links = links

    async def mine(self) -> Profile:
        """The person's settings."""
        return await of(self._work, self._person.id)

    async def say_called(self, name: str) -> None:
        """Be called so by organizers, beside named answers."""
        await self._set(called=name.strip()[:LONGEST_NAME])

    async def consent(self, yes: bool) -> None:
        """Whether others may be told when a safety check-in is missed."""
        await self._set(consented_at=self._work.now if yes else None)

    async def buddy_link(self) -> str:
        """A fresh link for whoever is to be the buddy; an earlier one leads nowhere from now on."""
        token = self._links.new_token()
        await self._set(buddy_token=hash_of(token))
        return LINK.format(bot=self._links.username, token=token)

    async def asked_by(self, link: str) -> Profile | None:
        """Who asks the person to be their buddy, by `hash_of` the link's token.

        None for a link that leads nowhere, or to themselves.
        """
        row = await self._work.first(_BY_TOKEN, {"of": self._work.bot, "hash": link})
        return None if row is None or row.person == self._person.id else _profile(row)

    async def is_own(self, link: str) -> bool:
        """Whether a link that still leads somewhere is the person's own."""
        row = await self._work.first(_BY_TOKEN, {"of": self._work.bot, "hash": link})
        return row is not None and row.person == self._person.id

    async def looks_after(self) -> list[str]:
        """Whose buddy the person is, as those call themselves; "" for who didn't say."""
        rows = await self._work.fetch(_LOOKED_AFTER, {"of": self._work.bot, "who": self._person.id})
        return [str(row.called) for row in rows]

    async def become_buddy(self, link: str) -> Recipient | None:
        """Agree to look after whoever sent the link, once; gives them. None for a link that leads nowhere."""
        asked = await self.asked_by(link)
        if asked is None:
            return None
        values = {"of": self._work.bot, "whose": asked.person, "who": self._person.id, "hash": link}
        if not await self._work.execute(_AGREE, values):
            return None
        return await reachable(self._work, asked.person)

    async def _set(self, **values: Any) -> None:
        row = {"bot": self._work.bot, "person": self._person.id, "called": "", **values}
        await self._work.execute(_upsert(self._work.dialect, tuple(values)), row)


async def of(work: Work, person: int) -> Profile:
    """A person's settings."""
    row = await work.first(_OF, {"of": work.bot, "whose": person})
    return _profile(row) if row else Profile(person)


def _profile(row: Any) -> Profile:
    return Profile(row.person, row.called, row.buddy, row.consented_at is not None)


def _upsert(dialect: str, columns: tuple[str, ...]) -> Any:
    insert: Callable[..., Any] = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(checkin_people)
    fresh = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=["bot", "person"], set_=fresh)


_ROW: Final = sa.select(checkin_people).where(checkin_people.c.bot == sa.bindparam("of"))
_OF: Final = _ROW.where(checkin_people.c.person == sa.bindparam("whose"))
_BY_TOKEN: Final = _ROW.where(checkin_people.c.buddy_token == sa.bindparam("hash"))
_LOOKED_AFTER: Final = _ROW.where(checkin_people.c.buddy == sa.bindparam("who")).order_by(
    checkin_people.c.person
)
_AGREE: Final = (
    sa.update(checkin_people)
    .where(
        checkin_people.c.bot == sa.bindparam("of"),
        checkin_people.c.person == sa.bindparam("whose"),
        checkin_people.c.buddy_token == sa.bindparam("hash"),
    )
    .values(buddy=sa.bindparam("who"), buddy_token=None)
)
