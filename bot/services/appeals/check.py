"""Checks content/appeals.yaml against the rest of the content: every mistake with file, line, what to do."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ruamel.yaml.comments import CommentedMap

from bot.services import strict_yaml as yaml
from bot.services.appeals.rulebook import FILE, RulebookError, read_rulebook
from bot.services.branches.files import read_branches
from bot.services.lessons.library import LibraryError, read_library
from bot.services.problems import Problem

_WHERE: Final = {
    "hotlines": "no {name} in content/hotlines.yaml; add it there, or leave it out here",
    "guides": "no folder content/guides/{name}; correct the name",
    "lessons": "no folder content/lessons/{name}; correct the name",
    "branch": "no branch {name} in content/branches.csv; correct the id",
    "districts": "no place in content/places.csv is in {name}; correct the name",
}


def problems(content: Path) -> list[Problem]:
    """Everything wrong in appeals.yaml below `content`."""
    try:
        read_rulebook(content)
    except RulebookError as error:
        return error.problems
    found: list[Problem] = []
    complain = yaml.problems_in(f"content/{FILE}", found)
    text = yaml.read_text(content / FILE, complain)
    document = None if text is None else yaml.load_mapping(text, complain)
    known = _known(content)
    if document is None or known is None:
        return found  # what is wrong elsewhere is named by the checks of that
    for entry in (*document["kinds"], *document["desks"]):
        for line, message in _unknown(entry, known):
            complain(line, message)
    return found


def _known(content: Path) -> Mapping[str, set[str]] | None:
    """The names that may be referred to, by the key that does; None where they can't be read."""
    try:
        library = read_library(content)
        with (content / "places.csv").open(encoding="utf-8", newline="") as file:
            districts = {row["district"] for row in csv.DictReader(file)}
    except (LibraryError, OSError, UnicodeDecodeError, KeyError):
        return None
    branches = read_branches(content / "branches.csv")
    if branches.problems:
        return None
    return {
        "hotlines": set(library.hotlines),
        "guides": {guide.id for guide in library.guides},
        "lessons": {lesson.id for lesson in library.lessons},
        "branch": {branch.id for branch in branches.branches},
        "districts": districts,
    }


def _unknown(entry: CommentedMap, known: Mapping[str, set[str]]) -> Iterator[tuple[int, str]]:
    for key in known.keys() & entry.keys():
        names = [entry[key]] if isinstance(entry[key], str) else entry[key]
        for name in names:
            if name not in known[key]:
                yield yaml.line_of(entry, key), _WHERE[key].format(name=name)
