"""A branch full of canaries: one of everything that can be kept of it, each with a word found nowhere else.

All of it has the number NUMBER, so that a forged button needs no other. West's organizer, desk officer and
member see every canary; nobody else may.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.home import SHANGHAI
from bot.services import people
from bot.services.branches import members
from bot.services.branches.tree import import_branches
from bot.services.checkins.model import Option, Question, questions_to_json
from bot.services.reminders.timing import to_json
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.services.when import When
from bot.store import tables as t
from bot.store.database import Database
from bot.store.types import Moment
from bot.store.work import Work
from tests.conftest import BOT
from tests.services.people import TREE

NUMBER: Final = 77
RUNNING: Final = 78
"""A broadcast that went out; the one with NUMBER waits for approval."""
GROUP: Final = -77
BRANCH: Final = "west-1"
BOSS, ORGANIZER, OFFICER, MEMBER = 70, 71, 72, 73
"""By account: the admin of the city, and those of the west."""
EAST_ORGANIZER, EAST_OFFICER, EAST_MEMBER, STRANGER = 61, 62, 63, 64

POINTS: Final = 77077
"""So many nobody else has."""
SEEN: Final = frozenset(
    f"CANARY-{name}"
    for name in (
        *("grant", "waiting", "roster", "hazard", "wish", "idea", "event", "about", "where", "checkin"),
        *("question", "answer", "called", "appeal", "said", "story", "broadcast", "tag", "offer", "reminder"),
    )
) | {str(POINTS)}
"""What the west's own people see. A contact and a reason to ask for it are seen later, or never."""


def canaries(said: str) -> set[str]:
    """What can be heard of the west."""
    return set(re.findall(rf"CANARY-[a-z]+|{POINTS}", said))


