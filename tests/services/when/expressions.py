"""The sets of expressions in zh.txt and en.txt, and how they write what an expression means.

Each line: what is said => what it means => what is to be done (if anything), all said on Wednesday
13 May 2026 at 14:20 in Shanghai. A moment is `2026-05-14 08:00`, a day `2026-06-05`, a range has `until`,
a recurrence is its rule (without FREQ= and BYSECOND=0) `from` its first occurrence, and what is unclear is
`?` with the reason and the choices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.services.when import When
from bot.services.when.model import Instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 13, 14, 20, tzinfo=SHANGHAI)
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Expression:
    """One line."""

    text: str
    meaning: str
    what: str


def expressions(language: str) -> list[Expression]:
    """All of a language."""
    lines = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [Expression(*[*line.split(" => "), ""][:3]) for line in lines]


def meaning(when: When) -> str:
    """What was understood, as the files write it."""
    if when.kind == "unclear":
        return f"? {when.reason} {' / '.join(map(meaning, when.choices))}".strip()
    said = _instant(when.at)
    if when.until is not None:
        said += f" until {_instant(when.until)}"
    if when.rrule is None:
        return said
    return f"{when.rrule.removeprefix('FREQ=').replace(';BYSECOND=0', '')} from {said}"


def _instant(instant: Instant | None) -> str:
    assert instant is not None
    return instant.strftime("%Y-%m-%d %H:%M") if isinstance(instant, datetime) else instant.isoformat()
