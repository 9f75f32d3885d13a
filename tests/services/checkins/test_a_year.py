"""A weekly check-in over a year: people join, leave, block the bot, come back, answer and change their mind.

What every board shows must be what a plain recount of the story gives.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services import people
from bot.services.branches import members
from bot.services.checkins.model import SMALLEST_TALLY, Timing
from bot.services.people import mark_back, mark_gone
from bot.store.database import Database, sqlite_url
from tests.conftest import NOW
from tests.services.checkins.conftest import Stand

WEEKS = 52
PEOPLE = 9
WEEK = timedelta(days=7)

DEEDS = st.tuples(
    st.integers(0, WEEKS - 1),
    st.integers(0, 6 * 24),  # hours after the opening: some come when it is closed
    st.integers(1, PEOPLE),
    st.one_of(
        st.sampled_from(["join", "leave", "block", "return", "take back"]),
        st.integers(0, 2),  # an answer
    ),
)


@dataclass
class Recount:
    """What should be: by the story alone."""

    members: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    asked: dict[int, set[int]] = field(default_factory=dict)
    said: dict[int, dict[int, int]] = field(default_factory=dict)

    def open(self, week: int) -> None:
        """Everybody who belongs there and can be reached is asked."""
        if people_asked := self.members - self.blocked:
            self.asked[week], self.said[week] = people_asked, {}

    def board(self, week: int, *, anonymous: bool) -> tuple[Any, ...]:
        """Asked, answered, unreachable, and how often each answer was given."""
        asked, said = self.asked[week], self.said[week]
        hidden = anonymous and len(said) < SMALLEST_TALLY
        unreachable = (asked - set(said)) & self.blocked
        return len(asked), len(said), len(unreachable), {} if hidden else dict(Counter(said.values()))


class Year:
    """Plays the story against the services, and against the recount."""

    def __init__(self, stand: Stand, *, anonymous: bool) -> None:
        self.stand = stand
        self.anonymous = anonymous
        self.truth = Recount()
        self.rounds: dict[int, int] = {}
        self.tokens: dict[tuple[int, int], str] = {}

    async def play(self, story: list[tuple[int, int, int, Any]]) -> None:
        """The whole year, week by week."""
        await self.stand.build(PEOPLE)
        self.truth.members = set(range(1, PEOPLE + 1))
        weekly = Timing(self.stand.now, "Asia/Shanghai", "FREQ=WEEKLY", 4 * 24 * 60, 24 * 60)
        number = await self.stand.make(timing=weekly, anonymous=self.anonymous)
        begun = self.stand.now
        for week in range(WEEKS):
            await self._wait_until(begun + week * WEEK)
            self.truth.open(week)
            if week in self.truth.asked:
                self.rounds[week] = await self.stand.round(number)
            for _week, hours, who, deed in sorted(one for one in story if one[0] == week):
                await self._wait_until(begun + week * WEEK + timedelta(hours=hours))
                await self._do(week, who, deed, is_open=hours < 4 * 24)
            await self._compare(week)
        for week in self.rounds:
            await self._compare(week)

    async def _wait_until(self, moment: datetime) -> None:
        gap = moment - self.stand.now
        await self.stand.wait(seconds=max(gap.total_seconds(), 0))

    async def _do(self, week: int, who: int, deed: Any, *, is_open: bool) -> None:
        match deed:
            case "join" | "leave":
                await self._belong(who, deed == "join")
            case "block" | "return":
                await self._block(who, deed == "block")
            case "take back":
                await self._take_back(week, who, is_open=is_open)
            case int(value):
                await self._answer(week, who, value, is_open=is_open)

    async def _belong(self, who: int, joins: bool) -> None:
        async with self.stand.work() as work:
            person = (await people.welcome(work, {who: "en"}, "en"))[who]
            await (members.join(work, person.id, "east-1") if joins else members.leave(work, person.id))
        (self.truth.members.add if joins else self.truth.members.discard)(who)

    async def _block(self, who: int, blocks: bool) -> None:
        async with self.stand.work() as work:
            await (mark_gone if blocks else mark_back)(work, who)
        (self.truth.blocked.add if blocks else self.truth.blocked.discard)(who)

    async def _answer(self, week: int, who: int, value: int, *, is_open: bool) -> None:
        if week not in self.rounds:
            return
        key = (week, who)
        async with self.stand.member(who) as desk:
            given = await desk.answer(self.rounds[week], {"q1": value}, self.tokens.get(key, ""))
        asked = who in self.truth.asked[week]
        before = who in self.truth.said[week]
        expected = "gone" if not asked else "closed" if not is_open else "changed" if before else "answered"
        assert given.outcome == expected
        if given.outcome in ("answered", "changed"):
            self.truth.said[week][who] = value
            self.tokens[key] = given.token

    async def _take_back(self, week: int, who: int, *, is_open: bool) -> None:
        token = self.tokens.pop((week, who), "") if self.anonymous and is_open else ""
        if not token:
            return
        async with self.stand.member(who) as desk:
            assert (await desk.take_back(self.rounds[week], token)).outcome == "changed"
        del self.truth.said[week][who]

    async def _compare(self, week: int) -> None:
        if week not in self.rounds:
            return
        async with self.stand.organizer() as desk:
            board = await desk.board(self.rounds[week])
        assert board is not None
        counts = dict(board.tallies[0].counts) if board.tallies else {}
        shown = (board.asked, board.answered, board.unreachable, counts)
        assert shown == self.truth.board(week, anonymous=self.anonymous)


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(story=st.lists(DEEDS, min_size=40, max_size=160), anonymous=st.booleans())
def test_boards_equal_a_recount(
    sqlite_template: Any, tmp_path_factory: Any, story: list[tuple[int, int, int, Any]], anonymous: bool
) -> None:
    path = tmp_path_factory.mktemp("year") / "wayside.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    asyncio.run(_played(sqlite_url(path), story, anonymous=anonymous))


async def _played(url: str, story: list[tuple[int, int, int, Any]], *, anonymous: bool) -> None:
    database = Database(url)
    try:
        await Year(Stand(database, NOW), anonymous=anonymous).play(story)
    finally:
        await database.close()