class West:
    """Fills the west, in a database that is empty."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._now = now
        self.people: dict[int, int] = {}

    async def build(self) -> None:
        """The people of both branches, and all that the west has."""
        async with self._database.work(BOT, self._now) as work:
            await import_branches(work, TREE)
            await self._cast(work)
            await self._fill(work)

    async def _cast(self, work: Work) -> None:
        accounts = (
            *(BOSS, ORGANIZER, OFFICER, MEMBER),
            *(EAST_ORGANIZER, EAST_OFFICER, EAST_MEMBER, STRANGER),
        )
        met = await people.welcome(work, dict.fromkeys(accounts, "en"), "en")
        self.people = {account: person.id for account, person in met.items()}
        boss = self.people[BOSS]
        await grants.propose(work, boss, Role.ADMIN, None, by=None)
        for account, role, branch, called in (
            (ORGANIZER, Role.ORGANIZER, "west", "CANARY-grant"),
            (OFFICER, Role.DESK, BRANCH, "CANARY-grant"),
            (EAST_ORGANIZER, Role.ORGANIZER, "east", "Wang"),
            (EAST_OFFICER, Role.DESK, "east-1", "Li"),
        ):
            made = await grants.propose(work, self.people[account], role, branch, by=None, called=called)
            assert made is not None
            await grants.confirm(work, made.id, boss)
        await members.join(work, self.people[MEMBER], BRANCH)
        await members.join(work, self.people[EAST_MEMBER], "east-1")

    # -- What there is ------------------------------------------------------------------

    async def _fill(self, work: Work) -> None:
        for table, values in (*self._people_rows(), *self._asking(), *self._helping(), *self._office()):
            await work.execute(sa.insert(table).values(self._whole(table, values)))

    def _whole(self, table: sa.Table, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a row, with whatever else the table wants."""
        row = {"bot": BOT, **values}
        if "id" in table.c:
            row.setdefault("id", NUMBER)
        for column in table.c:
            if not column.nullable and column.name not in row:
                row[column.name] = self._any(column)
        return row

    def _any(self, column: sa.Column[Any]) -> Any:
        if isinstance(column.type, Moment):
            return self._now
        if isinstance(column.type, sa.Date):
            return self._now.date()
        if isinstance(column.type, sa.Boolean):
            return False
        if isinstance(column.type, sa.JSON):
            return []
        return 0 if isinstance(column.type, sa.Integer) else ""

    def _people_rows(self) -> list[tuple[sa.Table, dict[str, Any]]]:
        member, organizer = self.people[MEMBER], self.people[ORGANIZER]
        later = self._now + timedelta(days=1)
        when = When("moment", SHANGHAI, later.astimezone(SHANGHAI))
        return [
            (t.person_tags, {"person": member, "tag": "CANARY-tag"}),
            (t.checkin_people, {"person": member, "called": "CANARY-called"}),
            (
                t.reminders,
                {"person": member, "what": "CANARY-reminder", "zone": "Asia/Shanghai", "at": later}
                | {"state": "active"},
            ),
            (
                t.reminder_offers,
                {"branch": BRANCH, "made_by": organizer, "what": "CANARY-offer"}
                | {"timing": to_json(when), "segment": "all"},
            ),
            (t.point_moves, {"person": member, "kind": "volunteer_hour", "subject": f"visit:{NUMBER}"}),
            (t.point_entries, {"move": NUMBER, "account": "person", "person": member, "amount": POINTS}),
            (t.grants, {"person": member, "role": "desk", "branch": BRANCH, "called": "CANARY-waiting"}),
            (t.redemptions, {"person": member, "reward": "x", "state": "waiting", "expires_at": later}),
            (t.visits, {"person": member, "place": f"e{NUMBER}", "way": "live"}),
            (t.attachments, {"person": member}),
        ]

    def _asking(self) -> list[tuple[sa.Table, dict[str, Any]]]:
        member, organizer = self.people[MEMBER], self.people[ORGANIZER]
        later = self._now + timedelta(days=1)
        asked = Question("q1", "options", "CANARY-question", (Option("CANARY-answer"), Option("No")))
        said = {"text": {"en": "CANARY-broadcast"}, "buttons": [["lesson", "first_hour", {"en": "Learn"}]]}
        content = {"texts": said["text"], "picture": "", "buttons": said["buttons"]}
        sent = {"made_by": organizer, "segment": "branch:west", "topic": "notice", "content": content}
        return [
            (
                t.checkins,
                {"branch": BRANCH, "made_by": organizer, "title": "CANARY-checkin", "segment": "all"}
                | {"questions": questions_to_json([asked]), "zone": "Asia/Shanghai", "close_minutes": 60}
                | {"safety": True, "rounds": 1},
            ),
            (t.rounds, {"checkin": NUMBER, "number": 1, "closes_at": later}),
            (t.round_people, {"round": NUMBER, "person": member, "answered": True}),
            (
                t.answers,
                {"round": NUMBER, "key": str(member), "question": "q1", "person": member, "value": "0"},
            ),
            (t.safety_cases, {"round": NUMBER, "person": member, "raised_at": self._now}),
            (t.boards, {"round": NUMBER, "person": organizer, "posted": 1}),
            (
                t.events,
                {"branch": BRANCH, "made_by": organizer, "kind": "training", "title": "CANARY-event"}
                | {"about": "CANARY-about", "where": "CANARY-where", "segment": "all", "at": later}
                | {"zone": "Asia/Shanghai", "minutes": 60},
            ),
            (t.broadcasts, {**sent, "state": "asked"}),
            (t.broadcasts, {**sent, "id": RUNNING, "state": "running", "started_at": self._now}),
        ]

    def _helping(self) -> list[tuple[sa.Table, dict[str, Any]]]:
        member, organizer, officer = (self.people[one] for one in (MEMBER, ORGANIZER, OFFICER))
        at_desk = {"desk": "truckers", "branch": BRANCH}
        appeal = {
            "kind": "pay",
            "story": "CANARY-appeal",
            "state": "answered",
            "hops": 1,
            "alias": "W001",
            **at_desk,
        }
        return [
            (t.hazards, {"kind": "manhole", "place": "Hongqi Avenue", "state": "reported", **at_desk}),
            (t.hazard_reports, {"hazard": NUMBER, "person": member, "note": "CANARY-hazard"}),
            (t.wishes, {"branch": BRANCH, "person": member, "what": "CANARY-wish", "state": "posted"}),
            (t.ideas, {"branch": BRANCH, "person": member, "text": "CANARY-idea", "state": "posted"}),
            (t.appeals, {**appeal, "receipt": "777777777777"}),
            (t.appeal_authors, {"appeal": NUMBER, "person": member, "contact": "CANARY-contact"}),
            (t.appeal_words, {"appeal": NUMBER, "side": "author", "kind": "story", "text": "CANARY-said"}),
            (
                t.appeal_events,
                {"appeal": NUMBER, "number": 1, "move": "file", "role": "author"}
                | {"state": "filed", **at_desk},
            ),
            (t.unmaskings, {"appeal": NUMBER, "asked_by": officer, "reason": "CANARY-reason"}),
            (
                t.solved_stories,
                {"appeal": NUMBER, "story": "CANARY-story", "state": "asked"} | {"made_by": organizer},
            ),
            (t.desk_groups, {"branch": BRANCH, "chat": GROUP, "set_by": officer}),
        ]

    def _office(self) -> list[tuple[sa.Table, dict[str, Any]]]:
        organizer = self.people[ORGANIZER]
        later = self._now + timedelta(days=7)
        return [
            (
                t.invitations,
                {"token_hash": "77", "branch": BRANCH, "most_uses": 1, "made_by": organizer}
                | {"tag": "CANARY-tag", "expires_at": later},
            ),
            (t.rosters, {"branch": BRANCH, "made_by": organizer}),
            (
                t.roster_rows,
                {"roster": NUMBER, "line": 1, "reference": "CANARY-roster", "invitation": NUMBER},
            ),
            (
                t.chats,
                {"chat": GROUP, "kind": "supergroup", "title": "CANARY-group", "branch": BRANCH}
                | {"bound_by": organizer, "language": "en", "greeted_at": self._now},
            ),
            (
                t.group_lessons,
                {"chat": GROUP, "lesson": "first_hour", "language": "en", "started_by": organizer},
            ),
            (
                t.conversations,
                {"chat": MEMBER, "person": self.people[MEMBER], "dialog": "appeal"}
                | {"journal": {}, "revision": 1, "parked": True},
            ),
        ]
