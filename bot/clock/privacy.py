"""What privacy needs the clock for: packing somebody's data, sweeping up after who was forgotten.

Sweeping writes down, too, that they were forgotten, for whoever restores a backup from before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from bot.clock.kinds import Kind
from bot.services.due import Due
from bot.services.notices import worded
from bot.services.outbox import REPLY, Outgoing
from bot.services.privacy import forgotten
from bot.services.privacy.desk import MYDATA
from bot.services.privacy.forgetting import SWEEP, sweep
from bot.services.privacy.packing import Packed, pack
from bot.store.work import Work
from bot.talk import says

# A thousand photos take their time.
PACKING_SECONDS = 120

log = structlog.get_logger()

Draw = Callable[[Packed], says.Message]


def keeping_private(draw: Draw, book: Path | None) -> list[Kind]:
    """The kinds of due things of privacy; `draw` words the message that brings the data.

    `book` is the file of those who are forgotten, if there is one.
    """

    async def give(work: Work, thing: Due) -> Sequence[Outgoing]:
        packed = await pack(work, thing)
        if packed is None:
            return []
        return [worded(work, packed, REPLY, draw, packed)]

    async def clean(work: Work, _thing: Due) -> Sequence[Outgoing]:
        await sweep(work)
        if book is not None:
            await _write_down(work, book)
        return []

    return [Kind(MYDATA, give, batch=1, limit_seconds=PACKING_SECONDS), Kind(SWEEP, clean)]


async def _write_down(work: Work, book: Path) -> None:
    try:
        await asyncio.to_thread(forgotten.add, book, await forgotten.noted(work))
    except (OSError, ValueError) as error:
        # What is forgotten stays forgotten; `wayside doctor` says what is wrong with the file.
        log.error("forgotten_not_written_down", error=type(error).__name__)
