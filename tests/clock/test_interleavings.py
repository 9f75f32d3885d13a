"""Any interleaving of planning, moving, cancelling, claiming, doing, dying and recovering by several clocks.

A model in memory knows what each thing is due for. Whatever happens in whatever order, each occurrence
is done once or passed over by a rule that the model shares, and nothing is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from bot.clock.kinds import Kind
from bot.services import due
from bot.store.database import Database
from tests.clock.conftest import Marks
from tests.clock.worker import EFFECTS
from tests.conftest import BOT, NOW

KINDS = {
    "bell": Kind("bell", Marks().leave, missed="late"),
    "gong": Kind("gong", Marks().leave, missed="skip"),
}
OWNERS = st.sampled_from(["one", "two", "three"])
EVERY = timedelta(minutes=3)
TIMES = 4
SERIES = "FREQ=MINUTELY;INTERVAL=3;COUNT=4"
PICK = st.integers(0, 1000)


class Killed(Exception):
    """A process died in the middle of its transaction."""


@dataclass
class Model:
    """What a thing is due for, and what it has done."""

    kind: str
    at: datetime
    rings: list[datetime] = field(default_factory=list)
    occurrence: datetime = NOW
    is_alive: bool = True
    done: list[datetime] = field(default_factory=list)

    def settle(self, now: datetime, is_done: bool) -> None:
        """This occurrence is over: on to the first one after now."""
        if is_done:
            self.done.append(self.at)
        later = [ring for ring in self.rings if ring > max(self.occurrence, now)]
        if later:
            self.at = self.occurrence = later[0]
        else:
            self.is_alive = False


class Interleavings(RuleBasedStateMachine):
    """Three clocks, one database, one time."""

    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = Database(self.url)
        self.now = NOW
        self.models: dict[int, Model] = {}
        self.in_hand: dict[str, list[int]] = {}
        self.run(self._clear())

    def run(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the database."""
        return self.runner.run(deed)

    async def _clear(self) -> None:
        async with self.database.work(BOT, self.now) as work:
            await work.execute(sa.text("CREATE TABLE IF NOT EXISTS effects (thing BIGINT, at TEXT)"))
            await work.execute(sa.text("DELETE FROM effects"))
            await work.execute(sa.text("DELETE FROM due"))

    @rule(seconds=st.sampled_from([1, 4, 10, 61, 200, 700]))
    def pass_time(self, seconds: int) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    @rule(seconds=st.integers(-90, 400), kind=st.sampled_from(sorted(KINDS)), is_series=st.booleans())
    def plan(self, seconds: int, kind: str, is_series: bool) -> None:
        """Somebody plans something."""
        at = self.now + timedelta(seconds=seconds)
        number = self.run(self._plan(kind, at, SERIES if is_series else None))
        rings = [at + EVERY * n for n in range(TIMES)] if is_series else []
        self.models[number] = Model(kind, at, rings, at)

    async def _plan(self, kind: str, at: datetime, series: str | None) -> int:
        async with self.database.work(BOT, self.now) as work:
            return await due.plan(work, kind, at, {}, rule=series)

    @precondition(lambda self: self.models)
    @rule(pick=PICK, seconds=st.integers(-90, 400))
    def move(self, pick: int, seconds: int) -> None:
        """Somebody moves a thing, whoever has claimed it."""
        number, model = self._picked(pick)
        at = self.now + timedelta(seconds=seconds)
        assert self.run(self._move(number, at)) is model.is_alive
        if model.is_alive:
            model.at = at

    async def _move(self, number: int, at: datetime) -> bool:
        async with self.database.work(BOT, self.now) as work:
            return await due.move(work, number, at)

    @precondition(lambda self: self.models)
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        """Somebody cancels a thing, whoever has claimed it."""
        number, model = self._picked(pick)
        assert self.run(self._cancel(number)) is model.is_alive
        model.is_alive = False

    async def _cancel(self, number: int) -> bool:
        async with self.database.work(BOT, self.now) as work:
            return await due.cancel(work, number)

    def _picked(self, pick: int) -> tuple[int, Model]:
        return list(self.models.items())[pick % len(self.models)]

    @rule(owner=OWNERS, limit=st.integers(1, 5))
    def claim(self, owner: str, limit: int) -> None:
        """A clock claims; it may forget what it had in hand, as a process that started anew."""
        self.in_hand[owner] = self.run(self._claim(owner, limit))

    async def _claim(self, owner: str, limit: int) -> list[int]:
        async with self.database.work(BOT, self.now) as work:
            return [one.id for one in await due.claim(work, owner, limit, list(KINDS))]

    @rule(owner=OWNERS, is_killed=st.booleans())
    def do(self, owner: str, is_killed: bool) -> None:
        """A clock does what it has in hand, or dies when all is written but the commit."""
        ids = self.in_hand.pop(owner, [])
        try:
            settled = self.run(self._do(owner, ids, is_killed))
        except Killed:
            return
        for thing, is_done in settled:
            model = self.models[thing.id]
            assert model.is_alive
            assert model.at == thing.at <= self.now
            model.settle(self.now, is_done)

    async def _do(self, owner: str, ids: list[int], is_killed: bool) -> list[tuple[due.Due, bool]]:
        async with self.database.work(BOT, self.now) as work:
            held = await due.hold(work, owner, ids)
            late = [thing for thing in held if KINDS[thing.kind].skips(thing, self.now)]
            done = [thing for thing in held if thing not in late]
            for thing in done:
                await work.execute(sa.insert(EFFECTS), {"thing": thing.id, "at": thing.at.isoformat()})
            await due.finish(work, owner, done)
            await due.finish(work, owner, late, due.SKIPPED)
            if is_killed:
                raise Killed
        return [(thing, thing in done) for thing in held]

    @rule(owner=OWNERS)
    def recover(self, owner: str) -> None:
        """A clock starts; whatever it held before is in nobody's hands."""
        self.run(self._recover(owner))

    async def _recover(self, owner: str) -> None:
        async with self.database.work(BOT, self.now) as work:
            await due.recover(work, owner, self.now)

    def teardown(self) -> None:
        """Somebody is left to do all that remains; then database and model agree."""
        for _ in range(1 + TIMES * len(self.models)):
            waiting = [model.at for model in self.models.values() if model.is_alive]
            if not waiting:
                break
            self.now = max(self.now + due.LEASE, min(waiting))
            self.in_hand["last"] = self.run(self._claim("last", 1000))
            self.do("last", is_killed=False)
        assert not any(model.is_alive for model in self.models.values())
        effects = self.run(self._effects())
        expected = [(number, at.isoformat()) for number, one in self.models.items() for at in one.done]
        assert sorted(effects) == sorted(expected)
        self.run(self.database.close())
        self.runner.close()

    async def _effects(self) -> list[tuple[int, str]]:
        async with self.database.work(BOT, self.now) as work:
            assert await due.coming(work, 1) == []
            return [(row.thing, row.at) for row in await work.fetch(sa.select(EFFECTS))]


def test_any_interleaving(database_url: str) -> None:
    class OnDatabase(Interleavings):
        url = database_url

    examples = 60 if database_url.startswith("sqlite") else 25
    run_state_machine_as_test(
        OnDatabase,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
