"""Content files in strict YAML 1.2: unknown keys are errors, and every mistake has its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.services.problems import Problem

# The longest file has some 30 KB; what is far beyond was not written by hand.
MAX_BYTES: Final = 64 * 1024
MAX_TEXT: Final = 300
MAX_LIST: Final = 40
MAX_DEPTH: Final = 20
"""Brackets within brackets. Thousands of nested ones take the YAML reader half a minute to refuse."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BRACKETS: Final = re.compile(r"[\[\]{}]")

Complain = Callable[[int, str], None]


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


NAME: Final = Rule(
    lambda value: isinstance(value, str) and _NAME.fullmatch(value) is not None,
    "a name of small letters, digits and _",
)
TEXT: Final = Rule(is_text, "a short text on one line")
TEXTS: Final = Rule(is_texts, "a list of short texts, each once")
NUMBER: Final = Rule(is_number, "a whole number from 1 to 99")
DATE: Final = Rule(is_date, "a date such as 2026-06-07, 2026-06 or 2026")
DAY: Final = Rule(lambda value: isinstance(value, date), "a day such as 2027-06-30")
FLAG: Final = Rule(lambda value: isinstance(value, bool), "true or false")
LANGUAGES: Final = Rule(
    lambda value: (
        isinstance(value, CommentedMap) and set(value) == {"zh", "en"} and all(map(is_text, value.values()))
    ),
    "exactly zh and en, each a short text",
)


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


def load_mapping(text: str, complain: Complain) -> CommentedMap | None:
    """A YAML mapping, or None with a complaint. No anchors: nobody needs them, and they can explode."""
    if _depth(text) > MAX_DEPTH:
        complain(
            1, f"this has more than {MAX_DEPTH} brackets within brackets; write lists with a dash a line"
        )
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


def _depth(text: str) -> int:
    """How many brackets are open at once, at most; those in texts count as well."""
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def line_of(node: CommentedMap | CommentedSeq, key: str | int) -> int:
    """The line of a mapping's key, or of a list's entry."""
    if isinstance(node, CommentedMap):
        return int(node.lc.key(key)[0]) + 1
    return int(node.lc.item(key)[0]) + 1


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
        line = line_of(mapping, key)
        if key not in rules:
            yield line, f"unknown key {key}; known are {', '.join(sorted(rules))}"
        elif not rules[key].fits(value):
            yield line, f"{key} must be {rules[key].wanted}"


def _missing_keys(
    mapping: CommentedMap, rules: Mapping[str, Rule], optional: frozenset[str]
) -> Iterator[tuple[int, str]]:
    for key in sorted(set(rules) - optional - set(mapping)):
        yield mapping.lc.line + 1, f"{key} is missing; add it"


def problems_in(file: str, found: list[Problem]) -> Complain:
    """Complaints about one file, gathered in `found`."""
    return lambda line, message: found.append(Problem(file, line, message))
