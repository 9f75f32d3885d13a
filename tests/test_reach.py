"""The authorisation matrix over the surface: whatever the east forges, the west stays unseen and untouched.

A branch is filled with canaries (tests/west.py). Every action, command and deep link that the bot answers to
is sent with the numbers of what the west has, by somebody of each role in the east and by a stranger: in
private, in the west's own group, and by tapping through the screens that open. West's own people see every
canary by the same ways, so a canary that nobody could see fails, too.
"""

from __future__ import annotations

import io
import itertools
import json
import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import pytest
import sqlalchemy as sa

from bot.dialogs import everything
from bot.services import files
from bot.services.floods import Dam, Rate
from bot.services.house import House, Stock
from bot.services.incoming import Command, Incoming, Press, What
from bot.services.intake import Intake, IntakeSettings
from bot.services.invitations import Links
from bot.services.parking import DROP, RESUME
from bot.services.points.rules import read_points
from bot.services.presses import action_data, option_data, short
from bot.services.roles.rules import Action
from bot.services.stations.board import StationBoard
from bot.services.whereabouts import Whereabouts
from bot.store.database import Database
from bot.store.sealing import UNSEALED
from bot.store.tables import conversations, metadata, outbox
from bot.talk.dialog import Repertoire
from tests.conftest import BOT
from tests.dialogs.conftest import board as board
from tests.services.people import TREE
from tests.transcript import small_brand, small_content, small_handbook, small_shelf
from tests.understood import learnt_mind
from tests.west import (
    BRANCH,
    EAST_MEMBER,
    EAST_OFFICER,
    EAST_ORGANIZER,
    GROUP,
    MEMBER,
    NUMBER,
    OFFICER,
    ORGANIZER,
    RUNNING,
    SEEN,
    STRANGER,
    West,
    canaries,
)

EAST: Final = (EAST_ORGANIZER, EAST_OFFICER, EAST_MEMBER, STRANGER)
PUBLIC: Final = "public"
"""For everybody, and the same for everybody."""
OWN: Final = "own"
"""Of the person's own things."""
LINK: Final = "link"
"""For who was given it: it holds what nobody guesses, or is shown in a group."""

Rule = Action | str


def _ruled(names: Mapping[Rule, str]) -> dict[str, Rule]:
    """The rule of each name; one with two rules has none that counts."""
    pairs = [(name, rule) for rule, words in names.items() for name in words.split()]
    assert len(dict(pairs)) == len(pairs), "a name stands twice"
    return dict(pairs)


# What is also open to everybody, or to one's own branch, stands under what more an organizer may do with it.
COMMANDS: Final = _ruled(
    {
        PUBLIC: (
            "start menu help language stations guide learn daily review departments branches hazard "
            "hazards tracks verify group"
        ),
        OWN: "appeal appeals checkins me mydata privacy forget stop quiet remind reminders favourites points",
        Action.RUN_EVENTS: "events callouts",
        Action.SEE_WISHES_FIRST: "wishes",
        Action.ANSWER_IDEAS: "ideas",
        Action.HANDLE_APPEALS: "desk away deskgroup",
        Action.MERGE_APPEALS: "cases",
        Action.SEE_LEDGER: "ledger",
        Action.RUN_CHECKINS: "rounds",
        Action.RUN_TRACKS: "lessons",
        Action.BROADCAST: "broadcast",
        Action.SETTLE_FLAGS: "flags",
        Action.HAND_OUT: "pickup",
        Action.TAG_PEOPLE: "tags",
    }
)
ACTIONS: Final = _ruled(
    {
        PUBLIC: (
            "menu language speak find lesson learn guide review daily branches departments hazard hazards "
            "hazard_pin tracks not_this besides more"
        ),
        OWN: (
            "me mydata my_work my_district privacy forget stop unsilence quiet hush unhush zone shift "
            "points favourites lesson_later remind reminders reminder_ics ring no_offer help_certificate "
            "appeal appeals appeal_card appeal_add appeal_consent appeal_decline appeal_rate "
            "appeal_solved appeal_unsolved story_yes story_no checkins called answer reply_round "
            "take_back safety safe unreached help_here leave_here hazard_still hazard_mistake "
            "wish_missing wish_thank bc take_offer event_take event_leave event_ics"
        ),
        Action.RUN_EVENTS: "event callouts event_door",
        Action.SEE_WISHES_FIRST: "wish wishes wish_let",
        Action.ANSWER_IDEAS: "idea ideas idea_let",
        Action.HANDLE_APPEALS: (
            "desk desk_do desk_take desk_agree desk_refuse desk_room desk_room_leave hazard_do hazard_photo"
        ),
        Action.MERGE_APPEALS: "cases",
        Action.SEE_LEDGER: "ledger",
        Action.RUN_CHECKINS: "rounds new_round board",
        Action.OFFER_REMINDERS: "offer_reminder",
        Action.RUN_TRACKS: "lessons together_ask",
        Action.BROADCAST: "broadcast new_broadcast bcast",
        Action.SETTLE_FLAGS: "flags",
        Action.HAND_OUT: "pickup",
        Action.MIND_POINTS: "mind_points",
        Action.CONFIRM_ROLE: "confirm refuse",
        Action.BIND_GROUP: "bind group",
        Action.INVITE_MEMBERS: "roster withdraw_invitation",
        Action.SEE_ROSTERS: "rosters roster_lines",
        Action.TAG_PEOPLE: "tags",
    }
)
LINKS: Final = _ruled(
    {
        PUBLIC: "menu st lesson learn guide tracks hazard hello",
        LINK: "join ingroup together in buddy",
        OWN: "appeal bc",
        Action.RUN_EVENTS: "event",
        Action.HANDLE_APPEALS: "desk",
        Action.BIND_GROUP: "group bind",
    }
)

