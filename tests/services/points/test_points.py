"""Points are given once, within a day's bounds; rewards are never oversold; everything adds up."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import randbelow

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services.people import Person
from bot.services.points import ledger, rewards
from bot.services.points.desk import PointDesk
from bot.services.points.rewards import PICK_UP, Redeemed, Refused
from bot.services.points.rules import Reward
from bot.store.database import Database
from bot.store.sealing import Key, Seal
from bot.store.tables import consents, point_entries, point_moves, point_stocks, redemptions
from tests.conftest import BOT
from tests.services.points.conftest import SEAL, Fund

DAY = timedelta(days=1)
MUG = Reward("mug", 10, 2500, 100, {"zh": "杯子", "en": "a mug"})


# -- Giving ------------------------------------------------------------------------------------


async def test_the_same_thing_gives_points_once(fund: Fund) -> None:
    person = await fund.somebody(1)
    assert await fund.give(person, "lesson", "rest") == 10
    assert await fund.give(person, "lesson", "rest") == 0
    assert await fund.give(person, "lesson", "pay") == 10
    assert await fund.balance(person) == 20


async def test_a_day_has_its_bound_and_the_next_one_its_own(fund: Fund) -> None:
    person = await fund.somebody(1)
    given_today = [await fund.give(person, "checkin", f"{number}") for number in range(5)]
    assert given_today == [3, 3, 0, 0, 0]
    fund.now += DAY
    assert await fund.give(person, "checkin", "next") == 3


async def test_at_the_bound_the_rest_is_given(fund: Fund) -> None:
    person = await fund.somebody(1)
    rule = replace(fund.book.earnings["lesson"], points=20, per_day=30)
    async with fund.work() as work:
        assert [await ledger.give(work, person, rule, str(n)) for n in range(3)] == [20, 10, 0]


async def test_who_is_not_there_gets_nothing(fund: Fund) -> None:
    assert await fund.give(999, "lesson", "rest") == 0


async def test_a_move_is_taken_back_once_by_another(fund: Fund) -> None:
    person = await fund.somebody(1)
    await fund.give(person, "lesson", "rest")
    async with fund.work() as work:
        (move,) = await ledger.history(work, person, 9)
        assert [await ledger.reverse(work, move.id) for _ in range(3)] == [True, False, False]
        kinds = [(one.kind, one.amount) for one in await ledger.history(work, person, 9)]
        assert not await ledger.reverse(work, 12345)
    assert kinds == [("reverse", -10), ("lesson", 10)]
    assert await fund.balance(person) == 0


# -- Exchanging -----------------------------------------------------------------------------------


async def test_who_has_too_few_gets_none(fund: Fund) -> None:
    person = await fund.somebody(1, 9)
    assert await fund.redeem(person, MUG) is Refused.TOO_FEW
    assert await fund.balance(person) == 9


async def test_the_pool_bounds_what_the_stock_would_give(fund: Fund) -> None:
    fund.book = replace(fund.book, pool_fen=3 * MUG.fen + 1)
    person = await fund.somebody(1, 1000)
    got = [await fund.redeem(person, MUG) for _ in range(5)]
    assert [isinstance(one, Redeemed) for one in got] == [True, True, True, False, False]
    async with fund.work() as work:
        assert await rewards.left(work, MUG, fund.book) == 0
        taken = {row.name: row.taken for row in await work.fetch(sa.select(point_stocks))}
    assert taken == {"reward.mug": 3, f"pool.{fund.book.pool}": 3 * MUG.fen}


async def test_a_code_works_once_and_stands_nowhere(fund: Fund) -> None:
    person = await fund.somebody(1, 100)
    got = await fund.redeem(person, MUG, lambda _most: 482193)
    assert isinstance(got, Redeemed)
    assert got.code == "482193"
    async with fund.work() as work:
        stored = str(await work.fetch(sa.select(redemptions)))
        tried = [await rewards.hand_out(work, code, 7, SEAL) for code in ("482194", "48219", "四八二一九三")]
        handed = [await rewards.hand_out(work, got.code, 7, SEAL) for _ in range(2)]
    assert got.code not in stored
    assert tried == [None, None, None]
    assert handed == [rewards.Pickup(got.id, "mug", None), None]


async def test_a_code_is_good_under_a_new_key_and_counted_until_it_ends(fund: Fund) -> None:
    """Who took the old key away right after `wayside keys rotate` made every waiting code worthless."""
    person = await fund.somebody(1, 100)
    got = await fund.redeem(person, MUG)
    assert isinstance(got, Redeemed)
    added = Seal(BOT, [Key("test", bytes(32)), Key("new", bytes(range(32)))])
    alone = Seal(BOT, [Key("new", bytes(range(32)))])
    async with fund.work() as work:
        assert await rewards.waiting_codes(work) == rewards.Codes(1, got.expires_at)
        assert await rewards.hand_out(work, got.code, 7, alone) is None
        assert await rewards.hand_out(work, got.code, 7, added) is not None
        assert (await rewards.waiting_codes(work)).number == 0


async def test_who_agreed_to_other_words_is_not_shown(fund: Fund) -> None:
    person = await fund.somebody(1, 0)
    await fund.give(person, "lesson", "rest")
    async with fund.work() as work:
        me = Person(person, 1, "zh_CN", seen_on=fund.now.date())
        desk = PointDesk(work, me, fund.book, SEAL, randbelow)
        await desk.join_ranking("Swift")
        assert [one.called for one in await desk.ranking()] == ["Swift"]
        await work.execute(sa.update(consents).values(version="0"))
        assert await desk.ranking() == []
        assert not await desk.is_ranked()


async def test_two_codes_are_never_the_same_while_both_wait(fund: Fund) -> None:
    person = await fund.somebody(1, 100)
    numbers = iter([5, 5, 5, 6])
    first = await fund.redeem(person, MUG, lambda _most: next(numbers))
    second = await fund.redeem(person, MUG, lambda _most: next(numbers))
    assert isinstance(first, Redeemed)
    assert isinstance(second, Redeemed)
    assert (first.code, second.code) == ("000005", "000006")


async def test_what_nobody_picks_up_comes_back(fund: Fund) -> None:
    person = await fund.somebody(1, 100)
    got = await fund.redeem(person, MUG)
    assert isinstance(got, Redeemed)
    assert await fund.balance(person) == 90
    fund.now += PICK_UP
    async with fund.work() as work:
        assert await rewards.hand_out(work, got.code, 7, SEAL) is None
        assert [await rewards.take_back_expired(work) for _ in range(2)] == [1, 0]
        assert await rewards.left(work, MUG, fund.book) == 100
    assert await fund.balance(person) == 100


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_five_hundred_at_once_for_a_hundred_prizes(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    fund = Fund(database, now)
    people = [await fund.somebody(account, 10) for account in range(1, 501)]
    got = await asyncio.gather(*(fund.redeem(person, MUG) for person in people))
    assert Counter(type(one) for one in got) == {Redeemed: 100, Refused: 400}
    assert len({one.code for one in got if isinstance(one, Redeemed)}) == 100
    async with fund.work() as work:
        assert await ledger.flaws(work) == []
        rows = await work.fetch(sa.select(redemptions.c.person))
        assert len({row.person for row in rows}) == len(rows) == 100
    balances = Counter([await fund.balance(person) for person in people])
    assert balances == {0: 100, 10: 400}
    await database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_one_person_on_many_phones_spends_what_they_have(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    fund = Fund(database, now)
    person = await fund.somebody(1, 35)
    got = await asyncio.gather(*(fund.redeem(person, MUG) for _ in range(20)))
    assert Counter(type(one) for one in got) == {Redeemed: 3, Refused: 17}
    assert await fund.balance(person) == 5
    await database.close()


# -- Any month -----------------------------------------------------------------------------------

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["lesson", "review", "checkin", "volunteer_hour", "redeem", "reverse", "day", "hand"]
        ),
        st.integers(0, 3),
        st.integers(0, 6),
    ),
    max_size=60,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
async def test_any_month_adds_up(sqlite: Database, now: datetime, deeds: list[tuple[str, int, int]]) -> None:
    fund = Fund(sqlite, now)
    async with fund.work() as work:
        for table in (point_entries, point_moves, point_stocks, redemptions):
            await work.execute(sa.delete(table))
    crowd = [await fund.somebody(account) for account in range(1, 5)]
    cheap = replace(MUG, points=6, stock=4)
    codes: list[str] = []
    for deed, who, what in deeds:
        await _do(fund, deed, crowd[who], what, cheap, codes)
        await _adds_up(fund, crowd, cheap)


async def _do(fund: Fund, deed: str, person: int, what: int, reward: Reward, codes: list[str]) -> None:
    if deed == "day":
        fund.now += what * DAY
        async with fund.work() as work:
            await rewards.take_back_expired(work)
    elif deed == "redeem":
        got = await fund.redeem(person, reward)
        if isinstance(got, Redeemed):
            codes.append(got.code)
    elif deed == "hand":
        async with fund.work() as work:
            for code in codes[-1:]:
                await rewards.hand_out(work, code, 1, SEAL)
    elif deed == "reverse":
        async with fund.work() as work:
            moves = [one for one in await ledger.history(work, person, 99) if one.kind == "lesson"]
            if what < len(moves):
                await ledger.reverse(work, moves[what].id)
    else:
        await fund.give(person, deed, str(what))


async def _adds_up(fund: Fund, crowd: list[int], reward: Reward) -> None:
    async with fund.work() as work:
        assert await ledger.flaws(work) == []
        total = await work.first(sa.select(sa.func.coalesce(sa.func.sum(point_entries.c.amount), 0)))
        assert total is not None
        assert total[0] == 0
        for person in crowd:
            moved = sum(one.amount for one in await ledger.history(work, person, 999))
            assert moved == await ledger.balance(work, person)
        given_a_day = sa.select(
            point_moves.c.kind, point_moves.c.person, sa.func.sum(point_entries.c.amount).label("given")
        )
        joined = given_a_day.join(point_entries, point_entries.c.move == point_moves.c.id)
        positive = joined.where(point_entries.c.account == ledger.PERSON)
        grouped = positive.group_by(point_moves.c.kind, point_moves.c.person, point_moves.c.day)
        for row in await work.fetch(grouped):
            kind, amount = row.kind, row.given
            assert kind not in fund.book.earnings or amount <= fund.book.earnings[kind].per_day
        out = await work.fetch(sa.select(redemptions.c.id).where(redemptions.c.state != rewards.RETURNED))
        stock = sa.select(point_stocks.c.taken).where(point_stocks.c.name == "reward.mug")
        taken = await work.first(stock)
        assert len(out) == (taken.taken if taken else 0) <= reward.stock


# -- What something is worth, where a reward is picked up ------------------------------------------


async def test_what_is_said_to_come_is_what_comes(fund: Fund) -> None:
    person = await fund.somebody(1)
    rule = fund.book.earnings["lesson"]
    for lesson in ("rest", "pay", "rest", "heat", "fire"):
        async with fund.work() as work:
            said = await ledger.worth(work, person, rule, lesson)
        assert await fund.give(person, "lesson", lesson) == said
    async with fund.work() as work:
        assert await ledger.room(work, person, rule) == 0


async def test_a_reward_names_the_station_where_it_is_picked_up(fund: Fund) -> None:
    person = await fund.somebody(1, 100)
    mug = replace(MUG, stations=("s1",))
    fund.book = replace(fund.book, rewards={"mug": mug})
    async with fund.work() as work:
        whose = Person(person, 1, "zh_CN", work.now.date())
        desk = PointDesk(work, whose, fund.book, SEAL, lambda _most: 7)
        assert await desk.redeem("mug", "s2") is Refused.GONE
        got = await desk.redeem("mug", "s1")
        assert isinstance(got, Redeemed)
        assert [one.station for one in await desk.waiting()] == ["s1"]
        assert await rewards.hand_out(work, got.code, 7, SEAL) == rewards.Pickup(got.id, "mug", "s1")
