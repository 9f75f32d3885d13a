"""What people call the values of slots (content/intents/values.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bot.services.stations.text import has_han

_GAP: Final = "…"
_LONGEST_GAP: Final = 8


class Lexicon:
    """Tables of values, each value with the words that mean it."""

    def __init__(self, tables: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        self._tables = {
            table: [(value, any_of(words)) for value, words in values.items()]
            for table, values in tables.items()
        }

    def value(self, table: str, folded: str) -> str:
        """The first value of a table whose words stand in a folded text; nothing where none does."""
        return next((value for value, words in self._tables[table] if words.search(folded)), "")

    def last(self, tables: Iterable[str], folded: str) -> str:
        """The value of several tables whose word stands last in a folded text; nothing where none does."""
        found = [
            (match.start(), value)
            for table in tables
            for value, words in self._tables[table]
            for match in words.finditer(folded)
        ]
        return max(found)[1] if found else ""


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of the words: Chinese ones anywhere, English ones whole, … as content explains it."""
    return re.compile("|".join(_pattern(word.lower()) for word in words))


def either(words: str) -> str:
    """A piece of a pattern: any of the words, which stand between commas, the longest first."""
    listed = {word.strip() for word in words.split(",")} - {""}
    return "(?:" + "|".join(sorted(listed, key=lambda word: (-len(word), word))) + ")"


def _pattern(word: str) -> str:
    # In a hurry nobody types an apostrophe.
    pieces = [re.escape(piece).replace("'", "['’]?") for piece in word.split(_GAP)]
    inner = f".{{0,{_LONGEST_GAP}}}?".join(filter(None, pieces))
    if has_han(word):
        return inner
    begin = "" if word.startswith(_GAP) else r"(?<![a-z0-9])"
    end = "" if word.endswith(_GAP) else r"(?![a-z0-9])"
    return begin + inner + end
