"""Who is meant when something is said of reminders, what may come between, and whose buttons are whose."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.dialogs import everything, reminder_words, reminders
from bot.i18n import LOCALES, speaking
from bot.services import people
from bot.services.people import Person
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import Ring
from bot.services.stations.board import StationBoard
from bot.store.database import Database
from bot.store.work import Work
from bot.talk.dialog import Aside
from tests.transcript import BOT, Player
from tests.understood import understood

NEW, LIST = "remind", "reminders"


def desk(now: datetime) -> ReminderDesk:
    """Somebody's desk, only to read with: it has no database."""
    work = Work(None, BOT, now)  # type: ignore[arg-type]
    return ReminderDesk(work, Person(1, 1, "zh_CN", now.date()))


@pytest.mark.parametrize(
    ("said", "dialog"),
    [
        ("明天早上六点半叫我起床", NEW),
        ("再过四十分钟喊我出餐", NEW),
        ("到晚上9点催我收车", NEW),
        ("每周一早上9点提醒我开早会", NEW),
        ("帮我设个每天早上6点的闹钟", NEW),
        ("每月15号提醒我还款", NEW),
        ("提醒我给电池充电", NEW),
        ("明早8点提醒我去李家沱充电", NEW),
        ("周五提醒我学一节微课", NEW),
        ("wake me at 6 tomorrow", NEW),
        ("remind me to call the dispatcher", NEW),
        ("set an alarm for 7:30 am", NEW),
        ("我有哪些提醒", LIST),
        ("取消明早8点的提醒", LIST),
        ("喝水那个提醒删掉吧", LIST),
        ("别再提醒我了", LIST),
        ("list all my reminders", LIST),
        ("cancel the 8 am reminder", LIST),
        ("stop reminding me", LIST),
        ("站长喊我明天不用来了", None),
        ("老板叫我周五去签字怎么办", None),
        ("今天商家叫我等了半小时", None),
        ("平台没提醒我就封号了", None),
        ("提醒全体骑手明天高温", None),
        ("remind everyone at 8 to drink", None),
        ("李家沱有没有能热饭的驿站", None),
        ("明天几点开门", None),
        ("tell me how to claim for an injury today", None),
        ("学一节电动车安全", None),
    ],
)
def test_what_is_about_reminders(said: str, dialog: str | None) -> None:
    intents = {"add_reminder": NEW, "list_reminders": LIST}
    assert intents.get(understood(said).intent) == dialog


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_offered_ready_made_can_be_read(locale: str, now: datetime) -> None:
    """At any hour of the day, in any language: a tap is heard as if it had been typed."""
    with speaking(locale):
        for hour in range(24):
            here = desk(now + timedelta(hours=hour))
            assert [here.read(words).kind for words in reminders._likely(here)][:2] == ["moment", "moment"]
            assert {here.read(words).kind for words in reminders._likely(here)} == {"moment"}
        water = here.read(reminders.ready_made_water())
        assert (water.kind, water.rrule) == (
            "recurring",
            "FREQ=DAILY;BYHOUR=9,11,13,15,17,19;BYMINUTE=0;BYSECOND=0",
        )
        assert water.what


@pytest.mark.parametrize("opened", ["/stations 李家沱", "/guide", "/learn", "/reminders"])
async def test_it_may_come_between_anything_one_browses(
    opened: str, sqlite: Database, board: StationBoard, now: datetime
) -> None:
    player = Player(sqlite, everything(), board, now)
    await player.say(opened)
    await player.say("明早8点提醒我换电池")
    assert player.lines[-1].startswith("< ⏰ 周四 5月14日 08:00，换电池。对吗？")


async def test_in_a_group_nothing_is_kept(sqlite: Database, board: StationBoard, now: datetime) -> None:
    """A reminder is between the person and the bot: what it says is nobody else's."""
    player = Player(sqlite, everything(), board, now)
    await player.play("# group\n> 明早8点提醒我换电池\n> /stations 李家沱\n> 明早8点提醒我换电池")
    assert player.lines[-1] == player.lines[3]
    assert "换电池" not in player.lines[3]


async def test_a_tap_under_a_ring_leaves_the_open_conversation_alone(
    sqlite: Database, board: StationBoard, now: datetime
) -> None:
    player = Player(sqlite, everything(), board, now)
    await player.say("20分钟后提醒我换电池")
    await player.say("[✓ 对]")
    await player.play("# at 2026-05-13T14:40+08:00")
    await player.say("/remind")
    await player.say("去取餐")
    await player.say("[✓ 好了]")
    assert player.lines[-1] == "~ ✓ 好了：换电池"
    await player.say("[半小时后]")
    assert "去取餐。对吗" in player.lines[-1]


async def test_a_button_of_somebody_elses_ring_says_that_it_is_not_there(
    sqlite: Database, board: StationBoard, now: datetime
) -> None:
    player = Player(sqlite, everything(), board, now)
    await player.play("> 20分钟后提醒我换电池\n> [✓ 对]\n# at 2026-05-13T14:40+08:00")
    async with sqlite.work(BOT, player.now) as work:
        met = await people.welcome(work, {2002: "en", 1001: "zh"}, "en")
        toasts: dict[int, list[str | None]] = {}
        for account in (2002, 1001, 1001):
            aside = Aside()
            with speaking("en"):
                await reminders.answer(aside, "1.1.soon", ReminderDesk(work, met[account]))
            toasts.setdefault(account, []).append(aside.toasted)
    assert toasts == {2002: ["It is not there any more."], 1001: [None, "You answered that already."]}


@pytest.mark.parametrize(
    "data", ["", "1", "1.1", "1.1.later", "x!.1.done", "1.1.done.1", "é.1.done", "1..done"]
)
def test_a_forged_button_means_nothing(data: str) -> None:
    assert reminder_words.read_ring(data) is None


def test_what_people_wrote_formats_nothing_when_it_rings(now: datetime) -> None:
    with speaking("en"):
        said = reminder_words.rung(Ring(1, 1, "**x** [y](https://example.org)", 5, "en", False, now))
    assert said.text == "⏰ **\\*\\*x\\*\\* \\[y\\](https://example.org)**"
