"""A role that ends by itself: its holder hears of it a week before, and only while they have it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.clock.loop import Clock
from bot.clock.roles import ending
from bot.dialogs import role_words
from bot.services.audit import OPERATOR
from bot.services.invitations import Offer, look, make, take_role
from bot.services.people import Person
from bot.services.roles import grants
from bot.services.roles.desk import RoleDesk
from bot.services.roles.grants import Grant
from bot.services.roles.rules import Role
from bot.store.tables import outbox
from tests.conftest import BOT
from tests.services.people import City

HOLDER = 7
WEEK = timedelta(days=7)


async def _organizer(city: City, lasts: timedelta) -> tuple[int, Grant]:
    """An organizer of the east whose role ends by itself; gives the admin who confirmed it, and the role."""
    boss = await city.admin(1)
    person = await city.somebody(HOLDER)
    async with city.work() as work:
        proposed = await grants.propose(
            work, person, Role.ORGANIZER, "east", by=OPERATOR, expires_at=city.now + lasts
        )
        assert proposed is not None
        confirmed = await RoleDesk(work, _person(city, boss, 1)).confirm(proposed.id)
        assert confirmed is not None
    return boss, confirmed


def _person(city: City, number: int, account: int) -> Person:
    return Person(number, account, "zh_CN", city.now.date())


async def _told(city: City, after: timedelta) -> list[str]:
    """What the holder is told until then, from now on."""
    city.now += after
    clock = Clock(city.database, BOT, [ending(role_words.ending)], owner="clock", now=lambda: city.now)
    await clock.work_off()
    async with city.work() as work:
        rows = await work.fetch(sa.select(outbox.c.body).where(outbox.c.chat == HOLDER))
    return [row.body["text"] for row in rows]


async def test_a_week_before_it_ends_and_once(city: City) -> None:
    await _organizer(city, timedelta(days=180))
    assert await _told(city, timedelta(days=172)) == []
    (said,) = await _told(city, timedelta(days=1))
    assert "城东行业党委" in said
    assert "2026年11月9日" in said
    assert len(await _told(city, WEEK)) == 1


async def test_not_where_it_was_taken_away_before(city: City) -> None:
    boss, grant = await _organizer(city, timedelta(days=180))
    async with city.work() as work:
        assert await RoleDesk(work, _person(city, boss, 1)).revoke(grant.id)
    assert await _told(city, timedelta(days=174)) == []


async def test_not_where_it_began_within_that_week(city: City) -> None:
    """Whoever takes on a role for five days was just told when it ends."""
    await _organizer(city, timedelta(days=5))
    assert await _told(city, timedelta(days=4)) == []


async def test_a_first_admins_role_ends_by_itself_too(city: City) -> None:
    person = await city.somebody(HOLDER)
    async with city.work() as work:
        offer = Offer(None, Role.ADMIN, city.now + timedelta(days=30))
        await make(work, offer, OPERATOR, "token")
        invitation = await look(work, "token")
        assert invitation is not None
        assert await take_role(work, invitation.id, person, "Chen")
    assert len(await _told(city, timedelta(days=24))) == 1
