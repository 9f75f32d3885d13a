"""`wayside doctor`: whether everything is ready to serve people, and what to do where it is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from bot.commands.working import bots

if TYPE_CHECKING:
    from bot.settings import Settings


def doctor() -> None:
    """Check keys, content, disk, database, clocks, token and webhook of every bot. Exit 1 if one is ill."""
    found = bots()
    well = True
    for settings in found:
        if len(found) > 1:
            typer.echo(f"— Bot {settings.bot} —")
        well &= asyncio.run(_look(settings))
    if not well:
        raise typer.Exit(1)
    typer.echo("All is well.")


async def _look(settings: Settings) -> bool:
    from bot.app import utc_now
    from bot.doctor import examine

    well = True
    async for finding in examine(settings, utc_now):
        well &= finding.is_well
        typer.echo(f"{'✓' if finding.is_well else '✗'} {finding.about}: {finding.said}")
        if not finding.is_well:
            typer.echo(f"  → {finding.advice}")
    return well
