"""Whom segments reach, on both databases; and that no segment reaches beyond an organizer's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.i18n import speaking
from bot.services import people
from bot.services.branches import members
from bot.services.privacy.consents import MEMBERSHIP, VERSIONS, decide_for
from bot.services.roles.rules import Reach, Role
from bot.services.segments import Audience, SegmentError, audience, describe, names, parse, say, settle
from bot.services.segments.model import conditions
from bot.services.segments.predicates import PREDICATES
from bot.store.tables import chats, checkins, lesson_places, person_tags, round_people, rounds
from bot.store.tables import people as people_table
from tests.conftest import BOT
from tests.services.people import City
from tests.transcript import small_shelf

EVERYWHERE = Reach(everywhere=True)
EAST = Reach(branches=("east",))
LIBRARY = small_shelf().library


async def person(city: City, account: int, branch: str | None = None, **said: object) -> int:
    """Somebody of a branch, with columns of `people`."""
    number = await city.somebody(account)
    async with city.work() as work:
        if branch:
            await members.join(work, number, branch)
        if said:
            changed = sa.update(people_table).where(people_table.c.id == number).values(**said)
            await work.execute(changed)
    return number


async def group(city: City, chat: int, branch: str | None, **said: object) -> int:
    """A group of a branch."""
    async with city.work() as work:
        values = {"bot": BOT, "chat": chat, "kind": "supergroup", "branch": branch}
        await work.execute(sa.insert(chats).values(**values, **said))
    return chat


async def reached(city: City, typed: str, reach: Reach = EVERYWHERE) -> Audience:
    """Whom a typed segment reaches."""
    async with city.work() as work:
        return await audience(work, parse(typed), reach)


async def test_conditions(city: City) -> None:
    ago = (city.now - timedelta(days=20)).date()
    rider = await person(city, 1, "east-1", work_kind="rider", district="巴南区", language="zh_CN")
    courier = await person(city, 2, "east-2", work_kind="courier", language="en", seen_on=ago)
    trucker = await person(city, 3, "west-1", work_kind="trucker", seen_on=ago)
    stranger = await person(city, 4)
    admin = await city.admin(5)
    organizer = await city.granted(6, Role.ORGANIZER, "east", admin)
    async with city.work() as work:
        tag = {"bot": BOT, "person": courier, "tag": "新人", "set_at": city.now}
        await work.execute(sa.insert(person_tags).values(**tag))
        for whose, finished in ((rider, city.now), (courier, None)):
            place = {"bot": BOT, "person": whose, "lesson": "heat_work", "state": "done", "card": "end"}
            times = {"begun_at": city.now, "touched_at": city.now, "finished_at": finished}
            await work.execute(sa.insert(lesson_places).values(**place, place={}, **times))
    expected: dict[str, Sequence[int]] = {
        "all": (rider, courier, trucker, stranger, admin, organizer),
        "branch:east": (rider, courier),
        "支部:城东外卖支部": (rider,),
        "branch:city": (rider, courier, trucker),
        "riders, truckers": (rider, trucker),
        "all - riders": (courier, trucker, stranger, admin, organizer),
        "district:巴南": (rider,),
        "language:en": (courier,),
        "tag:新人": (courier,),
        "active<7d": (rider, stranger, admin, organizer),
        "active>7d": (courier, trucker),
        "finished:heat_work": (rider,),
        "branch:city unfinished:heat_work": (courier, trucker),
        "organizers": (organizer,),
        "organizers or admins": (admin, organizer),
        "members": (rider, courier, trucker),
        "members - (couriers or truckers)": (rider,),
        "riders or active<7d": (rider, stranger, admin, organizer),
        "riders couriers": (),
    }
    for typed, meant in expected.items():
        assert (await reached(city, typed)).people == tuple(meant), typed


async def test_who_answered_is_known_of_named_check_ins_only(city: City) -> None:
    yes = await person(city, 1, "east-1")
    no = await person(city, 2, "east-1")
    async with city.work() as work:
        for number, anonymous in ((7, False), (8, True)):
            made = {"id": number, "bot": BOT, "made_by": yes, "title": "t", "questions": [], "segment": "all"}
            times = {"zone": "Asia/Shanghai", "at": city.now, "close_minutes": 60, "made_at": city.now}
            kind = {"anonymous": anonymous, "safety": False, "rounds": 1}
            await work.execute(sa.insert(checkins).values(**made, **times, **kind))
            opened = {"id": number * 10, "bot": BOT, "checkin": number, "number": 1, "told": ""}
            hours = {"opened_at": city.now, "closes_at": city.now}
            await work.execute(sa.insert(rounds).values(**opened, **hours))
            for whose, answered in ((yes, True), (no, False)):
                asked = {"bot": BOT, "round": number * 10, "person": whose, "answered": answered}
                await work.execute(sa.insert(round_people).values(**asked))
    assert (await reached(city, "answered:7")).people == (yes,)
    assert (await reached(city, "没答:7")).people == (no,)
    assert (await reached(city, "answered:8")).people == ()


async def test_a_role_counts_while_it_is_in_force(city: City) -> None:
    admin = await city.admin(5)
    await city.granted(6, Role.ORGANIZER, "east", admin)
    async with city.work() as work:
        await work.execute(sa.text("UPDATE grants SET expires_at = made_at WHERE role = 'organizer'"))
    assert (await reached(city, "organizers")).people == ()


async def test_groups_are_asked_what_is_known_of_groups(city: City) -> None:
    rider = await person(city, 1, "east-1", work_kind="rider")
    east = await group(city, -1, "east-1", language="zh_CN")
    west = await group(city, -2, "west-1", language="en")
    unbound = await group(city, -3, None)
    expected: dict[str, Sequence[int]] = {
        "all": (unbound, west, east),
        "branch:east": (east,),
        "branch:east & riders": (east,),
        "branch:east - organizers": (east,),
        "riders": (),
        "all - branch:east": (unbound, west),
        "language:en or branch:east": (west, east),
    }
    for typed, meant in expected.items():
        assert (await reached(city, f"({typed}) to:groups")).groups == tuple(meant), typed
    both = await reached(city, "branch:east to:both")
    assert (both.people, both.groups, len(both)) == ((rider,), (east,), 2)


async def test_who_cannot_be_reached_is_counted(city: City) -> None:
    here = await person(city, 1, "east-1")
    await person(city, 2, "east-1", blocked_at=city.now)
    await group(city, -1, "east-1", left_at=city.now)
    await group(city, -2, "east-1", silent_since=city.now)
    await group(city, -3, "east-1", became=-4)
    await group(city, -4, "east-1")
    assert await reached(city, "branch:east to:both") == Audience((here,), (-4,), blocked=1, left=2)


ATTEMPTS = [
    "all",
    "all - branch:east",
    "-riders",
    "riders or all",
    "all or branch:east",
    "-(branch:east -branch:east)",
    "members",
    "admins or organizers or members",
    "active<3650d",
    "(-tag:x) or tag:x",
    "-finished:heat_work",
    "-answered:7",
    "-district:x",
    "language:zh_CN or language:en",
]


def test_an_attempt_is_made_with_every_condition() -> None:
    """Whoever adds a condition tries to get out of a branch with it."""
    tried = {each.key for attempt in ATTEMPTS for each in conditions(parse(attempt).condition)}
    assert tried == set(PREDICATES)


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_no_segment_reaches_beyond_the_reach(city: City, attempt: str) -> None:
    mine = await person(city, 1, "east-1-a", work_kind="courier")
    await person(city, 2, "west-1")
    await person(city, 3)
    await group(city, -1, "east-2")
    await group(city, -2, "west-1")
    await group(city, -3, None)
    found = await reached(city, f"({attempt}) to:both", EAST)
    assert set(found.people) <= {mine}
    assert set(found.groups) <= {-1}


async def test_who_looks_after_nothing_reaches_nobody(city: City) -> None:
    await person(city, 1, "east-1")
    await group(city, -1, None)
    assert await reached(city, "all to:both", Reach()) == Audience((), ())


async def test_a_branch_elsewhere_is_told_like_one_that_never_was(city: City) -> None:
    sentences = set()
    for name in ("west-1", "nowhere-1"):
        with speaking("en"), pytest.raises(SegmentError) as raised:
            await reached(city, f"riders & branch:{name}", EAST)
        assert raised.value.position == 16
        sentences.add(raised.value.sentence.replace(name, "…").split(" Possible")[0])
    assert sentences == {"None of your branches is called “…”."}


async def test_branches_by_name(city: City) -> None:
    async with city.work() as work:
        with speaking("zh_CN"):
            found = await settle(work, parse("支部:城东外卖支部,城东快递"), EVERYWHERE, LIBRARY)
            assert found == parse("branch:east-1,east-2")
            assert dict(await names(work, found, LIBRARY))["branch", "east-1"] == "城东外卖支部"
            with pytest.raises(SegmentError, match="不止一个"):
                await settle(work, parse("支部:城东"), EVERYWHERE, LIBRARY)


# -- Slips ----------------------------------------------------------------------------------


async def settled(city: City, typed: str, reach: Reach = EAST) -> str:
    """A typed line with ids for its names."""
    async with city.work() as work:
        return say(await settle(work, parse(typed), reach, LIBRARY))


async def tagged(city: City, person_id: int, tag: str) -> None:
    """Somebody gets a tag."""
    async with city.work() as work:
        values = {"bot": BOT, "person": person_id, "tag": tag, "set_at": city.now}
        await work.execute(sa.insert(person_tags).values(**values))


async def asked(city: City, number: int, branch: str, title: str, *, anonymous: bool = False) -> None:
    """A check-in of a branch."""
    async with city.work() as work:
        made = {"id": number, "bot": BOT, "made_by": 1, "title": title, "questions": [], "segment": "all"}
        times = {"zone": "Asia/Shanghai", "at": city.now, "close_minutes": 60, "made_at": city.now}
        kind = {"anonymous": anonymous, "safety": False, "rounds": 0, "branch": branch}
        await work.execute(sa.insert(checkins).values(**made, **times, **kind))


async def a_known_city(city: City) -> None:
    """The east has a tag, a district and check-ins; so has the west."""
    await tagged(city, await person(city, 1, "east-1", district="巴南区"), "新人")
    await tagged(city, await person(city, 2, "west-1", district="江津区"), "西边的秘密")
    await asked(city, 7, "east-1", "Coming on Saturday?")
    await asked(city, 8, "east", "How is it?", anonymous=True)
    await asked(city, 9, "west-1", "A secret of the west")


@pytest.mark.parametrize(
    ("typed", "place", "words"),
    [
        ("unfinished:frist_hour", 11, "no lesson “frist_hour”. Possible: first_hour"),
        ("riders unfinished:heat_wrok", 18, "no lesson “heat_wrok”"),
        ("all - tag:新入", 10, "has the tag “新入”. Possible: 新人"),
        ("-tag:西边的秘密", 5, "None of your people has the tag “西边的秘密”. Possible: 新人"),
        ("unanswered:99999", 11, "the number 99999. Possible: 7 (Coming on Saturday?)"),
        ("unanswered:9", 11, "the number 9. Possible: 7 (Coming on Saturday?)"),
        ("unanswered:8", 11, "the number 8."),
        ("district:巴男", 9, "no district “巴男”. Possible: 巴南区"),
        ("- district:江津区", 11, "no district “江津区”. Possible: 巴南区"),
    ],
)
async def test_a_slip_is_not_heard_as_everybody(city: City, typed: str, place: int, words: str) -> None:
    """`- finished:heat_wrok` was true of all whom an organizer looks after, and went to all of them."""
    await a_known_city(city)
    with speaking("en"), pytest.raises(SegmentError) as raised:
        await settled(city, typed)
    assert raised.value.position == place
    assert words in raised.value.sentence.replace("\\", "")
    assert "secret of the west" not in raised.value.sentence


async def test_names_become_ids(city: City) -> None:
    await a_known_city(city)
    title = LIBRARY.lessons[0].text("zh_CN").head.title
    expected = {
        f'没学完:"{title}"': f"- finished:{LIBRARY.lessons[0].id}",
        "没答:7": "- answered:7",
        "标签:新": "tag:新人",
        "片区:巴南": "district:巴南区",
    }
    for typed, meant in expected.items():
        assert await settled(city, typed) == meant


async def test_what_was_settled_stays_when_its_tag_and_lesson_are_gone(city: City) -> None:
    """A planned broadcast is not called off because the last one with a tag dropped it."""
    mine = await person(city, 1, "east-1")
    assert (await reached(city, "all - tag:gone - finished:gone", EAST)).people == (mine,)


async def test_lessons_and_check_ins_are_told_by_their_titles(city: City) -> None:
    """An organizer and who approves read `first_hour` and `7`, and had to know what that is."""
    await a_known_city(city)
    lesson = LIBRARY.lessons[0]
    segment = parse(f"unfinished:{lesson.id} unanswered:7 answered:7,99")
    async with city.work() as work:
        for locale, told in (("zh_CN", "没学完《{}》"), ("en", "not finished the lesson “{}”")):
            with speaking(locale):
                said = describe(segment, await names(work, segment, LIBRARY))
                assert told.format(lesson.text(locale).head.title) in said
                assert "Coming on Saturday?" in said


# -- Days -----------------------------------------------------------------------------------------


async def test_active_since_yesterday_is_meant_as_people_mean_it(city: City) -> None:
    """At 7:30 in Shanghai it is still yesterday in UTC: who wrote last evening was not "active today", and
    "active today" was nobody until eight."""
    last_evening = datetime.fromisoformat("2026-05-12T21:00+08:00")
    this_morning = datetime.fromisoformat("2026-05-13T07:30+08:00")
    found = []
    for account, moment in ((1, last_evening - timedelta(days=1)), (2, last_evening), (3, this_morning)):
        async with city.database.work(BOT, moment) as work:
            found.append((await people.welcome(work, {account: "zh"}, "zh_CN"))[account].id)
    early, evening, morning = found
    for at in (this_morning, this_morning + timedelta(hours=1)):
        async with city.database.work(BOT, at) as work:
            for typed, meant in (("active<1d", (evening, morning)), ("active>1d", (early,))):
                assert (await audience(work, parse(typed), EVERYWHERE)).people == meant


async def test_people_of_another_city_are_nobodys(city: City) -> None:
    await person(city, 1, "east-1")
    async with city.database.work(BOT + 1, city.now) as work:
        await people.welcome(work, {9: "zh"}, "zh_CN")
        found = await audience(work, parse("all to:both"), EVERYWHERE)
    assert len(found) == 1
    assert len((await reached(city, "all")).people) == 1


async def test_words_of_membership_that_changed_are_decided_on_first(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await person(city, 1, "east-1")
    monkeypatch.setitem(VERSIONS, MEMBERSHIP, "2")
    new = await person(city, 2, "east-1")
    assert (await reached(city, "all", EAST)).people == (new,)
    assert (await reached(city, "branch:east")).people == (new,)
    async with city.work() as work:
        await decide_for(work, old, MEMBERSHIP, given=True)
    assert (await reached(city, "all", EAST)).people == (old, new)
