"""Golden transcripts: conversations as readable text, played against the real intake and a real database.

    > /stations 李家沱          what the person types; [Label] taps a button, 📍 lat, lon shares a place
    < 📍 李家沱附近              what the bot sends; ~ is a message drawn anew, ! a toast
    > one line ⏎ another        several lines in one message
    # at 2026-05-13T14:20+08:00  moves the clock, and what is due meanwhile happens
    # down until …  moves it too, and what is due is missed
    # language en  makes the person one who reads English
    # private 1002  somebody else takes over, in their own chat; what the others get is marked (1001)
    # group  speaks in a group; # administrators 1001 1005  says who administers it; # topic 7  where in it
    # added 骑手群, removed, silenced, moved  is what becomes of the bot and of its group
    # sends list.csv: 编号,姓名 | A1,甲  sends a file with these lines, which is fetched at once
    # letters 2  sends so many messages of the broadcasts that run, all without a number; # letters fail  lets
      them be refused; # threshold 1  has a second organizer approve broadcasts to more than one
    # points 200  gives points to whoever plays
    # branches  puts up a small tree, with departments
    # operator invites admin  makes an invitation, as the command line does

Every step goes through the database and back as JSON. `pytest --rewrite` writes what was said into the files;
read the difference in review.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from bot.deeds import all_deeds
from bot.services import attachments, due, letters, outbox, people
from bot.services.appeals.handbook import Handbook
from bot.services.appeals.rulebook import read_rulebook
from bot.services.audit import OPERATOR
from bot.services.branches.tree import import_branches
from bot.services.brand import Brand
from bot.services.broadcasts.model import Terms
from bot.services.departments.directory import import_departments
from bot.services.groups.news import SETTLING
from bot.services.hazards.kinds import read_hazards
from bot.services.house import House, Stock
from bot.services.incoming import Incoming, Moved, Place, What
from bot.services.intake import Intake, IntakeSettings
from bot.services.invitations import Links, Offer, make
from bot.services.lessons.shelf import Shelf, read_shelf
from bot.services.outbox import Outgoing
from bot.services.points import ledger
from bot.services.points.rules import read_points
from bot.services.ranks import with_rank
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.services.stations.board import StationBoard
from bot.services.whereabouts import Whereabouts
from bot.store.database import Database
from bot.store.sealing import UNSEALED
from bot.talk import hears
from bot.talk.dialog import Repertoire
from bot.terminal import Terminal
from tests.clock.once import work_off
from tests.services.people import DEPARTMENTS, TREE
from tests.understood import learnt_mind

FOLDER = Path(__file__).parent / "transcripts"
BOT = 700_000_001
CHAT = 1001
GROUP = -2001
ADMIN = 1099
SUPERGROUP = -1_000_000_002_001
MOST_NOTICES = 10_000


def small_content() -> Path:
    """Few lessons and guides, fixed for ever, so that no change of the content moves a transcript."""
    return Path(__file__).parent / "content"


def small_brand() -> Brand:
    """A bot of the tests' own city."""
    words = {"zh": "路边 Wayside", "en": "Wayside"}
    return Brand(words, words, words)


@cache
def small_shelf() -> Shelf:
    """The small content, read once."""
    return read_shelf(small_content())


@cache
def small_handbook() -> Handbook:
    """The small content's appeals, and the real ear for danger."""
    content = small_content()
    return Handbook(read_rulebook(content), learnt_mind().danger, read_hazards(content))


KINDS = tuple(all_deeds(small_shelf(), small_handbook(), Terms(), read_points(small_content())))


