"""Who is forgotten leaves nobody in vain: whom it concerns hears of it, and places go to who waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.dialogs.giving_back import give_places_back, give_wishes_back
from bot.services.events import book
from bot.services.events.desk import EventDesk
from bot.services.events.model import Draft, Place
from bot.services.invitations import Links
from bot.services.notices import Notices
from bot.services.privacy.forgetting import forget
from bot.services.privacy.holdings import Whom
from bot.services.tracks import enrolment
from bot.services.tracks.desk import TrackDesk
from bot.store.database import Database
from bot.store.tables import outbox, track_places
from tests.conftest import BOT
from tests.services.neighbours import EAST, HOME, Quarter
from tests.transcript import small_shelf

GONE, HELPER, OTHER = 910_000_011, 910_000_012, 910_000_013
LINKS = Links("wayside_bot", secret="secret")
TRACK = small_shelf().library.tracks[0].id


@pytest.fixture
async def quarter(sqlite: Database, now: datetime) -> Quarter:
    """A small city whose people belong to the east."""
    made = Quarter(sqlite, now)
    await made.build()
    for account in (GONE, HELPER, OTHER):
        await made.join(account, "east-1")
    return made


async def _wish(quarter: Quarter, account: int, what: str) -> int:
    async with quarter.wishes(account) as desk:
        number = (await desk.wish(what, "s1", HOME)).wish.id
    async with quarter.wishes(EAST) as desk:
        await desk.let_be_seen(number, yes=True)
    return number


async def _event(quarter: Quarter) -> int:
    """A training of one place."""
    at = quarter.now + timedelta(days=3)
    draft = Draft("training", "First aid", "", "East 5", "east", "all", at, "Asia/Shanghai", places=1)
    async with quarter.work() as work:
        return await EventDesk(work, await quarter.person(work, EAST), LINKS).make(draft)


async def _forget(quarter: Quarter) -> list[tuple[int, str]]:
    """All that /forget does, but for appeals; gives what is said by that, and to whom."""
    async with quarter.work() as work:
        await work.execute(sa.delete(outbox))
        person = await quarter.person(work, GONE)
        notices = Notices(work)
        await give_wishes_back(quarter.wish_desk(work, person), notices)
        tracks = TrackDesk(small_shelf().library, work, person, LINKS)
        await give_places_back(EventDesk(work, person, LINKS), tracks, notices)
        await forget(work, Whom(BOT, person.id, GONE))
        rows = await work.fetch(sa.select(outbox.c.chat, outbox.c.body).order_by(outbox.c.id))
    return [(row.chat, row.body["text"]) for row in rows]


async def test_a_wish_that_was_taken_on_and_one_taken_on_by_them(quarter: Quarter) -> None:
    """The one vanished and its claimer was never told; the other stayed claimed by nobody for a week."""
    theirs, others = await _wish(quarter, GONE, "cotton shoes"), await _wish(quarter, OTHER, "a scarf")
    async with quarter.wishes(HELPER) as desk:
        await desk.claim(theirs, "person")
    async with quarter.wishes(GONE) as desk:
        await desk.claim(others, "person")
    (claimed, taken_back), (wished, back) = await _forget(quarter)
    assert (claimed, wished) == (HELPER, OTHER)
    assert "cotton shoes" in taken_back
    assert "back on the list" in back
    async with quarter.wishes(HELPER) as desk:
        assert [one.id for one in await desk.open_ones()] == [others]
        assert await desk.taken_on() == []


async def test_a_place_at_an_event_and_one_in_a_course(quarter: Quarter) -> None:
    """The place was gone with them, and nobody who waited moved up."""
    event = await _event(quarter)
    gone, other = await quarter.somebody(GONE), await quarter.somebody(OTHER)
    async with quarter.work() as work:
        limit = {"bot": BOT, "track": TRACK, "places": 1, "about": "", "set_by": 1, "set_at": work.now}
        await work.execute(sa.insert(track_places), limit)
        for person in (gone, other):
            await book.take(work, event, person)
            await enrolment.join(work, person, TRACK)
    told = await _forget(quarter)
    async with quarter.work() as work:
        assert await book.place_of(work, event, other) == Place("booked")
        assert await enrolment.state_of(work, other, TRACK) == enrolment.ENROLLED
    assert [account for account, _text in told] == [OTHER, OTHER]
    assert "First aid" in told[0][1]
