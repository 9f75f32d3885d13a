"""The top of a content file between two lines of `---`: strict YAML 1.2, every mistake with its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.services.lessons.model import Head, Source
from bot.services.strict_yaml import (
    DATE,
    DAY,
    FLAG,
    MAX_LIST,
    TEXT,
    TEXTS,
    Complain,
    Rule,
    check_keys,
    load_mapping,
    read_text,
)

FENCE: Final = "---"


@dataclass(frozen=True, slots=True)
class Page:
    """A file taken apart: its top, the lines below, and the line at which these begin."""

    front: CommentedMap
    lines: list[str]
    start: int


SOURCES: Final = Rule(
    lambda value: isinstance(value, CommentedSeq) and 0 < len(value) <= MAX_LIST,
    "a list with about, from and date for each",
)
HEAD: Final = {"title": TEXT, "summary": TEXT, "tags": TEXTS, "sources": SOURCES, "review": DAY}
_SOURCE: Final = {"about": TEXT, "from": TEXT, "date": DATE, "sure": FLAG}


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
