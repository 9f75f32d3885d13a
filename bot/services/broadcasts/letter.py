"""The message itself, as each reader gets it: theirs is the language, the name and the branch."""

from __future__ import annotations

import re
from typing import Final

from bot.i18n import Phrase, _, speaking
from bot.services.broadcasts.model import (
    BRANCH,
    LONGEST_CAPTION,
    LONGEST_TEXT,
    NAME,
    Content,
)
from bot.services.presses import long, short
from bot.talk import says

TAP: Final = "bc"
"""The action, and the link, of a button under a broadcast."""
HUSH: Final = "hush"

# How people write the marks, in either language and with whatever brackets their keyboard has.
_MARKS: Final = re.compile(r"[{｛]\s*(name|branch|名字|姓名|称呼|支部)\s*[}｝]", re.IGNORECASE)
_BRACED: Final = re.compile(r"[{｛][^{}｛｝\n]{1,20}[}｝]")
_MEANT: Final = {"name": NAME, "名字": NAME, "姓名": NAME, "称呼": NAME, "branch": BRANCH, "支部": BRANCH}


def marked(text: str) -> str:
    """A text with its marks as letters know them: {name} and {branch}."""
    return _MARKS.sub(lambda found: f"{{{_MEANT[found[1].lower()]}}}", text)


def unknown_marks(text: str) -> list[str]:
    """What looks like a mark and stands for nothing: everybody would read it as it is written."""
    return [found for found in _BRACED.findall(text) if found not in (f"{{{NAME}}}", f"{{{BRANCH}}}")]


def longest(picture: str) -> int:
    """How many characters fit."""
    return LONGEST_CAPTION if picture else LONGEST_TEXT


def blanks(locale: str, name: str | None, branch: str | None, *, group: bool = False) -> dict[str, str]:
    """What the marks stand for; who never said their name, or belongs nowhere, is spoken to all the same."""
    with speaking(locale):
        neutral = _("everyone") if group else _("friend")
        return {NAME: name or str(neutral), BRANCH: branch or str(_("our team"))}


def sample(text: str, locale: str, *, group: bool = False) -> str:
    """A text in a locale, its marks filled in as for somebody, or a group, of whom nothing is known."""
    for name, value in blanks(locale, None, None, group=group).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def draw(content: Content, locale: str, broadcast: int, group: int | None = None) -> says.Message:
    """The message in a locale, its marks still in it; `group` is the chat it goes to, None for a private one.

    In a group the buttons lead into the private chat, where what they open belongs.
    """
    with speaking(locale):
        rows: list[list[says.Button]] = [
            [_button(each.label(locale), broadcast, number, group)]
            for number, each in enumerate(content.buttons)
        ]
        if group is None:
            rows.append([says.Action(_("🔕 Less of this"), HUSH, short(broadcast))])
    text = Phrase(content.text(locale))
    return says.Photo(content.picture, text, rows) if content.picture else says.Text(text, rows)


def _button(label: str, broadcast: int, number: int, group: int | None) -> says.Button:
    if group is None:
        return says.Action(label, TAP, f"{short(broadcast)}-{number}")
    return says.Link(label, f"start:{TAP}_{short(broadcast)}-{number}-{short(-group)}")


def read_tap(argument: str) -> tuple[int, int, int | None] | None:
    """The broadcast, the button's place and the group that a button carries; None for what is none."""
    parts = argument.split("-")
    if len(parts) not in (2, 3):
        return None
    numbers = [long(part) for part in parts]
    if None in numbers or (numbers[1] or 0) > 9:
        return None
    broadcast, button, group = [*numbers, None][:3]
    return int(broadcast or 0), int(button or 0), -group if group else None
