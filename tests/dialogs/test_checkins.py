"""What a transcript of check-ins cannot show: forged taps, hostile words, ready answers in every language."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs import checkin_words, everything, question_words
from bot.dialogs.checkins import Number
from bot.home import SHANGHAI
from bot.i18n import LOCALES, _, speaking
from bot.services.checkins.model import SMALLEST_TALLY, Board, Checkin, Round, Tally, Timing
from bot.services.checkins.questions import Flaw, read_options, read_questions
from bot.services.incoming import Command, Incoming, Press, What
from bot.services.segments import parse
from bot.services.stations.board import StationBoard
from bot.services.when import read
from bot.store.database import Database
from bot.talk import hears
from bot.talk.errors import Refused
from bot.talk.markup import parse as parse_markup
from tests.conftest import NOW
from tests.transcript import FOLDER, Player

ORGANIZER, MEMBER, STRANGER = 1002, 1003, 1009


class Branch(Player):
    """A player who can also send what no screen ever offered."""

    numbers = itertools.count(9000)

    async def forge(self, account: int, what: What) -> str:
        """Somebody sends this in their own chat; gives all that is said then."""
        self.chat = self.account = account
        before = len(self.lines)
        await self._intake.play([Incoming(next(self.numbers), account, account, what, True, "en", 1)])
        await self._deliver_notices()
        return "\n".join(self.lines[before:])


def _script(name: str, until: str) -> str:
    """The beginning of a transcript, as far as a line."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith(("> ", "# "))]
    return "\n".join(lines[: lines.index(until) + 1])


@pytest.fixture
async def branch(sqlite: Database, board: StationBoard) -> Branch:
    """A branch whose members are just being asked."""
    made = Branch(sqlite, everything(), board, NOW)
    await made.play(_script("checkins_en", "# at 2026-05-13T14:21+08:00"))
    return made


@pytest.mark.parametrize(
    "data", ["", "1", "1.", "1.9", "1.99999", "1.-1", "1.0.0.0", "zz.0", "é.0", "1.0.token", "1.²", "2.0"]
)
async def test_a_forged_answer_counts_for_nothing(branch: Branch, data: str) -> None:
    said = await branch.forge(STRANGER, Press(f"a:answer:{data}", "q"))
    assert "doesn't work any more" in said


async def test_a_stranger_answers_nothing_and_sees_no_board(branch: Branch) -> None:
    assert "doesn't work any more" in await branch.forge(STRANGER, Press("a:answer:1.0", "q"))
    for deed in ("show", "nudge", "close", "who", "trend", "table", "tell", ""):
        for account in (STRANGER, MEMBER):
            said = await branch.forge(account, Press(f"a:board:1.{deed}", "q"))
            assert said == "! It is not there any more."
    assert "Only organizers" in await branch.forge(MEMBER, Command("rounds"))


async def test_who_is_not_asked_is_not_told_that_it_is_over(branch: Branch) -> None:
    """The button under a broadcast reaches more people than the question: to them it said it was closed."""
    said = await branch.forge(STRANGER, Press(f"a:{checkin_words.REPLY}:1", "q"))
    assert "goes to others" in said
    assert "closed by now" in await branch.forge(STRANGER, Press(f"a:{checkin_words.REPLY}:9", "q"))


@pytest.mark.parametrize("data", ["", "1", ".x", "1.forged", "zzz.forged"])
async def test_nobody_takes_back_what_is_not_theirs(branch: Branch, data: str) -> None:
    assert "doesn't work any more" in await branch.forge(STRANGER, Press(f"a:take_back:{data}", "q"))


@pytest.mark.parametrize("name", ["safe", "unreached", "event_take", "event_ics", "event_door", "take_offer"])
@pytest.mark.parametrize("number", ["", "1", "zzzz", "é", "9" * 40])
async def test_a_number_that_never_was(branch: Branch, name: str, number: str) -> None:
    assert "not there any more" in await branch.forge(STRANGER, Press(f"a:{name}:{number}", "q"))


@pytest.mark.parametrize("token", ["", "x", "token3", "_", "A" * 60])
async def test_a_guessed_buddy_link_says_what_to_do(branch: Branch, token: str) -> None:
    assert "Ask whoever sent it" in await branch.forge(STRANGER, Command("start", f"buddy_{token}"))


# -- Words ------------------------------------------------------------------------------


def _ready_times() -> list[str]:
    """The times that conversations offer to tap, as they stand in their source."""
    folder = Path(checkin_words.__file__).parent
    found: list[str] = []
    for name in ("checkin_making", "event_making", "reminder_shift", "reminder_offers", "broadcast_start"):
        for likely in re.findall(r"likely = \[(.*?)\]\n", (folder / f"{name}.py").read_text(), re.DOTALL):
            found += re.findall(r'_\("(.*?)"\)', likely)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_time_that_is_offered_can_be_read(locale: str) -> None:
    assert len(_ready_times()) == 15
    with speaking(locale):
        for said in _ready_times():
            when = read(str(_(said)), NOW.astimezone(SHANGHAI), SHANGHAI, locale)
            assert when.kind in ("moment", "recurring"), (said, when)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_examples_say_can_be_typed(locale: str) -> None:
    with speaking(locale):
        lines = re.findall(r"`(.*?)`", question_words.how_to_write())
        assert [one.kind for one in read_questions("\n".join(lines))] == [
            "number",
            "options",
            "text",
            "options",
        ]
        assert len(read_options(str(_("Yes / No / Not sure yet")))) == 3
        assert parse(
            re.split("[:：]", str(_("Everybody there, or only some? Type it, such as: riders, couriers")))[-1]
        )
        assert parse(str(_("all")))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "name", ["nothing", "too many", "too long", "empty range", "options", "twice", "label", "jump"]
)
def test_every_flaw_has_a_sentence(locale: str, name: str) -> None:
    with speaking(locale):
        assert parse_markup(question_words.flaw(Flaw(3, name, "*x*"))).text


WORDS = st.text(alphabet="a*_`[]()x你\\!:/.", max_size=40)


@given(WORDS, WORDS)
def test_what_people_write_formats_nothing(title: str, answer: str) -> None:
    (question,) = read_questions("What is hard?")
    timing = Timing(NOW, "Asia/Shanghai", None, 60)
    checkin = Checkin(1, title, (question,), None, "all", False, False, 1, timing, 1)
    board = Board(
        checkin,
        Round(1, 1, 1, NOW, NOW),
        9,
        SMALLEST_TALLY,
        0,
        (Tally(question, {}, (answer,)),),
        False,
        "UTC",
    )
    with speaking("en"):
        rich = parse_markup(checkin_words.board_words(board))
    assert title in rich.text
    assert answer in rich.text
    assert all(span.kind == "bold" and rich.text[span.start :].startswith(title) for span in rich.spans)


@pytest.mark.parametrize(
    ("said", "heard"),
    [("2", 2), ("2小时", 2), ("about 3 hours", 3), ("1,500", 1500), ("2.5", 2.5), (".5", 0.5), ("-1", -1)],
)
def test_a_number_may_have_words_around_it(said: str, heard: float) -> None:
    """An organizer who wrote 2小时 when asked for hours was told to type a number."""
    assert Number(-10, 2000).hear(hears.Text(said)) == heard


@pytest.mark.parametrize("said", ["", "two", "3-4", "2 or 3", "nan", "inf", "2001", "9" * 400])
def test_what_is_no_single_number_is_refused(said: str) -> None:
    with pytest.raises(Refused):
        Number(-10, 2000).hear(hears.Text(said))
