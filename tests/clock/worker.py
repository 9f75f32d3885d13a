"""A clock in a process of its own, to be killed: `python -m tests.clock.worker URL OWNER`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from bot.clock.kinds import Kind
from bot.clock.loop import Clock
from bot.services.due import Due
from bot.services.outbox import Outgoing
from bot.store.database import Database
from bot.store.work import Work
from tests.conftest import BOT

EFFECTS = sa.table("effects", sa.column("thing", sa.BigInteger), sa.column("at", sa.Text))
PAUSE_SECONDS = 0.002


async def leave_a_row(work: Work, thing: Due) -> Sequence[Outgoing]:
    """Write that this occurrence happened, slowly enough to be killed in the middle of a batch."""
    await work.execute(sa.insert(EFFECTS), {"thing": thing.id, "at": thing.at.isoformat()})
    await asyncio.sleep(PAUSE_SECONDS)
    return [Outgoing(work.bot, 5, {"type": "text", "text": str(thing.id), "spans": [], "rows": []})]


async def run(url: str, owner: str) -> None:
    """Run until killed."""
    kinds = [Kind("bell", leave_a_row, batch=10)]
    clock = Clock(Database(url), BOT, kinds, owner=owner, now=lambda: datetime.now(UTC))
    print("Ready", flush=True)  # noqa: T201
    await clock.run()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
