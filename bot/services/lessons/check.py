"""Checks lessons and guides: every mistake with file, line and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Final

from bot import limits
from bot.services.lessons import timing
from bot.services.lessons.library import Library, LibraryError, read_library
from bot.services.lessons.model import PICTURES, RECORDINGS, Card, GuideText, Head, LessonText, Media
from bot.services.problems import Problem
from bot.services.stations.catalogue import Catalogue, CatalogueError, read_catalogue
from bot.talk.markup import parse

MOST_MINUTES: Final = 10
# What a phone shows above the keyboard at Telegram's usual letter size, without title and buttons.
SCREEN_LINES: Final = 20
SCREEN_COLUMNS: Final = 40
"""In Latin letters; a Chinese character takes two."""
# Characters around a card's own: the bar, what is left, what is said of an answer.
FRAME: Final = 240
# Who is asked where a source is not sure.
ASK: Final = "12333"

_LATIN_MARK: Final = re.compile(r"[\u4e00-\u9fff][,:;?!]")
_YAML_LIST: Final = re.compile(r"^(?:tags|asks): \[.*\]$")

Found = Iterator[tuple[int, str]]


def problems(content: Path) -> list[Problem]:
    """Everything wrong in lessons/, guides/ and hotlines.yaml below `content`."""
    try:
        library = read_library(content)
    except LibraryError as error:
        return error.problems
    try:
        catalogue = read_catalogue(content)
    except CatalogueError:
        return []  # named by the check of the stations, and without it no link can be judged
    return [*_lesson_problems(content, library, catalogue), *_guide_problems(content, library)]


def screen_lines(text: str) -> int:
    """How many lines of a phone's screen a text takes."""
    return sum(max(1, ceil(_columns(line) / SCREEN_COLUMNS)) for line in text.split("\n"))


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


# -- Lessons -------------------------------------------------------------------------


def _lesson_problems(content: Path, library: Library, catalogue: Catalogue) -> Iterator[Problem]:
    for lesson in library.lessons:
        for locale, text in lesson.texts.items():
            path = content / "lessons" / lesson.id / f"{locale}.md"
            name = f"content/lessons/{lesson.id}/{locale}.md"
            for line, message in _wrong_lesson(text, path.parent, library, catalogue):
                yield Problem(name, line, message)
            for line, message in _wrong_marks(path):
                yield Problem(name, line, message)


def _wrong_lesson(text: LessonText, folder: Path, library: Library, catalogue: Catalogue) -> Found:
    taken = timing.minutes(text.cards)
    if taken > MOST_MINUTES:
        yield text.head.lines["title"], f"it takes {taken} minutes; {MOST_MINUTES} at most, so make two of it"
    if text.minutes is not None and text.minutes != taken:
        yield text.head.lines["minutes"], f"it takes {taken} minutes; write that, or leave minutes out"
    if not text.questions:
        yield text.cards[-1].line, "there is no question; ask what was understood"
    whole = "\n".join(card.text for card in text.cards)
    yield from _unsure(text.head, whole)
    if text.recording is not None:
        yield from _wrong_media(text.recording, folder)
    for card in text.cards:
        yield from _wrong_card(card)
        yield from _too_long_under_a_picture(text, card)
        yield from _dead_links(card, library, catalogue)
        for media in card.media:
            yield from _wrong_media(media, folder)


def _wrong_card(card: Card) -> Found:
    answers = [parse(option.text).text for option in card.options]
    lines = screen_lines("\n".join([card.title, "", parse(card.text).text, *answers]))
    if lines > SCREEN_LINES:
        yield card.line, f"this card has {lines} lines on a phone; {SCREEN_LINES} fit, so make two of it"
    if card.text.count("**") % 2:
        yield card.line, "a ** is open in this card; close it"
    if card.quiz == "order" and not card.why:
        yield card.line, "say why this is the right order: > …"
    for option in card.options:
        if not option.right and not option.why:
            yield option.line, "say why this answer is wrong: > …"


def _too_long_under_a_picture(text: LessonText, card: Card) -> Found:
    answers = [option.text for option in card.options]
    length = len(parse("\n".join([text.head.title, card.title, card.text, *answers])).text)
    if text.has_pictures and length + FRAME > limits.CAPTION:
        most = limits.CAPTION - FRAME
        yield card.line, f"under a picture {most} characters fit, here are {length}; make two cards of it"
    if len(card.pictures) > 1:
        yield card.pictures[1].line, "a card shows one picture; put the second one on a card of its own"


def _dead_links(card: Card, library: Library, catalogue: Catalogue) -> Found:
    known = {
        "service": catalogue.service,
        "kind": catalogue.kind,
        "guide": library.guide,
        "lesson": library.lesson,
    }
    for link in card.links:
        if known[link.kind](link.target) is None:
            yield link.line, f"there is no {link.kind} {link.target}; correct the link"


def _wrong_media(media: Media, folder: Path) -> Found:
    if not (folder / media.file).is_file():
        yield media.line, f"the file {media.file} is missing; put it beside the text"
    if not media.file.endswith((*PICTURES, *RECORDINGS)):
        yield media.line, f"use a file of the kinds {', '.join((*PICTURES, *RECORDINGS))}"
    elif media.file.endswith(RECORDINGS) and not media.seconds:
        yield media.line, f'say how long the recording is: ![…]({media.file} "1:30")'


# -- Guides --------------------------------------------------------------------------


def _guide_problems(content: Path, library: Library) -> Iterator[Problem]:
    for guide in library.guides:
        for locale, text in guide.texts.items():
            name = f"content/guides/{guide.id}/{locale}.md"
            found = [*_wrong_guide(text), *_wrong_marks(content / "guides" / guide.id / f"{locale}.md")]
            if guide.lesson and library.lesson(guide.lesson) is None:
                found.append((text.head.lines["lesson"], f"there is no lesson {guide.lesson}"))
            found += [
                (text.head.lines["hotlines"], f"there is no hotline {number} in hotlines.yaml")
                for number in guide.hotlines
                if number not in library.hotlines
            ]
            yield from (Problem(name, line, message) for line, message in found)


def _wrong_guide(text: GuideText) -> Found:
    lines = screen_lines(parse(text.text).text)
    if lines > SCREEN_LINES:
        yield text.line, f"this guide has {lines} lines on a phone; {SCREEN_LINES} fit, so shorten it"
    if text.text.count("**") % 2:
        yield text.line, "a ** is open in this guide; close it"
    yield from _unsure(text.head, text.text)


# -- Both ------------------------------------------------------------------------------


def _unsure(head: Head, text: str) -> Found:
    if ASK not in text and not all(source.sure for source in head.sources):
        yield head.lines["sources"], f"a source is not sure; tell people to check with {ASK}"


def _wrong_marks(path: Path) -> Found:
    """A comma for Latin letters after a Chinese character reads as a slip of the keyboard."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if _LATIN_MARK.search(line) and not _YAML_LIST.match(line):
            yield number, "use Chinese punctuation after Chinese characters"
