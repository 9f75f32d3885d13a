"""How roles come about and end: two persons, time, and nobody for themselves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import orjson
import pytest
import sqlalchemy as sa

from bot.dialogs.serving import lapsed as lapsed_words
from bot.i18n import speaking
from bot.services import audit
from bot.services.roles import grants
from bot.services.roles.grants import Grant
from bot.services.roles.rules import Action, NotAllowed, Role, may
from bot.store.tables import audit as log
from bot.store.tables import grants as table
from tests.services.people import City


async def _propose(city: City, account: int, role: Role, branch: str | None, by: int | None) -> Grant:
    person = await city.somebody(account)
    async with city.work() as work:
        grant = await grants.propose(work, person, role, branch, by=by)
        assert grant is not None
        return grant


async def _may_count(city: City, person: int, branch: str) -> bool:
    async with city.work() as work:
        return await may(work, person, Action.COUNT_MEMBERS, branch)


async def _events(city: City) -> list[tuple[str, str | None]]:
    async with city.work() as work:
        rows = await work.fetch(sa.select(log.c.entry).order_by(log.c.number))
        entries = [orjson.loads(row.entry) for row in rows]
        assert not (await audit.verify(work)).flaws
    return [(entry["event"], entry["details"].get("rule")) for entry in entries]


async def test_the_first_admin_comes_from_the_command_line(city: City) -> None:
    first = await _propose(city, 1, Role.ADMIN, None, audit.OPERATOR)
    second = await _propose(city, 2, Role.ADMIN, None, audit.OPERATOR)
    assert first.confirmed
    assert not second.confirmed
    assert (await _events(city))[-2:] == [
        ("role.proposed", "first admin"),
        ("role.proposed", "needs confirmation"),
    ]


async def test_only_an_admin_is_ever_in_force_at_once(city: City) -> None:
    grant = await _propose(city, 1, Role.ORGANIZER, "east", audit.OPERATOR)
    assert not grant.confirmed
    assert not await _may_count(city, grant.person, "east")


async def test_two_first_links_opened_at_once_make_one_admin(city: City) -> None:
    both = await asyncio.gather(
        _propose(city, 1, Role.ADMIN, None, audit.OPERATOR),
        _propose(city, 2, Role.ADMIN, None, audit.OPERATOR),
    )
    assert sorted(grant.confirmed for grant in both) == [False, True]


async def test_a_role_counts_once_another_admin_confirmed_it(city: City) -> None:
    one, other = await city.admin(1), await city.admin(2)
    grant = await _propose(city, 3, Role.ORGANIZER, "east", one)
    assert not await _may_count(city, grant.person, "east")
    async with city.work() as work:
        assert [admin.person for admin in await grants.confirmers(work, grant)] == [other]
        with pytest.raises(NotAllowed):
            await grants.confirm(work, grant.id, one)
        with pytest.raises(NotAllowed):
            await grants.confirm(work, grant.id, grant.person)
        assert await grants.confirm(work, grant.id, other)
        assert await grants.confirm(work, grant.id, other) is None
    assert await _may_count(city, grant.person, "east-1-a")
    assert (await _events(city))[-1] == ("role.confirmed", "second person")


async def test_the_only_admin_confirms_what_they_proposed_and_it_is_written_down(city: City) -> None:
    only = await city.admin(1)
    grant = await _propose(city, 3, Role.ORGANIZER, "east", only)
    async with city.work() as work:
        assert await grants.confirm(work, grant.id, only)
    assert (await _events(city))[-1] == ("role.confirmed", "only admin")


async def test_nobody_confirms_a_role_of_their_own(city: City) -> None:
    only = await city.admin(1)
    grant = await _propose(city, 1, Role.ORGANIZER, "east", only)
    async with city.work() as work:
        assert await grants.confirmers(work, grant) == []
        with pytest.raises(NotAllowed):
            await grants.confirm(work, grant.id, only)


async def test_an_admin_of_one_branch_confirms_nothing_elsewhere(city: City) -> None:
    boss = await city.admin(1)
    local = await city.granted(2, Role.ADMIN, "east", boss)
    west = await _propose(city, 3, Role.ORGANIZER, "west", audit.OPERATOR)
    everywhere = await _propose(city, 4, Role.ORGANIZER, None, audit.OPERATOR)
    east = await _propose(city, 5, Role.ORGANIZER, "east-1", audit.OPERATOR)
    async with city.work() as work:
        for grant in (west, everywhere):
            with pytest.raises(NotAllowed):
                await grants.confirm(work, grant.id, local)
            with pytest.raises(NotAllowed):
                await grants.refuse(work, grant.id, local)
        assert await grants.confirm(work, east.id, local)


async def test_an_organizer_proposes_desks_of_their_own_branch_only(city: City) -> None:
    boss = await city.admin(1)
    organizer = await city.granted(2, Role.ORGANIZER, "east", boss)
    await _propose(city, 3, Role.DESK, "east-1", organizer)
    for role, branch in (
        (Role.DESK, "west"),
        (Role.DESK, None),
        (Role.ORGANIZER, "east"),
        (Role.ADMIN, "east"),
    ):
        with pytest.raises(NotAllowed):
            await _propose(city, 4, role, branch, organizer)


async def test_a_refused_role_never_counts(city: City) -> None:
    boss = await city.admin(1)
    grant = await _propose(city, 3, Role.ORGANIZER, "east", audit.OPERATOR)
    async with city.work() as work:
        assert await grants.refuse(work, grant.id, boss)
        assert await grants.confirm(work, grant.id, boss) is None
    assert not await _may_count(city, grant.person, "east")


async def test_a_role_ends_by_itself(city: City) -> None:
    boss = await city.admin(1)
    person = await city.somebody(3)
    async with city.work() as work:
        until = city.now + timedelta(days=30)
        grant = await grants.propose(work, person, Role.ORGANIZER, "east", by=None, expires_at=until)
        assert grant is not None
        await grants.confirm(work, grant.id, boss)
    assert await _may_count(city, person, "east")
    city.now = until
    assert not await _may_count(city, person, "east")
    await _propose(city, 3, Role.ORGANIZER, "east", audit.OPERATOR)


async def test_a_role_is_taken_away_or_given_up(city: City) -> None:
    boss = await city.admin(1)
    local = await city.granted(2, Role.ADMIN, "west", boss)
    first = await city.granted(3, Role.ORGANIZER, "east", boss)
    second = await city.granted(4, Role.ORGANIZER, "east", boss)
    async with city.work() as work:
        (mine,), (theirs,) = await grants.of(work, first), await grants.of(work, second)
        for stranger in (first, local):
            with pytest.raises(NotAllowed):
                await grants.revoke(work, theirs.id, stranger)
        assert await grants.revoke(work, mine.id, first)
        assert await grants.revoke(work, theirs.id, boss)
        assert await grants.revoke(work, theirs.id, boss) is None
    assert not await _may_count(city, first, "east")
    assert not await _may_count(city, second, "east")


async def test_the_last_admin_stays(city: City) -> None:
    one = await city.admin(1)
    async with city.work() as work:
        (grant,) = await grants.of(work, one)
        with pytest.raises(NotAllowed):
            await grants.revoke(work, grant.id, one)
    await city.admin(2)
    async with city.work() as work:
        assert await grants.revoke(work, grant.id, one)


async def test_two_admins_who_leave_at_once_leave_one(city: City) -> None:
    admins = [await city.admin(1), await city.admin(2)]

    async def give_up(person: int) -> bool:
        async with city.work() as work:
            (grant,) = await grants.of(work, person)
            return await grants.revoke(work, grant.id, person) is not None

    done = await asyncio.gather(*map(give_up, admins), return_exceptions=True)
    assert sum(one is True for one in done) == 1


async def test_proposing_twice_makes_one(city: City) -> None:
    grant = await _propose(city, 3, Role.ORGANIZER, "east", audit.OPERATOR)
    async with city.work() as work:
        assert await grants.propose(work, grant.person, Role.ORGANIZER, "east", by=audit.OPERATOR) is None
        assert [one.id for one in await grants.under(work, "city")] == [grant.id]
        assert await grants.under(work, "west") == []


async def test_a_name_goes_when_its_role_expires(city: City) -> None:
    """Only a role that was taken away took the name with it."""
    boss, person = await city.admin(1), await city.somebody(2)
    until = city.now + timedelta(days=1)
    async with city.work() as work:
        grant = await grants.propose(
            work, person, Role.ORGANIZER, "east", by=boss, called="Wang", expires_at=until
        )
        assert grant is not None
        await grants.confirm(work, grant.id, boss)
        await grants.end_expired(work)
        (kept,) = await grants.of(work, person)
        assert kept.called == "Wang"
    city.now = until
    async with city.work() as work:
        await grants.end_expired(work)
        (row,) = await work.fetch(sa.select(table).where(table.c.id == grant.id))
        assert (row.called, row.revoked_by) == ("", None)
    assert (await _events(city))[-1] == ("role.expired", None)


async def test_what_nobody_confirms_ends_and_who_proposed_it_hears(city: City) -> None:
    boss, person = await city.admin(1), await city.somebody(2)
    async with city.work() as work:
        await grants.propose(work, person, Role.ORGANIZER, "east", by=boss, called="Wang")
        await grants.propose(work, person, Role.DESK, "west", by=audit.OPERATOR, called="Wang")
    city.now += grants.PROPOSED_FOR
    async with city.work() as work:
        assert await grants.let_lapse(work) == []
    city.now += timedelta(seconds=1)
    async with city.work() as work:
        (lapsed,) = await grants.let_lapse(work)
        assert (lapsed.to.person, lapsed.grant.called) == (boss, "Wang")
        assert await grants.let_lapse(work) == []
        assert await grants.of(work, person) == []
        rows = await work.fetch(sa.select(table.c.called).where(table.c.person == person))
        assert {row.called for row in rows} == {""}
    with speaking("en"):
        assert "Wang" in lapsed_words(lapsed).text
    assert (await _events(city))[-2:] == [("role.lapsed", None), ("role.lapsed", None)]
