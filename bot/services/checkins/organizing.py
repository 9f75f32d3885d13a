"""What an organizer can do with check-ins, for the length of one turn."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import orjson

from bot.clock import recurrence
from bot.services import attachments, due, files
from bot.services.checkins import boards, book, pictures, rows, running, tables
from bot.services.checkins.asking import meant, plan_slices
from bot.services.checkins.model import (
    LONGEST_ANSWER,
    OPEN,
    TELL,
    Board,
    Checkin,
    Draft,
    Line,
    Round,
    questions_to_json,
)
from bot.services.lessons.library import Library
from bot.services.notices import Recipient
from bot.services.people import Person
from bot.services.roles.rules import Action, NotAllowed, Reach, demand, may, reach
from bot.store.work import Work
from bot.talk import says

Standing = tuple[Checkin, Round]
"""A check-in and one of its rounds."""


class RoundDesk:
    """Asks rounds and shows how they stand, wherever the person may.

    What is not there and what is not theirs is answered the same way: with None or False.
    """

    def __init__(self, work: Work, person: Person, library: Library) -> None:
        self._work = work
        self._person = person
        self._library = library

    @property
    def now(self) -> datetime:
        """The moment of this turn."""
        return self._work.now

    @property
    def zone(self) -> str:
        """The person's time zone (IANA)."""
        return self._person.zone

    async def reach(self) -> Reach:
        """Where the person may run check-ins."""
        return await reach(self._work, self._person.id, Action.RUN_CHECKINS)

    # -- Making -----------------------------------------------------------------------

    async def meant(self, typed: str, branch: str | None) -> tuple[str, int]:
        """The segment of a typed line, and how many a round would ask now.

        Raises NotAllowed, and SegmentError for what is no segment, or names what is not there.
        """
        await demand(self._work, self._person.id, Action.RUN_CHECKINS, branch)
        return await meant(self._work, typed, branch, self._library)

    async def make(self, draft: Draft) -> int:
        """Make a check-in and plan its first round; gives its number.

        Raises NotAllowed where it is not theirs to make, ValueError where its time never comes.
        """
        await demand(self._work, self._person.id, Action.RUN_CHECKINS, draft.branch)
        timing = draft.timing
        values = {
            "bot": self._work.bot,
            "branch": draft.branch,
            "made_by": self._person.id,
            "title": draft.title,
            "questions": questions_to_json(draft.questions),
            "segment": draft.segment,
            "anonymous": draft.anonymous,
            "safety": draft.safety,
            "zone": timing.zone,
            "at": timing.at,
            "rule": timing.rule,
            "nudge_minutes": timing.nudge_minutes,
            "close_minutes": timing.close_minutes,
            "rounds": 0,
            "made_at": self._work.now,
        }
        number = int((await self._work.write(rows.ADD_CHECKIN, values))[0].id)
        first = self._first(draft)
        what = {"checkin": number}
        planned = await due.plan(self._work, OPEN, first, what, zone=timing.zone, rule=timing.rule)
        await self._work.execute(rows.PLANNED, {"of": self._work.bot, "row": number, "new_due": planned})
        return number

    def _first(self, draft: Draft) -> datetime:
        timing = draft.timing
        if timing.rule is None or timing.at >= self._work.now:
            return timing.at
        starts = recurrence.wall_time(timing.at, timing.zone)
        upcoming = recurrence.following(timing.rule, starts, timing.zone, self._work.now)
        if upcoming is None:
            raise ValueError("this time is over")
        return upcoming

    async def end(self, number: int) -> bool:
        """Open no more rounds of a check-in; the one that is open goes on. False where there is none."""
        checkin = await self.get(number)
        if checkin is None:
            return False
        row = await self._work.first(rows.CHECKIN, {"of": self._work.bot, "row": number})
        if row is not None and row.due is not None:
            await due.cancel(self._work, row.due)
        values = {"of": self._work.bot, "row": number, "now": self._work.now}
        return await self._work.execute(rows.END, values) > 0

    # -- Looking ------------------------------------------------------------------------

    async def all(self) -> list[Checkin]:
        """Check-ins the person may see, the newest first."""
        found = [rows.checkin_from(row) for row in await self._work.fetch(rows.ALL_CHECKINS, self._of())]
        return [one for one in found if await self._may(one)]

    async def get(self, number: int) -> Checkin | None:
        """A check-in the person may see."""
        found = await book.checkin(self._work, number)
        return found if found is not None and await self._may(found) else None

    async def latest(self, number: int, most: int) -> list[Round]:
        """The latest rounds of a check-in the person may see, the newest first."""
        return await book.latest(self._work, number, most) if await self.get(number) else []

    async def find(self, round_id: int) -> Standing | None:
        """A round the person may see, with its check-in."""
        found = await book.round_of(self._work, round_id)
        return found if found is not None and await self._may(found[0]) else None

    async def board(self, round_id: int) -> Board | None:
        """How a round stands now."""
        found = await self.find(round_id)
        return await book.board(self._work, *found, self._person.zone) if found else None

    async def trend(self, number: int) -> list[Board]:
        """How the latest rounds of a check-in stand, the oldest first."""
        checkin = await self.get(number)
        if checkin is None:
            return []
        past = reversed(await book.latest(self._work, number))
        return [await book.board(self._work, checkin, one, self._person.zone) for one in past]

    async def lines(self, round_id: int) -> list[Line]:
        """Who answered what in a named round; empty for an anonymous one."""
        found = await self.find(round_id)
        return await book.lines(self._work, *found) if found and not found[0].anonymous else []

    # -- Acting on a round -----------------------------------------------------------------

    async def nudge(self, round_id: int) -> int | None:
        """Ask those who have not answered once more; gives how many. None where the round is not open."""
        found = await self.find(round_id)
        if found is None or not found[1].is_open(self._work.now):
            return None
        return await running.nudge(self._work, round_id)

    async def close(self, round_id: int) -> bool:
        """Close a round now; False where it is closed, or not theirs."""
        if await self.find(round_id) is None:
            return False
        return await running.close(self._work, round_id) is not None

    async def tell(self, round_id: int, words: str) -> int | None:
        """Tell those who answered what was done with it; gives how many. None for a round not theirs."""
        if await self.find(round_id) is None:
            return None
        values = {**self._of(), "the_round": round_id, "words": words[:LONGEST_ANSWER]}
        await self._work.execute(rows.TOLD, values)
        found = await self._work.fetch(rows.ANSWERERS, {**self._of(), "the_round": round_id})
        people = [row.person for row in found]
        await plan_slices(self._work, TELL, people, {"round": round_id})
        return len(people)

    async def post_board(self, round_id: int, message: says.Message) -> None:
        """Send a board to the person; from then on it is drawn anew where it stands. Raises NotAllowed."""
        if await self.find(round_id) is None:
            raise NotAllowed(Action.RUN_CHECKINS)
        to = Recipient(self._person.id, self._person.account, self._person.locale)
        await boards.post(self._work, round_id, to, message)

    # -- Pictures and tables -----------------------------------------------------------------

    async def picture(self, round_id: int) -> str | None:
        """The file key of a picture: the trend, or the answers where there was one round only.

        None where there is nothing to draw.
        """
        found = await self.find(round_id)
        past = await self.trend(found[0].id) if found else []
        if not past:
            return None
        several = len(past) > 1 and not past[-1].checkin.is_survey
        drawn = await asyncio.to_thread(pictures.trend, past) if several else None
        if drawn is None:
            board = next((one for one in past if one.round.id == round_id), past[-1])
            drawn = await asyncio.to_thread(pictures.results, board)
        return await files.keep(self._work, drawn, "checkin.png", "image/png") if drawn else None

    async def table(self, round_id: int) -> tuple[str, str] | None:
        """The file key and name of a round's table; None where too few answered anonymously."""
        found = await self.find(round_id)
        key = await tables.table(self._work, *found) if found else None
        return (key, tables.file_name(*found)) if found and key else None

    async def photos(self, round_id: int) -> list[str]:
        """The file keys of the photos that were sent, as far as they have arrived."""
        found = await self.find(round_id)
        if found is None:
            return []
        asked = {one.key for one in found[0].questions if one.kind == "photo"}
        answers = await self._work.fetch(rows.ALL_ANSWERS, {**self._of(), "the_round": round_id})
        ids = [orjson.loads(row.value) for row in answers if row.question in asked]
        return [one.key for one in await attachments.read(self._work, ids) if one.key]

    def _of(self) -> dict[str, Any]:
        return {"of": self._work.bot}

    async def _may(self, checkin: Checkin) -> bool:
        return await may(self._work, self._person.id, Action.RUN_CHECKINS, checkin.branch)
