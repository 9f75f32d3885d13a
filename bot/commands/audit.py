"""`wayside audit`: is everything as it was written."""

from __future__ import annotations

import typer

from bot.commands.working import work

app = typer.Typer(help="The audit log of roles and branches.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """The audit log of roles and branches."""


@app.command()
def verify() -> None:
    """Go through the audit log and the histories of appeals; name what is not as it was written, exit 1 then.

    Keep the last hash somewhere else: with it, not even a log that was written anew as a whole passes.
    """
    from bot.services.appeals import history
    from bot.services.audit import verify as go_through

    verdict = work(go_through)
    count, flaws = work(history.verify)
    for flaw in (*verdict.flaws, *flaws):
        typer.echo(flaw)
    if verdict.flaws or flaws:
        raise typer.Exit(1)
    typer.echo(f"{verdict.entries} entries, all as they were written. Last hash: {verdict.head}")
    typer.echo(f"{count} appeals, each with its whole history.")
