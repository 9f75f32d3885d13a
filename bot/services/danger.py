"""Words of acute danger in what people write, and what to say at once: content/danger.yaml.

It listens clause by clause. What is denied, long past, supposed or only told about is no emergency; where it
is in doubt, it is one: a number too many costs a glance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.services import strict_yaml as yaml
from bot.services.problems import Problem
from bot.services.stations.text import fold, has_han, squeezed
from bot.services.strict_yaml import Complain, Rule

FILE: Final = "danger.yaml"
LONGEST_HEARD: Final = 4000
"""Characters of a text that are listened to; who is in danger says so before."""
MOST_SIGNS: Final = 300

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

_SENTENCE: Final = re.compile(r"[。！？!?;；\n]+|\.(?=\s|$)")
_CLAUSE: Final = re.compile(r"[，,、：:…~～]+")
# In Chinese a space parts clauses; between letters it parts words.
_HAN_SPACE: Final = re.compile(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])")
_GAP: Final = "…"
_GAPS: Final[Mapping[Language, str]] = {"zh": r".{0,6}?", "en": r" (?:\w+ ){0,4}?"}
_GROUP: Final = re.compile(r"\{(\w+)\}")
_NEVER: Final = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Danger:
    """What kind of danger it is, the numbers to call in order, and what to do by language."""

    kind: str
    calls: tuple[str, ...]
    words: Mapping[str, str]

    def says(self, locale: str) -> str:
        """What to do, in Chinese for Chinese locales, else in English."""
        return self.words["zh" if locale.startswith("zh") else "en"]


@dataclass(frozen=True, slots=True)
class _Signs:
    """What one kind of danger sounds like in one language."""

    always: re.Pattern[str]
    with_now: re.Pattern[str]
    harmless: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What is said around a sign in one language."""

    time: re.Pattern[str]
    denied: re.Pattern[str]
    supposed: re.Pattern[str]
    told: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Kind:
    danger: Danger
    lasting: bool
    signs: Mapping[Language, _Signs]


class Ear(Protocol):
    """Who listens for danger."""

    def heard(self, text: str) -> Danger | None:
        """The danger that a text tells of as happening now; None for none."""


