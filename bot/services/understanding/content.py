"""The sentences and words that understanding is learnt from: content/intents."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from bot.services import strict_yaml as yaml
from bot.services.problems import Problem
from bot.services.stations.text import fold
from bot.services.strict_yaml import Complain
from bot.services.understanding.model import INTENTS
from bot.services.understanding.units import LONGEST

FOLDER: Final = "intents"
SENSES: Final = "senses.yaml"
VALUES: Final = "values.yaml"
FEWEST: Final = 60
"""Sentences of an intent; with fewer of them the others would win what is its."""

_COMMENT: Final = "//"


@dataclass(frozen=True, slots=True)
class Material:
    """`sentences` as (text, label) pairs, `senses` with their words, tables of `values` with theirs.

    `mark` tells one material from another to learn from; `labels` are what a sentence can be.
    """

    sentences: tuple[tuple[str, str], ...]
    senses: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[str, Sequence[str]]]
    mark: str
    labels: tuple[str, ...] = INTENTS


def read_material(content: Path) -> Material:
    """What stands in `content`/intents, unchecked (see `problems`). OSError if it is not there."""
    folder = content / FOLDER
    digest = hashlib.sha256()
    sentences: list[tuple[str, str]] = []
    for intent in INTENTS:
        text = (folder / f"{intent}.txt").read_text(encoding="utf-8")
        digest.update(text.encode())
        sentences += [(line, intent) for line in lines_of(text).values()]
    text = (folder / SENSES).read_text(encoding="utf-8")
    digest.update(text.encode())
    values = _load((folder / VALUES).read_text(encoding="utf-8"))["tables"]
    return Material(tuple(sentences), _load(text)["senses"], values, digest.hexdigest())


def lines_of(text: str) -> dict[int, str]:
    """The sentences of a file by line."""
    lines = {number: line.strip() for number, line in enumerate(text.splitlines(), 1)}
    return {number: line for number, line in lines.items() if line and not line.startswith(_COMMENT)}


def _load(text: str) -> Any:
    return YAML(typ="safe", pure=False).load(text)


# -- wayside check -------------------------------------------------------------------


def problems(content: Path) -> list[Problem]:
    """Everything wrong in `content`/intents."""
    found: list[Problem] = []
    seen: dict[str, str] = {}
    for intent in INTENTS:
        check_sentences(content / FOLDER / f"{intent}.txt", seen, found)
    known = {f"{intent}.txt" for intent in INTENTS} | {SENSES, VALUES}
    for path in sorted((content / FOLDER).glob("*")):
        if path.name not in known:
            yaml.problems_in(f"content/{FOLDER}/{path.name}", found)(1, "there is no such intent; rename it")
    for path, top in ((content / FOLDER / SENSES, "senses"), (content / FOLDER / VALUES, "tables")):
        _check_words(path, top, found)
    return found


def check_sentences(path: Path, seen: dict[str, str], found: list[Problem]) -> None:
    """Note in `found` what is wrong in a file of sentences; `seen` is where each one stands, of all files."""
    complain = yaml.problems_in(f"content/{path.parent.name}/{path.name}", found)
    text = yaml.read_text(path, complain)
    if text is None:
        return
    lines = lines_of(text)
    for number, line in lines.items():
        key = fold(line) or line
        if len(line) > LONGEST:
            complain(number, f"this is longer than {LONGEST} characters; shorten it")
        if key in seen:
            complain(number, f"this stands in {seen[key]} already; leave one of them")
        seen.setdefault(key, f"{path.name}:{number}")
    if len(lines) < FEWEST:
        complain(1, f"there are {len(lines)} sentences; write at least {FEWEST}")


def _check_words(path: Path, top: str, found: list[Problem]) -> None:
    """A file of word lists, or of tables of word lists."""
    complain = yaml.problems_in(f"content/{FOLDER}/{path.name}", found)
    text = yaml.read_text(path, complain)
    document = None if text is None else yaml.load_mapping(text, complain)
    if document is None:
        return
    if set(document) != {top} or not isinstance(document[top], CommentedMap):
        complain(1, f"write one mapping called {top} and nothing beside it")
        return
    for key, value in document[top].items():
        if isinstance(value, CommentedMap) and top == "tables":
            for name, words in value.items():
                _check_list(words, yaml.line_of(value, name), complain)
        else:
            _check_list(value, yaml.line_of(document[top], key), complain)


def _check_list(words: object, line: int, complain: Complain) -> None:
    if not isinstance(words, list) or not words or not all(map(yaml.is_text, words)):
        complain(line, "write a list of words; put yes, no, on, off and numbers in quotes")
    elif doubles := sorted({word for word in words if words.count(word) > 1}):
        complain(line, f"{', '.join(doubles)} stands here twice; leave one")
