"""What people type, made comparable: full-width and traditional forms folded, Chinese spelled in pinyin."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product
from typing import Final

from opencc import OpenCC
from pypinyin import lazy_pinyin

_HAN_BLOCKS: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_SIMPLIFIED: Final = OpenCC("t2s")

# Characters of place names whose reading only locals know: people type either.
_READINGS: Final = {
    character: tuple(readings.split())
    for character, readings in (
        line.split(maxsplit=1)
        for line in """
            长 chang zhang
            都 du dou
            重 chong zhong
            乐 le yue
            行 hang xing
            朝 chao zhao
            六 liu lu
            堡 bao pu
            铺 pu bu
            厦 xia sha
            圩 wei xu
            盛 sheng cheng
            巷 xiang hang
            柏 bai bo
            埔 pu bu
            浒 hu xu
            番 fan pan
            莘 shen xin
            泊 bo po
            涌 yong chong
            大 da dai
            会 hui kuai
            车 che ju
            """.strip().splitlines()
    )
}
_MOST_SPELLINGS: Final = 4
_HAN: Final = "".join(f"{chr(first)}-{chr(last)}" for first, last in _HAN_BLOCKS)
_ONE_HAN: Final = re.compile(f"[{_HAN}]")
_PARTS: Final = re.compile(f"[{_HAN}]|[^\\s{_HAN}]+")

# What southern speakers (and the keyboards they taught) mix up. Longer ones first; all of them shorten.
_CONFUSIONS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("v", "u"))


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in a text."""
    return _ONE_HAN.search(text) is not None


def fold(text: str) -> str:
    """Lower case, simplified, half-width, without marks on letters; whatever is no letter or digit is one
    space."""
    plain = unicodedata.normalize("NFKD", text.encode("utf-8", "replace").decode()).casefold()
    kept = "".join(" " if not each.isalnum() else each for each in plain if not unicodedata.combining(each))
    kept = " ".join(kept.split())
    return _SIMPLIFIED.convert(kept) if has_han(kept) else kept


def squeezed(folded: str) -> str:
    """Folded text without its spaces."""
    return folded.replace(" ", "")


def spell(folded: str) -> str:
    """Folded text in toneless pinyin, letters as they are, without spaces: 李家沱 → lijiatuo."""
    return "".join(syllables(folded))


def syllables(folded: str) -> list[str]:
    """One toneless syllable for each Chinese character, runs of other letters and digits as they are."""
    return [_reading(part) if has_han(part) else part for part in _PARTS.findall(folded)]


@lru_cache(maxsize=32_768)
def _reading(character: str) -> str:
    """The usual reading of one character, toneless."""
    if character in _READINGS:
        return _READINGS[character][0]
    return lazy_pinyin(character)[0]


def spellings(folded: str) -> list[str]:
    """Every way in which people may spell a name, the most likely first, at most four."""
    options = []
    for part in _PARTS.findall(folded):
        usual = _reading(part) if has_han(part) else part
        options.append(_READINGS.get(part, (usual,)))
    return ["".join(each) for each in islice(product(*options), _MOST_SPELLINGS)]


def initials(folded: str) -> str:
    """The first letter of every syllable: 李家沱 → ljt."""
    return "".join(part[0] for part in syllables(folded))


def loosen(spelled: str) -> str:
    """Spelling with southern confusions (zh/z, ng/n, l/n …) taken out: two spellings that sound alike
    become one."""
    for heard, written in _CONFUSIONS:
        spelled = spelled.replace(heard, written)
    return spelled
