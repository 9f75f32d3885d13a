"""What people reported about stations and nobody has settled yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.store.tables import station_flags
from bot.store.work import Work


async def open_flags(work: Work) -> Sequence[Any]:
    """Rows of `station_flags` that wait, the oldest first. Who told is not among the columns."""
    return await work.fetch(_OPEN, {"whose_bot": work.bot})


_OPEN = (
    sa.select(
        station_flags.c.station,
        station_flags.c.kind,
        station_flags.c.note,
        station_flags.c.photo,
        station_flags.c.made_at,
    )
    .where(station_flags.c.bot == sa.bindparam("whose_bot"), station_flags.c.settled_at.is_(None))
    .order_by(station_flags.c.made_at)
)
