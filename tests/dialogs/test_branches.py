"""What a transcript of branches cannot show: forged taps, hostile names, and what is in no table."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from bot.dialogs import everything
from bot.services.incoming import Command, Incoming, Press, What
from bot.services.presses import short
from bot.services.roles import grants
from bot.services.roles.rules import Action, may
from bot.services.stations.board import StationBoard
from bot.store.database import Database
from bot.store.tables import metadata
from tests.conftest import NOW
from tests.transcript import BOT, Player

BOSS, SECOND, EAST, WEST, STRANGER = 1001, 1002, 1003, 1004, 1005
ROLES = f"""
# language en
# branches
# operator invites admin
# private {BOSS}
> /start join_token1
> [I'm in]
> Chen
# operator invites organizer east
# private {EAST}
> /start join_token2
> [I'm in]
> Wang
# private {BOSS}
> [✓ Confirm]
# operator invites organizer west
# private {WEST}
> /start join_token3
> [I'm in]
> Zhou
"""


class Office(Player):
    """A player who can also send what no screen ever offered."""

    numbers = itertools.count(9000)

    async def forge(self, account: int, what: What) -> str:
        """Somebody sends this in their own chat; gives all that is said then."""
        self.chat = self.account = account
        before = len(self.lines)
        await self._intake.play([Incoming(next(self.numbers), account, account, what, True, "en", 1)])
        await self._deliver_notices()
        return "\n".join(self.lines[before:])


@pytest.fixture
async def office(sqlite: Database, board: StationBoard) -> Office:
    """An admin, an organizer of the east, and one of the west who waits to be confirmed."""
    made = Office(sqlite, everything(), board, NOW)
    await made.play(ROLES)
    return made


async def _waiting(office: Office) -> grants.Grant:
    async with office.database.work(BOT, NOW) as work:
        return next(grant for grant in await grants.under(work, None) if not grant.confirmed)


@pytest.mark.parametrize("account", [EAST, WEST, STRANGER])
@pytest.mark.parametrize("action", ["confirm", "refuse"])
async def test_nobody_decides_by_a_forged_tap(office: Office, account: int, action: str) -> None:
    grant = await _waiting(office)
    said = await office.forge(account, Press(f"a:{action}:{short(grant.id)}", "q"))
    assert said == "! Somebody else has to decide this one."
    assert await _waiting(office) == grant


async def test_an_admin_who_taps_twice_reads_that_it_worked(office: Office) -> None:
    number = short((await _waiting(office)).id)
    first = await office.forge(BOSS, Press(f"a:confirm:{number}", "q"))
    assert "✓ Confirmed: " in first
    again = await office.forge(BOSS, Press(f"a:confirm:{number}", "q"))
    assert again in first
    assert "✓ Confirmed: " in again
    told_others = await office.forge(EAST, Press(f"a:confirm:{number}", "q"))
    assert "decided already" in told_others
    assert "West" not in told_others


@pytest.mark.parametrize("number", ["", "0", "zzzz", "-1", "9" * 50, "1'--"])
async def test_a_role_that_never_was_is_decided_by_nobody(office: Office, number: str) -> None:
    assert "decided already" in await office.forge(BOSS, Press(f"a:confirm:{number}", "q"))


async def test_an_organizer_sees_no_numbers_and_no_names_elsewhere(office: Office) -> None:
    said = await office.forge(EAST, Press("a:branches:west", "q"))
    assert "West Industry Committee" in said
    for word in ("member", "Invite", "role", "Zhou", "<5"):
        assert word not in said
    assert "fewer than 5 members" in await office.forge(EAST, Press("a:branches:east", "q"))


async def test_a_role_that_was_taken_away_closes_the_open_screen(office: Office) -> None:
    await office.forge(EAST, Press("a:branches:east-1", "q"))
    async with office.database.work(BOT, NOW) as work:
        boss, wang = [grant for grant in await grants.under(work, None) if grant.confirmed]
        await grants.revoke(work, wang.id, boss.person)
        assert not await may(work, wang.person, Action.INVITE_MEMBERS, "east-1")
    await office.say("[➕ Invite members]")
    assert office.lines[-1] == "! That is not yours to do."
    assert not any("start=join" in line for line in office.lines)


@pytest.mark.parametrize("branch", ["nowhere", "", "x" * 60, "'; DROP TABLE branches"])
async def test_a_branch_that_never_was_shows_the_top(office: Office, branch: str) -> None:
    assert "Tap through" in await office.forge(STRANGER, Press(f"a:branches:{branch}", "q"))


@pytest.mark.parametrize("token", ["", "_", "token", "A" * 60])
async def test_a_guessed_link_says_what_to_do(office: Office, token: str) -> None:
    assert "Ask whoever sent it" in await office.forge(STRANGER, Command("start", f"join_{token}"))


async def test_a_name_is_data_and_gone_with_the_role(office: Office) -> None:
    name = "**Bold** [x](https://a.b) {called}"
    await office.play(
        f"# operator invites desk east-1\n# private {STRANGER}\n> /start join_token4\n> [I'm in]"
    )
    await office.say(name)
    notices = [line for line in office.lines if line.startswith(f"({BOSS})") and name in line]
    assert len(notices) == 1
    async with office.database.work(BOT, NOW) as work:
        (grant,) = [one for one in await grants.under(work, None) if one.called == name]
        assert await grants.refuse(work, grant.id, (await grants.confirmers(work, grant))[0].person)
        kept = await work.fetch(sa.select(metadata.tables["grants"].c.called))
    assert name not in {row.called for row in kept}


async def test_a_token_stays_out_of_every_table(office: Office) -> None:
    token = "token4"
    await office.play(f"# operator invites member east-1\n# private {STRANGER}\n> /start join_{token}")
    assert "would like you to join" in "\n".join(office.lines)
    async with office.database.work(BOT, NOW) as work:
        rows = [str(row) for table in metadata.sorted_tables for row in await work.fetch(sa.select(table))]
    assert token not in "\n".join(rows)