_N, _R = short(NUMBER), short(RUNNING)
_STEERED: Final = (
    *("see", "look", "on", "pause", "resume", "stop", "end"),
    *("retry", "report", "csv", "xlsx", "yes", "no"),
)
SHAPES: Final[Mapping[str, Sequence[str]]] = {
    "answer": (f"{_N}.0", f"{_N}.1"),
    "appeal_rate": (f"{_N}.1",),
    "bc": (f"{_R}-0", f"{_N}-0", f"{_R}-0-{short(-GROUP)}"),
    "bcast": tuple(f"{deed}-{number}" for deed in _STEERED for number in (_N, _R)),
    "bind": (f"{GROUP}.{BRANCH}", f"{GROUP}.east-1"),
    "board": tuple(f"{_N}.{deed}" for deed in ("show", "nudge", "who", "trend", "table", "tell", "close")),
    "desk_do": tuple(f"{_N}.{deed}" for deed in ("answer", "ask", "solve", "note", "who", "hand", "call")),
    "desk_room": (f"plain.{BRANCH}", f"topics.{BRANCH}"),
    "group": (str(GROUP), "unbind", "speak.zh_CN", "quiet.none", "topic.all"),
    "hazard_do": tuple(f"{_N}.{deed}" for deed in ("confirm", "fix", "refuse")),
    "hush": (_R,),
    "idea_let": (f"{_N}.y", f"{_N}.n"),
    "ingroup": (str(GROUP),),
    "ring": tuple(f"{_N}.0.{said}" for said in ("done", "soon", "hour", "tomorrow")),
    "take_back": (f"{_N}.token",),
    "wish_let": (f"{_N}.y", f"{_N}.n"),
}
"""What the buttons of an action carry, where that is more than a number or a branch."""

TOLD_TO_ALL: Final = frozenset({"hazards", "hazard_reports", "group_learners"})
"""Tables of what everybody sees, and may say that they see it, too."""
KEPT_BESIDE: Final = frozenset(
    {"updates", "outbox", "due", "paces", "revisions", "files", "file_copies", "audit"}
)
"""Tables of how the bot does things; what is said is looked through by itself."""
AT_ONCE: Final = 40
MOST_TAPS: Final = 40
DEEPEST: Final = 2
JOIN: Final = ["join"]
"""Anybody may join a branch; from then on it is theirs, too, and no test of who is outside."""


def test_everything_the_bot_answers_to_has_a_rule() -> None:
    """A new command, button or link wants a line here, and is forged from then on."""
    repertoire = everything()
    assert set(COMMANDS) == set(repertoire.commands)
    assert set(ACTIONS) == set(repertoire.actions)
    assert set(LINKS) == set(repertoire.links)
    assert set(SHAPES) <= {*ACTIONS, *LINKS}


