"""Times read a second: the two sets of expressions of the tests, against floors that understand nothing.

`python -m bench.when` prints expressions per second. The floors are one pass of a regular expression that
only finds digits and hours, and the grammar's own lexer and parser without looking for the time or its
meaning.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.services.when import read
from bot.services.when.folding import fold
from bot.services.when.grammar import grammar
from bot.services.when.model import UnclearError

SETS = Path(__file__).parent.parent / "tests" / "services" / "when"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 13, 14, 20, tzinfo=ZONE)
ROUNDS = 7
TARGET = 5000
_CLOCK = re.compile(r"(?:明天|今天|每天|周.|tomorrow|every)?.{0,4}?\d{1,2}(?:点|:|am|pm)\d{0,2}")


def texts(language: str) -> list[str]:
    """What is said in a set."""
    lines = (SETS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" => ")[0] for line in lines]


def _parsed(language: str) -> Callable[[str], object]:
    words = grammar("zh" if language == "zh" else "en")

    def parse(text: str) -> object:
        try:
            return words.parse(fold(text))
        except UnclearError:
            return None

    return parse


def per_second(deed: Callable[[str], object], said: Sequence[str]) -> float:
    """The best of several rounds: the machine's other work only ever slows down."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        start = time.perf_counter()
        for text in said:
            deed(text)
        best = min(best, time.perf_counter() - start)
    return len(said) / best


def main() -> None:
    """Measure and print."""
    print(f"{'expressions a second':40}{'Chinese':>12}{'English':>12}")
    contenders: list[tuple[str, Callable[[str], Callable[[str], object]]]] = [
        ("one pass of a regular expression", lambda _language: _CLOCK.search),
        ("the parser alone, on the whole text", _parsed),
        (f"read (target {TARGET})", lambda _language: lambda text: read(text, NOW, ZONE)),
    ]
    for name, make in contenders:
        figures = [per_second(make(language), texts(language)) for language in ("zh", "en")]
        print(f"{name:40}" + "".join(f"{figure:12,.0f}" for figure in figures))


if __name__ == "__main__":
    main()
