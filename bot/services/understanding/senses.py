"""Words that mean much the same (content/intents/senses.yaml), found in a text by writing or by sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.services.stations.text import has_han
from bot.services.understanding.units import Units, cut

# By sound alone one syllable says nothing: there are thirty characters to each.
_SHORTEST_HEARD: Final = 2

Word = tuple[str, ...]


class Senses:
    """Finds the senses of a text."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._written = _Words()
        self._heard = _Words()
        for sense, its_words in words.items():
            for word in its_words:
                units = cut(word)
                self._written.add(units.written, sense)
                if has_han(word) and len(units.heard) >= _SHORTEST_HEARD:
                    self._heard.add(units.heard, sense)

    def found(self, units: Units) -> list[tuple[int, str]]:
        """Every sense with the place of its word, in order; those only heard come where none is written."""
        written = self._written.find(units.written)
        heard = self._heard.find(units.heard)
        known = {sense for _, sense in written}
        return sorted([*written, *((place, sense) for place, sense in heard if sense not in known)])


class _Words:
    """Words as sequences of units, by their first unit."""

    def __init__(self) -> None:
        self._by_first: defaultdict[str, dict[Word, list[str]]] = defaultdict(dict)

    def add(self, word: Word, sense: str) -> None:
        """Remember that a word has a sense."""
        if word:
            senses = self._by_first[word[0]].setdefault(word, [])
            if sense not in senses:
                senses.append(sense)

    def find(self, units: Sequence[str]) -> list[tuple[int, str]]:
        """The senses of all words that stand here, also of those within longer ones."""
        found = []
        for place, unit in enumerate(units):
            for word, senses in self._by_first.get(unit, {}).items():
                if tuple(units[place : place + len(word)]) == word:
                    found += [(place, sense) for sense in senses]
        return found
