"""The top of a content file between two lines of `---`: strict YAML 1.2, every mistake with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.services.lessons.model import Head, Source
from bot.services.problems import Problem

FENCE: Final = "---"
# The longest lesson has some 6 KB; what is far beyond is no lesson.
MAX_BYTES: Final = 64 * 1024
MAX_TEXT: Final = 300
MAX_LIST: Final = 40
MAX_BRACKETS: Final = 200
"""Opening brackets in one text. Thousands of nested ones take the YAML reader half a minute to refuse."""

Complain = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Page:
    """A file taken apart: its top, the lines below, and the line at which these begin."""

    front: CommentedMap
    lines: list[str]
    start: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What a key must hold: whether a value fits, and how to say what is wanted."""

    fits: Callable[[Any], bool]
    wanted: str


def is_text(value: Any) -> bool:
    """A short text on one line."""
    return isinstance(value, str) and 0 < len(value.strip()) <= MAX_TEXT and "\n" not in value


def is_texts(value: Any) -> bool:
    """A list of short texts, each once."""
    return (
        isinstance(value, CommentedSeq)
        and 0 < len(value) <= MAX_LIST
        and all(map(is_text, value))
        and len(set(value)) == len(value)
    )


def is_date(value: Any) -> bool:
    """A day, a month (`2025-09`) or a year (`2025`)."""
    if isinstance(value, date) or (isinstance(value, int) and 1900 < value < 2200):
        return True
    try:
        date.fromisoformat(f"{value}-01")
    except ValueError:
        return False
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """A whole number from 1 to 99."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100


TEXT: Final = Rule(is_text, "a short text on one line")
TEXTS: Final = Rule(is_texts, "a list of short texts, each once")
NUMBER: Final = Rule(is_number, "a whole number from 1 to 99")
DATE: Final = Rule(is_date, "a date such as 2026-06-07, 2026-06 or 2026")
DAY: Final = Rule(lambda value: isinstance(value, date), "a day such as 2027-06-30")
FLAG: Final = Rule(lambda value: isinstance(value, bool), "true or false")
SOURCES: Final = Rule(
    lambda value: isinstance(value, CommentedSeq) and 0 < len(value) <= MAX_LIST,
    "a list with about, from and date for each",
)
LANGUAGES: Final = Rule(
    lambda value: (
        isinstance(value, CommentedMap) and set(value) == {"zh", "en"} and all(map(is_text, value.values()))
    ),
    "exactly zh and en, each a short text",
)

HEAD: Final = {"title": TEXT, "summary": TEXT, "tags": TEXTS, "sources": SOURCES, "review": DAY}
_SOURCE: Final = {"about": TEXT, "from": TEXT, "date": DATE, "sure": FLAG}


def read_text(path: Path, complain: Complain) -> str | None:
    """A file's text, or None with a complaint where it is missing, too large or not UTF-8."""
    try:
        if path.stat().st_size > MAX_BYTES:
            complain(1, f"this file is larger than {MAX_BYTES // 1024} KB; make two of it")
            return None
        return path.read_text(encoding="utf-8")
    except OSError:
        complain(1, "this file is missing; write it")
    except UnicodeDecodeError:
        complain(1, "this file is not UTF-8; save it as UTF-8")
    return None


def read_page(path: Path, complain: Complain) -> Page | None:
    """A file's top and body, or None with a complaint."""
    text = read_text(path, complain)
    if text is None:
        return None
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE or FENCE not in map(str.rstrip, lines[1:]):
        complain(1, f"begin with {FENCE}, what the file is about, and {FENCE} again")
        return None
    end = [line.rstrip() for line in lines].index(FENCE, 1)
    front = load_mapping("\n" + "\n".join(lines[1:end]), complain)
    return None if front is None else Page(front, lines[end + 1 :], end + 2)


def load_mapping(text: str, complain: Complain) -> CommentedMap | None:
    """A YAML mapping, or None with a complaint. No anchors: nobody needs them, and they can explode."""
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        complain(1, f"this has more than {MAX_BRACKETS} brackets; write lists with a dash a line")
        return None
    try:
        if any(getattr(event, "anchor", None) for event in YAML(typ="rt", pure=True).parse(text)):
            complain(1, "write things out instead of using & and *")
            return None
        found = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        complain(line, f"this is no YAML ({error.problem}); correct it here or just above")
        return None
    except (YAMLError, RecursionError, ValueError):
        complain(1, "this is no YAML; look at another file of this kind")
        return None
    if not isinstance(found, CommentedMap):
        complain(1, "write keys and values, such as title: …")
        return None
    return found


def check_keys(
    mapping: CommentedMap, rules: Mapping[str, Rule], optional: frozenset[str], complain: Complain
) -> bool:
    """Whether a mapping holds what the rules want and nothing else; complaints at the keys' lines."""
    found = [*_wrong_keys(mapping, rules), *_missing_keys(mapping, rules, optional)]
    for line, message in found:
        complain(line, message)
    return not found


def _wrong_keys(mapping: CommentedMap, rules: Mapping[str, Rule]) -> Iterator[tuple[int, str]]:
    for key, value in mapping.items():
        line = mapping.lc.key(key)[0] + 1
        if key not in rules:
            yield line, f"unknown key {key}; known are {', '.join(sorted(rules))}"
        elif not rules[key].fits(value):
            yield line, f"{key} must be {rules[key].wanted}"


def _missing_keys(
    mapping: CommentedMap, rules: Mapping[str, Rule], optional: frozenset[str]
) -> Iterator[tuple[int, str]]:
    for key in sorted(set(rules) - optional - set(mapping)):
        yield mapping.lc.line + 1, f"{key} is missing; add it"


def read_head(front: CommentedMap, complain: Complain) -> Head | None:
    """What every lesson and guide says of itself; `front` has passed `check_keys`."""
    sources = [source for entry in front["sources"] if (source := _source(entry, complain)) is not None]
    if len(sources) < len(front["sources"]):
        return None
    lines = {key: front.lc.key(key)[0] + 1 for key in front}
    return Head(
        front["title"],
        front["summary"],
        tuple(front["tags"]),
        tuple(sources),
        front["review"].isoformat(),
        lines,
    )


def _source(entry: Any, complain: Complain) -> Source | None:
    if not isinstance(entry, CommentedMap):
        complain(1, "a source needs about, from and date")
        return None
    if not check_keys(entry, _SOURCE, frozenset({"sure"}), complain):
        return None
    return Source(entry["about"], entry["from"], str(entry["date"]), entry.get("sure", True))


def problems_in(file: str, found: list[Problem]) -> Complain:
    """Complaints about one file, gathered in `found`."""
    return lambda line, message: found.append(Problem(file, line, message))
