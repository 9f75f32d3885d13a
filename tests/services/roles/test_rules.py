"""Who may do what, asked of every action the code has: a new one without a line here fails."""

from __future__ import annotations

import pytest

from bot.services.branches import members
from bot.services.branches.desk import BranchDesk
from bot.services.people import Person
from bot.services.roles.desk import RoleDesk
from bot.services.roles.rules import RULES, Action, NotAllowed, Reach, Role, may, reach
from tests.conftest import BOT
from tests.services.people import TREE, City

EVERYWHERE = None
BRANCHES = [branch.id for branch in TREE]
UNDER_EAST = {"east", "east-1", "east-2", "east-1-a"}

# Which roles carry each action, said a second time: whoever changes a rule changes it on purpose.
EXPECTED = {
    Action.JOIN: {Role.PERSON, Role.MEMBER, Role.SHOP, Role.DESK, Role.ORGANIZER, Role.ADMIN},
    Action.LEAVE: {Role.MEMBER},
    Action.COUNT_MEMBERS: {Role.ORGANIZER, Role.ADMIN},
    Action.INVITE_MEMBERS: {Role.ORGANIZER, Role.ADMIN},
    Action.PROPOSE_SHOP: {Role.ORGANIZER, Role.ADMIN},
    Action.PROPOSE_DESK: {Role.ORGANIZER, Role.ADMIN},
    Action.PROPOSE_ORGANIZER: {Role.ADMIN},
    Action.PROPOSE_ADMIN: {Role.ADMIN},
    Action.SEE_ROLES: {Role.ORGANIZER, Role.ADMIN},
    Action.CONFIRM_ROLE: {Role.ADMIN},
    Action.REVOKE_ROLE: {Role.ADMIN},
    Action.BROADCAST: {Role.ORGANIZER, Role.ADMIN},
    Action.APPROVE_BROADCAST: {Role.ORGANIZER, Role.ADMIN},
    Action.HANDLE_APPEALS: {Role.DESK},
    Action.CLAIM_AS_SHOP: {Role.SHOP},
    Action.HAND_OUT: {Role.DESK, Role.ORGANIZER, Role.ADMIN},
    Action.MERGE_APPEALS: {Role.ORGANIZER, Role.ADMIN},
    Action.SEE_LEDGER: {Role.ORGANIZER, Role.ADMIN},
    Action.RUN_CHECKINS: {Role.ORGANIZER, Role.ADMIN},
    Action.RUN_EVENTS: {Role.ORGANIZER, Role.ADMIN},
    Action.RUN_TRACKS: {Role.ORGANIZER, Role.ADMIN},
    Action.OFFER_REMINDERS: {Role.ORGANIZER, Role.ADMIN},
    Action.BIND_GROUP: {Role.ORGANIZER, Role.ADMIN},
    Action.TAG_PEOPLE: {Role.ORGANIZER, Role.ADMIN},
    Action.SEE_ROSTERS: {Role.ORGANIZER, Role.ADMIN},
    Action.SEE_WISHES_FIRST: {Role.ORGANIZER, Role.ADMIN},
    Action.SETTLE_FLAGS: {Role.ORGANIZER, Role.ADMIN},
    Action.MIND_POINTS: {Role.ORGANIZER, Role.ADMIN},
    Action.ANSWER_IDEAS: {Role.ORGANIZER, Role.ADMIN},
}


def test_every_action_has_a_rule_and_is_expected_here() -> None:
    assert set(RULES) == set(Action)
    assert set(EXPECTED) == set(Action)


async def _cast(city: City) -> dict[Role, int]:
    """One person of each role, all of them for `east`; the member belongs to a branch below it."""
    boss = await city.admin(100)
    cast = {
        Role.PERSON: await city.somebody(101),
        Role.MEMBER: await city.somebody(102),
        Role.SHOP: await city.granted(106, Role.SHOP, "east", boss),
        Role.DESK: await city.granted(103, Role.DESK, "east", boss),
        Role.ORGANIZER: await city.granted(104, Role.ORGANIZER, "east", boss),
        Role.ADMIN: await city.granted(105, Role.ADMIN, "east", boss),
    }
    async with city.work() as work:
        assert await members.join(work, cast[Role.MEMBER], "east-1-a")
    return cast


async def test_the_whole_matrix(city: City) -> None:
    cast = await _cast(city)
    async with city.work() as work:
        for action in Action:
            for role, person in cast.items():
                allowed = {
                    branch for branch in [*BRANCHES, EVERYWHERE] if await may(work, person, action, branch)
                }
                assert allowed == _expected(action, role), (action, role)


def _expected(action: Action, role: Role) -> set[str | None]:
    if role not in EXPECTED[action]:
        return set()
    if Role.PERSON in EXPECTED[action]:
        return {*BRANCHES, EVERYWHERE}
    if role == Role.MEMBER:
        return {"east-1-a", "east-1", "east", "city", EVERYWHERE}
    return set(UNDER_EAST)


async def test_an_admin_of_the_city_reaches_everything(city: City) -> None:
    boss = await city.admin(100)
    async with city.work() as work:
        for action in set(Action) - {Action.LEAVE, Action.HANDLE_APPEALS, Action.CLAIM_AS_SHOP}:
            assert all([await may(work, boss, action, branch) for branch in [*BRANCHES, EVERYWHERE]])
        assert await reach(work, boss, Action.COUNT_MEMBERS) == Reach(everywhere=True)


async def test_reach_names_only_the_topmost_branches(city: City) -> None:
    boss = await city.admin(100)
    await city.granted(104, Role.ORGANIZER, "east-1", boss)
    await city.granted(104, Role.ORGANIZER, "west-1", boss)
    person = await city.granted(104, Role.ORGANIZER, "east", boss)
    async with city.work() as work:
        assert await reach(work, person, Action.COUNT_MEMBERS) == Reach(branches=("east", "west-1"))
        assert not await reach(work, person, Action.CONFIRM_ROLE)


async def test_another_bot_knows_none_of_them(city: City) -> None:
    cast = await _cast(city)
    async with city.database.work(BOT + 1, city.now) as work:
        for action in set(Action) - {Action.JOIN}:
            for person in cast.values():
                assert not await may(work, person, action, "east")


@pytest.mark.parametrize("role", [Role.PERSON, Role.MEMBER, Role.SHOP, Role.DESK, Role.ORGANIZER])
async def test_desks_refuse_what_lies_elsewhere(city: City, role: Role) -> None:
    cast = await _cast(city)
    async with city.work() as work:
        person = Person(cast[role], 1, "zh_CN", city.now.date())
        for branch in ("west", "west-1", "city"):
            with pytest.raises(NotAllowed):
                await BranchDesk(work, person).counts([branch])
            with pytest.raises(NotAllowed):
                await RoleDesk(work, person).under(branch)
        with pytest.raises(NotAllowed):
            await RoleDesk(work, person).under(EVERYWHERE)
