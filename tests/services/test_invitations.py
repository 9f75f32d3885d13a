"""Invitations: as often as was said, as long as was said, and never a role by themselves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.services import audit, invitations
from bot.services.branches import members
from bot.services.branches.tree import import_branches
from bot.services.invitations import GOOD_FOR, MOST_MEMBERS, Links, Offer, new_token
from bot.services.roles import grants
from bot.services.roles.rules import Action, NotAllowed, Role, may
from bot.store.tables import audit as log
from bot.store.tables import metadata
from tests.services.people import TREE, City


async def _make(city: City, offer: Offer, by: int | None = audit.OPERATOR) -> str:
    token = new_token()
    async with city.work() as work:
        await invitations.make(work, offer, by, token)
    return token


async def _found(city: City, token: str) -> int | None:
    async with city.work() as work:
        invitation = await invitations.look(work, token)
        return invitation.id if invitation else None


def test_a_token_is_long_enough_and_fits_into_a_link() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) * 6 >= 128 for token in tokens)
    assert all(len(f"join_{token}") <= 64 for token in tokens)
    assert Links("wayside_bot", lambda: "abc").invitation("abc") == "https://t.me/wayside_bot?start=join_abc"


async def test_the_token_itself_is_in_no_table(city: City) -> None:
    token = await _make(city, Offer("east-1"))
    async with city.work() as work:
        rows = [str(row) for table in metadata.sorted_tables for row in await work.fetch(sa.select(table))]
    assert token not in "\n".join(rows)


async def test_a_link_leads_into_the_branch(city: City) -> None:
    number = await _found(city, await _make(city, Offer("east-1")))
    person = await city.somebody(5)
    assert number is not None
    async with city.work() as work:
        assert await invitations.join(work, number, person, "party")
        assert not await invitations.join(work, number, person)
        present = await members.of(work, person)
    assert present is not None
    assert (present.branch, present.declared) == ("east-1", "party")


async def test_a_link_that_went_astray_is_withdrawn(city: City) -> None:
    """Fifty people could join by a link that was passed on too far, for a week."""
    boss = await city.admin(100)
    east, west = [
        await city.granted(account, Role.ORGANIZER, branch, boss)
        for account, branch in ((101, "east"), (102, "west"))
    ]
    token = await _make(city, Offer("east-1"), east)
    number = await _found(city, token)
    assert number is not None
    async with city.work() as work:
        with pytest.raises(NotAllowed):
            await invitations.withdraw(work, number, west)
        assert await invitations.withdraw(work, number, east)
        assert not await invitations.withdraw(work, number, east)
        noted = [row.entry for row in await work.fetch(sa.select(log.c.entry))]
    assert await _found(city, token) is None
    assert sum('"event":"invitation.withdrawn"' in entry for entry in noted) == 1


async def test_whoever_may_invite_there_withdraws_what_others_made(city: City) -> None:
    boss = await city.admin(100)
    number = await _found(city, await _make(city, Offer("east-1")))
    assert number is not None
    async with city.work() as work:
        assert await invitations.withdraw(work, number, boss)


async def test_it_expires(city: City) -> None:
    token = await _make(city, Offer("east-1"))
    number = await _found(city, token)
    person = await city.somebody(5)
    assert number is not None
    city.now += GOOD_FOR - timedelta(seconds=1)
    assert await _found(city, token) == number
    city.now += timedelta(seconds=1)
    assert await _found(city, token) is None
    async with city.work() as work:
        assert not await invitations.join(work, number, person)


@pytest.mark.parametrize("guess", ["", "x", "A" * 24, "' OR 1=1 --", "€" * 30])
async def test_a_guess_finds_nothing(city: City, guess: str) -> None:
    await _make(city, Offer("east-1"))
    assert await _found(city, guess) is None


async def test_a_role_is_offered_once_however_many_open_it_at_once(city: City) -> None:
    number = await _found(city, await _make(city, Offer("east", Role.ORGANIZER)))
    people = [await city.somebody(account) for account in range(10, 20)]
    assert number is not None

    async def take(person: int) -> bool:
        async with city.work() as work:
            return await invitations.take_role(work, number, person, "小王") is not None

    assert sum(await asyncio.gather(*map(take, people))) == 1
    async with city.work() as work:
        (waiting,) = await grants.under(work, None)
        assert not waiting.confirmed
        assert waiting.called == "小王"
        assert not await may(work, waiting.person, Action.COUNT_MEMBERS, "east")


async def test_no_more_join_than_was_said_however_many_come_at_once(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_MEMBERS", 3)
    number = await _found(city, await _make(city, Offer("east-1")))
    people = [await city.somebody(account) for account in range(10, 20)]
    assert number is not None

    async def join(person: int) -> bool:
        async with city.work() as work:
            return await invitations.join(work, number, person)

    assert sum(await asyncio.gather(*map(join, people))) == 3
    async with city.work() as work:
        assert await members.counts(work, ["city", "east-2"]) == {"city": 3, "east-2": 0}
    assert MOST_MEMBERS == 50


async def test_a_link_for_members_grants_no_role_and_one_for_a_role_no_membership(city: City) -> None:
    to_join = await _found(city, await _make(city, Offer("east-1")))
    to_serve = await _found(city, await _make(city, Offer("east-1", Role.DESK)))
    person = await city.somebody(5)
    assert to_join is not None
    assert to_serve is not None
    async with city.work() as work:
        assert await invitations.take_role(work, to_join, person, "小王") is None
        assert not await invitations.join(work, to_serve, person)
        assert await grants.of(work, person) == []
        assert await members.of(work, person) is None


async def test_only_who_may_invites(city: City) -> None:
    boss = await city.admin(1)
    organizer = await city.granted(2, Role.ORGANIZER, "east", boss)
    nobody = await city.somebody(3)
    await _make(city, Offer("east-1"), organizer)
    for by, offer in (
        (nobody, Offer("east-1")),
        (organizer, Offer("west-1")),
        (organizer, Offer("east", Role.ORGANIZER)),
        (organizer, Offer(None, Role.DESK)),
    ):
        with pytest.raises(NotAllowed):
            await _make(city, offer, by)


async def test_what_leads_nowhere_is_refused(city: City) -> None:
    for branch in ("nowhere", "city", "east"):
        with pytest.raises(ValueError, match=branch):
            await _make(city, Offer(branch))
    with pytest.raises(ValueError, match="name it"):
        Offer(None)
    with pytest.raises(ValueError, match="member"):
        Offer("east", Role.MEMBER)


async def test_links_die_with_the_right_of_who_made_them(city: City) -> None:
    boss = await city.admin(1)
    organizer = await city.granted(2, Role.ORGANIZER, "east", boss)
    token = await _make(city, Offer("east-1"), organizer)
    async with city.work() as work:
        (grant,) = await grants.of(work, organizer)
        await grants.revoke(work, grant.id, boss)
    assert await _found(city, token) is None


async def test_links_die_with_their_branch(city: City) -> None:
    token = await _make(city, Offer("west-1"))
    async with city.work() as work:
        await import_branches(work, [branch for branch in TREE if branch.id != "west-1"])
    assert await _found(city, token) is None
