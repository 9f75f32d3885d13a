"""Reads content/hazards.yaml strictly: what hazards there are, by when somebody looks and mends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot.services import strict_yaml as yaml
from bot.services.appeals.kinds import language_of
from bot.services.appeals.working_time import Span, read_span
from bot.services.lessons.library import LibraryError, read_library
from bot.services.problems import Problem
from bot.services.strict_yaml import Complain, Rule

FILE: Final = "hazards.yaml"
DEADLINES: Final = ("look", "mend")
OTHER: Final = "other"
"""The kind of whatever is none of the others; it must be there, as the last one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be dangerous. `heard` are ids of content/intents/values.yaml, `calls` numbers that
    come before everything else."""

    id: str
    emoji: str
    names: Mapping[str, str]
    heard: frozenset[str]
    calls: tuple[str, ...]
    look: Span
    mend: Span

    def name(self, locale: str) -> str:
        """The name in Chinese for Chinese locales, else in English."""
        return self.names[language_of(locale)]


class HazardKinds:
    """All kinds, in the order in which people see them."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self.all = kinds
        self._by_id = {kind.id: kind for kind in kinds}
        self._by_heard = {heard: kind for kind in kinds for heard in kind.heard}

    def get(self, name: str) -> Kind:
        """The kind of this name; what was taken out of the content since is something else."""
        return self._by_id.get(name) or self._by_id[OTHER]

    def __contains__(self, name: object) -> bool:
        return name in self._by_id

    def heard(self, what: str) -> Kind | None:
        """The kind of what was understood; None where nothing was."""
        return self._by_heard.get(what)


class HazardsError(Exception):
    """The content cannot be used; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _is_deadlines(value: Any) -> bool:
    return (
        isinstance(value, CommentedMap)
        and set(value) == set(DEADLINES)
        and all(isinstance(text, str) and read_span(text) for text in value.values())
    )


_LIST: Final = Rule(
    lambda value: yaml.is_texts(value) or (isinstance(value, CommentedSeq) and not value),
    "a list of short texts, each once, or []",
)
_KIND: Final[Mapping[str, Rule]] = {
    "id": yaml.NAME,
    "emoji": yaml.TEXT,
    "name": yaml.LANGUAGES,
    "heard": _LIST,
    "calls": _LIST,
    "deadlines": Rule(_is_deadlines, "look and mend, each such as 4 hours or 2 days"),
}
_DOCUMENT: Final = {
    "kinds": Rule(lambda value: isinstance(value, CommentedSeq) and bool(value), "a list of kinds")
}


def read_hazards(content: Path) -> HazardKinds:
    """What `content`/hazards.yaml says. Raises HazardsError with everything that is wrong in it."""
    found: list[Problem] = []
    entries = _entries(content, yaml.problems_in(f"content/{FILE}", found))
    if found:
        raise HazardsError(found)
    return HazardKinds(tuple(map(_kind, entries)))


def problems(content: Path) -> list[Problem]:
    """Everything wrong in hazards.yaml below `content`, also against the rest of the content."""
    found: list[Problem] = []
    complain = yaml.problems_in(f"content/{FILE}", found)
    entries = _entries(content, complain)
    if found:
        return found
    for key, known, where in (
        ("calls", _hotlines(content), "content/hotlines.yaml"),
        ("heard", _words(content), "the table hazard of content/intents/values.yaml"),
    ):
        for entry in entries if known is not None else ():
            for name in entry[key]:
                if name not in (known or ()):
                    complain(yaml.line_of(entry, key), f"no {name} in {where}; add it there, or leave it out")
    return found


def _entries(content: Path, complain: Complain) -> list[CommentedMap]:
    text = yaml.read_text(content / FILE, complain)
    document = None if text is None else yaml.load_mapping(text, complain)
    if document is None or not yaml.check_keys(document, _DOCUMENT, frozenset(), complain):
        return []
    sound: list[CommentedMap] = []
    for number, entry in enumerate(document["kinds"]):
        line = yaml.line_of(document["kinds"], number)
        if not isinstance(entry, CommentedMap):
            complain(line, f"a kind needs {', '.join(sorted(_KIND))}")
        elif yaml.check_keys(entry, _KIND, frozenset(), complain):
            _check_twice(entry, sound, complain)
            sound.append(entry)
    if sound and sound[-1]["id"] != OTHER:
        complain(
            yaml.line_of(sound[-1], "id"), f"the last kind must be {OTHER}, for whatever is none of these"
        )
    return sound


def _check_twice(entry: CommentedMap, before: list[CommentedMap], complain: Complain) -> None:
    if any(other["id"] == entry["id"] for other in before):
        complain(yaml.line_of(entry, "id"), f"{entry['id']} is here twice; remove one")
    for heard in entry["heard"]:
        if any(heard in other["heard"] for other in before):
            complain(yaml.line_of(entry, "heard"), f"{heard} stands in another kind above; leave one of them")


def _kind(entry: CommentedMap) -> Kind:
    look, mend = (read_span(entry["deadlines"][name]) for name in DEADLINES)
    assert look is not None and mend is not None  # noqa: S101, PT018 - the rule says so
    return Kind(
        entry["id"],
        entry["emoji"],
        dict(entry["name"]),
        frozenset(entry["heard"]),
        tuple(entry["calls"]),
        look,
        mend,
    )


def _hotlines(content: Path) -> set[str] | None:
    """The numbers of the content; None where they can't be read, which other checks name."""
    try:
        return set(read_library(content).hotlines)
    except LibraryError:
        return None


def _words(content: Path) -> set[str] | None:
    """What is understood as kinds of hazards; None where it can't be read."""
    try:
        text = (content / "intents" / "values.yaml").read_text(encoding="utf-8")
        return set(YAML(typ="safe").load(text)["tables"]["hazard"])
    except (OSError, UnicodeDecodeError, YAMLError, KeyError, TypeError):
        return None