class Surface:
    """A bot, and what it says to whom."""

    def __init__(self, database: Database, board: StationBoard, now: datetime) -> None:
        self.database = database
        self.repertoire = everything()
        self._now = now
        self._updates = itertools.count(1)
        self._toasts: dict[str, list[str]] = {}
        numbers, tokens = itertools.count(1000), itertools.count(1)
        links = Links("wayside_bot", lambda: f"token{next(tokens)}", random.Random(1).randrange, "secret")
        stock = Stock(
            *(board, Whereabouts(), links, small_shelf(), learnt_mind()),
            *(replace(small_handbook(), randbelow=random.Random(2).randrange), small_brand()),
            *(read_points(small_content()), UNSEALED),
        )
        # Its clock stands still: everything would be one flood.
        patient = Dam(Rate(0, 0), Rate(0, 0))
        self._intake = Intake(
            database,
            self.repertoire,
            lambda work, incoming, seat: House(stock, work, seat, incoming),
            self,
            IntakeSettings(BOT, "here", lambda: now, lambda: next(numbers), "en", patient),
        )

    def take(self, rows: Sequence[Any]) -> None:
        """What is said stands in the outbox."""

    def toast(self, query: str, text: str | None) -> None:
        """Keep the word over a tapped button; the query says whose."""
        self._toasts.setdefault(query, []).append(text or "")

    async def play(self, account: int, *whats: What, chat: int | None = None) -> None:
        """Somebody sends all of this."""
        where = chat or account
        await self._intake.play(
            [Incoming(next(self._updates), where, account, what, where == account, "en", 1) for what in whats]
        )

    # -- Tapping through --------------------------------------------------------------------

    async def tap_through(self, account: int, what: What) -> None:
        """Open something, and tap everything that its screens offer, each thing once."""
        tried: set[str] = set()
        paths: list[tuple[Any, ...]] = [()]
        for _tap in range(MOST_TAPS):
            if not paths:
                break
            path = paths.pop(0)
            for option in await self._follow(account, what, path):
                if option != JOIN and len(path) < DEEPEST and (key := json.dumps(option)) not in tried:
                    tried.add(key)
                    paths.append((*path, option))

    async def _follow(self, account: int, what: What, path: Sequence[Any]) -> list[Any]:
        """Open it and tap these options one after the other; gives what can be tapped then."""
        await self.play(account, what)
        for option in path:
            opened = await self._opened(account)
            if opened is None or option not in opened.prompt["options"]:
                return []
            data = option_data(opened.id, opened.revision, opened.prompt["options"].index(option))
            await self.play(account, Press(data, str(account)))
        opened = await self._opened(account)
        return list(opened.prompt["options"]) if opened else []

    async def _opened(self, account: int) -> Any:
        open_there = sa.and_(conversations.c.chat == account, ~conversations.c.parked)
        async with self.database.work(BOT, self._now) as work:
            found = await work.first(sa.select(conversations).where(open_there))
        return found if found is not None and found.prompt else None

    # -- What came of it ------------------------------------------------------------------------

    async def said(self, account: int, chat: int | None = None) -> str:
        """All that was said to somebody, in words, over buttons and in files."""
        bodies = await self._bodies(chat or account)
        words = [json.dumps(body, ensure_ascii=False) for body in bodies]
        toasts = self._toasts.get(str(account), [])
        return "\n".join([*words, *toasts, await self.files_of(chat or account)])

    async def files_of(self, chat: int) -> str:
        """What can be read in the files that were sent there; a card whose author took it back is gone."""
        keys = {body["file"] for body in await self._bodies(chat) if "file" in body}
        kept: list[files.Kept] = []
        async with self.database.work(BOT, self._now) as work:
            for key in keys:
                if key.startswith(files.KEPT):
                    with suppress(files.FileGone):
                        kept.append(await files.read(work, key))
        return "\n".join(_words_in(one.content) for one in kept)

    async def _bodies(self, chat: int) -> list[dict[str, Any]]:
        async with self.database.work(BOT, self._now) as work:
            return [
                row.body for row in await work.fetch(sa.select(outbox.c.body).where(outbox.c.chat == chat))
            ]

    async def rows(self) -> dict[tuple[str, tuple[Any, ...]], dict[str, Any]]:
        """Every row that says something about somebody, by its table and key."""
        found = {}
        async with self.database.work(BOT, self._now) as work:
            for table in metadata.sorted_tables:
                if table.name in KEPT_BESIDE:
                    continue
                for row in await work.fetch(sa.select(table)):
                    values = dict(row._mapping)
                    key = tuple(values[column.name] for column in table.primary_key.columns)
                    found[table.name, key] = values
        return found


