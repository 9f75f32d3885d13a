"""Giving rewards out for their codes: looked at first, at stations that are one's to serve, noted in the log.

A code has six digits. Whoever types several that are none has to wait: nobody gets a reward by trying.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from bot.services import audit
from bot.services.appeals import desks
from bot.services.appeals.kinds import Rulebook
from bot.services.branches import tree
from bot.services.people import Person
from bot.services.points import rewards
from bot.services.points.rewards import Pickup
from bot.services.refusals import TooMany
from bot.services.roles.rules import Action, NotAllowed, may, reach
from bot.services.stations.board import StationBoard
from bot.store.sealing import Seal
from bot.store.tables import wrong_codes
from bot.store.work import Work

MOST_WRONG: Final = 5
"""Codes that are none, typed by one person within WRONG_FOR."""
WRONG_FOR: Final = timedelta(hours=1)


class PickupDesk:
    """Gives rewards out, for one person who serves somewhere. Whoever serves nowhere gets NotAllowed."""

    def __init__(self, work: Work, person: Person, seal: Seal, board: StationBoard, rules: Rulebook) -> None:
        self._work = work
        self._person = person
        self._seal = seal
        self._board = board
        self._rules = rules

    async def may_hand_out(self) -> bool:
        """Whether they give rewards out anywhere."""
        return bool(await reach(self._work, self._person.id, Action.HAND_OUT))

    async def serves_at(self, station: str | None) -> bool:
        """Whether they give rewards out at a station, or at any for None.

        A station belongs to the whole branch that its district does: those who serve a part of it are meant,
        too.
        """
        if station is None:
            return await self.may_hand_out()
        branch = desks.of_station(self._rules, self._board.index.get(station))
        if await may(self._work, self._person.id, Action.HAND_OUT, branch):
            return True
        scope = await reach(self._work, self._person.id, Action.HAND_OUT)
        lines = [await tree.line(self._work, below) for below in scope.branches]
        return any(one.id == branch for line in lines for one in line)

    async def look(self, code: str) -> Pickup | None:
        """What a code is good for; None for one that is good for nothing. Raises NotAllowed, TooMany."""
        if not await self.may_hand_out():
            raise NotAllowed(Action.HAND_OUT)
        if await self._wrong() >= MOST_WRONG:
            raise TooMany
        found = await rewards.look(self._work, code, self._seal)
        if found is None:
            values = {"bot": self._work.bot, "person": self._person.id, "at": self._work.now}
            await self._work.execute(sa.insert(wrong_codes), values)
        return found

    async def hand_out(self, code: str) -> Pickup | None:
        """Give a reward out: its code is used up. None where that is not theirs to do. Raises as `look`."""
        found = await self.look(code)
        if found is None or not await self.serves_at(found.station):
            return None
        handed = await rewards.hand_out(self._work, code, self._person.id, self._seal)
        if handed is not None:
            told = {"redemption": handed.id, "reward": handed.reward, "station": handed.station}
            await audit.record(self._work, "reward.handed", self._person.id, **told)
        return handed

    async def _wrong(self) -> int:
        """How many codes they typed lately that are none."""
        since = self._work.now - WRONG_FOR
        row = await self._work.first(_WRONG, {"of": self._work.bot, "whose": self._person.id, "since": since})
        return int(row[0]) if row else 0


_WRONG: Final = sa.select(sa.func.count()).where(
    wrong_codes.c.bot == sa.bindparam("of"),
    wrong_codes.c.person == sa.bindparam("whose"),
    wrong_codes.c.at > sa.bindparam("since"),
)
