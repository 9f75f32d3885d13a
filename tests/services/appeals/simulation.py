"""A season of appeals: people file, desks are quick, slow or silent, authors agree, disagree or forget.

Everything is random by a seed, and everything happens through the services, at its moment on a fake clock.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from bot.clock.appeals import appealing
from bot.clock.loop import Clock
from bot.dialogs import desk_words
from bot.services.appeals.counter import HasIt
from bot.services.appeals.deadlines import ROUND
from bot.services.appeals.moves import NotPossible
from bot.services.refusals import NotThere, TooMany
from bot.store.database import Database
from bot.store.tables import due
from tests.conftest import BOT
from tests.services.appeals.conftest import CHIEF, CLERK, COLLEAGUE, ORGANIZER, TOP, WEST, Court, draft

KINDS: Final = ("pay", "injury", "gate", "other")
STORIES: Final = {
    "pay": "平台欠我运费半个月了",
    "injury": "送餐摔了一跤，想问怎么报",
    "gate": "小区不让骑手进，要走十分钟",
    "other": "想要个充电的地方",
}
DESKS: Final = {"east-1": (CLERK, COLLEAGUE), "east": (CHIEF,), "city": (TOP,), "west-1": (WEST,)}
FIRST_AUTHOR: Final = 950_000_000

Deed = Callable[[], Awaitable[None]]


@dataclass(order=True)
class _Planned:
    at: datetime
    number: int
    deed: Deed = field(compare=False)


class Season:
    """Plays so many appeals of as many people over some days, and whatever follows from them in that time."""

    def __init__(self, court: Court, appeals: int, days: int, seed: int) -> None:
        self.court = court
        self.start = court.now
        self.end = court.now + timedelta(days=days)
        self._chance = random.Random(seed)
        self._planned: list[_Planned] = []
        self._numbers = iter(range(10**9))
        # Nobody is away in this season: the hourly look for holders who are would only take time.
        kinds = [kind for kind in appealing(court.handbook.rules, desk_words.worded) if kind.name != ROUND]
        self._kinds = [kind.name for kind in kinds]
        self._clock = Clock(court.database, BOT, kinds, owner="clock", now=lambda: court.now)
        for author in range(appeals):
            at = self.start + (self.end - self.start) * self._chance.random()
            self._plan(at, lambda author=author: self._file(FIRST_AUTHOR + author))  # type: ignore[misc]

    async def play(self) -> None:
        """From the first day to the last."""
        while self._planned and self._planned[0].at < self.end:
            planned = heapq.heappop(self._planned)
            await self._clock_until(planned.at)
            await planned.deed()
        await self._clock_until(self.end)

    async def _clock_until(self, moment: datetime) -> None:
        """Do what is due when it is, as a running clock would."""
        while (at := await self._next()) is not None and at <= moment:
            self.court.now = max(self.court.now, at)
            await self._clock.work_off()
        self.court.now = max(self.court.now, moment)

    async def _next(self) -> datetime | None:
        waiting = sa.and_(due.c.bot == BOT, due.c.state == "waiting", due.c.kind.in_(self._kinds))
        async with self.court.work() as work:
            row = await work.first(sa.select(sa.func.min(due.c.not_before)).where(waiting))
        return row[0] if row else None

    # -- What people do --------------------------------------------------------------------

    async def _file(self, author: int) -> None:
        kind = self._chance.choice(KINDS)
        async with self.court.at(author) as me:
            me.person.work_kind = self._chance.choice(["rider", "trucker", "courier", None])
            filed = await me.appeals.file(draft(kind=kind, story=STORIES[kind]))
        self._later(self._chance.choice([1, 3, 30]), lambda: self._serve(filed.appeal.id, author))
        if kind == "gate" and self._chance.random() < 0.3:
            self._later(1, lambda: self._merge(kind))

    async def _serve(self, number: int, author: int) -> None:
        """Somebody at the desk does the next thing; one in eight never comes back to it."""
        appeal = await self.court.see(number)
        if not appeal.is_open or self._chance.random() < 1 / 8:
            return
        clerk = self._chance.choice(DESKS.get(appeal.branch, (TOP,)))
        async with self.court.at(clerk) as desk:
            try:
                if self._chance.random() < 0.3:
                    await desk.desk.take(number)
                elif self._chance.random() < 0.5:
                    await desk.desk.answer(number, "正在办")
                else:
                    await desk.desk.solve(number, "办好了")
                    self._later(self._chance.choice([1, 20, 200]), lambda: self._judge(number, author))
                    return
            except (HasIt, NotPossible, NotThere):
                pass
        self._later(self._chance.choice([2, 8, 60]), lambda: self._serve(number, author))

    async def _merge(self, kind: str) -> None:
        """An organizer makes one case of what is open at their branches."""
        async with self.court.at(ORGANIZER) as organizer:
            found = [one for one in await organizer.cases.mergeable() if one.kind == kind]
            if len(found) > 1 and sum(one.is_collective for one in found) <= 1:
                case = await organizer.cases.merge([one.id for one in found], "小区不让骑手进")
                self._later(2, lambda: self._serve(case.appeal.id, 0))

    async def _judge(self, number: int, author: int) -> None:
        """The author agrees, disagrees, takes it back, or says nothing."""
        if not author:
            return
        async with self.court.at(author) as me:
            try:
                said = self._chance.random()
                if said < 0.55:
                    await me.appeals.confirm(number)
                elif said < 0.75:
                    await me.appeals.reopen(number, "没解决")
                    self._later(5, lambda: self._serve(number, author))
                elif said < 0.8:
                    await me.appeals.withdraw(number)
            except (NotPossible, NotThere, TooMany):
                return

    # -- When ----------------------------------------------------------------------------

    def _later(self, hours: float, deed: Deed) -> None:
        self._plan(self.court.now + timedelta(hours=hours * (0.2 + self._chance.random() * 2)), deed)

    def _plan(self, at: datetime, deed: Deed) -> None:
        heapq.heappush(self._planned, _Planned(at, next(self._numbers), deed))


async def season(database: Database, now: datetime, appeals: int, days: int = 90, seed: int = 1) -> Season:
    """A season that was played to its end."""
    court = Court(database, now)
    await court.build()
    played = Season(court, appeals, days, seed)
    await played.play()
    return played
