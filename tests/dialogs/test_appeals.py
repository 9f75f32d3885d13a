"""What a transcript of appeals cannot show: forged and replayed taps, typed nonsense, words that are told."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from bot.dialogs import everything
from bot.dialogs.appeal_inputs import DONE, Amount, Day, More, Story
from bot.dialogs.appeal_words import kind_name, money, read_rating, wants_to_appeal
from bot.i18n import speaking
from bot.services.appeals.moves import RULES, Move
from bot.services.incoming import Incoming, Press, What
from bot.services.presses import short
from bot.services.stations.board import StationBoard
from bot.store.database import Database
from bot.store.tables import appeals, metadata
from bot.talk import hears
from bot.talk.errors import Refused
from tests.conftest import NOW
from tests.transcript import BOT, Player, small_handbook

AUTHOR, STRANGER, CLERK, WEST = 1001, 1002, 1005, 1010
GONE = "! It is not there any more."
BEGIN = f"""
# language en
# branches
# serves {CLERK} desk east-1 Wang
# serves {WEST} desk west-1 Sun
> /me
> [What work]
> [🛵 Meal delivery]
> [Which district]
> [巴南区]
> /appeal
> [🚪 gate access]
> The guards keep riders out
> [None, go on]
> [Skip]
> [Skip]
> [＋ How to reach me]
> phone 555-0199
> [✓ Send it]
"""
ACTIONS = (
    *("appeal_card", "appeal_add", "appeal_solved", "appeal_unsolved", "appeal_consent", "appeal_decline"),
    *("desk_take", "desk_agree", "desk_refuse"),
)
NUMBERS = ("", "0", "zzzz", "-1", "9" * 50, "1'--", "诉求")


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

    async def only(self) -> sa.Row[tuple[int, str]]:
        """The one appeal there is."""
        async with self.database.work(BOT, NOW) as work:
            (row,) = await work.fetch(sa.select(appeals))
        return row


@pytest.fixture
async def office(sqlite: Database, board: StationBoard) -> Office:
    """An appeal of a rider's at the desk in the east."""
    made = Office(sqlite, everything(), board, NOW)
    await made.play(BEGIN)
    return made


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("account", [STRANGER, WEST])
async def test_others_taps_and_guessed_numbers_are_answered_alike(
    office: Office, action: str, account: int
) -> None:
    """Theirs is as much there as what never was."""
    row = await office.only()
    for number in (short(row.id), short(row.id + 1), *NUMBERS):
        assert await office.forge(account, Press(f"a:{action}:{number}", "q")) == GONE, number
    for deed in ("answer", "solve", "hand", "who"):
        assert await office.forge(account, Press(f"a:desk_do:{short(row.id)}.{deed}", "q")) == GONE
    assert (await office.only()).hops == 1


async def test_a_tap_that_is_replayed_does_nothing_twice(office: Office) -> None:
    row = await office.only()
    press = Press(f"a:desk_take:{short(row.id)}", "q")
    await office.forge(CLERK, press)
    hops = (await office.only()).hops
    said = await office.forge(CLERK, press)
    assert "(1001)" not in said
    assert (await office.only()).hops == hops


async def test_a_desk_member_who_is_dismissed_meanwhile_sends_nothing(office: Office) -> None:
    row = await office.only()
    await office.forge(CLERK, Press(f"a:desk_take:{short(row.id)}", "q"))
    await office.forge(CLERK, Press(f"a:desk_do:{short(row.id)}.solve", "q"))
    await office.say("All done")
    async with office.database.work(BOT, NOW) as work:
        await work.execute(sa.update(metadata.tables["grants"]).values(revoked_at=NOW))
    before = len(office.lines)
    await office.say("[✓ Send this]")
    said = "\n".join(office.lines[before:])
    assert "It is not there any more." in said
    assert "(1001)" not in said
    assert (await office.only()).state == "acknowledged"


async def test_a_receipt_number_opens_only_ones_own(office: Office) -> None:
    number = (await office.only()).receipt
    for account, shows in ((AUTHOR, True), (STRANGER, False), (CLERK, False)):
        office.chat = office.account = account
        before = len(office.lines)
        await office.say(f"/appeals {number}")
        assert ("gate access" in "\n".join(office.lines[before:])) is shows


