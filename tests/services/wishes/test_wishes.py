"""Wishes: seen by an organizer first, claimed by one person, given back by the clock, nobody is named."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.services.privacy.forgetting import forget
from bot.services.privacy.holdings import Whom
from bot.services.refusals import NotThere, TooMany
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.services.wishes import book
from bot.services.wishes.model import (
    KEEP,
    MOST_CLAIMS,
    MOST_WISHES,
    THANKED_AFTER,
    Changed,
    State,
    Tiding,
    Wish,
)
from bot.store.database import Database, sqlite_url
from bot.store.tables import outbox
from tests.conftest import BOT, NOW
from tests.services.neighbours import ADMIN, CITY, EAST, HOME, WEST, Quarter

WISHER, HELPER, OTHER = 910_000_011, 910_000_012, 910_000_013


@pytest.fixture
async def quarter(database: Database, now: datetime) -> Quarter:
    """A small city, on each kind of database."""
    made = Quarter(database, now)
    await made.build()
    return made


async def _wish(quarter: Quarter, what: str = "cotton shoes", who: int = WISHER) -> Changed:
    async with quarter.wishes(who) as desk:
        return await desk.wish(what, "s1", HOME)


async def _seen(quarter: Quarter, what: str = "cotton shoes", who: int = WISHER) -> int:
    """A wish on the list."""
    number = (await _wish(quarter, what, who)).wish.id
    async with quarter.wishes(EAST) as desk:
        await desk.let_be_seen(number, yes=True)
    return number


async def _claim(quarter: Quarter, number: int, who: int = HELPER) -> Changed:
    async with quarter.wishes(who) as desk:
        return await desk.claim(number, "person")


async def test_nobody_sees_a_wish_before_an_organizer_of_its_branch(quarter: Quarter) -> None:
    changed = await _wish(quarter)
    assert [news.to.account for news in changed.news] == [EAST, CITY]
    for stranger in (HELPER, WEST):
        async with quarter.wishes(stranger) as desk:
            assert await desk.open_ones() == []
            assert await desk.to_see() == []
            with pytest.raises(NotThere):
                await desk.get(changed.wish.id)
            with pytest.raises(NotThere):
                await desk.claim(changed.wish.id, "person")
            with pytest.raises(NotThere):
                await desk.let_be_seen(changed.wish.id, yes=True)
    async with quarter.wishes(EAST) as desk:
        assert [one.id for one in await desk.to_see()] == [changed.wish.id]
        await desk.let_be_seen(changed.wish.id, yes=True)
        with pytest.raises(NotThere):
            await desk.let_be_seen(changed.wish.id, yes=False)
    async with quarter.wishes(HELPER) as desk:
        assert [one.id for one in await desk.open_ones()] == [changed.wish.id]


async def test_of_who_belongs_to_a_branch_its_own_organizers_look(quarter: Quarter) -> None:
    await quarter.join(WISHER, "west-1")
    changed = await _wish(quarter)
    assert [news.to.account for news in changed.news] == [WEST, CITY]


async def test_of_twenty_at_once_one_gets_it(quarter: Quarter) -> None:
    number = await _seen(quarter)

    async def ask(account: int) -> bool:
        try:
            await _claim(quarter, number, account)
        except NotThere:
            return False
        return True

    got = await asyncio.gather(*(ask(account) for account in range(1, 21)))
    assert sum(got) == 1
    async with quarter.wishes(got.index(True) + 1) as desk:
        assert len(await desk.taken_on()) == 1


async def test_a_claim_is_remembered_ends_and_goes_back_to_the_list(quarter: Quarter) -> None:
    number = await _seen(quarter)
    await _claim(quarter, number)
    assert await quarter.wait(days=4) == []
    assert len(await quarter.wait(days=1, hours=1)) == 1
    assert await quarter.wait(days=2) == [
        f"{HELPER}: ⌛ The time is over, and the wish is back on the list. No harm done.",
        f"{WISHER}: 🌱 It didn't work out this time. Your wish is back on the list: I tell you.",
    ]
    async with quarter.wishes(OTHER) as desk:
        assert [one.id for one in await desk.open_ones()] == [number]
    await _claim(quarter, number, OTHER)
    async with quarter.wishes(HELPER) as desk:
        with pytest.raises(NotThere):
            await desk.bring(number)


async def test_nobody_is_reminded_of_what_is_over(quarter: Quarter) -> None:
    """The clock stood still for a week: "can you bring it?" came together with "the time is over"."""
    await _claim(quarter, await _seen(quarter))
    said = await quarter.wait(days=8)
    assert [line.partition(" ")[0] for line in said] == [f"{HELPER}:", f"{WISHER}:"]
    assert "The time is over" in said[0]


async def test_who_wished_hears_that_it_was_given_back(quarter: Quarter) -> None:
    number = await _seen(quarter)
    await _claim(quarter, number)
    async with quarter.wishes(HELPER) as desk:
        given_back = await desk.give_back(number)
    assert [(news.to.account, news.what) for news in given_back.news] == [(WISHER, Tiding.BACK)]


async def test_nobody_lets_their_own_wish_be_seen_while_somebody_else_can(quarter: Quarter) -> None:
    number = (await _wish(quarter, who=EAST)).wish.id
    async with quarter.wishes(EAST) as desk:
        assert await desk.to_see() == []
        with pytest.raises(NotThere):
            await desk.let_be_seen(number, yes=True)
    async with quarter.wishes(CITY) as desk:
        await desk.let_be_seen(number, yes=True)


async def test_who_looks_after_a_branch_alone_looks_at_their_own(quarter: Quarter) -> None:
    boss = await quarter.somebody(ADMIN)
    async with quarter.work() as work:
        for grant in await grants.under(work, None):
            if grant.role is Role.ORGANIZER and grant.branch != "west":
                await grants.revoke(work, grant.id, boss)
    await quarter.join(WEST, "west-1")
    changed = await _wish(quarter, who=WEST)
    assert [news.to.account for news in changed.news] == [WEST]
    async with quarter.wishes(WEST) as desk:
        assert (await desk.let_be_seen(changed.wish.id, yes=True)).wish.state is State.OPEN


async def test_given_back_and_claimed_anew_the_old_deadline_does_nothing(quarter: Quarter) -> None:
    number = await _seen(quarter)
    await _claim(quarter, number)
    async with quarter.wishes(HELPER) as desk:
        await desk.give_back(number)
    await quarter.wait(days=4)
    await _claim(quarter, number, OTHER)
    assert await quarter.wait(days=3, hours=1) == []
    async with quarter.wishes(OTHER) as desk:
        assert [wish.id for wish, _claim in await desk.taken_on()] == [number]


async def test_not_found_at_the_station_there_is_time_anew(quarter: Quarter) -> None:
    number = await _seen(quarter)
    claimed = await _claim(quarter, number)
    async with quarter.wishes(HELPER) as desk:
        brought = await desk.bring(number)
    assert brought.news[0].to.account == WISHER
    async with quarter.wishes(WISHER) as desk:
        assert claimed.claim is not None
        assert await desk.code_for(await desk.get(number)) == claimed.claim.code
        missing = await desk.not_found(number)
        with pytest.raises(NotThere):
            await desk.thank(number, "Thanks")
    assert [news.to.account for news in missing.news] == [HELPER]
    assert await quarter.wait(days=4) == []
    async with quarter.wishes(HELPER) as desk:
        await desk.bring(number)
    async with quarter.wishes(WISHER) as desk:
        thanked = await desk.thank(number, "Thanks")
    assert (thanked.wish.state, thanked.news[0].to.account) == (State.THANKED, HELPER)
    assert await quarter.wait(days=30) == []


async def test_only_an_organizer_speaks_for_a_branch(quarter: Quarter) -> None:
    number = await _seen(quarter)
    async with quarter.wishes(HELPER) as desk:
        with pytest.raises(ValueError, match="not that"):
            await desk.claim(number, "branch")
    async with quarter.wishes(WEST) as desk:
        assert (await desk.claim(number, "branch")).claim is not None


async def test_a_shop_is_whom_two_people_know_as_one(quarter: Quarter) -> None:
    """Anybody could take a wish on as a shop: "a shop has taken your wish on" was whatever they said."""
    number = await _seen(quarter)
    async with quarter.wishes(HELPER) as desk:
        assert await desk.may_claim_as() == ("person",)
        with pytest.raises(ValueError, match="not that"):
            await desk.claim(number, "shop")
    await quarter.granted(HELPER, Role.SHOP, "west-1", await quarter.somebody(ADMIN))
    async with quarter.wishes(HELPER) as desk:
        assert await desk.may_claim_as() == ("person", "shop")
        assert (await desk.claim(number, "shop")).claim is not None


async def test_there_is_room_for_everybody(quarter: Quarter) -> None:
    for _ in range(MOST_WISHES):
        await _seen(quarter)
    with pytest.raises(TooMany):
        await _wish(quarter)
    numbers = [await _seen(quarter, who=account) for account in range(1, MOST_CLAIMS + 2)]
    for number in numbers[:-1]:
        await _claim(quarter, number)
    with pytest.raises(TooMany):
        await _claim(quarter, numbers[-1])


async def test_nobody_fulfils_their_own_wish_or_acts_on_that_of_others(quarter: Quarter) -> None:
    number = await _seen(quarter)
    with pytest.raises(NotThere):
        await _claim(quarter, number, WISHER)
    await _claim(quarter, number)
    async with quarter.wishes(OTHER) as desk:
        deeds = (desk.take_back, desk.not_found, desk.give_back, desk.bring, desk.get)
        for deed in deeds:
            with pytest.raises(NotThere):
                await deed(number)
        with pytest.raises(NotThere):
            await desk.thank(number, "")


async def test_whose_wish_it_is_stands_nowhere_that_others_see(quarter: Quarter) -> None:
    number = await _seen(quarter)
    await _claim(quarter, number)
    async with quarter.wishes(HELPER) as desk:
        await desk.bring(number)
    assert not {"person", "account", "name"} & {field.name for field in fields(Wish)}
    async with quarter.work() as work:
        rows = await work.fetch(sa.select(outbox.c.chat, outbox.c.body))
    for row in rows:
        others = {WISHER, HELPER} - {row.chat}
        assert not any(str(other) in str(row.body) for other in others)


async def test_who_took_it_on_is_forgotten_and_it_goes_back_all_the_same(quarter: Quarter) -> None:
    number = await _seen(quarter)
    await _claim(quarter, number)
    person = await quarter.somebody(HELPER)
    async with quarter.work() as work:
        await forget(work, Whom(BOT, person, HELPER))
    await quarter.wait(days=8)
    async with quarter.wishes(OTHER) as desk:
        assert [one.id for one in await desk.open_ones()] == [number]


async def test_what_was_brought_counts_as_come_true_in_the_end(quarter: Quarter) -> None:
    """It stayed brought for ever, with who brought it."""
    number = await _seen(quarter)
    await _claim(quarter, number)
    async with quarter.wishes(HELPER) as desk:
        await desk.bring(number)
    states = []
    for passed in (THANKED_AFTER, timedelta(seconds=1), KEEP, timedelta(seconds=1)):
        quarter.now += passed
        async with quarter.work() as work:
            await book.prune(work)
            wish = await book.get(work, number)
        states.append(wish.state if wish else None)
    assert states == [State.BROUGHT, State.THANKED, State.THANKED, None]


class Lives(RuleBasedStateMachine):
    """Any history of one wish: it is always in one hand, and in the one that the model says."""

    folder: Path
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        path = self.folder / f"{id(self)}.sqlite"
        path.write_bytes(self.template.read_bytes())
        self.quarter = Quarter(Database(sqlite_url(path)), NOW)
        self.state = State.OPEN
        self.holder: int | None = None
        self.days_left = 0

    @initialize()
    def post(self) -> None:
        """A wish on the list."""
        self.runner.run(self.quarter.build())
        self.number = self.runner.run(_seen(self.quarter))

    def _try(self, who: int, deed: str, *more: Any) -> bool:
        async def act() -> bool:
            async with self.quarter.wishes(who) as desk:
                try:
                    await getattr(desk, deed)(self.number, *more)
                except NotThere:
                    return False
            return True

        return self.runner.run(act())

    @rule(who=st.sampled_from((WISHER, HELPER, OTHER)))
    def claim(self, who: int) -> None:
        """Somebody takes it on."""
        done = self._try(who, "claim", "person")
        assert done is (self.state is State.OPEN and who != WISHER)
        if done:
            self.state, self.holder, self.days_left = State.CLAIMED, who, 7

    @rule(who=st.sampled_from((WISHER, HELPER, OTHER)), deed=st.sampled_from(("give_back", "bring")))
    def settle(self, who: int, deed: str) -> None:
        """Whoever has it gives it back, or brings it."""
        done = self._try(who, deed)
        assert done is (self.state is State.CLAIMED and who == self.holder)
        if done:
            self.state = State.OPEN if deed == "give_back" else State.BROUGHT

    @rule(who=st.sampled_from((WISHER, HELPER)))
    def miss(self, who: int) -> None:
        """It is not at the station."""
        done = self._try(who, "not_found")
        assert done is (self.state is State.BROUGHT and who == WISHER)
        if done:
            self.state, self.days_left = State.CLAIMED, 7

    @rule(days=st.integers(1, 4))
    def sleep(self, days: int) -> None:
        """Time passes."""
        self.runner.run(self.quarter.wait(days=days, seconds=1))
        self.days_left -= days
        if self.state is State.CLAIMED and self.days_left < 1:
            self.state = State.OPEN

    @invariant()
    def it_stands_as_it_should(self) -> None:
        """And who has it sees it."""
        if not hasattr(self, "number"):
            return

        async def look() -> tuple[State, int]:
            async with self.quarter.wishes(WISHER) as desk:
                state = (await desk.get(self.number)).state
            async with self.quarter.wishes(self.holder or OTHER) as desk:
                return state, len(await desk.taken_on())

        state, taken = self.runner.run(look())
        assert state is self.state
        assert taken == (self.state is State.CLAIMED)

    def teardown(self) -> None:
        """Let go of the database."""
        self.runner.run(self.quarter.database.close())
        self.runner.close()


def test_any_history(sqlite_template: Path, tmp_path: Path) -> None:
    Lives.folder, Lives.template = tmp_path, sqlite_template
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=10, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
