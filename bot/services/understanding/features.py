"""What the classifier sees of a text: pieces of its writing, of its sound, of its words, and their senses.

Sound makes a homophone, a southern accent and typed pinyin look like what was meant; writing tells apart
what sounds alike; a sense stands for all the words that nobody put into an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from bot.services.understanding.senses import Senses
from bot.services.understanding.units import Units, cut

_LONGEST_WRITTEN: Final = 3
_LONGEST_HEARD: Final = 3
_LONGEST_OF_SENSES: Final = 3
_SHORTEST_LETTERS: Final = 3
_LONGEST_LETTERS: Final = 5
_BEGIN, _END = "^", "$"
_KINDS: Final = {"w": "written", "h": "heard", "l": "letters", "s": "sense", "p": "senses together"}


def features(text: str, senses: Senses) -> list[str]:
    """The names of all pieces of a text, each once, in a stable order."""
    units = cut(text)
    return list(dict.fromkeys(_all(units, senses)))


def told(name: str) -> tuple[str, str]:
    """What kind of piece a name stands for, and the piece."""
    return _KINDS[name[0]], name[1:]


def _all(units: Units, senses: Senses) -> Iterator[str]:
    yield from _runs("w", [_BEGIN, *units.written, _END], _LONGEST_WRITTEN)
    yield from _runs("h", [_BEGIN, *units.heard, _END], _LONGEST_HEARD)
    yield from _letters(units.words)
    found = [sense for _, sense in senses.found(units)]
    yield from _runs("s", [_BEGIN, *dict.fromkeys(found), _END], _LONGEST_OF_SENSES)
    for one, other in combinations(sorted(set(found)), 2):
        yield f"p{one}+{other}"


def _letters(words: Sequence[str]) -> Iterator[str]:
    """Pieces of English words: a typo leaves most of them, an ending is one of them."""
    for word in words:
        marked = f"<{word}>"
        for length in range(_SHORTEST_LETTERS, _LONGEST_LETTERS + 1):
            for start in range(len(marked) - length + 1):
                yield f"l{marked[start : start + length]}"


def _runs(kind: str, units: Sequence[str], longest: int) -> Iterator[str]:
    for length in range(1, longest + 1):
        for start in range(len(units) - length + 1):
            yield f"{kind}{' '.join(units[start : start + length])}"