class DangerError(Exception):
    """The words of danger cannot be used; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class DangerWords:
    """Listens for danger in what people write."""

    def __init__(self, kinds: tuple[_Kind, ...], around: Mapping[Language, _Circumstances]) -> None:
        self._kinds = kinds
        self._around = around

    @property
    def dangers(self) -> tuple[Danger, ...]:
        """All kinds, in the order in which they count."""
        return tuple(kind.danger for kind in self._kinds)

    def heard(self, text: str) -> Danger | None:
        """The first kind of danger that a text tells of as happening now; None for none."""
        sentences = [list(_clauses(sentence)) for sentence in _SENTENCE.split(text[:LONGEST_HEARD])]
        for kind in self._kinds:
            for language in LANGUAGES:
                ear = _Ear(kind, kind.signs[language], self._around[language])
                if any(ear.hears(clauses) for clauses in _in(language, sentences)):
                    return kind.danger
        return None


class _Ear:
    """Listens for one kind in one language, through one text.

    It remembers of when the talk was last and, within a sentence, whether it is of something supposed, or the
    story of something that is over.
    """

    def __init__(self, kind: _Kind, signs: _Signs, around: _Circumstances) -> None:
        self._lasting = kind.lasting
        self._signs = signs
        self._around = around
        self._time = ""
        self._supposed = False
        self._is_old_story = False

    def hears(self, clauses: Iterable[str]) -> bool:
        """Whether one sentence tells of this danger."""
        self._supposed = self._is_old_story = False
        return any(map(self._hears_clause, clauses))

    def _hears_clause(self, whole: str) -> bool:
        clause = self._signs.harmless.sub(" . ", whole)
        for sign in self._signs.always.finditer(clause):
            time = _when(self._around, clause, sign)
            self._is_old_story = self._over(time) or (self._is_old_story and time != "now")
            if not self._is_old_story and not self._excused(clause, sign):
                return True
        for sign in self._signs.with_now.finditer(clause):
            time = _when(self._around, clause, sign) or self._time
            self._is_old_story = self._is_old_story or self._over(time)
            if time == "now" and not self._excused(clause, sign):
                return True
        self._supposed = self._supposed or self._around.supposed.search(clause) is not None
        self._time = _last_time(self._around, clause) or self._time
        return False

    def _over(self, time: str) -> bool:
        return time == "past" or (time == "lately" and not self._lasting)

    def _excused(self, clause: str, sign: re.Match[str]) -> bool:
        """Whether a sign is denied, supposed or only told about."""
        before = clause[: sign.start()]
        if self._around.denied.search(before) or self._around.told.search(clause):
            return True
        return not self._lasting and (self._supposed or self._around.supposed.search(before) is not None)


def _when(around: _Circumstances, clause: str, sign: re.Match[str]) -> str:
    """Of when a clause tells: by the last word of time before the sign, else by the first one after it."""
    before = _last_time(around, clause[: sign.end()])
    after = None if before else around.time.search(clause, sign.end())
    return before or (after.lastgroup if after else "") or ""


def _last_time(around: _Circumstances, clause: str) -> str:
    found = [match.lastgroup or "" for match in around.time.finditer(clause)]
    return found[-1] if found else ""


def _clauses(sentence: str) -> Iterator[str]:
    for clause in _CLAUSE.split(sentence):
        yield from filter(None, map(fold, _HAN_SPACE.split(clause)))


def _in(language: Language, sentences: list[list[str]]) -> Iterator[list[str]]:
    """Sentences as the signs of a language are looked for: Chinese without spaces, English within spaces."""
    for clauses in sentences:
        if language == "zh":
            yield [squeezed(clause) for clause in clauses if has_han(clause)]
        else:
            yield [f" {clause} " for clause in clauses]


# -- Reading the content -------------------------------------------------------------


def _are_signs(value: Any) -> bool:
    return (
        isinstance(value, CommentedSeq)
        and len(value) <= MOST_SIGNS
        and all(map(yaml.is_text, value))
        and len(set(value)) == len(value)
    )


def _are_in_both(value: Any) -> bool:
    return (
        isinstance(value, CommentedMap)
        and set(value) == set(LANGUAGES)
        and all(map(_are_signs, value.values()))
    )


_SIGNS: Final = Rule(_are_in_both, f"exactly zh and en, each a list of up to {MOST_SIGNS} texts, each once")
_LISTS: Final = ("harmless", "now", "past", "lately", "denied", "between", "supposed", "told")
_DOCUMENT: Final[Mapping[str, Rule]] = {
    "kinds": Rule(lambda value: isinstance(value, CommentedSeq) and bool(value), "a list of kinds"),
    "groups": Rule(lambda value: isinstance(value, CommentedMap), "lists of words by name"),
    **dict.fromkeys(_LISTS, _SIGNS),
}
_KIND: Final[Mapping[str, Rule]] = {
    "id": yaml.NAME,
    "calls": yaml.TEXTS,
    "says": yaml.LANGUAGES,
    "lasting": yaml.FLAG,
    "signs": _SIGNS,
    "now_signs": _SIGNS,
    "harmless": _SIGNS,
}


@cache
def read_danger(content: Path) -> DangerWords:
    """What `content`/danger.yaml says, read once. Raises DangerError with everything that is wrong in it."""
    found: list[Problem] = []
    document = _document(content, yaml.problems_in(f"content/{FILE}", found))
    if document is None or found:
        raise DangerError(found)
    readers = {language: _Reader(document, language) for language in LANGUAGES}
    kinds = tuple(_kind(entry, readers) for entry in document["kinds"])
    return DangerWords(kinds, {language: reader.around() for language, reader in readers.items()})


def _kind(entry: CommentedMap, readers: Mapping[Language, _Reader]) -> _Kind:
    danger = Danger(entry["id"], tuple(entry["calls"]), dict(entry["says"]))
    signs = {language: reader.signs(entry) for language, reader in readers.items()}
    return _Kind(danger, entry.get("lasting", False), signs)


def problems(content: Path) -> list[Problem]:
    """Everything wrong in danger.yaml below `content`."""
    found: list[Problem] = []
    _document(content, yaml.problems_in(f"content/{FILE}", found))
    return found


def _document(content: Path, complain: Complain) -> CommentedMap | None:
    text = yaml.read_text(content / FILE, complain)
    document = None if text is None else yaml.load_mapping(text, complain)
    if document is None or not yaml.check_keys(document, _DOCUMENT, frozenset(), complain):
        return None
    groups = document["groups"]
    yaml.check_keys(groups, dict.fromkeys(groups, _SIGNS), frozenset(), complain)
    for number, entry in enumerate(document["kinds"]):
        if not isinstance(entry, CommentedMap):
            complain(yaml.line_of(document["kinds"], number), f"a kind needs {', '.join(sorted(_KIND))}")
        elif yaml.check_keys(entry, _KIND, frozenset({"lasting"}), complain):
            _check_groups(entry, set(groups), complain)
    return document


def _check_groups(entry: CommentedMap, groups: set[str], complain: Complain) -> None:
    for key in ("signs", "now_signs", "harmless"):
        named = {name for signs in entry[key].values() for sign in signs for name in _GROUP.findall(sign)}
        for name in sorted(named - groups):
            complain(yaml.line_of(entry, key), f"there is no group {name} below; add it, or correct the name")


class _Reader:
    """Makes patterns of phrases in one language, with the groups that they name."""

    def __init__(self, document: CommentedMap, language: Language) -> None:
        self._document = document
        self._language = language
        self._groups = {
            name: f"(?:{'|'.join(map(self._folded, words[language]))})"
            for name, words in document["groups"].items()
        }

    def signs(self, entry: CommentedMap) -> _Signs:
        """What a kind sounds like."""
        harmless = [*entry["harmless"][self._language], *self._document["harmless"][self._language]]
        return _Signs(
            self._any_of(entry["signs"][self._language]),
            self._any_of(entry["now_signs"][self._language]),
            self._any_of(harmless),
        )

    def around(self) -> _Circumstances:
        """What is said around signs."""
        times = "|".join(f"(?P<{name}>{self._listed(name).pattern})" for name in ("now", "past", "lately"))
        denied, between = self._listed("denied").pattern, self._listed("between").pattern
        return _Circumstances(
            re.compile(times),
            re.compile(rf"(?:{denied})\s?(?:(?:{between})\s?){{0,2}}$"),
            self._listed("supposed"),
            self._listed("told"),
        )

    def _listed(self, name: str) -> re.Pattern[str]:
        return self._any_of(self._document[name][self._language])

    def _any_of(self, phrases: Iterable[str]) -> re.Pattern[str]:
        """A pattern of any of the phrases, longer ones first; English ones as whole words."""
        parts = list(map(self._pattern, sorted(phrases, key=len, reverse=True)))
        if not parts:
            return _NEVER
        joined = "|".join(parts)
        return re.compile(joined if self._language == "zh" else rf"(?<= )(?:{joined})(?= )")

    def _pattern(self, phrase: str) -> str:
        pieces = phrase.split(_GAP)
        return _GAPS[self._language].join(map(self._piece, pieces))

    def _piece(self, piece: str) -> str:
        """A piece between two gaps: words, and groups in braces."""
        parts = _GROUP.split(piece)
        if self._language == "zh":
            return "".join(self._groups[one] if at % 2 else self._folded(one) for at, one in enumerate(parts))
        spoken = [self._groups[one] if at % 2 else self._folded(one) for at, one in enumerate(parts)]
        return " ".join(filter(None, spoken))

    def _folded(self, words: str) -> str:
        folded = fold(words)
        return re.escape(squeezed(folded) if self._language == "zh" else folded)
