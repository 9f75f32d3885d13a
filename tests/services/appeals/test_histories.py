"""Any history of appeals: riders, desks, an organizer and the clock act at random.

Whatever happens, an open appeal has one owner and one deadline to come, its history adds up to how it stands,
nobody reads who wrote it to whom that was not told, and nobody reads what somebody else wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.services import due
from bot.services.appeals import desks, history, moves
from bot.services.appeals.counter import HasIt
from bot.services.appeals.deadlines import ROUND
from bot.services.appeals.model import Appeal, Changed, Event, Side, State
from bot.services.appeals.moves import Move, NotPossible
from bot.services.appeals.register import Register
from bot.services.appeals.unmasking import NobodyElse
from bot.services.refusals import NotThere, TooMany
from bot.services.roles import grants
from bot.services.roles.rules import NotAllowed
from bot.store.database import Database
from tests.conftest import NOW
from tests.services.appeals.conftest import (
    ADMIN,
    ORGANIZER,
    RIDERS,
    SERVING,
    Counter,
    Court,
    Said,
    draft,
)

REFUSALS = (NotThere, HasIt, NotPossible, TooMany, NobodyElse, NotAllowed, ValueError)
RIDER = st.sampled_from(RIDERS[:3])
OTHER = st.sampled_from([None, None, None, *RIDERS[:2]])
STRANGER = st.sampled_from([None] * 12 + list(SERVING))
SERVER = st.sampled_from(tuple(SERVING))
PICK = st.integers(0, 99)
TABLES = (
    *("appeals", "appeal_authors", "appeal_words", "appeal_events", "appeal_helpers", "unmaskings"),
    *("desk_absences", "due", "outbox"),
)

Deed = Callable[[Counter], Awaitable[Changed]]


class Histories(RuleBasedStateMachine):
    """One city; each appeal's words carry a mark of its own, each author has a number nobody can mistake."""

    url: ClassVar[str]
    court: ClassVar[Court | None] = None
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.authors: dict[int, int] = {}
        self.told: set[tuple[int, int]] = set()
        self.run(self._begin())

    def run(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the database."""
        return self.runner.run(deed)

    async def _begin(self) -> None:
        """The city as it was; it is built once, since that takes a while."""
        cls = type(self)
        if cls.court is None:
            cls.court = Court(Database(self.url), NOW)
            await cls.court.build()
        self.city = cls.court
        self.city.now = NOW
        async with self.city.work() as work:
            for table in TABLES:
                await work.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours
            await work.execute(sa.text("DELETE FROM grants WHERE role = 'desk'"))
        for account, branch in SERVING.items():
            await cls.court.serve(account, branch)

    async def _try(self, account: int, deed: Deed) -> Changed | None:
        """A turn of somebody's; what is refused leaves no trace."""
        before = await self._traces()
        changed = None
        async with self.city.at(account) as counter:
            try:
                changed = await deed(counter)
            except REFUSALS:
                pass
            else:
                await counter.tell(changed)
        if changed is None:
            assert await self._traces() == before
        return changed

    async def _traces(self) -> list[int]:
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)  # noqa: S608 - names of ours
        async with self.city.work() as work:
            return list((await work.fetch(sa.text(f"SELECT {counts}")))[0])

    # -- What happens -----------------------------------------------------------------------

    @rule(
        account=RIDER, kind=st.sampled_from(["pay", "gate", "other"]), named=st.booleans(), east=st.booleans()
    )
    def file(self, account: int, kind: str, named: bool, east: bool) -> None:
        """Somebody tells what happened."""

        async def deed(counter: Counter) -> Changed:
            told = draft(
                kind=kind,
                story=f"mark{len(self.authors)}. 有事",
                contact=f"call me at {account}" if named else "",
                district="巴南区" if east else "",
            )
            return await counter.appeals.file(told)

        changed = self.run(self._try(account, deed))
        if changed is not None:
            self.authors[changed.appeal.id] = account

    @initialize()
    def begin(self) -> None:
        """There are some already."""
        for account in RIDERS[:3]:
            self.file(account, "pay", named=False, east=True)

    @precondition(lambda self: self.authors)
    @rule(stranger=STRANGER, pick=PICK)
    def take(self, stranger: int | None, pick: int) -> None:
        """Somebody at a desk, now and then not the right one, takes it on."""
        self._serve(stranger, pick, "take")

    @precondition(lambda self: self.authors)
    @rule(stranger=STRANGER, pick=PICK, what=st.sampled_from(["answer", "ask", "note"]))
    def speak(self, stranger: int | None, pick: int, what: str) -> None:
        """Somebody says something."""
        self._serve(stranger, pick, what)

    @precondition(lambda self: self.authors)
    @rule(stranger=STRANGER, pick=PICK)
    def solve(self, stranger: int | None, pick: int) -> None:
        """Somebody says it is solved."""
        self._serve(stranger, pick, "solve")

    @precondition(lambda self: self.authors)
    @rule(pick=PICK)
    def solve_well(self, pick: int) -> None:
        """The same, by who may; so that there is something to confirm."""
        self._serve(None, pick, "solve")

    @precondition(lambda self: self.authors)
    @rule(stranger=STRANGER, pick=PICK, what=st.sampled_from(["hand", "back", "refer", "call"]))
    def pass_on(self, stranger: int | None, pick: int, what: str) -> None:
        """Somebody gives it to others, or lets them help."""
        self._serve(stranger, pick, what)

    @precondition(lambda self: self.authors)
    @rule(stranger=OTHER, pick=PICK, what=st.sampled_from(["confirm", "reopen", "reopen"]))
    def reply(self, stranger: int | None, pick: int, what: str) -> None:
        """Somebody, now and then not the author, says whether it is solved; mostly where that was asked."""
        answered = (State.ANSWERED, State.CONFIRMED, State.MERGED)
        asked = [number for number in self.authors if self.run(self.city.see(number)).state in answered]
        number = asked[pick % len(asked)] if asked else self._picked(pick)
        self._follow(stranger, list(self.authors).index(number), what)

    @precondition(lambda self: self.authors)
    @rule(stranger=OTHER, pick=PICK, what=st.sampled_from(["add", "rate", "withdraw"]))
    def follow(self, stranger: int | None, pick: int, what: str) -> None:
        """Somebody does something else with an appeal."""
        self._follow(stranger, pick, what)

    def _serve(self, stranger: int | None, pick: int, what: str) -> None:
        number = self._picked(pick)
        account = stranger or self._server(number, pick)
        others = [self.city.persons[one] for one in SERVING]
        branches = list(SERVING.values())

        async def deed(counter: Counter) -> Changed:
            desk = counter.desk
            deeds: dict[str, Callable[[], Awaitable[Changed]]] = {
                "take": lambda: desk.take(number),
                "ask": lambda: desk.ask_back(number, "请补充"),
                "answer": lambda: desk.answer(number, "正在办"),
                "solve": lambda: desk.solve(number, "办好了"),
                "hand": lambda: desk.hand_over(number, others[pick % len(others)]),
                "back": lambda: desk.hand_over(number, None),
                "refer": lambda: desk.refer(number, branches[pick % len(branches)]),
                "call": lambda: desk.call_in(number, branches[pick % len(branches)]),
                "note": lambda: desk.note(number, "供参考"),
            }
            return await deeds[what]()

        self.run(self._try(account, deed))

    def _follow(self, stranger: int | None, pick: int, what: str) -> None:
        number = self._picked(pick)
        account = stranger or self.authors[number] or RIDERS[0]

        async def deed(counter: Counter) -> Changed:
            mine = counter.appeals
            deeds: dict[str, Callable[[], Awaitable[Changed]]] = {
                "add": lambda: mine.add(number, f"mark{self._mark(number)}. 补充"),
                "withdraw": lambda: mine.withdraw(number),
                "confirm": lambda: mine.confirm(number),
                "reopen": lambda: mine.reopen(number, f"mark{self._mark(number)}. 没好"),
                "rate": lambda: mine.rate(number, 1 + pick % 5),
            }
            return await deeds[what]()

        changed = self.run(self._try(account, deed))
        if self.authors.get(number) != account:
            assert changed is None

    @precondition(lambda self: len(self.authors) > 1)
    @rule(one=PICK, other=PICK, splits=st.booleans(), account=st.sampled_from([ORGANIZER, ADMIN, RIDERS[0]]))
    def gather(self, one: int, other: int, splits: bool, account: int) -> None:
        """An organizer makes one case of two, or takes one out; others may not."""
        numbers = [self._picked(one), self._picked(other)]

        async def deed(counter: Counter) -> Changed:
            if splits:
                return await counter.cases.split(numbers[0])
            return await counter.cases.merge(numbers, "很多人说同一件事")

        changed = self.run(self._try(account, deed))
        if changed is not None:
            self.authors.setdefault(changed.appeal.id, 0)

    @precondition(lambda self: self.authors)
    @rule(second=SERVER, pick=PICK, way=st.sampled_from(["consent", "second"]))
    def unmask(self, second: int, pick: int, way: str) -> None:
        """A desk wants to know who it is; the author or a second one decides."""
        number, author = self._picked(pick), self.authors[self._picked(pick)]
        account = self._server(number, pick)

        async def ask(counter: Counter) -> Changed:
            if way == "consent":
                return await counter.unmasking.ask_author(number)
            return await counter.unmasking.ask_second(number, "要上门")

        changed = self.run(self._try(account, ask))
        if changed is None:
            return
        if way == "consent":
            self.run(
                self._try(author, lambda counter: counter.unmasking.consent(number, f"call me at {author}"))
            )
            self.told.add((account, author))
            return
        asked = next(news.number for news in changed.news if news.number is not None)
        agreed = self.run(self._try(second, lambda counter: counter.unmasking.agree(asked)))
        if agreed is not None:
            assert second != account
            self.told.add((account, author))

    @rule(account=SERVER, days=st.integers(1, 5), comes_back=st.booleans())
    def leave(self, account: int, days: int, comes_back: bool) -> None:
        """Somebody is away for some days, or back."""

        async def turn() -> None:
            async with self.city.at(account) as counter:
                if comes_back:
                    await counter.absences.come_back()
                    return
                try:
                    _count, news = await counter.absences.leave(self.city.now + timedelta(days=days))
                except NotAllowed:
                    return
                await counter.tell(Changed(None, tuple(news)))  # type: ignore[arg-type]  # only news are told

        self.run(turn())

    @rule(account=SERVER)
    def dismiss(self, account: int) -> None:
        """Somebody serves no more, or again."""

        async def turn() -> None:
            async with self.city.work() as work:
                held = await grants.of(work, self.city.persons[account])
                for grant in held:
                    await grants.revoke(work, grant.id, self.city.persons[ADMIN])
            if not held:
                await self.city.serve(account, SERVING[account])

        self.run(turn())

    @rule(hours=st.sampled_from([1, 1, 5, 30, 700]))
    def wait(self, hours: int) -> None:
        """Time passes, with a clock running; then it goes its round."""

        async def pass_time() -> None:
            await self.city.wait(hours=hours)
            async with self.city.work() as work:
                await due.plan(work, ROUND, work.now, {})
            await self.city.wait()

        self.run(pass_time())

    # -- What always holds ---------------------------------------------------------------------

    @invariant()
    def it_holds(self) -> None:
        """All that is promised at any moment."""
        self.run(self._check())

    async def _check(self) -> None:
        async with self.city.work() as work:
            register = Register(work, self.city.handbook.rules)
            for number in self.authors:
                appeal = await register.get(number)
                assert appeal is not None
                await self._check_owner(register, appeal)
                self._check_history(appeal, await register.history(appeal))
        for said in await self.city.said():
            self._check_message(said)

    async def _check_owner(self, register: Register, appeal: Appeal) -> None:
        if not appeal.is_open:
            assert (appeal.next_what, appeal.next_at) == (None, None)
            return
        assert appeal.branch
        assert appeal.next_what is not None
        assert appeal.next_at is not None
        assert appeal.next_at > self.city.now
        planned = await register.work.first(
            sa.text("SELECT count(*) FROM due WHERE state = 'waiting' AND whose = :whose AND at >= :now"),
            {"whose": f"appeal:{appeal.id}", "now": _stored(register, appeal.next_at)},
        )
        assert planned is not None
        assert planned[0] >= 1
        if appeal.holder is not None:
            everybody = {one.to.person for one in await desks.serving(register.work, "east-1-a")}
            assert appeal.holder in {*self.city.persons.values(), *everybody}

    def _check_history(self, appeal: Appeal, events: list[Event]) -> None:
        assert history.flaws_in(appeal.id, events, appeal.head) == []
        assert len(events) == appeal.hops
        state: State | None = None
        for event in events:
            if state is None:
                assert (event.move, event.state) == (moves.FILE, State.FILED)
            else:
                assert moves.after(Move(event.move), event.role, state) is event.state
            assert (event.actor is None) == (event.role in (Side.AUTHOR, Side.CLOCK))
            state = event.state
        last = events[-1]
        assert (last.state, last.branch, last.holder, last.step) == (
            appeal.state,
            appeal.branch,
            appeal.holder,
            appeal.step,
        )
        assert (last.next_what, last.next_at) == (appeal.next_what, appeal.next_at)

    def _check_message(self, said: Said) -> None:
        for author in RIDERS:
            if said.chat != author and (said.chat, author) not in self.told:
                assert str(author) not in said.text
                assert all(str(author) not in data for data in said.data)
        if said.chat in RIDERS:
            for number, author in self.authors.items():
                if author != said.chat:
                    assert f"mark{self._mark(number)}." not in said.text

    def _server(self, number: int, pick: int) -> int:
        """Somebody who serves where an appeal is: whoever holds it, if anybody does."""
        appeal = self.run(self.city.see(number))
        accounts = {person: account for account, person in self.city.persons.items()}
        if appeal.holder is not None:
            return accounts[appeal.holder]
        there = [account for account, branch in SERVING.items() if branch == appeal.branch]
        return there[pick % len(there)] if there else next(iter(SERVING))

    def _picked(self, pick: int) -> int:
        return list(self.authors)[pick % len(self.authors)]

    def _mark(self, number: int) -> int:
        return list(self.authors).index(number)


def _stored(register: Register, at: Any) -> Any:
    """A moment as raw SQL compares it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if register.work.dialect == "sqlite" else at


@pytest.mark.parametrize("examples", [12])
def test_any_history(database_url: str, examples: int) -> None:
    Histories.url, Histories.court, Histories.runner = database_url, None, asyncio.Runner()
    # What goes wrong with a server goes wrong with a file; the server is for what differs.
    some = examples if database_url.startswith("sqlite") else examples // 5
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=some, stateful_step_count=30, deadline=None, suppress_health_check=checks
        ),
    )
    if Histories.court is not None:
        Histories.runner.run(Histories.court.database.close())
    Histories.runner.close()
