"""A city of a few branches and people with roles in it, for tests of who may do what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from bot.services import audit, people
from bot.services.branches.tree import Branch, import_branches
from bot.services.departments.directory import Department
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.store.database import Database
from bot.store.work import Work
from tests.conftest import BOT

TREE = [
    Branch("city", "全市工委", "work_committee", name_en="City Work Committee"),
    Branch("east", "城东行业党委", "industry_committee", "city", name_en="East Industry Committee"),
    Branch("east-1", "城东外卖支部", "branch", "east", name_en="East Riders' Branch"),
    Branch("east-2", "城东快递支部", "branch", "east", name_en="East Couriers' Branch"),
    Branch("east-1-a", "城东外卖一组", "group", "east-1", name_en="East Riders' First Group"),
    Branch("west", "城西行业党委", "industry_committee", "city", name_en="West Industry Committee"),
    Branch("west-1", "城西货运支部", "branch", "west", name_en="West Truckers' Branch"),
]
DEPARTMENTS = [
    Department("law", None, "法律援助站", "免费问法律。", "Legal Aid", "Free legal advice.", "12348"),
    Department(
        "help", "east", "城东帮扶中心", "入会、困难帮扶。", "East Support", "Joining, hardship.", "12351"
    ),
    Department("freight", "west-1", "货运服务点", "年审、停车难。", phone="12328"),
]


class City:
    """People by number, in the tree above."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction."""
        async with self.database.work(BOT, self.now) as opened:
            yield opened

    async def build(self) -> None:
        """Put up the tree."""
        async with self.work() as work:
            await import_branches(work, TREE)

    async def somebody(self, account: int) -> int:
        """The person with this account."""
        async with self.work() as work:
            return (await people.welcome(work, {account: "zh"}, "zh_CN"))[account].id

    async def admin(self, account: int) -> int:
        """An admin of the whole city: the first by the command line, later ones confirmed by an earlier."""
        person = await self.somebody(account)
        async with self.work() as work:
            grant = await grants.propose(work, person, Role.ADMIN, None, by=audit.OPERATOR)
            assert grant is not None
            if not grant.confirmed:
                confirmer = (await grants.confirmers(work, grant))[0]
                await grants.confirm(work, grant.id, confirmer.person)
        return person

    async def granted(self, account: int, role: Role, branch: str | None, admin: int) -> int:
        """Somebody with a role that `admin` confirmed."""
        person = await self.somebody(account)
        async with self.work() as work:
            grant = await grants.propose(work, person, role, branch, by=audit.OPERATOR)
            assert grant is not None
            assert await grants.confirm(work, grant.id, admin)
        return person
