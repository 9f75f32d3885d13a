"""`wayside doctor`: whether everything is ready to serve people, and what to do where it is not."""

from __future__ import annotations

import asyncio

import typer


def doctor() -> None:
    """Check keys, content, disk, database, clocks, token and webhook; says what to do. Exit 1 if ill."""
    from bot.app import utc_now
    from bot.doctor import examine
    from bot.settings import Settings

    async def look() -> bool:
        well = True
        async for finding in examine(Settings(), utc_now):
            well &= finding.is_well
            typer.echo(f"{'✓' if finding.is_well else '✗'} {finding.about}: {finding.said}")
            if not finding.is_well:
                typer.echo(f"  → {finding.advice}")
        return well

    if not asyncio.run(look()):
        raise typer.Exit(1)
    typer.echo("All is well.")