@dataclass
class Player:
    """Plays one transcript and writes down what happens."""

    database: Database
    repertoire: Repertoire
    board: StationBoard
    now: datetime
    language: str = "zh-hans"
    chat: int = CHAT
    account: int = CHAT
    shelf: Shelf = field(default_factory=small_shelf)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set the stage."""
        self._updates = itertools.count(1)
        self._numbers = itertools.count(1)
        self._terminals: dict[int, Terminal] = {}
        self._whereabouts = Whereabouts()
        tokens = itertools.count(1)
        chance = random.Random(1)
        handbook = replace(small_handbook(), randbelow=random.Random(2).randrange)
        self._links = links = Links("wayside_bot", lambda: f"token{next(tokens)}", chance.randrange)
        stock = Stock(
            *(self.board, self._whereabouts, links, self.shelf, learnt_mind(), handbook, small_brand()),
            *(read_points(small_content()), UNSEALED),
        )
        self._intake = Intake(
            self.database,
            self.repertoire,
            lambda work, incoming, seat: House(replace(stock, terms=self._terms), work, seat, incoming),
            self,
            IntakeSettings(BOT, "transcript", lambda: self.now, lambda: next(self._numbers), "zh_CN"),
        )
        self._administrators: set[int] = set()
        self._group, self._title = GROUP, ""
        self._topic: int | None = None
        self._terms = Terms()

    async def play(self, script: str) -> str:
        """The script again, with what the bot says to it now."""
        for line in script.splitlines():
            if line.startswith("# "):
                await self._direct(line)
            elif line.startswith("> "):
                await self.say(line[2:])
        return "\n".join(self.lines) + "\n"

    async def say(self, words: str) -> None:
        """One line of the person's."""
        self.lines += ["", f"> {words}"]
        what, tapped = self.terminal.read(words.replace(" ⏎ ", "\n"))
        if words.startswith("[") and words.endswith("]") and tapped is None:
            raise LookupError(f"no button {words} is shown")
        private = self.chat == self.account
        thread = None if private else self._topic
        incoming = Incoming(
            next(self._updates), self.chat, self.account, what, private, self.language, tapped, thread
        )
        await self._intake.play([await with_rank(incoming, self.repertoire, self._administers)])
        await self._deliver_notices()

    async def _administers(self, chat: int, account: int) -> bool:
        return chat == self._group and account in self._administrators

    # -- What the intake speaks through ----------------------------------------------

    @property
    def terminal(self) -> Terminal:
        """The screen of whoever plays now."""
        return self._screen(self.chat)

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Show messages, each in its chat."""
        for row in rows:
            self._screen(row.chat).take([row])

    def toast(self, query: str, text: str | None) -> None:
        """Show the word over a tapped button."""
        self.terminal.toast(query, text)

    def _screen(self, chat: int) -> Terminal:
        if chat not in self._terminals:
            self._terminals[chat] = Terminal(partial(self._write, chat), numbered=False)
        return self._terminals[chat]

    def _write(self, chat: int, line: str) -> None:
        self.lines.append(line if chat == self.chat else f"({chat}) {line}")

    async def _deliver_notices(self) -> None:
        """Show what others get, as a speaker would send it. Replies were shown when they were given."""
        async with self.database.work(BOT, self.now) as work:
            claimed = await outbox.claim(work, "speaker", MOST_NOTICES)
            notices = [row for row in claimed if row.update_id is None]
            for row in notices:
                await outbox.aim(work, row)
                await outbox.settle(work, [outbox.Settled(row.id, outbox.SENT, self._number(row))])

    def _number(self, row: Outgoing) -> int:
        """Show a notice; gives the number of its message in that chat."""
        self.take([row])
        return self._screen(row.chat).shown[-1].number

    # -- Stage directions ------------------------------------------------------------

    async def _direct(self, line: str) -> None:
        self.lines.append(line)
        word, _space, rest = line.removeprefix("# ").partition(" ")
        if word in ("group", "administrators", "topic", "person", "private", "language"):
            self._turn_to(word, rest)
        elif word in ("at", "down"):
            await self._move_clock(word, rest)
        elif word in ("added", "removed", "silenced", "moved"):
            await self._change_place(word, rest)
        elif word == "sends":
            await self._send_file(rest)
        elif word == "letters":
            await self._send_letters(rest)
        elif word == "points":
            await self._give_points(int(rest))
        elif word == "threshold":
            self._terms = Terms(int(rest))
        else:
            await self._arrange(word, rest)

    async def _arrange(self, word: str, rest: str) -> None:
        """What is there before anybody speaks: the tree, roles, what people said of themselves."""
        if word == "branches":
            async with self.database.work(BOT, self.now) as work:
                await import_branches(work, TREE)
                await import_departments(work, DEPARTMENTS)
        elif word == "operator":
            await self._invite(*rest.split()[1:])
        elif word == "serves":
            await self._let_serve(*rest.split())
        elif word == "works":
            await self._say_work(*rest.split())

    async def _give_points(self, points: int) -> None:
        """Whoever plays got so many, by hand."""
        async with self.database.work(BOT, self.now) as work:
            person = (await people.welcome(work, {self.account: None}, "zh_CN"))[self.account].id
            await ledger.book(work, person, "gift", f"{self.now}", points, "gifts")

    async def _move_clock(self, word: str, rest: str) -> None:
        if word == "at":
            await self._wait_until(datetime.fromisoformat(rest.strip()))
            return
        self.now = datetime.fromisoformat(rest.removeprefix("until").strip())
        await self._do_what_is_due()

    async def _send_file(self, rest: str) -> None:
        name, _colon, lines = rest.partition(": ")
        content = lines.replace(" | ", "\n").encode()
        sent = hears.File("file-of-the-person", name, size=len(content))
        await self._intake.play(
            [Incoming(next(self._updates), self.chat, self.account, sent, language_code=self.language)]
        )
        async with self.database.work(BOT, self.now) as work:
            for wanted in await attachments.claim(work, 1):
                await attachments.note_kept(work, wanted, content, name, "text/csv")

    async def _send_letters(self, rest: str) -> None:
        """Show what a broadcast says, as a speaker would send it."""
        async with self.database.work(BOT, self.now) as work:
            claimed = await letters.claim(work, "speaker", int(rest) if rest.isdigit() else MOST_NOTICES)
            if rest == "fail":
                results = [outbox.Settled(row.id, outbox.DEAD, error="refused") for row in claimed]
            else:
                results = [outbox.Settled(row.id, outbox.SENT, self._number(row)) for row in claimed]
            await outbox.settle(work, results)
            await letters.tend(work)

    def _turn_to(self, word: str, rest: str) -> None:
        """Who speaks from here on, and where."""
        if word == "administrators":
            self._administrators = {int(account) for account in rest.split()}
        elif word == "topic":
            self._topic = int(rest) if rest else None
        elif word == "language":
            self.language = rest.strip()
        elif word == "group":
            self.chat = self._group
        elif word == "person":
            self.account = int(rest)
        else:
            self.chat = self.account = int(rest)

    async def _change_place(self, word: str, title: str) -> None:
        """What becomes of the bot in the group; the moment that news take is over at once."""
        if title:
            self._title = title
        what: What = Place(self._title, word != "removed", word != "silenced")
        if word == "moved":
            what = Moved(SUPERGROUP)
        who = self.account
        incoming = Incoming(next(self._updates), self._group, who, what, False, self.language)
        await self._intake.play([incoming])
        if word == "moved":
            self._group = self.chat = SUPERGROUP
        await self._wait_until(self.now + SETTLING)

    async def _wait_until(self, moment: datetime) -> None:
        """Do what is due when it is, as a running clock would."""
        await self._do_what_is_due()
        while (upcoming := await self._next_at()) is not None and upcoming <= moment:
            self.now = upcoming.astimezone(moment.tzinfo)
            await self._do_what_is_due()
        self.now = moment

    async def _next_at(self) -> datetime | None:
        async with self.database.work(BOT, self.now) as work:
            return await due.next_at(work, [kind.name for kind in KINDS])

    async def _do_what_is_due(self) -> None:
        await work_off(self.database, KINDS, self.now)
        await self._deliver_notices()

    async def _invite(self, role: str, branch: str | None = None) -> None:
        async with self.database.work(BOT, self.now) as work:
            offer = Offer(branch, None if role == "member" else Role(role))
            await make(work, offer, OPERATOR, self._links.new_token())

    async def _say_work(self, kind: str, district: str) -> None:
        """What the person said of themselves before."""
        async with self.database.work(BOT, self.now) as work:
            met = await people.welcome(work, {self.account: self.language}, "zh_CN")
            themselves = people.People(work, met[self.account])
            await themselves.say_work(kind)
            await themselves.say_district(district)

    async def _let_serve(self, account: str, role: str, branch: str, called: str) -> None:
        """Give somebody a role, as proposed by the operator and confirmed by an admin."""
        async with self.database.work(BOT, self.now) as work:
            met = await people.welcome(work, {int(account): self.language, ADMIN: "zh"}, "zh_CN")
            await grants.propose(work, met[ADMIN].id, Role.ADMIN, None, by=OPERATOR)
            person = met[int(account)].id
            grant = await grants.propose(work, person, Role(role), branch, by=OPERATOR, called=called)
            if grant is not None:
                await grants.confirm(work, grant.id, met[ADMIN].id)
