"""All lessons and guides, read from content/lessons, content/guides and content/hotlines.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.i18n import LOCALES
from bot.services import strict_yaml as yaml
from bot.services.lessons import front
from bot.services.lessons.cards import paragraphs, read_cards
from bot.services.lessons.model import Guide, GuideText, Head, Hotline, Lesson, LessonText, Media, Track
from bot.services.problems import Problem
from bot.services.stations.text import fold, has_han
from bot.services.strict_yaml import Complain, Rule, problems_in

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")

_LESSON: Final = {
    **front.HEAD,
    "track": yaml.TEXT,
    "level": yaml.NUMBER,
    "minutes": yaml.NUMBER,
    "recording": yaml.TEXT,
}
_OPTIONAL: Final = frozenset({"minutes", "recording"})
# Such as: whole_lesson.mp3 4:30
_RECORDING: Final = re.compile(r"([\w.-]+) (\d{1,2}):([0-5]\d)")
_GUIDE: Final = {**front.HEAD, "asks": yaml.TEXTS, "lesson": yaml.TEXT, "hotlines": yaml.TEXTS}
_TRACK: Final = {"id": yaml.TEXT, "emoji": yaml.TEXT, "name": yaml.LANGUAGES}
_HOTLINE: Final = {"number": yaml.TEXT, "name": yaml.LANGUAGES, "about": yaml.LANGUAGES}


class LibraryError(Exception):
    """The lessons cannot be used; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Library:
    """Everything there is to learn, in the order in which people see it."""

    def __init__(
        self,
        tracks: tuple[Track, ...],
        lessons: tuple[Lesson, ...],
        guides: tuple[Guide, ...],
        hotlines: tuple[Hotline, ...],
    ) -> None:
        places = {track.id: place for place, track in enumerate(tracks)}
        self.tracks = tracks
        self.lessons = tuple(sorted(lessons, key=lambda one: (places[one.track], one.level, one.id)))
        self.guides = guides
        self.hotlines = {hotline.number: hotline for hotline in hotlines}
        self._lessons = {lesson.id: lesson for lesson in lessons}
        self._guides = {guide.id: guide for guide in guides}
        self._tags = [
            (_tag(tag), one) for one in self.lessons for text in one.texts.values() for tag in text.head.tags
        ]

    def lesson(self, name: str) -> Lesson | None:
        """The lesson of this name, None if there is none (any more)."""
        return self._lessons.get(name)

    def guide(self, name: str) -> Guide | None:
        """The guide of this name, None if there is none (any more)."""
        return self._guides.get(name)

    def named(self, words: str) -> str | None:
        """The lesson whose name, or whose longest tag, stands in the words; None where none does."""
        if words in self._lessons:
            return words
        asked = f" {fold(words)} "
        tags = [(tag, lesson.id) for tag, lesson in self._tags if tag in asked]
        return max(tags, key=lambda found: len(found[0]))[1] if tags else None

    def on(self, track: str) -> list[Lesson]:
        """The lessons of a track, in order."""
        return [lesson for lesson in self.lessons if lesson.track == track]

    def after(self, lesson: Lesson) -> Lesson | None:
        """What is next in the same track."""
        track = self.on(lesson.track)
        return next(iter(track[track.index(lesson) + 1 :]), None)


def _tag(tag: str) -> str:
    """A tag as it stands in a folded line; an English one as whole words."""
    folded = fold(tag)
    return folded if has_han(folded) else f" {folded} "


def read_library(content: Path) -> Library:
    """What stands in the folder `content`. Raises LibraryError with every problem of every file."""
    found: list[Problem] = []
    tracks = _read_list(content / "lessons" / "tracks.yaml", "tracks", _TRACK, found)
    hotlines = _read_list(content / "hotlines.yaml", "hotlines", _HOTLINE, found)
    known = {entry["id"] for entry in tracks}
    lessons = [_lesson(folder, known, found) for folder in _folders(content / "lessons", found)]
    guides = [_guide(folder, found) for folder in _folders(content / "guides", found)]
    if found:
        raise LibraryError(found)
    return Library(
        tuple(Track(entry["id"], entry["emoji"], dict(entry["name"])) for entry in tracks),
        tuple(lesson for lesson in lessons if lesson),
        tuple(guide for guide in guides if guide),
        tuple(Hotline(entry["number"], dict(entry["name"]), dict(entry["about"])) for entry in hotlines),
    )


