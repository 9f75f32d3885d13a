"""`wayside outbox`: what waits to be said, what could not be said and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.working import work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from bot.services.outbox import Dead, Tally
    from bot.store.work import Work

app = typer.Typer(no_args_is_help=False, help="Messages: how many wait, which were refused and why.")

COLUMNS = "{:<10}  {:>9}  {}"
DEAD_COLUMNS = "{:>10}  {:<16}  {:>15}  {:<9}  {}"
NOT_FOUND = (
    "There is no refused message {number}: 'wayside outbox' lists them. Those of a broadcast are sent again "
    "with [Retry failed] under it."
)
EMPTY = "The outbox is empty: nothing was said yet, or it was long ago and is forgotten."


@app.callback(invoke_without_command=True)
def outbox(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many refused ones at most.")] = 20,
) -> None:
    """Count messages by state, with the age of the oldest; below, those that were refused for good."""
    if context.invoked_subcommand is not None:
        return

    async def look(opened: Work) -> tuple[Sequence[Tally], Sequence[Dead], datetime]:
        from bot.services import outbox

        return await outbox.tallies(opened), await outbox.dead(opened, limit), opened.now

    tallies, dead, now = work(look)
    if not tallies:
        typer.echo(EMPTY)
        return
    typer.echo(COLUMNS.format("STATE", "MESSAGES", "OLDEST"))
    for tally in tallies:
        typer.echo(COLUMNS.format(tally.state, tally.number, _age(now - tally.oldest)))
    if dead:
        typer.echo("\nRefused for good ('wayside outbox retry NUMBER' tries one again):")
        typer.echo(DEAD_COLUMNS.format("NUMBER", "WHEN (UTC)", "CHAT", "KIND", "REASON"))
        for one in dead:
            typer.echo(_line(one))
    if len(dead) == limit:
        typer.echo(f"The latest {limit}; see more with --limit.")


@app.command()
def retry(number: Annotated[int, typer.Argument(help="As the list of refused messages has it.")]) -> None:
    """Send a refused message again, now."""

    async def revive(opened: Work) -> bool:
        from bot.services import outbox

        return await outbox.revive(opened, number)

    if not work(revive):
        typer.echo(NOT_FOUND.format(number=number), err=True)
        raise typer.Exit(1)
    typer.echo("It is sent again: within a second where a speaker runs.")


def _line(one: Dead) -> str:
    kind = f"broadcast {one.broadcast}" if one.broadcast is not None else _kind(one.priority)
    return DEAD_COLUMNS.format(one.id, f"{one.settled_at:%Y-%m-%d %H:%M}", one.chat, kind, one.error or "-")


def _kind(priority: int) -> str:
    from bot.services.outbox import NOTICE, REMINDER, REPLY

    return {REPLY: "reply", NOTICE: "notice", REMINDER: "reminder"}.get(priority, str(priority))


def _age(age: timedelta) -> str:
    """How long ago; what waits for its time is still to come."""
    from babel.dates import format_timedelta

    return format_timedelta(-age, granularity="second", add_direction=True, locale="en")
