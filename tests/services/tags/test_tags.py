"""Tags: given and taken away within one's own branches, and dropped by who has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.i18n import speaking
from bot.services import people
from bot.services.branches import members
from bot.services.invitations import InvitationDesk, Links, Offer, join, look, make
from bot.services.roles.rules import NotAllowed, Reach, Role
from bot.services.segments import SegmentError, audience, parse
from bot.services.tags.book import Tag, cleaned, rounded
from bot.services.tags.desk import TagDesk
from bot.store.database import Database
from bot.store.tables import audit, memberships, person_tags
from bot.store.tables import people as people_table
from tests.services.people import City
from tests.transcript import small_shelf

BOSS, EAST, WEST = 1, 2, 3
ANN, BOB, WES = 10, 11, 20


class Office(City):
    """Two organizers; Ann and Bob belong to the east, Wes to the west."""

    async def build(self) -> None:
        """The people, and who looks after them."""
        await super().build()
        boss = await self.admin(BOSS)
        for account, branch in ((EAST, "east"), (WEST, "west")):
            await self.granted(account, Role.ORGANIZER, branch, boss)
        for account, branch in ((ANN, "east-1"), (BOB, "east-2"), (WES, "west-1")):
            person = await self.somebody(account)
            async with self.work() as work:
                assert await members.join(work, person, branch)

    @asynccontextmanager
    async def desk(self, account: int) -> AsyncIterator[TagDesk]:
        """Somebody's tags, for one transaction."""
        async with self.work() as work:
            met = await people.welcome(work, {account: "zh"}, "zh_CN")
            yield TagDesk(work, met[account], small_shelf().library)

    async def give(self, tag: str, segment: str = "all", branch: str = "east", account: int = EAST) -> str:
        """An organizer gives a tag; gives the moment."""
        async with self.desk(account) as desk:
            return await desk.give(tag, segment, branch)

    async def tagged(self, tag: str) -> set[int]:
        """Who has a tag, by account."""
        theirs = sa.select(people_table.c.account).join(
            person_tags, person_tags.c.person == people_table.c.id
        )
        async with self.work() as work:
            return {row.account for row in await work.fetch(theirs.where(person_tags.c.tag == tag))}


@pytest.fixture
async def office(database: Database, now: datetime) -> Office:
    """The office, on each kind of database."""
    made = Office(database, now)
    await made.build()
    return made


async def test_it_goes_to_everybody_meant_and_stays_within_the_branch(office: Office) -> None:
    await office.give("夜班")
    assert await office.tagged("夜班") == {ANN, BOB}
    await office.give("外卖", "all | couriers", "east-1")
    assert await office.tagged("外卖") == {ANN}
    async with office.work() as work:
        found = await audience(work, parse("tag:夜班 - tag:外卖"), Reach(everywhere=True))
    assert len(found.people) == 1


async def test_giving_it_again_changes_nothing_and_undo_takes_only_what_was_given_last(
    office: Office,
) -> None:
    await office.give("夜班", branch="east-2")
    office.now = office.now.replace(hour=7)
    given = await office.give("夜班")
    async with office.desk(EAST) as desk:
        assert await desk.undo("夜班", given) == 1
    assert await office.tagged("夜班") == {BOB}


async def test_anothers_people_are_out_of_reach(office: Office) -> None:
    await office.give("夜班")
    for branch in ("east", "east-1", "city", None):
        async with office.desk(WEST) as desk:
            for tried in (desk.give("x", "all", branch), desk.take("夜班", "all", branch)):
                with pytest.raises(NotAllowed):
                    await tried
            with pytest.raises(NotAllowed):
                await desk.meant("all", branch)
    async with office.desk(WEST) as desk:
        assert await desk.all() == []
        assert await desk.get("夜班") is None
        assert await desk.take("夜班", "all | couriers", "west") == 0
        with speaking("en"), pytest.raises(SegmentError, match="None of your people has the tag"):
            await desk.meant("tag:夜班", "west")
    assert await office.tagged("夜班") == {ANN, BOB}


