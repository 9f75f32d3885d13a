"""Reads content/appeals.yaml strictly: every mistake with its line and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeVar

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.services import strict_yaml as yaml
from bot.services.appeals.kinds import Deadlines, Desk, Kind, Rulebook, Step, Suggestion
from bot.services.appeals.working_time import WorkingTime, read_period, read_span
from bot.services.branches import tree
from bot.services.people import WORK_KINDS
from bot.services.problems import Problem
from bot.services.strict_yaml import Complain, Rule

FILE: Final = "appeals.yaml"
DEADLINES: Final = ("acknowledge", "answer", "solve")
ASKED: Final = ("place", "since", "amount", "points")

T = TypeVar("T")


def _some_of(known: tuple[str, ...]) -> Rule:
    """A list, perhaps empty, of known words, each once."""
    return Rule(
        lambda value: (
            isinstance(value, CommentedSeq)
            and all(one in known for one in value)
            and len(set(value)) == len(value)
        ),
        f"a list of some of {', '.join(known)}, each once",
    )


def _is_deadlines(value: Any) -> bool:
    return (
        isinstance(value, CommentedMap)
        and set(value) == set(DEADLINES)
        and all(isinstance(text, str) and read_span(text) for text in value.values())
    )


def _is_evidence(value: Any) -> bool:
    return (
        isinstance(value, CommentedMap)
        and set(value) == {"zh", "en"}
        and all(map(yaml.is_texts, value.values()))
        and len(value["zh"]) == len(value["en"])
    )


def _is_hours(value: Any) -> bool:
    if not yaml.is_texts(value):
        return False
    periods = [read_period(text) for text in value]
    times = [moment for period in periods if period for moment in period]
    return None not in periods and all(earlier < later for earlier, later in pairwise(times))


_MAYBE_TEXTS: Final = Rule(
    lambda value: yaml.is_texts(value) or (isinstance(value, CommentedSeq) and not value),
    "a list of short texts, each once, or []",
)
_SECTIONS: Final[Mapping[str, Mapping[str, Rule]]] = {
    "ladder": {"id": yaml.NAME, "name": yaml.LANGUAGES, "branches": _some_of(tree.KINDS)},
    "desks": {
        "id": yaml.NAME,
        "name": yaml.LANGUAGES,
        "branch": yaml.TEXT,
        "kinds": yaml.TEXTS,
        "districts": yaml.TEXTS,
        "industries": _some_of(WORK_KINDS),
    },
    "kinds": {
        "id": yaml.NAME,
        "emoji": yaml.TEXT,
        "name": yaml.LANGUAGES,
        "asks": _some_of(ASKED),
        "evidence": Rule(_is_evidence, "exactly zh and en, each a list with the same number of short texts"),
        "hotlines": _MAYBE_TEXTS,
        "guides": _MAYBE_TEXTS,
        "lessons": _MAYBE_TEXTS,
        "deadlines": Rule(_is_deadlines, "acknowledge, answer and solve, each such as 4 hours or 2 days"),
    },
    "answers": {
        "id": yaml.NAME,
        "kinds": yaml.TEXTS,
        "solves": yaml.FLAG,
        "label": yaml.LANGUAGES,
        "text": yaml.LANGUAGES,
    },
}
_OPTIONAL: Final = {
    "desks": frozenset({"kinds", "districts", "industries"}),
    "answers": frozenset({"kinds", "solves"}),
}
_ENTRIES: Final = Rule(lambda value: isinstance(value, CommentedSeq) and bool(value), "a list of entries")
_DOCUMENT: Final[Mapping[str, Rule]] = {
    "hours": Rule(_is_hours, 'periods of a day in order, such as ["09:00-12:00", "14:00-18:00"]'),
    **dict.fromkeys(_SECTIONS, _ENTRIES),
}


class RulebookError(Exception):
    """The appeals' content cannot be used; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_rulebook(content: Path) -> Rulebook:
    """What `content`/appeals.yaml says. Raises RulebookError with everything that is wrong in it."""
    found: list[Problem] = []
    complain = yaml.problems_in(f"content/{FILE}", found)
    text = yaml.read_text(content / FILE, complain)
    document = None if text is None else yaml.load_mapping(text, complain)
    if document is not None and yaml.check_keys(document, _DOCUMENT, frozenset(), complain):
        entries = {name: _entries(document[name], name, complain) for name in _SECTIONS}
        _check_references(entries, complain)
        if not found:
            return _rulebook(document, entries)
    raise RulebookError(found)


