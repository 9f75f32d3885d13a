"""The demo's organizer, admin and desk officers: as everybody gets a role, and only once."""

from __future__ import annotations

import pytest

from bot.demo_roles import ADMIN, CHIEF, CLERK, ORGANIZED, ORGANIZER, SERVED, name_roles
from bot.services import audit
from bot.services.branches.files import load_content
from bot.services.people import welcome
from bot.services.roles import grants
from bot.services.roles.rules import Action, Reach, reach
from bot.settings import ROOT
from bot.store.database import Database
from tests.conftest import BOT, NOW


@pytest.mark.parametrize("times", [1, 3])
async def test_the_roles_are_there_however_often_the_demo_starts(database: Database, times: int) -> None:
    for _ in range(times):
        async with database.work(BOT, NOW) as work:
            await load_content(work, ROOT / "content")
            await name_roles(work)
    async with database.work(BOT, NOW) as work:
        people = await welcome(work, dict.fromkeys((ADMIN, ORGANIZER, CLERK, CHIEF)), "zh_CN")
        assert len(await grants.under(work, None)) == 4
        assert await reach(work, people[ADMIN].id, Action.CONFIRM_ROLE) == Reach(everywhere=True)
        assert await reach(work, people[ORGANIZER].id, Action.COUNT_MEMBERS) == Reach(branches=(ORGANIZED,))
        serving = {
            account: await reach(work, people[account].id, Action.HANDLE_APPEALS) for account in people
        }
        assert serving == {
            **dict.fromkeys((ADMIN, ORGANIZER), Reach()),
            CLERK: Reach(branches=(SERVED,)),
            CHIEF: Reach(everywhere=True),
        }
        assert not (await audit.verify(work)).flaws
