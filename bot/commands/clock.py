"""`wayside clock`: what is due next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.working import work

if TYPE_CHECKING:
    from datetime import datetime

    from bot.services.due import Due
    from bot.store.work import Work

COLUMNS = "{:<16}  {:<34}  {:<14}  {:<20}  {}"
EMPTY = (
    "Nothing is due. A clock plans its housekeeping when it starts: run 'wayside run' (or --role clock); "
    "reminders and the like appear here as people ask for them."
)


def clock(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 20,
) -> None:
    """List what is due next: kind, when, how soon, for whom, and its state; below, what failed for good."""
    waiting, failed, now = _read(limit)
    if not (waiting or failed):
        typer.echo(EMPTY)
        return
    typer.echo(COLUMNS.format("KIND", "WHEN", "HOW SOON", "WHOSE", "STATE"))
    for thing in [*waiting, *failed]:
        typer.echo(_line(thing, now))
    if len(waiting) == limit:
        typer.echo(f"The first {limit}; see more with --limit.")


def _read(limit: int) -> tuple[list[Due], list[Due], datetime]:
    from bot.services import due

    async def look(opened: Work) -> tuple[list[Due], list[Due], datetime]:
        return await due.coming(opened, limit), await due.dead(opened, limit), opened.now

    return work(look)


def _line(thing: Due, now: datetime) -> str:
    from babel.dates import format_timedelta

    soon = format_timedelta(thing.at - now, granularity="second", add_direction=True, locale="en")
    whose = thing.whose or "-"
    return COLUMNS.format(thing.kind, _when(thing), soon, whose, _state(thing))


def _when(thing: Due) -> str:
    """The wall time in the thing's own zone: `Thu 2026-05-14 08:00 Asia/Shanghai`."""
    from bot.clock.recurrence import zone_named

    return f"{thing.at.astimezone(zone_named(thing.zone)):%a %Y-%m-%d %H:%M} {thing.zone}"


def _state(thing: Due) -> str:
    """What it waits for, as one reads it."""
    if thing.state == "dead":
        return f"dead after {thing.attempts} tries: {thing.error}"
    again = ", repeats" if thing.rule else ""
    if thing.leased_by:
        return f"under way at {thing.leased_by}{again}"
    if thing.attempts:
        return f"failed {thing.attempts} times ({thing.error}), tries again{again}"
    return f"waiting{again}"
