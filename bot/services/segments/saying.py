"""A segment said back: as one types it, and as one reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.i18n import Phrase, _, is_chinese, join
from bot.services.segments import words
from bot.services.segments.model import Both, Condition, Either, Everyone, Has, Segment, Without
from bot.services.segments.predicates import PREDICATES

Names = Mapping[tuple[str, str], str]
"""What values are called, by (condition, value): a branch's name for its id, a lesson's title for its own."""

# What the grammar reads as one value without quotation marks.
_SIMPLE: Final = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*|[一-鿿]+")
_JOINING: Final = re.compile("且|或|除了|除去|不含|不要")


def say(segment: Segment) -> str:
    """The segment as text that `parse` reads as the same one."""
    said = _typed(segment.condition)
    return said if segment.to == "people" else f"{_in_brackets(segment.condition, Both)} & to:{segment.to}"


def _typed(condition: Condition) -> str:
    if isinstance(condition, Has):
        return _typed_has(condition)
    if isinstance(condition, Without):
        return f"- {_in_brackets(condition.part)}"
    if isinstance(condition, Either):
        return " | ".join(_in_brackets(part, Both if _is_plain(part) else None) for part in condition.parts)
    if isinstance(condition, Both):
        said = [
            f"- {_in_brackets(part.part)}" if isinstance(part, Without) else f"& {_in_brackets(part)}"
            for part in condition.parts
        ]
        return " ".join(said).removeprefix("& ")
    return "all"


def _in_brackets(condition: Condition, free: type[Condition] | None = None) -> str:
    """A part of something larger; what is put together stands in brackets, but for what is `free`."""
    is_free = isinstance(condition, Everyone | Has) or (free is not None and isinstance(condition, free))
    return _typed(condition) if is_free else f"({_typed(condition)})"


def _is_plain(condition: Condition) -> bool:
    """Whether nothing is left out of it, so that it may stand beside an `or`."""
    return isinstance(condition, Both) and not any(isinstance(part, Without) for part in condition.parts)


def _typed_has(condition: Has) -> str:
    predicate = PREDICATES[condition.key]
    if predicate.is_age:
        return f"{condition.key}<{condition.values[0]}d"
    return f"{condition.key}:{','.join(_quoted(value) for value in condition.values)}"


def _quoted(value: str) -> str:
    return value if _SIMPLE.fullmatch(value) and not _JOINING.search(value) else f'"{value}"'


# -- For who reads it --------------------------------------------------------------------


def describe(segment: Segment, names: Names | None = None, *, is_own: bool = True) -> Phrase:
    """Who is meant, in the language being spoken; `names` tells what is named in it is called.

    It `is_own` where who reads it is who wrote it: another's "everybody" are others.
    """
    to = words.to_words()[segment.to]
    everyone = _("everybody you look after") if is_own else _("everybody the author looks after")
    who = _Telling(names or {}, everyone).told(segment.condition)
    return _("{who} → {where}").format(who=who, where=to)


@dataclass(frozen=True, slots=True)
class _Telling:
    """How conditions are told: what things are called, and who everybody is."""

    names: Names
    everyone: Phrase

    def told(self, condition: Condition) -> Phrase:
        """A condition with all that is in it."""
        if isinstance(condition, Has):
            predicate = PREDICATES[condition.key]
            said = [
                predicate.say(self.names.get((condition.key, value), value)) for value in condition.values
            ]
            return join(said, _(" or "))
        if isinstance(condition, Without):
            return self._denied(condition.part)
        if isinstance(condition, Either):
            return join([self._part(part) for part in condition.parts], _(" or "))
        if isinstance(condition, Both):
            return join([self._part(part) for part in condition.parts], "，" if is_chinese() else ", ")
        return self.everyone

    def _denied(self, condition: Condition) -> Phrase:
        if isinstance(condition, Has) and len(condition.values) == 1:
            deny, (value,) = PREDICATES[condition.key].deny, condition.values
            if deny is not None:
                return deny(self.names.get((condition.key, value), value))
        return _("not {who}").format(who=self._part(condition))

    def _part(self, condition: Condition) -> Phrase:
        told = self.told(condition)
        return _("({told})").format(told=told) if isinstance(condition, Both | Either) else told