def _read_list(path: Path, top: str, rules: Mapping[str, Rule], found: list[Problem]) -> list[CommentedMap]:
    """The sound entries of a file that holds one list."""
    complain = problems_in(_name(path), found)
    text = yaml.read_text(path, complain)
    document = None if text is None else yaml.load_mapping(text, complain)
    if document is None:
        return []
    if set(document) != {top} or not isinstance(document[top], CommentedSeq):
        complain(1, f"write one list called {top} and nothing beside it")
        return []
    entries = [entry for entry in document[top] if isinstance(entry, CommentedMap)]
    if len(entries) < len(document[top]):
        complain(1, f"each of {top} needs {', '.join(sorted(rules))}")
    return [entry for entry in entries if yaml.check_keys(entry, rules, frozenset(), complain)]


def _name(path: Path) -> str:
    """A path as problems name it, from content/ on."""
    parts = path.parts
    return "/".join(parts[parts.index("content") :]) if "content" in parts else path.name


def _folders(parent: Path, found: list[Problem]) -> list[Path]:
    folders = sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []
    for folder in folders:
        if not NAME.fullmatch(folder.name):
            problems_in(_name(folder), found)(1, "name the folder in small letters, digits and _")
    return [folder for folder in folders if NAME.fullmatch(folder.name)]


def _lesson(folder: Path, tracks: set[str], found: list[Problem]) -> Lesson | None:
    texts: dict[str, LessonText] = {}
    places: dict[str, tuple[str, int]] = {}
    for locale in LOCALES:
        path = folder / f"{locale}.md"
        complain = problems_in(_name(path), found)
        page = front.read_page(path, complain)
        if page is None or not yaml.check_keys(
            page.front, _LESSON, frozenset({"minutes", "recording"}), complain
        ):
            continue
        head, cards = front.read_head(page.front, complain), read_cards(page.lines, page.start, complain)
        if page.front["track"] not in tracks:
            complain(page.front.lc.key("track")[0] + 1, f"there is no track {page.front['track']}")
        if head is not None:
            recording = _recording(page.front, head, complain)
            texts[locale] = LessonText(head, cards, page.front.get("minutes"), recording)
            places[locale] = (page.front["track"], page.front["level"])
    if len(texts) < len(LOCALES):
        return None
    first = LOCALES[0]
    for locale in LOCALES[1:]:
        complain = problems_in(_name(folder / f"{locale}.md"), found)
        if places[locale] != places[first]:
            complain(texts[locale].head.lines["track"], f"track and level must be those of {first}.md")
        _compare(texts[first], texts[locale], first, complain)
    return Lesson(folder.name, *places[first], texts)


def _recording(top: CommentedMap, head: Head, complain: Complain) -> Media | None:
    written = top.get("recording")
    if written is None:
        return None
    line = head.lines["recording"]
    match = _RECORDING.fullmatch(written)
    if match is None:
        complain(line, "write the recording as its file and its length: whole_lesson.mp3 4:30")
        return None
    return Media(match[1], head.title, int(match[2]) * 60 + int(match[3]), line)


def _compare(first: LessonText, other: LessonText, name: str, complain: Complain) -> None:
    """A lesson can be switched to another language at any card: both must have the same ones."""
    if [card.key for card in first.cards] != [card.key for card in other.cards]:
        complain(other.head.lines["title"], f"the cards must have the keys of {name}.md, in that order")
        return
    for one, two in zip(first.cards, other.cards, strict=True):
        if (one.quiz, one.right, len(one.options)) != (two.quiz, two.right, len(two.options)):
            complain(two.line, f"the question must have the answers of {name}.md, in that order")


def _guide(folder: Path, found: list[Problem]) -> Guide | None:
    texts: dict[str, GuideText] = {}
    ways: dict[str, tuple[Any, ...]] = {}
    for locale in LOCALES:
        path = folder / f"{locale}.md"
        complain = problems_in(_name(path), found)
        page = front.read_page(path, complain)
        optional = frozenset({"lesson", "hotlines"})
        if page is None or not yaml.check_keys(page.front, _GUIDE, optional, complain):
            continue
        text, head = paragraphs(list(map(str.rstrip, page.lines))), front.read_head(page.front, complain)
        if not text:
            complain(page.start, "there is no text; write what to do")
        if head is not None:
            texts[locale] = GuideText(head, tuple(page.front["asks"]), text, page.start)
            ways[locale] = (page.front.get("lesson", ""), *page.front.get("hotlines", ()))
    if len(texts) < len(LOCALES):
        return None
    lesson, *hotlines = ways[LOCALES[0]]
    if len(set(ways.values())) > 1:
        other = problems_in(_name(folder / f"{LOCALES[1]}.md"), found)
        other(1, f"lesson and hotlines must be those of {LOCALES[0]}.md")
    return Guide(folder.name, lesson, tuple(hotlines), texts)