def _entries(section: CommentedSeq, name: str, complain: Complain) -> list[CommentedMap]:
    """The sound entries of a section, each with an id of its own."""
    sound: dict[str, CommentedMap] = {}
    for number, entry in enumerate(section):
        line = yaml.line_of(section, number)
        if not isinstance(entry, CommentedMap):
            complain(line, f"each of {name} needs {', '.join(sorted(_SECTIONS[name]))}")
        elif yaml.check_keys(entry, _SECTIONS[name], _OPTIONAL.get(name, frozenset()), complain):
            if entry["id"] in sound:
                complain(line, f"{entry['id']} is here twice; remove one")
            sound[entry["id"]] = entry
    return list(sound.values())


# -- What fits together --------------------------------------------------------------


def _check_references(entries: Mapping[str, list[CommentedMap]], complain: Complain) -> None:
    kinds = {entry["id"] for entry in entries["kinds"]}
    for entry in (*entries["desks"], *entries["answers"]):
        for kind in entry.get("kinds", ()):
            if kind not in kinds:
                complain(yaml.line_of(entry, "kinds"), f"there is no kind {kind} below")
    for entry in entries["kinds"]:
        _check_deadlines(entry, complain)
    _check_ladder(entries["ladder"], complain)
    _check_routes(entries["desks"], complain)


def _check_deadlines(entry: CommentedMap, complain: Complain) -> None:
    spans = [read_span(entry["deadlines"][name]) for name in DEADLINES]
    units = [(span.unit == "days", span.amount) for span in spans if span]
    if units != sorted(units):
        complain(yaml.line_of(entry, "deadlines"), "the times must grow from acknowledge to answer to solve")


def _check_ladder(steps: list[CommentedMap], complain: Complain) -> None:
    places: list[int] = []
    for step in steps:
        own = sorted((tree.KINDS.index(kind) for kind in step["branches"]), reverse=True)
        if not own or (places and own[0] >= places[-1]):
            complain(yaml.line_of(step, "branches"), "each step needs higher kinds than the one before")
            return
        places += own
    if len(places) < len(tree.KINDS):
        complain(yaml.line_of(steps[-1], "branches"), f"name each of {', '.join(tree.KINDS)} on some step")


def _check_routes(entries: list[CommentedMap], complain: Complain) -> None:
    desks = [_desk(entry) for entry in entries]
    for place, (entry, desk) in enumerate(zip(entries, desks, strict=True)):
        hiding = next((other for other in desks[:place] if other.covers(desk)), None)
        if hiding is not None:
            complain(yaml.line_of(entry, "id"), f"{hiding.id} takes all of this; put {desk.id} above it")
    if desks and not desks[-1].covers(Desk("", {}, "")):
        complain(yaml.line_of(entries[-1], "id"), "add a last desk without kinds, districts and industries")


# -- What it means -------------------------------------------------------------------


def _rulebook(document: CommentedMap, entries: Mapping[str, list[CommentedMap]]) -> Rulebook:
    def all_of(section: str, make: Callable[[CommentedMap], T]) -> tuple[T, ...]:
        return tuple(map(make, entries[section]))

    return Rulebook(
        WorkingTime([_period(text) for text in document["hours"]]),
        all_of("kinds", _kind),
        all_of("desks", _desk),
        all_of("ladder", lambda entry: Step(entry["id"], dict(entry["name"]), tuple(entry["branches"]))),
        all_of("answers", _suggestion),
    )


def _period(text: str) -> tuple[time, time]:
    period = read_period(text)
    if period is None:
        raise ValueError(text)
    return period


def _kind(entry: CommentedMap) -> Kind:
    return Kind(
        entry["id"],
        entry["emoji"],
        dict(entry["name"]),
        tuple(entry["asks"]),
        {language: tuple(lines) for language, lines in entry["evidence"].items()},
        tuple(entry["hotlines"]),
        tuple(entry["guides"]),
        tuple(entry["lessons"]),
        _deadlines(entry["deadlines"]),
    )


def _deadlines(times: Mapping[str, str]) -> Deadlines:
    spans = [span for name in DEADLINES if (span := read_span(times[name])) is not None]
    return Deadlines(*spans)


def _desk(entry: CommentedMap) -> Desk:
    kinds, districts, industries = (
        frozenset(entry.get(key, ())) for key in ("kinds", "districts", "industries")
    )
    return Desk(entry["id"], dict(entry["name"]), entry["branch"], kinds, districts, industries)


def _suggestion(entry: CommentedMap) -> Suggestion:
    return Suggestion(
        entry["id"],
        dict(entry["label"]),
        dict(entry["text"]),
        frozenset(entry.get("kinds", ())),
        entry.get("solves", False),
    )
