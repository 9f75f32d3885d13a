"""What people agree to, purpose by purpose: asked when it is first needed, taken back at any time.

A decision is kept with the version of the words it was about. When those change in meaning their version is
raised, and who agreed to the old ones is asked again; who refused is left in peace. Joining a branch is
agreeing to membership, leaving it is taking that back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.people import Person
from bot.store.tables import consents
from bot.store.work import Work

LOCATION: Final = "location"
"""Use a shared place for a search; it is in memory for minutes, and nowhere else."""
HEALTH: Final = "health"
"""Keep what somebody tells of an injury or an illness, for the desk that helps with it."""
REMINDERS: Final = "reminders"
"""Ring for what the person set up: reminders, daily lessons, reviews."""
POINTS: Final = "points"
"""Show the person, under a name they choose, among those with the most points."""
MEMBERSHIP: Final = "membership"
"""Keep which branch somebody belongs to, and let its organizers count and address them."""
BROADCASTS: Final = "broadcasts."
"""Before the name of a topic: news of that topic."""

VERSIONS: Final = {
    LOCATION: "1",
    HEALTH: "1",
    REMINDERS: "1",
    POINTS: "1",
    MEMBERSHIP: "1",
    BROADCASTS: "1",
}
"""Of the words in `dialogs/privacy_words`; raise it when their meaning changes."""
ASSUMED: Final = (REMINDERS, BROADCASTS)
"""Taken for granted until somebody refuses: they asked for it themselves, or joined to hear it."""
LONGEST: Final = 40
"""Of a purpose's name, in characters."""


def topic(name: str) -> str:
    """The purpose of news on a topic. ValueError where the name is too long."""
    purpose = BROADCASTS + name
    if not name or len(purpose) > LONGEST:
        raise ValueError("no such topic")
    return purpose


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided, and when."""

    purpose: str
    version: str
    given: bool
    decided_at: datetime


class Consents:
    """What one person agrees to, for the length of one turn."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def all(self) -> list[Decision]:
        """Everything they ever decided, the latest word on each purpose."""
        rows = await self._work.fetch(_ALL, self._whose())
        return [Decision(row.purpose, row.version, row.given, row.decided_at) for row in rows]

    async def decided(self, purpose: str) -> bool | None:
        """Their word on the words of today; None where they have to be asked."""
        row = await self._work.first(_ONE, self._whose() | {"what": purpose})
        if row is None or (row.given and row.version != _version(purpose)):
            return None
        return bool(row.given)

    async def allows(self, purpose: str) -> bool:
        """Whether it may be done now, without asking."""
        decided = await self.decided(purpose)
        return _kind(purpose) in ASSUMED if decided is None else decided

    async def decide(self, purpose: str, given: bool) -> None:
        """Agree to the words of today, or refuse and take back. ValueError for what is no purpose."""
        await decide_for(self._work, self._person.id, purpose, given)

    def _whose(self) -> dict[str, int]:
        return {"of": self._work.bot, "whose": self._person.id}


async def decide_for(work: Work, person: int, purpose: str, given: bool) -> None:
    """Keep that somebody agreed to the words of today, or took it back. ValueError for what is no purpose."""
    values: dict[str, Any] = {
        "bot": work.bot,
        "person": person,
        "purpose": purpose,
        "version": _version(purpose),
        "given": given,
        "decided_at": work.now,
    }
    await work.execute(_DECIDE[work.dialect], values)


def agreed(person: sa.ColumnElement[int], bot: sa.ColumnElement[int], purpose: str) -> sa.ColumnElement[bool]:
    """In a statement about many people: whether that person agreed to the words of today."""
    return sa.exists().where(
        consents.c.bot == bot,
        consents.c.person == person,
        consents.c.purpose == purpose,
        consents.c.version == _version(purpose),
        consents.c.given,
    )


def is_to_be_asked(
    person: sa.ColumnElement[int], bot: sa.ColumnElement[int], purpose: str
) -> sa.ColumnElement[bool]:
    """In a statement about many people: whether that person agreed to words that have changed since."""
    return sa.exists().where(
        consents.c.bot == bot,
        consents.c.person == person,
        consents.c.purpose == purpose,
        consents.c.version != _version(purpose),
        consents.c.given,
    )


def refused(
    person: sa.ColumnElement[int], bot: sa.ColumnElement[int], purpose: str
) -> sa.ColumnElement[bool]:
    """In a statement about many people: whether that person refused an assumed purpose."""
    return sa.exists().where(
        consents.c.bot == bot,
        consents.c.person == person,
        consents.c.purpose == purpose,
        ~consents.c.given,
    )


def _kind(purpose: str) -> str:
    return BROADCASTS if purpose.startswith(BROADCASTS) else purpose


def _version(purpose: str) -> str:
    if _kind(purpose) not in VERSIONS or len(purpose) > LONGEST:
        raise ValueError(f"nobody is asked about {purpose!r}")
    return VERSIONS[_kind(purpose)]


_MINE = sa.and_(consents.c.bot == sa.bindparam("of"), consents.c.person == sa.bindparam("whose"))
_ALL = sa.select(consents).where(_MINE).order_by(consents.c.purpose)
_ONE = sa.select(consents.c.given, consents.c.version).where(
    _MINE, consents.c.purpose == sa.bindparam("what")
)


def _decide(insert: Any) -> Any:
    new = insert(consents)
    return new.on_conflict_do_update(
        index_elements=["bot", "person", "purpose"],
        set_={name: new.excluded[name] for name in ("version", "given", "decided_at")},
    )


_DECIDE = {"sqlite": _decide(sqlite.insert), "postgresql": _decide(postgresql.insert)}
