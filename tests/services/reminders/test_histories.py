"""Any history of reminders: each occurrence rings once at most, nothing is lost, none rings once deleted.

A model in memory knows when each is to ring. The clock may stop for any time; it is another one each time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.home import SHANGHAI
from bot.services.reminders.model import MOST_NAGS, NAG_AFTER, SNOOZES
from bot.services.reminders.timing import to_json
from bot.services.when import When
from bot.store.database import Database
from tests.conftest import NOW
from tests.services.reminders.conftest import Stand

EVERY = timedelta(minutes=30)
SERIES = "FREQ=MINUTELY;INTERVAL=30"
PICK = st.integers(0, 1000)
SOON = st.integers(1, 90)


@dataclass
class Model:
    """When a reminder is to ring: by its own time and, perhaps, once more."""

    at: datetime
    is_series: bool
    until_done: bool
    first: datetime | None
    again: datetime | None = None
    nags: int = 0
    rings: int = 0
    answered: int = 0
    state: str = "active"
    is_deleted: bool = False

    def next_of_series(self, now: datetime) -> datetime:
        """The first occurrence after now."""
        steps = max((now - self.at) // EVERY + 1, 0)
        return self.at + EVERY * steps

    def own_next(self, now: datetime) -> datetime | None:
        """The next moment of its own time, None where it is over."""
        if self.is_series:
            return self.next_of_series(now)
        return self.at if self.at > now else None

    def ring_all(self, now: datetime) -> None:
        """Ring for what is due, the older first."""
        while not self.is_deleted and (at := min(self.planned(), default=now + EVERY)) <= now:
            self.rings += 1
            if at == self.first:
                self.first = self.next_of_series(now) if self.is_series else None
                if self.again is None:
                    self.nag(now, 1)
            else:
                self.again = None
                self.nag(now, self.nags + 1)
            self.settle()

    def nag(self, now: datetime, times: int) -> None:
        """Ring again soon, if that is wanted."""
        if self.until_done and times <= MOST_NAGS:
            self.again, self.nags = now + NAG_AFTER, times

    def planned(self) -> list[datetime]:
        """All it is to ring for."""
        return [at for at in (self.first, self.again) if at is not None]

    def settle(self) -> None:
        """Done once nothing is planned; what is paused stays so."""
        if self.state != "paused":
            self.state = "active" if self.planned() else "done"


class Histories(RuleBasedStateMachine):
    """One person, one time."""

    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stand = Stand(Database(self.url), NOW)
        self.models: dict[int, Model] = {}
        self.run(self._clear())

    def run(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the database."""
        return self.runner.run(deed)

    async def _clear(self) -> None:
        async with self.stand.database.work(0, NOW) as work:
            for table in ("due", "outbox", "reminders"):
                await work.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours

    def desk(self, deed: str, *args: Any) -> Any:
        """One turn of the person's."""

        async def turn() -> Any:
            async with self.stand.desk() as desk:
                return await getattr(desk, deed)(*args)

        return self.run(turn())

    @rule(minutes=SOON, is_series=st.booleans(), until_done=st.booleans())
    def create(self, minutes: int, is_series: bool, until_done: bool) -> None:
        """A new one."""
        at = self.stand.now + timedelta(minutes=minutes)
        when = When("moment", SHANGHAI, at.astimezone(SHANGHAI), SERIES if is_series else None)
        number = self.desk("create", "x", to_json(when), until_done)
        self.models[number] = Model(at, is_series, until_done, at)

    @rule(minutes=st.sampled_from([1, 5, 10, 31, 200]))
    def pass_time(self, minutes: int) -> None:
        """Nobody keeps time, then a clock starts."""
        self.run(self.stand.ring(minutes))
        for model in self.models.values():
            model.ring_all(self.stand.now)

    @precondition(lambda self: self.models)
    @rule(pick=PICK, back=st.integers(0, 2), answer=st.sampled_from(["done", "soon", "hour"]))
    def answer(self, pick: int, back: int, answer: str) -> None:
        """A tap under a ring, perhaps an old one, perhaps the second."""
        number, model = self._picked(pick)
        ring = model.rings - back
        answered = self.desk("answer", number, ring, answer)
        if model.is_deleted or ring < 1:
            assert answered is None
            return
        assert answered.before is (ring <= model.answered)
        if not answered.before:
            model.answered, model.nags = ring, 0
            model.again = None if answer == "done" else self.stand.now + SNOOZES[answer]
            model.settle()

    @precondition(lambda self: self.models)
    @rule(pick=PICK)
    def pause(self, pick: int) -> None:
        """Be silent."""
        number, model = self._picked(pick)
        assert self.desk("pause", number) is not model.is_deleted
        if not model.is_deleted:
            model.first = model.again = None
            model.state = "paused"

    @precondition(lambda self: self.models)
    @rule(pick=PICK)
    def resume(self, pick: int) -> None:
        """Ring again."""
        number, model = self._picked(pick)
        at = model.own_next(self.stand.now)
        may = not model.is_deleted and model.state == "paused" and at is not None
        assert self.desk("resume", number) is may
        if may:
            model.first, model.state = at, "active"

    @precondition(lambda self: self.models)
    @rule(pick=PICK, minutes=SOON)
    def reschedule(self, pick: int, minutes: int) -> None:
        """Another time, once."""
        number, model = self._picked(pick)
        at = self.stand.now + timedelta(minutes=minutes)
        when = When("moment", SHANGHAI, at.astimezone(SHANGHAI))
        assert self.desk("reschedule", number, to_json(when)) is not model.is_deleted
        if not model.is_deleted:
            model.at = model.first = at
            model.again, model.is_series, model.state = None, False, "active"

    @precondition(lambda self: self.models)
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        """Gone, for now."""
        number, model = self._picked(pick)
        assert self.desk("delete", number) is not model.is_deleted
        model.is_deleted = True

    @precondition(lambda self: self.models)
    @rule(pick=PICK)
    def restore(self, pick: int) -> None:
        """Back again: what was missed of a series meanwhile is over, all else rings late."""
        number, model = self._picked(pick)
        assert self.desk("restore", number) is model.is_deleted
        if model.is_deleted:
            model.is_deleted = False
            model.nags = 0
            if model.is_series and model.first is not None:
                model.first = model.next_of_series(self.stand.now)
            model.settle()

    def _picked(self, pick: int) -> tuple[int, Model]:
        return list(self.models.items())[pick % len(self.models)]

    @invariant()
    def it_rang_as_often_as_it_should(self) -> None:
        """And will ring when it should."""
        rung = Counter(self.run(self._rung()))
        assert rung == {number: model.rings for number, model in self.models.items() if model.rings}
        upcoming = {one.id: one.next_at for one in self.desk("all")}
        assert upcoming == {
            number: min(model.planned(), default=None)
            for number, model in self.models.items()
            if not model.is_deleted and model.state != "done"
        }

    async def _rung(self) -> list[int]:
        async with self.stand.database.work(0, NOW) as work:
            rows = await work.fetch(sa.text("SELECT id, rings FROM reminders"))
        said = len(await self.stand.said())
        assert said == sum(row.rings for row in rows)
        return [row.id for row in rows for _ in range(row.rings)]

    def teardown(self) -> None:
        """Let go of the database."""
        self.run(self.stand.database.close())
        self.runner.close()


def test_any_history(database_url: str) -> None:
    Histories.url = database_url
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=checks
        ),
    )
