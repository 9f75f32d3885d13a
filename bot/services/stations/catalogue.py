"""What stations offer and what kinds there are: content/services.yaml and content/station_kinds.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.services.problems import Problem

LANGUAGES: Final = ("zh", "en")
_SERVICE_KEYS: Final = {"id", "emoji", "name", "words"}
_KIND_KEYS: Final = {"id", "emoji", "badge", "name", "words"}


@dataclass(frozen=True, slots=True)
class Service:
    """Something a station offers: its id, one emoji, its name and the words people look for it with."""

    id: str
    emoji: str
    name_zh: str
    name_en: str
    words_zh: tuple[str, ...]
    words_en: tuple[str, ...]

    def name(self, locale: str) -> str:
        """The name in Chinese for Chinese locales, else in English."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@dataclass(frozen=True, slots=True)
class Kind(Service):
    """A kind of station; one with a badge is named beside the station's own name in lists."""

    badge: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All services and kinds, in the order in which people see them."""

    services: tuple[Service, ...]
    kinds: tuple[Kind, ...]

    def service(self, service_id: str) -> Service | None:
        """The service with this id, None if nothing is known of it."""
        return next((service for service in self.services if service.id == service_id), None)

    def kind(self, kind_id: str) -> Kind | None:
        """The kind with this id, None if nothing is known of it."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)


class CatalogueError(Exception):
    """The catalogue cannot be used; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_catalogue(content: Path) -> Catalogue:
    """The catalogue in the folder `content`. Raises CatalogueError with every problem of both files."""
    problems: list[Problem] = []
    services = [
        _service(entry) for entry in _entries(content / "services.yaml", "services", _SERVICE_KEYS, problems)
    ]
    kinds = [
        _kind(entry) for entry in _entries(content / "station_kinds.yaml", "kinds", _KIND_KEYS, problems)
    ]
    if problems:
        raise CatalogueError(problems)
    return Catalogue(tuple(services), tuple(kinds))


def _service(entry: CommentedMap) -> Service:
    name, words = entry["name"], entry["words"]
    return Service(
        entry["id"], entry["emoji"], name["zh"], name["en"], tuple(words["zh"]), tuple(words["en"])
    )


def _kind(entry: CommentedMap) -> Kind:
    name, words = entry["name"], entry["words"]
    return Kind(
        entry["id"],
        entry["emoji"],
        name["zh"],
        name["en"],
        tuple(words["zh"]),
        tuple(words["en"]),
        entry["badge"],
    )


def _entries(path: Path, top: str, keys: set[str], problems: list[Problem]) -> list[CommentedMap]:
    """The sound entries of a file; what is unsound is added to `problems`."""
    already = len(problems)
    document = _loaded(path, problems)
    if len(problems) > already:
        return []
    if (
        not isinstance(document, CommentedMap)
        or set(document) != {top}
        or not isinstance(document[top], CommentedSeq)
    ):
        problems.append(Problem(path.name, 1, f"write one list called {top} and nothing beside it"))
        return []
    sound, seen = [], set()
    for number, entry in enumerate(document[top]):
        line = document[top].lc.item(number)[0] + 1
        found = [Problem(path.name, at or line, message) for at, message in _wrong(entry, keys)]
        if not found and entry["id"] in seen:
            found = [Problem(path.name, line, f"{entry['id']} is here twice; remove one")]
        if not found:
            seen.add(entry["id"])
            sound.append(entry)
        problems += found
    return sound


def _loaded(path: Path, problems: list[Problem]) -> Any:
    try:
        return YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(path.name, 1, "this file is missing; put it back"))
    except UnicodeDecodeError:
        problems.append(Problem(path.name, 1, "this file is not UTF-8; save it as UTF-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(
            Problem(path.name, line, f"this is no YAML ({error.problem}); correct it here or just above")
        )
    except YAMLError:
        problems.append(Problem(path.name, 1, "this is no YAML; start again from the file in the repository"))
    return None


def _wrong(entry: object, keys: set[str]) -> Iterator[tuple[int | None, str]]:
    """What is wrong with one entry: (line or None for the entry's own, what to do)."""
    if not isinstance(entry, CommentedMap):
        yield None, f"write a mapping with {', '.join(sorted(keys))}"
        return
    for key in entry:
        if key not in keys:
            yield entry.lc.key(key)[0] + 1, f"unknown key {key}; known are {', '.join(sorted(keys))}"
    for key in sorted(keys - set(entry)):
        yield None, f"{key} is missing; add it"
    for key in ("id", "emoji"):
        if key in entry and not _is_text(entry[key]):
            yield entry.lc.key(key)[0] + 1, f"{key} must be a short text"
    if "badge" in entry and not isinstance(entry["badge"], bool):
        yield entry.lc.key("badge")[0] + 1, "badge must be true or false"
    yield from _wrong_languages(entry, "name", _is_text, "a text")
    yield from _wrong_languages(entry, "words", _is_words, "a list of texts, each once")


def _wrong_languages(
    entry: CommentedMap, key: str, fits: Any, wanted: str
) -> Iterator[tuple[int | None, str]]:
    if key not in entry:
        return
    line, values = entry.lc.key(key)[0] + 1, entry[key]
    if not isinstance(values, CommentedMap) or set(values) != set(LANGUAGES):
        yield line, f"{key} needs exactly zh and en"
        return
    for language in LANGUAGES:
        if not fits(values[language]):
            yield values.lc.key(language)[0] + 1, f"{key} in {language} must be {wanted}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_words(value: object) -> bool:
    return (
        isinstance(value, CommentedSeq)
        and len(value) > 0
        and all(map(_is_text, value))
        and len(set(value)) == len(value)
    )
