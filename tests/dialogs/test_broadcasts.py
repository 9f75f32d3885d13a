"""What organizers see of a broadcast before it goes: all of what others will see."""

from __future__ import annotations

import pytest

from bot.dialogs import broadcast_words
from bot.dialogs.broadcast_making import Words, seen_by_all
from bot.i18n import speaking
from bot.services.broadcasts import letter
from bot.services.broadcasts.model import LONGEST_CAPTION, Button, Content, DryRun, Readers
from bot.talk import hears, says
from bot.talk.errors import Refused

BUTTON = Button("lesson", "heat_work", {"zh_CN": "学", "en": "Learn"})


def seen(content: Content, readers: Readers) -> list[tuple[str, list[str]]]:
    """The words and the labels of each preview."""
    with speaking("zh_CN"):
        found = seen_by_all(content, readers)
    return [(_words(each), [button.label for row in each.rows for button in row]) for each in found]


def _words(message: says.Message) -> str:
    assert isinstance(message, says.Text)
    return str(message.text)


def test_who_reads_the_other_language_has_its_buttons_under_the_same_words() -> None:
    """Written in Chinese alone it was shown once, and English readers saw what nobody had looked at."""
    content = Content({"zh_CN": "你好，{name}！"}, buttons=(BUTTON,))
    assert seen(content, Readers(("zh_CN", "en"))) == [
        ("你好，朋友！", ["学", "🔕 少发这类"]),
        ("你好，朋友！", ["Learn", "🔕 Less of this"]),
    ]


def test_groups_see_it_as_a_group_does() -> None:
    content = Content({"zh_CN": "你好，{name}！", "en": "Hello {name}!"}, buttons=(BUTTON,))
    assert seen(content, Readers((), "zh_CN")) == [("你好，大家！", ["学"])]
    assert seen(content, Readers(("en",), "en")) == [
        ("你好，朋友！", ["学", "🔕 少发这类"]),
        ("Hello friend!", ["Learn", "🔕 Less of this"]),
        ("Hello everyone!", ["Learn"]),
    ]


def test_a_picture_wants_short_words_in_every_language() -> None:
    """It came with the second language, and those of the first did not fit under it: nobody got it."""
    long = "长" * (LONGEST_CAPTION + 1)
    picture = hears.Photo("file", "short")
    assert Words(texts=["short"]).hear(picture) == {"text": "short", "picture": "file"}
    with pytest.raises(Refused):
        Words(texts=[long]).hear(picture)
    with pytest.raises(Refused):
        Words("file").hear(hears.Text(long))
    assert Words().hear(hears.Text(long))["text"] == long


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("你好，{称呼}！{支部}见。", []),
        ("Hello {NAME} of { branch }", []),
        ("{昵称}，你好", ["{昵称}"]),
        ("Dear {first name}, {name}", ["{first name}"]),
        ("no marks at all {}", []),
    ],
)
def test_a_mark_that_stands_for_nothing_is_noticed(text: str, unknown: list[str]) -> None:
    """“{昵称}，你好” went out to everybody just as it was typed."""
    assert letter.unknown_marks(letter.marked(text)) == unknown


@pytest.mark.parametrize(
    ("counted", "is_narrowed", "to", "said"),
    [
        (DryRun(), True, "people", "take a condition away"),
        (DryRun(), False, "people", "Nobody has joined your branches yet"),
        (DryRun(), True, "groups", "add me to it and send /group"),
        (DryRun(opted_out=2), False, "people", "2 want none of these"),
        (DryRun(blocked=1), True, "people", "So nobody gets it."),
    ],
)
def test_an_audience_of_nobody_says_why(counted: DryRun, is_narrowed: bool, to: str, said: str) -> None:
    """It said to take a condition away where none was set, and also where all had only opted out."""
    with speaking("en"):
        assert said in str(broadcast_words.nobody(counted, is_narrowed=is_narrowed, to=to))
