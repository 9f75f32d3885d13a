"""A line of text on which what was understood gets covered, and the patterns that find words on it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.services.stations.text import fold, has_han, squeezed, syllables

_COVER: Final = "|"  # never in a folded text


class Line:
    """A folded line. Taking something covers it, so that nothing is understood twice."""

    def __init__(self, folded: str) -> None:
        self.text = folded
        self._whole = len(squeezed(folded))

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether something that matches is not covered."""
        return pattern.search(self.text) is not None

    def take(self, pattern: re.Pattern[str]) -> bool:
        """Covers everything that matches; whether there was anything."""
        return bool(self.take_matches(pattern))

    def take_matches(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Covers everything that matches, and gives the matches."""
        matches = list(pattern.finditer(self.text))
        for match in matches:
            self.cover(*match.span())
        return matches

    def take_words(self, pattern: re.Pattern[str]) -> list[str]:
        """Covers everything that matches; the words, and in pinyin without spaces too."""
        return [
            match[0] if match.lastgroup == "word" else squeezed(match[0])
            for match in self.take_matches(pattern)
        ]

    def cover(self, start: int, end: int) -> None:
        """Covers the characters from `start` up to `end`."""
        self.text = self.text[:start] + _COVER * (end - start) + self.text[end:]

    def cover_text(self, piece: str) -> None:
        """Covers the first place where `piece` stands."""
        start = self.text.find(piece)
        if start >= 0:
            self.cover(start, start + len(piece))

    def trim(self, characters: frozenset[str]) -> None:
        """Covers these characters where an uncovered piece begins or ends."""
        for piece in re.finditer(f"[^{_COVER}]+", self.text):
            start, end = piece.span()
            while start < end and (self.text[start] in characters or self.text[start] == " "):
                start += 1
            while start < end and (self.text[end - 1] in characters or self.text[end - 1] == " "):
                end -= 1
            self.cover(piece.start(), start)
            self.cover(end, piece.end())

    @property
    def left(self) -> list[str]:
        """What is not covered, in pieces."""
        return [piece.strip() for piece in self.text.split(_COVER) if piece.strip()]

    @property
    def unexplained(self) -> float:
        """The share of the line, 0 to 1, that is not covered."""
        left = sum(len(squeezed(piece)) for piece in self.left)
        return left / self._whole if self._whole else 0.0


def either_words(chinese: Iterable[str], english: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these words: Chinese ones anywhere, also spelled in pinyin; English ones as whole
    words."""
    chinese = [fold(word) for word in chinese]
    return re.compile(f"{_either(map(re.escape, chinese))}|{_latin(english, chinese)}")


def chinese_words(words: Iterable[str]) -> re.Pattern[str]:
    """Finds those of the folded words that are Chinese, longest first."""
    return re.compile(_either(re.escape(word) for word in words if has_han(word)))


def latin_words(words: Iterable[str]) -> re.Pattern[str]:
    """Finds those of the folded words that are Latin (group `word`), and the pinyin of the Chinese ones."""
    words = list(words)
    return re.compile(
        _latin((word for word in words if not has_han(word)), (word for word in words if has_han(word)))
    )


def _latin(english: Iterable[str], chinese: Iterable[str]) -> str:
    pinyin = [_pinyin_pattern(word) for word in chinese if len(word) > 1 and all(map(has_han, word))]
    whole = _either(re.escape(fold(word)) for word in english)
    return f"(?<![a-z0-9])(?:(?P<word>{whole})|(?:{_either(pinyin)}))(?![a-z0-9])"


def _pinyin_pattern(word: str) -> str:
    """Syllables with or without spaces between them."""
    return " ?".join(syllables(word))


def _either(patterns: Iterable[str]) -> str:
    """Any of the patterns, longest first; a pattern that never matches when there are none."""
    ordered = sorted(set(patterns), key=lambda pattern: (-len(pattern), pattern))
    return "(?:" + "|".join(ordered) + ")" if ordered else "(?!)"
