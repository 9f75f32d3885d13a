"""Latin letters that are Chinese in pinyin: where one syllable ends and the next begins."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_INITIALS: Final = "b p m f d t n l g k h j q x zh ch sh r z c s y w"
_FINALS: Final = (
    "a o e ai ei ao ou an en ang eng ong i ia ie iao iu ian in iang ing iong "
    "u ua uo uai ui uan un uang ue v ve"
)
_WITHOUT_INITIAL: Final = {"a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "er"}
# The longest: zhuang, shuang.
_LONGEST: Final = 6

# Finals that an initial takes; all that is not listed takes any. Fewer syllables, fewer English words.
_TAKES: Final = {
    "j": {"i", "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing", "iong", "u", "uan", "un", "ue"},
    "y": {"a", "e", "ao", "ou", "an", "ang", "ong", "i", "in", "ing", "u", "uan", "un", "ue"},
    "w": {"a", "o", "ai", "ei", "an", "en", "ang", "eng", "u"},
    "f": {"a", "o", "ei", "ou", "an", "en", "ang", "eng", "u"},
    "r": {"e", "ao", "ou", "an", "en", "ang", "eng", "ong", "i", "u", "uo", "ui", "uan", "un"},
}
_TAKES["q"] = _TAKES["x"] = _TAKES["j"]
_SYLLABLES: Final = _WITHOUT_INITIAL | {
    initial + final
    for initial in _INITIALS.split()
    for final in _FINALS.split()
    if final in _TAKES.get(initial, {final})
}


@lru_cache(maxsize=8_192)
def syllables_of(word: str) -> tuple[str, ...]:
    """The syllables of a run of Latin letters, the fewest there can be; nothing where it is no pinyin.

    Between two ways with as many syllables the one with the longer first ones wins: xian, not xi an.
    """
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for begin in range(max(0, end - _LONGEST), end):
            before = best[begin]
            if before is None or word[begin:end] not in _SYLLABLES:
                continue
            found = (*before, word[begin:end])
            known = best[end]
            if known is None or len(found) < len(known):
                best[end] = found
    return best[len(word)] or ()
