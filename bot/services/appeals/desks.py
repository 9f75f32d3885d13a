"""Who serves at which desk, who is away, and where an appeal goes first and next.

A desk serves a branch: whoever has the role `desk` for that branch, or for one above it. Told are those
nearest to it; all of them may act. The way up goes along the tree, to the next branch where somebody serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.i18n import DEFAULT_LOCALE
from bot.services.appeals.kinds import Desk, Rulebook
from bot.services.appeals.model import Appeal
from bot.services.branches import members, tree
from bot.services.notices import NOBODY, Recipient
from bot.services.people import Person
from bot.services.roles.rules import IN_FORCE, Action, Role, may, over
from bot.services.stations.model import Station
from bot.store.tables import chats, desk_absences, desk_groups, grants, people
from bot.store.work import Work

STATION: Final = "station"
"""What desks of content/appeals.yaml may name among their kinds."""


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody who serves at desks for a branch and all below it; `branch` is None for the whole city.

    `called` is how they named themselves for it. Whoever is `away` takes nothing.
    """

    to: Recipient
    called: str
    branch: str | None
    away: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """Where an appeal can be: the branch whose people own it, and the desk of the content (may be empty)."""

    branch: str
    desk: str = ""


async def serving(work: Work, branch: str) -> list[Server]:
    """Everybody who may act for a branch, those nearest to it first."""
    params = {"whose_bot": work.bot, "now": work.now, "branch_id": branch, "roles": [Role.DESK.value]}
    found = [_server(row) for row in await work.fetch(_SERVING, params)]
    line = [one.id for one in await tree.line(work, branch)]
    found.sort(key=lambda one: -line.index(one.branch) if one.branch in line else 1)
    nearest: dict[int, Server] = {}
    for one in found:
        nearest.setdefault(one.to.person, one)
    return list(nearest.values())


async def team(work: Work, branch: str) -> list[Server]:
    """Those nearest to a branch who are there; if all of them are away, then those further up."""
    present = [one for one in await serving(work, branch) if not one.away]
    return [one for one in present if one.branch == present[0].branch]


async def server(work: Work, branch: str, person: int) -> Server | None:
    """Somebody who may act for a branch; None for everybody else."""
    return next((one for one in await serving(work, branch) if one.to.person == person), None)


async def stand_in(work: Work, branch: str, person: int) -> Server | None:
    """Who takes over at a desk from somebody who is away; None where nobody in particular does."""
    row = await work.first(_STAND_IN, {"of": work.bot, "whose": person, "now": work.now})
    found = await server(work, branch, row.stand_in) if row and row.stand_in is not None else None
    return found if found is not None and not found.away else None


async def may_serve(work: Work, person: int, branch: str) -> bool:
    """Whether somebody may act for a branch."""
    return await may(work, person, Action.HANDLE_APPEALS, branch)


async def overseers(work: Work, branch: str) -> list[Recipient]:
    """Who is told where nobody serves: the organizers over a branch, or else the admins."""
    for role in (Role.ORGANIZER, Role.ADMIN):
        params = {"whose_bot": work.bot, "now": work.now, "branch_id": branch, "roles": [role.value]}
        rows = await work.fetch(_SERVING, params)
        if rows:
            return list({row.id: _server(row).to for row in rows}.values())
    return []


async def judges(work: Work, branch: str, author: int) -> list[Recipient]:
    """Who looks first at what somebody says for a branch: not the author, unless there is nobody else."""
    told = await overseers(work, branch)
    return [one for one in told if one.person != author] or told


async def may_judge(work: Work, person: int, action: Action, branch: str, author: int | None) -> bool:
    """Whether somebody may do this with what `author` says for a branch, by the same rule."""
    if not await may(work, person, action, branch):
        return False
    return person != author or person in {one.person for one in await judges(work, branch, person)}


async def home_of(work: Work, book: Rulebook, person: Person, district: str | None, kind: str) -> str:
    """The branch whose organizers look after what somebody says: their own, else that of the desk which
    would take it."""
    own = await members.home(work, person.id)
    return own or book.desk_for(kind, district, person.work_kind).branch


def of_station(book: Rulebook, station: Station | None) -> str:
    """The branch that a station belongs to: that of the desk which takes what happens in its district."""
    return book.desk_for(STATION, station.district if station else None).branch


async def group(work: Work, branch: str) -> Recipient | None:
    """The chat in which those who serve at exactly this branch work together."""
    row = await work.first(_GROUP, {"of": work.bot, "branch_id": branch})
    return Recipient(NOBODY, row.chat, row.language or DEFAULT_LOCALE) if row else None


# -- Where an appeal goes ---------------------------------------------------------------