@pytest.mark.parametrize("account", [ANN, 99])
async def test_who_looks_after_nobody_gives_no_tags(office: Office, account: int) -> None:
    given = await office.give("夜班")
    async with office.desk(account) as desk:
        assert await desk.all() == []
        for tried in (desk.give("x", "all", "east-1"), desk.undo("夜班", given)):
            with pytest.raises(NotAllowed):
                await tried


async def test_who_has_one_drops_their_own_only(office: Office) -> None:
    await office.give("夜班")
    async with office.desk(ANN) as desk:
        assert await desk.mine() == ["夜班"]
        assert await desk.drop("夜班")
        assert not await desk.drop("夜班")
        assert await desk.mine() == []
    assert await office.tagged("夜班") == {BOB}


async def test_who_moves_to_another_branch_brings_no_tags_along(office: Office) -> None:
    """What the east wrote of somebody, the organizers of their new branch would have read."""
    await office.give("夜班")
    ann = await office.somebody(ANN)
    async with office.work() as work:
        assert await members.join(work, ann, "west-1")
    assert await office.tagged("夜班") == {BOB}
    async with office.desk(WEST) as desk:
        assert await desk.all() == []


async def test_numbers_are_rounded_and_small_ones_not_told(office: Office) -> None:
    assert [rounded(count) for count in (0, 4, 5, 7, 8, 23)] == [None, None, 5, 5, 5, 20]
    await office.give("夜班")
    for account in range(30, 36):
        person = await office.somebody(account)
        async with office.work() as work:
            await members.join(work, person, "east-1")
    await office.give("新人", "branch:east-1")
    async with office.desk(EAST) as desk:
        assert set(await desk.all()) == {Tag("夜班", None), Tag("新人", 5)}


async def test_the_log_says_how_many_and_not_which_tag(office: Office) -> None:
    given = await office.give("困难")
    async with office.desk(EAST) as desk:
        await desk.take("困难", "all", "east-1")
        await desk.undo("困难", given)
    async with office.work() as work:
        entries = [row.entry for row in await work.fetch(sa.select(audit.c.entry))]
    told = [entry for entry in entries if '"event":"tag.' in entry]
    assert ['"people":2' in entry for entry in told] == [True, False, False]
    assert not any("困难" in entry for entry in entries)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  night   shift ", "night shift"),
        ("“夜班”", "夜班"),
        ("「夜班」", "夜班"),
        ('""', None),
        ("x" * 31, None),
    ],
)
def test_a_tag_is_a_word_or_two_without_quotation_marks(typed: str, kept: str | None) -> None:
    assert cleaned(typed) == kept


async def test_what_is_no_tag_is_given_to_nobody(office: Office) -> None:
    with pytest.raises(ValueError, match="no such tag"):
        await office.give('a"b')


# -- Links ------------------------------------------------------------------------------------


async def test_a_link_gives_its_tag_to_who_joins_by_it(office: Office) -> None:
    stranger = await office.somebody(40)
    organizer = await office.somebody(EAST)
    async with office.work() as work:
        await make(work, Offer("east-1", tag="新人"), organizer, "token")
        invitation = await look(work, "token")
        assert invitation is not None
        assert await join(work, invitation.id, stranger)
        assert not await join(work, invitation.id, stranger), "they belong there already"
        row = await work.first(sa.select(memberships.c.consent).where(memberships.c.person == stranger))
    assert row is not None
    assert row.consent == members.CONSENT_TAGGED
    assert await office.tagged("新人") == {40}


async def test_a_link_into_another_branch_is_not_made(office: Office) -> None:
    async with office.work() as work:
        person = (await people.welcome(work, {EAST: "zh"}, "zh_CN"))[EAST]
        with pytest.raises(NotAllowed):
            await InvitationDesk(work, person, Links("wayside_bot")).make(Offer("west-1", tag="x"))
