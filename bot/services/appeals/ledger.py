"""The ledger of appeals (台账) for organizers: what is where, filtered, as a list and as a file.

A file names in each line the export it comes from, and the audit log knows whose that was. It holds the
author's pseudonym and words, never a contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa

from bot.home import SHANGHAI
from bot.i18n import _, current_locale, is_chinese
from bot.services import audit, files
from bot.services.appeals import desks, lives, rows
from bot.services.appeals.desks import Stop
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.lives import Life
from bot.services.appeals.model import Appeal, State
from bot.services.appeals.moves import Move
from bot.services.appeals.subscriptions import Sending, Sent, period, sending
from bot.services.branches import tree
from bot.services.branches.tree import Branch
from bot.services.notices import Recipient
from bot.services.people import Person
from bot.services.revisions import next_revision
from bot.services.roles.rules import Action, NotAllowed, Reach, reach
from bot.services.table_files import MIMES, clean, table_bytes
from bot.store.tables import appeal_events, appeals
from bot.store.work import Work

Group = Literal["waiting", "answered", "over", "all"]
STATES: Final[dict[Group, tuple[State, ...]]] = {
    "waiting": (State.FILED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.REOPENED),
    "answered": (State.ANSWERED, State.CONFIRMED),
    "over": (State.CLOSED, State.WITHDRAWN, State.MERGED),
    "all": tuple(State),
}
MOST_LINES: Final = 20_000
"""Of one file; more than a city files in years."""
_EXPORTS: Final = "appeal_exports"
_FEN: Final = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the ledger is wanted: `days` back from now, `branch` with all below; None or "" for all."""

    state: Group = "waiting"
    kind: str = ""
    branch: str = ""
    overdue: bool = False
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: the appeal, what became of it, who has it, and whether a deadline was missed."""

    appeal: Appeal
    life: Life
    owner: str
    missed: bool


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of the ledger: its key and name, how many lines, and the number of the export."""

    key: str
    name: str
    lines: int
    number: int


