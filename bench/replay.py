"""The engine: what it costs to run a conversation again from the top on every update.

`python -m bench.replay` prints microseconds per run of a dialog of three questions, as ratios to awaiting the
bare coroutines of as many steps. The best of several rounds counts.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable

from bot.talk import engine, hears
from bot.talk.engine import Talk
from bot.talk.inputs import LongText
from bot.talk.journal import Journal

RUNS = 5000
ROUNDS = 5
KINDS = [("Pay", "pay"), ("Safety", "safety"), ("Other", "other")]


async def _appeal(talk: Talk) -> None:
    await talk.choose("kind", "What is it about?", KINDS)
    await talk.ask("story", "Tell us what happened.", LongText())
    await talk.ask("where", "Where?", LongText())
    await talk.confirm("sure", "Send it?")


async def _step(value: str) -> str:
    return value


async def _bare() -> None:
    for value in ("pay", "They owe me", "At the gate", "Send it?"):
        await _step(value)


async def _microseconds(deed: Callable[[], Awaitable[object]]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        started = time.perf_counter()
        for _ in range(RUNS):
            await deed()
        best = min(best, time.perf_counter() - started)
    return best / RUNS * 1e6


async def main() -> None:
    """Measure and print."""
    answers = {
        "kind": ["answer", "pay"],
        "story": ["answer", "They owe me"],
        "where": ["answer", "At the gate"],
    }

    async def shown() -> None:
        run = await engine.run(_appeal, Journal(answers))
        assert run.prompt is not None
        assert run.prompt.step == "sure"

    async def answered() -> None:
        run = await engine.run(_appeal, Journal(answers), hears.Choice(True))
        assert run.prompt is None

    floor = await _microseconds(_bare)
    print(f"{'conversation of three answers':44}{'µs/run':>8}{'x floor':>10}")
    for name, deed in (
        ("replayed, the next question shown", shown),
        ("replayed, the last answer taken", answered),
    ):
        taken = await _microseconds(deed)
        print(f"{name:44}{taken:8.1f}{taken / floor:10.1f}")
    print(f"{'floor: as many bare coroutines':44}{floor:8.1f}{1:10.1f}")


if __name__ == "__main__":
    asyncio.run(main())