async def first(
    work: Work, book: Rulebook, kind: str, district: str, industry: str | None, home: str | None = None
) -> tuple[Stop, bool]:
    """Where an appeal goes first, and whether that is further up because nobody serves at its desk.

    Where its district has no desk of its own, it goes to that of the author's branch (`home`) or above it.
    """
    desk = await _desk_for(work, book, kind, book.district(district), industry, home)
    stop = Stop(desk.branch, desk.id)
    if any(one.branch == desk.branch for one in await serving(work, desk.branch)):
        return stop, False
    higher = await above(work, book, desk.branch)
    return (higher, True) if higher else (stop, False)


async def _desk_for(
    work: Work, book: Rulebook, kind: str, district: str, industry: str | None, home: str | None
) -> Desk:
    if home is not None and district not in book.districts:
        line = [one.id for one in reversed(await tree.line(work, home))]
        if line and (desk := book.desk_along(kind, line, industry)) is not None:
            return desk
    return book.desk_for(kind, district or None, industry)


async def above(work: Work, book: Rulebook, branch: str) -> Stop | None:
    """The next step up from a branch at which somebody serves; None where there is none."""
    line = [one.id for one in reversed(await tree.line(work, branch)) if not one.closed and one.id != branch]
    served = {one.branch for one in await serving(work, branch)}
    for higher in line:
        if higher in served:
            return stop_at(book, higher)
    return stop_at(book, line[-1]) if line and None in served else None


async def climb(work: Work, book: Rulebook, appeal: Appeal) -> dict[str, Any]:
    """What changes when an appeal goes a step up, or begins anew at the highest one."""
    stop = await above(work, book, appeal.branch)
    higher = {"branch": stop.branch, "desk": stop.desk, "step": appeal.step + 1} if stop else {}
    return {**higher, "holder": None, "hand_overs": 0, "started_at": work.now}


async def others(work: Work, book: Rulebook, branch: str) -> list[Stop]:
    """Desks of the content at other branches where somebody serves, in the order of the content."""
    found: list[Stop] = []
    for desk in book.desks:
        if desk.branch == branch or any(stop.branch == desk.branch for stop in found):
            continue
        if any(one.branch == desk.branch for one in await serving(work, desk.branch)):
            found.append(Stop(desk.branch, desk.id))
    return found


def stop_at(book: Rulebook, branch: str) -> Stop:
    """A branch as a place for appeals, by the name of its desk if it has one."""
    desk = next((one for one in reversed(book.desks) if one.branch == branch), None)
    return Stop(branch, desk.id if desk else "")


async def name_of(work: Work, book: Rulebook, stop: Stop, locale: str) -> str:
    """What people call a desk: its own name, or that of its branch."""
    desk = book.desk(stop.desk)
    if desk is not None:
        return desk.name(locale)
    branch = await tree.get(work, stop.branch)
    if branch is None:
        return stop.branch
    return branch.name if locale.startswith("zh") else branch.name_en or branch.name


def _server(row: Any) -> Server:
    return Server(Recipient(row.id, row.account, row.language), row.called, row.branch, row.away is not None)


_SERVING: Final = (
    sa.select(
        people.c.id,
        people.c.account,
        people.c.language,
        grants.c.called,
        grants.c.branch,
        desk_absences.c.until.label("away"),
    )
    .join(grants, sa.and_(grants.c.bot == people.c.bot, grants.c.person == people.c.id))
    .outerjoin(
        desk_absences,
        sa.and_(
            desk_absences.c.bot == people.c.bot,
            desk_absences.c.person == people.c.id,
            desk_absences.c.until > sa.bindparam("now"),
        ),
    )
    .where(
        IN_FORCE,
        grants.c.role.in_(sa.bindparam("roles", expanding=True)),
        over(sa.bindparam("branch_id", type_=sa.String)),
    )
    .order_by(grants.c.id)
)
_STAND_IN: Final = sa.select(desk_absences.c.stand_in).where(
    desk_absences.c.bot == sa.bindparam("of"),
    desk_absences.c.person == sa.bindparam("whose"),
    desk_absences.c.until > sa.bindparam("now"),
)
_GROUP: Final = (
    sa.select(desk_groups.c.chat, chats.c.language)
    .outerjoin(chats, sa.and_(chats.c.bot == desk_groups.c.bot, chats.c.chat == desk_groups.c.chat))
    .where(
        desk_groups.c.bot == sa.bindparam("of"),
        desk_groups.c.branch == sa.bindparam("branch_id"),
        # Where the bot can't write any more, those who serve are told in private again.
        chats.c.left_at.is_(None),
        chats.c.silent_since.is_(None),
    )
)
