"""Rosters: one use for each line, an honest report, and nobody's name anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.services import audit, files, invitations
from bot.services.attachments import Attachments, claim, note_kept
from bot.services.branches import members
from bot.services.invitations import Links
from bot.services.people import Person
from bot.services.roles.rules import NotAllowed, Role
from bot.services.rosters import rows
from bot.services.rosters.desk import MOST_BYTES, RosterDesk
from bot.services.rosters.files import Line
from bot.store.tables import attachments, memberships, metadata
from bot.store.work import Work
from bot.talk import hears
from tests.services.people import City

LINES = [Line(2, "A1", "甲"), Line(3, "", "乙"), Line(5, "A3", "丙")]
TOKENS = ["one", "two", "three"]


async def _made(city: City, branch: str = "east-1") -> int:
    async with city.work() as work:
        return await rows.make(work, branch, LINES, audit.OPERATOR, TOKENS)


async def _join(city: City, token: str, account: int) -> bool:
    person = await city.somebody(account)
    async with city.work() as work:
        invitation = await invitations.look(work, token)
        return invitation is not None and await invitations.join(work, invitation.id, person)


async def test_each_link_is_used_once_and_the_report_says_by_whom_it_can(city: City) -> None:
    roster = await _made(city)
    assert await _join(city, "two", 7)
    assert not await _join(city, "two", 8)
    async with city.work() as work:
        found = await rows.entries(work, roster)
        assert [(entry.line, entry.reference, entry.joined) for entry in found] == [
            (2, "A1", False),
            (3, "", True),
            (5, "A3", False),
        ]
        (counted,) = await rows.of_branch(work, "east-1")
        assert (counted.lines, counted.joined) == (3, 1)


async def test_who_joins_by_a_list_agreed_to_being_seen(city: City) -> None:
    await _made(city)
    assert await _join(city, "one", 7)
    async with city.work() as work:
        row = await work.first(sa.select(memberships.c.consent))
    assert row is not None
    assert row.consent == members.CONSENT_LISTED


async def test_who_belongs_there_already_uses_no_link(city: City) -> None:
    roster = await _made(city)
    assert await _join(city, "one", 7)
    assert not await _join(city, "two", 7)
    async with city.work() as work:
        assert sum(entry.joined for entry in await rows.entries(work, roster)) == 1


async def test_no_committee_and_no_stranger(city: City) -> None:
    boss = await city.admin(100)
    west = await city.granted(101, Role.ORGANIZER, "west", boss)
    roster = await _made(city)
    async with city.work() as work:
        with pytest.raises(ValueError, match="people belong to a branch"):
            await rows.make(work, "east", LINES, audit.OPERATOR, TOKENS)
        with pytest.raises(NotAllowed):
            await rows.make(work, "east-1", LINES, west, TOKENS)
        with pytest.raises(NotAllowed):
            await rows.seen_by(work, roster, west)
        assert await rows.seen_by(work, roster + 1, west) is None


async def test_it_is_forgotten_in_time(city: City) -> None:
    roster = await _made(city)
    city.now += rows.KEEP
    async with city.work() as work:
        await rows.prune(work)
        assert await rows.entries(work, roster)
    city.now += timedelta(seconds=1)
    async with city.work() as work:
        await rows.prune(work)
        assert await rows.entries(work, roster) == []
        assert await rows.all_rosters(work) == []


def _desk(work: Work, person: int, city: City) -> RosterDesk:
    tokens = iter(TOKENS)
    links = Links("wayside_bot", lambda: next(tokens))
    return RosterDesk(work, Person(person, 101, "zh_CN", city.now.date()), links)


async def _sent(work: Work, person: int, city: City, content: bytes) -> int:
    taker = Attachments(work, Person(person, 101, "zh_CN", city.now.date()))
    number = await taker.take(hears.File("f", "名单.csv", size=len(content)), rows.PURPOSE)
    for wanted in await claim(work, 1):
        await note_kept(work, wanted, content, "名单.csv", "text/csv")
    return number


async def test_a_list_that_was_sent_leaves_no_name_behind(city: City) -> None:
    """What an organizer sends holds names and telephone numbers: they are gone once the links are made."""
    boss = await city.admin(100)
    person = await city.granted(101, Role.ORGANIZER, "east", boss)
    async with city.work() as work:
        number = await _sent(work, person, city, "编号,姓名,手机\nA1,王小明,13800000000".encode())
        key = await _desk(work, person, city).make(number, "east-1")
        assert (await files.read(work, key)).content[:2] == b"PK"
    async with city.work() as work:
        kept = [row for table in metadata.sorted_tables for row in await work.fetch(sa.select(table))]
    held = b"".join(value if isinstance(value, bytes) else str(value).encode() for r in kept for value in r)
    assert "王小明".encode() not in held
    assert b"13800000000" not in held


async def test_a_list_that_was_never_used_is_let_go_of(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        await _sent(work, person, city, "姓名\n甲".encode())
    city.now += rows.KEEP_UPLOADS + timedelta(seconds=1)
    async with city.work() as work:
        await rows.prune(work)
        assert await work.fetch(sa.select(attachments)) == []


async def test_what_is_too_big_for_a_list_is_not_read(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        number = await _sent(work, person, city, b"x" * (MOST_BYTES + 1))
        desk = _desk(work, person, city)
        upload = await desk.upload(number)
        assert upload is not None
        with pytest.raises(ValueError, match="too big"):
            await desk.read(upload)
