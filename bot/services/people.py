"""The people a bot knows: an account at the channel and the language they read, and what they ride for and
where if they say so. No name, no phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import HOME_ZONE, SHANGHAI
from bot.i18n import locale_for
from bot.store.tables import people
from bot.store.work import Work

WORK_KINDS: Final = ("rider", "courier", "driver", "trucker", "streamer", "other")
"""What people do: deliver meals or parcels, drive passengers or freight, stream, or something else."""
LONGEST_DISTRICT: Final = 40


@dataclass(slots=True)
class Person:
    """Somebody who wrote to the bot. `blocked` until they come back; `introduced` once they were asked about
    themselves; `silenced` while they want to hear only answers; `forgotten` by this very turn."""

    id: int
    account: int
    locale: str
    seen_on: date
    blocked: bool = False
    work_kind: str | None = None
    district: str | None = None
    introduced: bool = False
    zone: str = HOME_ZONE
    silenced: bool = False
    forgotten: bool = False


COLUMNS = (
    people.c.id.label("person_id"),
    people.c.account,
    people.c.language,
    people.c.seen_on,
    people.c.blocked_at,
    people.c.work_kind,
    people.c.district,
    people.c.introduced_at,
    people.c.zone,
    people.c.silenced_at,
)


def person_from(row: Any) -> Person:
    """A person from a row that holds COLUMNS."""
    return Person(
        row.person_id,
        row.account,
        row.language,
        row.seen_on,
        row.blocked_at is not None,
        row.work_kind,
        row.district,
        row.introduced_at is not None,
        row.zone or HOME_ZONE,
        row.silenced_at is not None,
    )


def day_of(moment: datetime) -> date:
    """The day that a moment falls on in the bot's city: there the morning is today, not yesterday in UTC."""
    return moment.astimezone(SHANGHAI).date()


async def welcome(work: Work, accounts: Mapping[int, str | None], default_locale: str) -> dict[int, Person]:
    """Make persons of new accounts, each with the language code its app tells; gives them by account."""
    if not accounts:
        return {}
    today = day_of(work.now)
    values = [
        {
            "bot": work.bot,
            "account": account,
            "language": locale_for(code, default_locale),
            "language_chosen": False,
            "seen_on": today,
            "made_at": work.now,
        }
        for account, code in accounts.items()
    ]
    rows = await work.write(_WELCOME[work.dialect], values)
    return {row.account: Person(row.id, row.account, row.language, today) for row in rows}


async def mark_seen(work: Work, seen: Sequence[Person]) -> None:
    """Note that these persons were active today and are there (again). Written once a day at most."""
    today = day_of(work.now)
    stale = [person for person in seen if person.blocked or person.seen_on != today]
    if not stale:
        return
    await work.execute(_SEEN, [{"whose": person.id, "today": today} for person in stale])
    for person in stale:
        person.seen_on, person.blocked = today, False


class People:
    """What a person can say about themselves, for the length of one turn."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self.person = person

    async def choose_locale(self, locale: str) -> None:
        """Speak with this person in this locale from now on, whatever their app says."""
        await self._work.execute(_LOCALE, {"whose": self.person.id, "locale": locale})
        self.person.locale = locale

    async def say_work(self, kind: str | None) -> None:
        """Say what they do, one of WORK_KINDS, or take it back with None. ValueError for anything else."""
        if kind is not None and kind not in WORK_KINDS:
            raise ValueError("no such kind of work")
        await self._work.execute(_WORK_KIND, {"whose": self.person.id, "kind": kind})
        self.person.work_kind = kind

    async def say_district(self, district: str | None) -> None:
        """Say where they mostly work, or take it back with None. ValueError for a name that is too long."""
        if district is not None and not 0 < len(district) <= LONGEST_DISTRICT:
            raise ValueError("no such district")
        await self._work.execute(_DISTRICT, {"whose": self.person.id, "where_to": district})
        self.person.district = district

    async def silence(self, wanted: bool) -> None:
        """Say nothing to them that they did not ask for, or speak again."""
        at = self._work.now if wanted else None
        await self._work.execute(_SILENCED, {"whose": self.person.id, "at": at})
        self.person.silenced = wanted

    async def say_zone(self, zone: str) -> None:
        """Live by the clocks of another time zone (IANA). ValueError for one that is not there.

        What is planned for them is moved by `services.zones`.
        """
        if zone not in available_timezones():
            raise ValueError("no such time zone")
        await self._work.execute(_ZONE, {"whose": self.person.id, "where_to": zone})
        self.person.zone = zone

    async def introduce(self) -> bool:
        """Whether to ask them about themselves now: once for all, and not who said so already."""
        if self.person.introduced:
            return False
        await self._work.execute(_INTRODUCED, {"whose": self.person.id, "now": self._work.now})
        self.person.introduced = True
        return self.person.work_kind is None and self.person.district is None


async def mark_gone(work: Work, account: int) -> None:
    """This account blocked the bot: send nothing more until it comes back."""
    await work.execute(_GONE, {"whose_bot": work.bot, "whose": account, "at": work.now})


async def mark_back(work: Work, account: int) -> None:
    """This account unblocked the bot."""
    await work.execute(_BACK, {"whose_bot": work.bot, "whose": account})


def _welcome(insert: Any) -> Any:
    """Another process may meet the same stranger at the same time, in another chat: both find one person."""
    statement = insert(people)
    found = statement.on_conflict_do_update(
        index_elements=[people.c.bot, people.c.account], set_={"account": statement.excluded.account}
    )
    return found.returning(people.c.id, people.c.account, people.c.language)


_WELCOME = {"sqlite": _welcome(sqlite.insert), "postgresql": _welcome(postgresql.insert)}
_SEEN = (
    sa.update(people)
    .where(people.c.id == sa.bindparam("whose"))
    .values(seen_on=sa.bindparam("today"), blocked_at=None)
)
_LOCALE = (
    sa.update(people)
    .where(people.c.id == sa.bindparam("whose"))
    .values(language=sa.bindparam("locale"), language_chosen=True)
)
_WORK_KIND = (
    sa.update(people)
    .where(people.c.id == sa.bindparam("whose"))
    .values(work_kind=sa.bindparam("kind", type_=sa.String))
)
_DISTRICT = (
    sa.update(people)
    .where(people.c.id == sa.bindparam("whose"))
    .values(district=sa.bindparam("where_to", type_=sa.String))
)
_ZONE = sa.update(people).where(people.c.id == sa.bindparam("whose")).values(zone=sa.bindparam("where_to"))
_INTRODUCED = (
    sa.update(people).where(people.c.id == sa.bindparam("whose")).values(introduced_at=sa.bindparam("now"))
)
_SILENCED = (
    sa.update(people).where(people.c.id == sa.bindparam("whose")).values(silenced_at=sa.bindparam("at"))
)
_GONE = (
    sa.update(people)
    .where(people.c.bot == sa.bindparam("whose_bot"), people.c.account == sa.bindparam("whose"))
    .values(blocked_at=sa.bindparam("at"))
)
_BACK = (
    sa.update(people)
    .where(people.c.bot == sa.bindparam("whose_bot"), people.c.account == sa.bindparam("whose"))
    .values(blocked_at=None)
)
