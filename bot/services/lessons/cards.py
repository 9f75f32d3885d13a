"""The body of a lesson: cards divided by headings, some of them questions.

## Who pays {#pays}                       a card and its key, which stays when the text changes
[Somewhere cool](service:cool)            a link on a line of its own becomes a button
![A helmet](helmet.jpg)                   a picture; a recording says how long: ![…](talk.ogg "1:30")

## Quiz: who pays {#q_pays quiz=single}   single, multiple, situation; order counts its options 1. 2. 3.
- [x] The platform                        right
- [ ] I do                                wrong, with the reason below
  > It costs you nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, cast, get_args

from bot.i18n import Phrase
from bot.services.lessons.model import Card, Link, LinkKind, Media, Option, QuizKind
from bot.services.strict_yaml import Complain

KINDS: Final = get_args(QuizKind)
MAX_CARDS: Final = 60
MAX_OPTIONS: Final = 6

_HEADING: Final = re.compile(
    r"##\s+(?P<title>\S.*?)\s*\{#(?P<key>[a-z][a-z0-9_]{0,39})(?: quiz=(?P<quiz>\w+))?\}"
)
_LINK: Final = re.compile(r"\[([^\[\]]+)\]\((service|kind|guide|lesson):([a-z0-9_]+)\)")
_MEDIA: Final = re.compile(r"!\[([^\[\]]+)\]\(([\w.-]+)(?: \"(\d{1,2}):([0-5]\d)\")?\)")
_CHOICE: Final = re.compile(r"- \[([x ])\] (\S.*)")
_NUMBERED: Final = re.compile(r"\d\. (\S.*)")
_WHY: Final = re.compile(r"(?:  )?> (\S.*)")
_BULLET: Final = "- "


@dataclass(slots=True)
class _Draft:
    """A card while its lines are read."""

    key: str
    title: str
    quiz: str | None
    line: int
    text: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    why: str = ""

    def card(self) -> Card:
        return Card(
            self.key,
            self.title,
            paragraphs(self.text),
            self.line,
            tuple(self.links),
            tuple(self.media),
            cast("QuizKind | None", self.quiz),
            tuple(self.options),
            Phrase(self.why),
        )


def paragraphs(lines: Sequence[str]) -> Phrase:
    """Lines of Markdown as a chat shows them: dots for list marks, no empty lines at the ends."""
    shown = [f"• {line[len(_BULLET) :]}" if line.startswith(_BULLET) else line for line in lines]
    return Phrase("\n".join(shown).strip())


def read_cards(lines: Sequence[str], start: int, complain: Complain) -> tuple[Card, ...]:
    """The cards of a body whose first line is line `start` of its file; mistakes go to `complain`."""
    drafts: list[_Draft] = []
    for number, line in enumerate(map(str.rstrip, lines), start):
        if line.startswith("#"):
            drafts += _begun(line, number, drafts, complain)
        elif drafts:
            _take(drafts[-1], line, number)
        elif line:
            complain(number, "begin every card with a heading: ## Title {#key}")
    for draft in drafts:
        for at, message in _wrong(draft):
            complain(at, message)
    if not drafts:
        complain(start, "there is no card; write one: ## Title {#key}")
    if len(drafts) > MAX_CARDS:
        complain(start, f"more than {MAX_CARDS} cards; make two lessons of it")
    return tuple(draft.card() for draft in drafts)


def _begun(line: str, number: int, before: Sequence[_Draft], complain: Complain) -> Iterator[_Draft]:
    match = _HEADING.fullmatch(line)
    if match is None:
        complain(number, "write a heading as ## Title {#key} or ## Title {#key quiz=single}")
        return
    if any(draft.key == match["key"] for draft in before):
        complain(number, f"the key {match['key']} is here twice; give one another")
    if match["quiz"] and match["quiz"] not in KINDS:
        complain(number, f"quiz must be one of {', '.join(KINDS)}")
    yield _Draft(match["key"], match["title"], match["quiz"], number)


def _take(draft: _Draft, line: str, number: int) -> None:
    if link := _LINK.fullmatch(line):
        draft.links.append(Link(link[1], cast("LinkKind", link[2]), link[3], number))
    elif media := _MEDIA.fullmatch(line):
        seconds = int(media[3]) * 60 + int(media[4]) if media[3] else 0
        draft.media.append(Media(media[2], media[1], seconds, number))
    elif draft.quiz is None or not _take_answer(draft, line, number):
        draft.text.append(line)


def _take_answer(draft: _Draft, line: str, number: int) -> bool:
    """Whether the line belongs to the answers of a question rather than to its text."""
    if draft.quiz == "order" and (numbered := _NUMBERED.fullmatch(line)):
        draft.options.append(Option(Phrase(numbered[1]), True, Phrase(), number))
    elif draft.quiz == "order" and (why := _WHY.fullmatch(line)):
        draft.why = why[1]
    elif choice := _CHOICE.fullmatch(line):
        draft.options.append(Option(Phrase(choice[2]), choice[1] == "x", Phrase(), number))
    elif draft.options and (why := _WHY.fullmatch(line)):
        last = draft.options[-1]
        draft.options[-1] = Option(last.text, last.right, Phrase(why[1]), last.line)
    else:
        return bool(draft.options) and not line
    return True


def _wrong(draft: _Draft) -> Iterator[tuple[int, str]]:
    if draft.quiz is None:
        if not any(draft.text):
            yield draft.line, "this card is empty; write what it says"
        return
    right = sum(option.right for option in draft.options)
    if not 2 <= len(draft.options) <= MAX_OPTIONS:
        yield draft.line, f"a question needs 2 to {MAX_OPTIONS} answers"
    elif draft.quiz in ("single", "situation") and right != 1:
        yield draft.line, "mark exactly one answer as right: - [x]"
    elif not right:
        yield draft.line, "mark what is right: - [x]"