async def test_no_desk_reads_the_contact_before_it_asks(office: Office) -> None:
    told = [line for line in office.lines if line.startswith(f"({CLERK})")]
    assert told
    assert not any(
        "555-0199" in line or str(AUTHOR) in line for line in office.lines[office.lines.index(told[0]) :]
    )
    row = await office.only()
    await office.forge(CLERK, Press(f"a:desk_take:{short(row.id)}", "q"))
    await office.forge(CLERK, Press(f"a:desk_do:{short(row.id)}.who", "q"))
    before = len(office.lines)
    await office.say("[🙋 Ask the author]")
    said = "\n".join(office.lines[before:])
    assert "555-0199" in said
    assert f"({AUTHOR}) <" in said
    async with office.database.work(BOT, NOW) as work:
        (entry,) = await work.fetch(sa.text("SELECT entry FROM audit WHERE entry LIKE '%appeal.unmasked%'"))
    assert "555" not in entry[0]


async def test_what_people_wrote_formats_nothing(office: Office) -> None:
    office.chat = office.account = STRANGER
    await office.play("> /appeal\n> [🚪 gate access]")
    await office.say("**bold** [x](https://a.b) {kind} @somebody")
    await office.play("> [None, go on]\n> [Skip]\n> [Skip]\n> [✓ Send it]\n> /appeals\n> [1]")
    assert "**bold** [x](https://a.b) {kind} @somebody" in "\n".join(office.lines)


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        *(("3200", 320_000), ("3,200.50", 320_050), ("¥300", 30_000), ("1.5万", 1_500_000)),
        *(("三千二", 320_000), ("4000元左右", 400_000), ("800块", 80_000), ("2k", 200_000)),
    ],
)
def test_amounts(said: str, fen: int) -> None:
    assert Amount().hear(hears.Text(said)) == fen


@pytest.mark.parametrize("said", ["很多", "0", "-5", "99999999999999", "三百到五百", "<b>"])
def test_what_is_no_amount(said: str) -> None:
    with pytest.raises(Refused):
        Amount().hear(hears.Text(said))


def test_a_story_is_words_a_voice_or_a_picture_with_words() -> None:
    assert Story().hear(hears.Voice("v", 9, 10))["sent"]["kind"] == "voice"
    assert Story().hear(hears.Photo("p", "他们不让我进去"))["text"] == "他们不让我进去"
    for event in (hears.Photo("p"), hears.Text("短"), hears.Text("x" * 2001), hears.Other()):
        with pytest.raises(Refused):
            Story().hear(event)
    values: tuple[object, ...] = (None, [], {"text": "x"}, "x")
    for value in values:
        with pytest.raises(Refused):
            Story().read(value)


def test_what_goes_with_it_ends_with_the_button() -> None:
    more = More("✓ That's all")
    assert more.hear(hears.Text("✓ That's all")) == DONE
    assert more.hear(hears.Text("没有")) == more.hear(hears.Text("none")) == DONE
    assert more.hear(hears.Text("one more thing")) == {"text": "one more thing"}
    assert more.hear(hears.Text("没有人理我")) == {"text": "没有人理我"}
    assert more.hear(hears.File("f", "a.pdf"))["sent"]["name"] == "a.pdf"
    with pytest.raises(Refused):
        more.read({"text": "x", "sent": {}})


def test_a_day_is_refused_with_an_example() -> None:
    with speaking("en"), pytest.raises(Refused, match="For example"):
        Day(lambda: NOW).hear(hears.Text("some day"))


@pytest.mark.parametrize(
    ("said", "wants"),
    [
        *(("我要投诉", True), ("匿名反映一下站长乱扣钱", True), ("提个诉求", True)),
        *(
            ("I want to file an appeal", True),
            ("顾客投诉我怎么办", False),
            ("我上周反映的事办得怎么样了", False),
        ),
        *(("附近哪里能歇脚", False), ("what happened to my complaint", False)),
    ],
)
def test_who_wants_to_appeal(said: str, wants: bool) -> None:
    assert wants_to_appeal(said) is wants