class Ledger:
    """Shows an organizer the appeals that are or ever were at their branches. Others raise NotAllowed."""

    def __init__(self, work: Work, person: Person, book: Rulebook) -> None:
        self._work = work
        self._person = person
        self.book = book

    async def may_see(self) -> bool:
        """Whether there is anything that is the person's to see."""
        return bool(await reach(self._work, self._person.id, Action.SEE_LEDGER))

    async def reach(self) -> Reach:
        """Where the person may see appeals. Raises NotAllowed for nowhere."""
        found = await reach(self._work, self._person.id, Action.SEE_LEDGER)
        if not found:
            raise NotAllowed(Action.SEE_LEDGER)
        return found

    async def count(self, filters: Filters) -> int:
        """How many lines the filters leave."""
        statement, params = await self._wanted(filters)
        row = await self._work.first(sa.select(sa.func.count()).select_from(statement.subquery()), params)
        return int(row[0]) if row else 0

    async def entries(self, filters: Filters, first: int = 0, most: int = MOST_LINES) -> list[Entry]:
        """The lines that the filters leave, the next deadline first, then the latest."""
        statement, params = await self._wanted(filters)
        ordered = statement.order_by(*_ORDER).offset(first).limit(most)
        found = [rows.appeal_from(row) for row in await self._work.fetch(ordered, params)]
        known = await lives.of(self._work, [one.id for one in found], self._work.now + timedelta(seconds=1))
        names: dict[tuple[str, str], str] = {}
        return [await self._entry(one, known[one.id], names) for one in found]

    async def export(self, filters: Filters, ending: str) -> Exported:
        """The lines as a file with one of the endings of MIMES; it is noted who took which."""
        found = await self.entries(filters)
        number = await next_revision(self._work, _EXPORTS)
        mark = f"#{number} · {self._person.id} · {self._local(self._work.now):%Y-%m-%d %H:%M}"
        lines = [self._line(entry, mark) for entry in found]
        content = table_bytes(ending, str(_("Ledger")), _columns(), lines)
        name = f"appeals-{number}.{ending}"
        wanted = {"state": filters.state, "kind": filters.kind, "branch": filters.branch}
        wanted |= {"overdue": str(filters.overdue), "days": str(filters.days or "")}
        await audit.record(
            self._work,
            "appeals.exported",
            self._person.id,
            export=number,
            lines=len(lines),
            sha256=files.hash_of(content),
            filters=wanted,
        )
        key = await files.keep_for_a_day(self._work, content, name, MIMES[ending])
        return Exported(key, name, len(lines), number)

    async def report(self, sent: Sent) -> Sending:
        """The last whole week as a report, or the last whole month as a digest, for the person."""
        within = await self.reach()
        start, end = period(sent, self._work.now)
        to = Recipient(self._person.id, self._person.account, current_locale())
        return await sending(self._work, within, sent, (start, end), to, self.book)

    async def keep(self, picture: bytes) -> str:
        """A drawn picture, as the key of a kept file."""
        return await files.keep(self._work, picture, "appeals.png", "image/png")

    async def places(self) -> list[tuple[str, str]]:
        """The branches at which one may look, topmost first: (id, name)."""
        within = await self.reach()
        found = await tree.all_branches(self._work)
        topmost = [
            one for one in found if one.id in within.branches or (within.everywhere and not one.parent)
        ]
        below = [one for one in found if one.parent in {top.id for top in topmost}]
        return [(one.id, _called(one)) for one in (*topmost, *below) if not one.closed]

    # -- Which -----------------------------------------------------------------------------

    async def _wanted(self, filters: Filters) -> tuple[sa.Select[Any], dict[str, Any]]:
        within = await self.reach()
        params: dict[str, Any] = {
            "of": self._work.bot,
            "branches": list(within.branches),
            "under": [filters.branch],
        }
        statement = _ALL.where(appeals.c.state.in_([state.value for state in STATES[filters.state]]))
        if not within.everywhere:
            statement = statement.where(appeals.c.id.in_(lives.touched("branches")))
        if filters.kind:
            statement = statement.where(appeals.c.kind == filters.kind)
        if filters.branch:
            statement = statement.where(appeals.c.id.in_(lives.touched("under")))
        if filters.overdue:
            statement = statement.where(_MISSED)
        if filters.days is not None:
            since = self._work.now - timedelta(days=filters.days)
            statement = statement.where(appeals.c.filed_at >= since)
        return statement, params

    # -- A line ------------------------------------------------------------------------------

    async def _entry(self, appeal: Appeal, life: Life, names: dict[tuple[str, str], str]) -> Entry:
        stop = Stop(appeal.branch, appeal.desk)
        key = (stop.branch, stop.desk)
        if key not in names:
            names[key] = await desks.name_of(self._work, self.book, stop, current_locale())
        missed = any(hop.move in (Move.GO_UP, Move.OVERDUE) for hop in life.hops)
        return Entry(appeal, life, names[key], missed)

    def _line(self, entry: Entry, mark: str) -> dict[str, Any]:
        appeal, life = entry.appeal, entry.life
        kind = self.book.kind(appeal.kind)
        solved = life.solved(self._work.now + timedelta(seconds=1))
        cells = (
            appeal.number,
            self._local(appeal.filed_at),
            kind.name(current_locale()) if kind else appeal.kind,
            appeal.district,
            clean(appeal.place),
            appeal.since,
            None if appeal.amount is None else appeal.amount / _FEN,
            appeal.alias,
            clean(appeal.story),
            clean(appeal.wish),
            state_word(appeal.state),
            entry.owner,
            None if appeal.next_at is None else self._local(appeal.next_at),
            str(_("yes")) if entry.missed else str(_("no")),
            self._first(life, Move.TAKE),
            self._first(life, Move.ANSWER),
            None if solved is None else self._local(solved.at),
            appeal.reopenings,
            appeal.rating,
            mark,
        )
        return dict(zip(_columns(), cells, strict=True))

    def _first(self, life: Life, move: Move) -> datetime | None:
        found = next((hop for hop in (*life.hops, *life.shared) if hop.move == move), None)
        return None if found is None else self._local(found.at)

    def _local(self, moment: datetime) -> datetime:
        """On the desks' wall clock, as a spreadsheet takes it: without a zone and parts of a second."""
        return moment.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def state_word(state: State) -> str:
    """A state, as people say it."""
    words = {
        State.FILED: _("waiting to be taken"),
        State.ACKNOWLEDGED: _("taken on"),
        State.IN_PROGRESS: _("in progress"),
        State.ANSWERED: _("said to be solved"),
        State.CONFIRMED: _("confirmed solved"),
        State.REOPENED: _("reopened"),
        State.CLOSED: _("settled and closed"),
        State.WITHDRAWN: _("taken back"),
        State.MERGED: _("part of a case"),
    }
    return str(words[state])


def _called(branch: Branch) -> str:
    return branch.name if is_chinese() or not branch.name_en else branch.name_en


def _columns() -> Sequence[str]:
    named = (
        *(_("Receipt number"), _("Filed"), _("About"), _("District"), _("Where"), _("Since when")),
        *(_("Amount (yuan)"), _("Pseudonym"), _("Story"), _("Wish"), _("State"), _("Who has it")),
        *(_("Next deadline"), _("Deadline missed"), _("Taken"), _("First answer"), _("Solved at")),
        *(_("Times reopened"), _("Stars"), _("Export mark")),
    )
    return [str(name) for name in named]


_ALL: Final = sa.select(appeals).where(appeals.c.bot == sa.bindparam("of"))
_ORDER: Final = (appeals.c.settled_at.is_not(None), appeals.c.next_at, appeals.c.id.desc())
_MISSED: Final = sa.exists().where(
    appeal_events.c.bot == appeals.c.bot,
    appeal_events.c.appeal == appeals.c.id,
    appeal_events.c.move.in_((Move.GO_UP.value, Move.OVERDUE.value)),
)
