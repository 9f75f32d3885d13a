"""`wayside doctor`: whether everything is ready to serve people, and what to do where it is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from bot.commands.working import bots

if TYPE_CHECKING:
    from bot.doctor import Finding
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
        typer.echo(f"{_mark(finding)} {finding.about}: {finding.said}")
        if finding.advice:
            typer.echo(f"  → {finding.advice}")
    return well


def _mark(finding: Finding) -> str:
    if not finding.is_well:
        return "✗"
    return "!" if finding.advice else "✓"
