"""What a segment is: conditions on people and groups, put together with and, or and without."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

LONGEST: Final = 500
"""In characters: longer than anything one types on a phone."""
DEEPEST: Final = 10
"""Brackets in brackets: more nobody reads, and a database's parser has its own limit."""
QUOTES: Final = '"“”„「」'

To = Literal["people", "groups", "both"]
"""Where it goes: into private chats, into groups, or both."""


class SegmentError(ValueError):
    """A text is no segment, or names something that is not there.

    `position` counts characters of `text` from 0; `sentence` says what is possible there.
    """

    def __init__(self, text: str, position: int, sentence: str) -> None:
        super().__init__(sentence)
        self.text = text
        self.position = min(position, len(text))
        self.sentence = sentence

    @property
    def pointed(self) -> str:
        """The text with a caret line under it, for a type of fixed width; Chinese takes two columns."""
        before = self.text[: self.position]
        return f"{self.text}\n{''.join('　' if _is_wide(each) else ' ' for each in before)}^"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


# -- Conditions ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Everyone:
    """No condition."""


@dataclass(frozen=True, slots=True)
class Has:
    """A condition by its name, met by any of its values; `at` is where each value stands in the text."""

    key: str
    values: tuple[str, ...]
    at: tuple[int, ...] = field(default=(), compare=False)

    def place(self, index: int) -> int:
        """Where a value stands in the text, 0 for one that was not typed."""
        return self.at[index] if index < len(self.at) else 0


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts; made by `both`."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts; made by `either`."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not the part; made by `without`."""

    part: Condition


Condition = Everyone | Has | Both | Either | Without


@dataclass(frozen=True, slots=True)
class Segment:
    """Who is meant, and whether in private chats, in groups or both; `text` as it was typed, if it was."""

    condition: Condition
    to: To = "people"
    text: str = field(default="", compare=False)

    def sent_to(self, to: To) -> Segment:
        """The same, sent elsewhere."""
        return replace(self, to=to)


def both(*parts: Condition) -> Condition:
    """All of these, as one flat condition."""
    flat = tuple(_flat(parts, Both))
    return flat[0] if len(flat) == 1 else Both(flat)


def either(*parts: Condition) -> Condition:
    """Any of these, as one flat condition."""
    flat = tuple(_flat(parts, Either))
    return flat[0] if len(flat) == 1 else Either(flat)


def without(part: Condition) -> Condition:
    """Not this; not not this is this."""
    return part.part if isinstance(part, Without) else Without(part)


def conditions(condition: Condition) -> Iterator[Has]:
    """Every named condition in it."""
    if isinstance(condition, Has):
        yield condition
    elif isinstance(condition, Without):
        yield from conditions(condition.part)
    elif isinstance(condition, Both | Either):
        for part in condition.parts:
            yield from conditions(part)


def depth(condition: Condition) -> int:
    """How deep conditions stand within each other."""
    if isinstance(condition, Without):
        return depth(condition.part) + 1
    if isinstance(condition, Both | Either):
        return max(map(depth, condition.parts)) + 1
    return 1


def _flat(parts: tuple[Condition, ...], kind: type[Both | Either]) -> Iterator[Condition]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part
