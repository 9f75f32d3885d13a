"""Makes the stations of a bot what a file says: all of it or, when anything fails, nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.revisions import next_revision
from bot.services.stations.board import STATIONS, all_stations
from bot.services.stations.model import Station
from bot.store.tables import stations
from bot.store.work import Work

_ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do: ids in order. `returned` had been retired and are in the file
    again."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Whether the database says already what the file says."""
        return not (self.added or self.changed or self.returned or self.retired)


async def import_stations(
    work: Work,
    wanted: Sequence[Station],
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Adds, changes and retires stations until the bot's active ones are exactly `wanted` (ids are unique).

    Everything happens in the transaction of `work`. A station that is not wanted is retired, not deleted:
    links and favourites still find it. `progress` is told how many rows are written."""
    known = {station.id: station for station in await all_stations(work)}
    report = compare(known, wanted)
    if dry_run or report.changes_nothing:
        return report
    to_write = {*report.added, *report.changed, *report.returned}
    rows = [_row(station, work.bot, work.now) for station in wanted if station.id in to_write]
    written = 0
    for batch in _batches(rows):
        await work.execute(_UPSERT[work.dialect], batch)
        written += len(batch)
        if progress is not None:
            progress(written)
    for ids in _batches(report.retired):
        await work.execute(_RETIRE, {"whose_bot": work.bot, "ids": ids, "moment": work.now})
    # Every process that sees a new revision renews its index.
    await next_revision(work, STATIONS)
    return report


def compare(known: dict[str, Station], wanted: Sequence[Station]) -> Report:
    """What has to happen to the `known` stations (by id, retired ones included) to make them the `wanted`
    ones."""
    added, changed, returned, unchanged = [], [], [], 0
    for station in wanted:
        before = known.get(station.id)
        if before is None:
            added.append(station.id)
        elif before.retired:
            returned.append(station.id)
        elif before != replace(station, retired=False):
            changed.append(station.id)
        else:
            unchanged += 1
    ids = {station.id for station in wanted}
    retired = [each.id for each in known.values() if not each.retired and each.id not in ids]
    return Report(tuple(added), tuple(changed), tuple(returned), tuple(retired), unchanged)


def _row(station: Station, bot: int, now: datetime) -> dict[str, Any]:
    """The row that holds an active station, changed at `now`."""
    return {
        "bot": bot,
        "id": station.id,
        "name": station.name,
        "name_en": station.name_en,
        "kind": station.kind,
        "lat": station.point.lat,
        "lon": station.point.lon,
        "address": station.address,
        "district": station.district,
        "services": list(station.services),
        "opening_hours": station.opening_hours,
        "phone": station.phone,
        "note": station.note,
        "confirmed_on": station.confirmed,
        "retired_at": None,
        "changed_at": now,
    }


def _batches(items: Sequence[Any]) -> list[list[Any]]:
    return [list(items[start : start + _ROWS_AT_ONCE]) for start in range(0, len(items), _ROWS_AT_ONCE)]


def _upsert(insert: Any) -> Any:
    statement = insert(stations)
    fresh = {column.name: statement.excluded[column.name] for column in stations.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=["bot", "id"], set_=fresh)


_UPSERT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
_RETIRE = (
    sa.update(stations)
    .where(stations.c.bot == sa.bindparam("whose_bot"))
    .where(stations.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(retired_at=sa.bindparam("moment"), changed_at=sa.bindparam("moment"))
)