def _words_in(content: bytes) -> str:
    """What can be read in a file; what is packed is unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8", "ignore")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(_words_in(packed.read(name)) for name in packed.namelist())


# -- Forgeries -----------------------------------------------------------------------------------------


def forgeries(repertoire: Repertoire, account: int) -> Iterator[What]:
    """Every button, link and command with the numbers of what the west has."""
    for name in (*repertoire.actions, RESUME, DROP):
        for shape in ("", _N, BRANCH, *SHAPES.get(name, ())):
            yield Press(action_data(name, shape), str(account))
    for name in repertoire.links:
        for shape in (_N, str(NUMBER), BRANCH, *SHAPES.get(name, ())):
            yield Command("start", f"{name}_{shape}")
    for name in repertoire.commands:
        for argument in ("", str(NUMBER), BRANCH):
            yield Command(name, argument)
    # The half-written appeal of the west's member.
    for revision, index in itertools.product((0, 1), (0, 1)):
        yield Press(option_data(NUMBER, revision, index), str(account))


async def forge(surface: Surface, account: int) -> None:
    """Send all of them, in private and in the west's own group."""
    sent = list(forgeries(surface.repertoire, account))
    for where, start in itertools.product((account, GROUP), range(0, len(sent), AT_ONCE)):
        await surface.play(account, *sent[start : start + AT_ONCE], chat=where)


async def look_around(surface: Surface, account: int) -> None:
    """Tap through all that is a rule of somebody's, and through the branch itself."""
    for name, rule in COMMANDS.items():
        if isinstance(rule, Action) or name in ("hazards", "branches"):
            await surface.tap_through(account, Command(name))
    for name, shape in (("branches", BRANCH), ("mind_points", ""), ("rounds", _N), ("event", _N)):
        await surface.tap_through(account, Press(action_data(name, shape), str(account)))


@pytest.fixture
async def west(sqlite: Database, now: datetime) -> West:
    """The west, full of canaries, and the people of the east."""
    made = West(sqlite, now)
    await made.build()
    return made


@pytest.fixture
def surface(sqlite: Database, board: StationBoard, now: datetime) -> Surface:
    """The whole bot."""
    return Surface(sqlite, board, now)


def _touched(
    before: Mapping[tuple[str, tuple[Any, ...]], Mapping[str, Any]],
    after: Mapping[tuple[str, tuple[Any, ...]], Mapping[str, Any]],
    theirs: set[int],
) -> list[tuple[str, Any]]:
    """Rows that were changed, deleted or made beside those of one's own."""
    places = {branch.id for branch in TREE if branch.id.startswith("west")}
    named = (
        "event",
        "round",
        "idea",
        "wish",
        "broadcast",
        "offer",
        "appeal",
        "checkin",
        "roster",
        "reverses",
    )
    found: list[tuple[str, Any]] = []
    for (table, key), row in before.items():
        is_own = row.get("person", row["id"] if table == "people" else None) in theirs
        if not is_own and table not in TOLD_TO_ALL and after.get((table, key)) != row:
            found.append((table, row))
    for (table, key), row in after.items():
        is_west = any(row.get(name) in (NUMBER, RUNNING) for name in named) or row.get("branch") in places
        if (table, key) not in before and is_west and table not in TOLD_TO_ALL:
            found.append((table, row))
    return found


@pytest.mark.parametrize("account", EAST)
async def test_the_east_neither_sees_nor_touches_the_west(west: West, surface: Surface, account: int) -> None:
    before = await surface.rows()
    await forge(surface, account)
    if account in (EAST_ORGANIZER, EAST_OFFICER):
        await look_around(surface, account)
    said = await surface.said(account)
    assert canaries(said) == set()
    assert "went wrong on our side" not in said
    assert canaries(await surface.said(account, GROUP)) <= {"CANARY-group"}, (
        "only what the group calls itself"
    )
    assert _touched(before, await surface.rows(), {west.people[one] for one in EAST}) == []


async def test_the_west_sees_every_canary(west: West, surface: Surface) -> None:
    """Else a canary would be safe only because nobody can see it."""
    await look_around(surface, ORGANIZER)
    for name in ("desk", "hazards"):
        await surface.tap_through(OFFICER, Command(name))
    for name in ("checkins", "reminders", "appeals"):
        await surface.tap_through(MEMBER, Command(name))
    assert "CANARY-appeal" in await surface.files_of(ORGANIZER), "no export was made"
    insiders = (ORGANIZER, OFFICER, MEMBER)
    for account in insiders:
        await surface.play(account, *forgeries(surface.repertoire, account))
    said = [await surface.said(account) for account in insiders]
    assert canaries("\n".join(said)) >= SEEN