@pytest.mark.parametrize("argument", ["", "1", "1.6", "1.0", "x!.3", "1.3.3", ".3"])
def test_a_forged_rating_means_nothing(argument: str) -> None:
    assert read_rating(argument) is None


def test_every_move_has_its_rule() -> None:
    assert set(RULES) == set(Move)


def test_what_the_content_has_no_more_is_called_by_its_id() -> None:
    rules = small_handbook().rules
    assert kind_name("gone", rules) == "gone"
    with speaking("en"):
        assert (money(100), money(123_450)) == ("¥1", "¥1,234.5")


async def test_a_half_written_appeal_outlasts_whatever_is_parked_later(
    sqlite: Database, board: StationBoard
) -> None:
    player = Player(sqlite, everything(), board, NOW)
    await player.play("# language en\n> /appeal\n> [🚪 gate access]\n> The guards keep riders out")
    for _time in range(5):
        await player.play("> /remind\n> buy bread\n> /favourites")
    await player.play("> /remind\n> buy milk\n> /cancel")
    async with sqlite.work(BOT, NOW) as work:
        kept = await work.fetch(sa.text("SELECT dialog FROM conversations WHERE parked ORDER BY touched_at"))
    assert kept[0].dialog == "appeal"
    assert len(kept) < 6


async def test_who_tells_of_an_injury_before_agreeing_need_not_tell_it_again(
    sqlite: Database, board: StationBoard
) -> None:
    """The consent question refused the story, and it had to be typed anew."""
    player = Player(sqlite, everything(), board, NOW, language="en")
    await player.play("> /appeal\n> [🩹 injury]\n> the gate of the depot fell on my foot yesterday")
    assert "it is not lost" in "\n".join(player.lines)
    await player.play("> [✓ All right]\n> [None, go on]\n> [Skip]\n> [Skip]")
    assert "📝 the gate of the depot fell on my foot yesterday" in "\n".join(player.lines[-12:])


async def test_who_tells_first_and_then_refuses_leaves_the_injury_out(
    sqlite: Database, board: StationBoard
) -> None:
    player = Player(sqlite, everything(), board, NOW, language="en")
    await player.play("> /appeal\n> [🩹 injury]\n> the gate of the depot fell on my foot yesterday")
    await player.play("> [Rather not]\n> they do not pay me\n> [Skip]\n> [Skip]")
    shown = "\n".join(player.lines[-12:])
    assert "📝 they do not pay me" in shown
    assert "the gate" not in shown


async def test_what_was_said_in_danger_waits_under_its_button(sqlite: Database, board: StationBoard) -> None:
    """After whom to call, the story had to be typed again; and the numbers must stay readable."""
    player = Player(sqlite, everything(), board, NOW, language="en")
    await player.play("> the boss hit me, I'm bleeding badly\n> [✍️ When all are safe: write it down]")
    assert not any(line.startswith("~") for line in player.lines)
    await player.play("> [✓ All right]\n> [None, go on]\n> [Skip]\n> [Skip]")
    assert "📝 the boss hit me, I'm bleeding badly" in "\n".join(player.lines[-12:])
    assert sum("📞 120" in line for line in player.lines) == 1


async def test_more_of_an_injury_told_before_agreeing_is_passed_on(
    sqlite: Database, board: StationBoard
) -> None:
    player = Player(sqlite, everything(), board, NOW, language="en")
    await player.play("> /appeal\n> [🩹 injury]\n> [Rather not]\n> they do not pay me\n> [Skip]\n> [Skip]")
    await player.play("> [✓ Send it]")
    async with sqlite.work(BOT, NOW) as work:
        await work.execute(sa.delete(metadata.tables["consents"]))
    await player.play("> [☰ My appeals]\n> [1]\n> [✍️ Add something]\n> the doctor says six weeks")
    assert "it is not lost" in "\n".join(player.lines)
    await player.play("> [✓ All right]")
    assert "Passed on" in "\n".join(player.lines[-4:])
