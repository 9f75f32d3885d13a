"""What is to be done, without the time and without the words that ask for a reminder."""

from __future__ import annotations

import re
from typing import Final

ASKING: Final = re.compile(
    r"""
    (?:请你?|麻烦你?|劳驾|帮我|帮忙|给我|替我|记得|到时候?|到点|到时)*
    (?:
        (?:设置?|定|订|建|加|来|弄|调)(?:一?个|[一1]条)(?=.{0,30}(?:提醒|闹钟|闹铃))
      | (?:设置?|定)(?=.{0,30}(?:闹钟|闹铃))
      | 的?(?:提醒|题醒|提星|通知|告诉)(?:我们|我|俺|咱|偶|一下|一声|一哈)*
      | (?:叫醒|喊醒|叫|喊|催|吼)(?:我们|我|俺|咱|一下我|一声|一下|一哈)+(?:一下|一声|一哈)?
      | (?:叫醒|喊醒)
      | 的?(?:闹钟|闹铃)
    )
    (?:记得|别忘了?|不要忘了?)?
    |
    (?:\b(?:please|pls|can\ you|could\ you|would\ you)\b[\s,]*)*
    \b(?:
        remind\ (?:me|us)
      | set\ (?:up\ )?(?:me\ )?(?:a|an|the|my)?\s*(?:reminder|alarm)(?:\ for\ me)?
      | (?:a\ |an\ )?(?:reminder|alarm)
      | wake\ (?:me|us)(?:\ up)?
      | (?:tell|ping|alert|notify|nudge|call)\ (?:me|us)
    )\b
    """,
    re.VERBOSE,
)
_EDGES: Final = " \t\r\n\u3000,，.。;；:：!！、~～-–—?？\"'“”"
_LEADING: Final = re.compile(
    r"(?:(?:to|that|about|for|and|on|at|by|please|pls)\b\s*|[的要得]|到了|等到|请|麻烦|记得|别忘了?|不要忘了?)",
    re.I,
)
_TRAILING: Final = re.compile(
    r"(?:\b(?:on|at|by|in|the|please|pls|for)|[吧哈啊呀哦喔嘛的在于]|一下我|谢谢|提醒)$", re.I
)
_SPACES: Final = re.compile(r"\s+")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


def task(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without these spans (in order), trimmed of what only joined it to them."""
    rest, reached = [], 0
    for begin, end in spans:
        rest.append(text[reached:begin])
        reached = max(reached, end)
    rest.append(text[reached:])
    pieces = [_trimmed(each) for each in rest]
    kept = [each for each in pieces if each]
    glue = "" if any(_HAN.search(each) for each in kept) else " "
    return _trimmed(_SPACES.sub(" ", glue.join(kept)))


def _trimmed(piece: str) -> str:
    before = None
    while piece != before:
        before = piece
        piece = piece.strip(_EDGES)
        if match := _LEADING.match(piece):
            piece = piece[match.end() :]
        piece = _TRAILING.sub("", piece)
    return piece
