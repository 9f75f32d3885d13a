"""Notes between processes, by PostgreSQL's LISTEN and NOTIFY: they go out with the commit.

A note that is lost, because a connection was, costs no more than a wait until the next tick.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.work import Note

CHANNEL = "wayside"


async def tell(connection: AsyncConnection, sender: str, notes: Sequence[Note]) -> None:
    """Send notes when the connection's transaction commits; of each kind the one for the earliest moment."""
    soonest: dict[str, datetime] = {}
    for note in notes:
        soonest[note.about] = min(soonest.get(note.about, note.at), note.at)
    payload = orjson.dumps({"by": sender, "notes": soonest}).decode()
    await connection.execute(_NOTIFY, {"channel": CHANNEL, "payload": payload})


async def hear(engine: AsyncEngine, sender: str, heard: Callable[[Note], None]) -> None:
    """Hand on what others than `sender` note, until the connection is lost."""
    lost = asyncio.Event()

    def notified(_connection: Any, _process: int, _channel: str, payload: str) -> None:
        message = orjson.loads(payload)
        if message["by"] != sender:
            for about, at in message["notes"].items():
                heard(Note(about, datetime.fromisoformat(at)))

    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None  # noqa: S101 - the connection is open
        driver.add_termination_listener(lambda _connection: lost.set())
        try:
            await driver.add_listener(CHANNEL, notified)
            await lost.wait()
        finally:
            # Nobody else is to be given a connection that listens.
            await connection.invalidate()


_NOTIFY = sa.text("SELECT pg_notify(:channel, :payload)")
