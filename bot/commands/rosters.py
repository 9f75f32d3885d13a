"""`wayside roster`: an office's list in, one link for each line out; later who has joined."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.working import TableFile, stop_at, username, work

if TYPE_CHECKING:
    from bot.services.rosters.rows import Entry
    from bot.store.work import Work

app = typer.Typer(help="Inviting people by an office's own list.", no_args_is_help=True)


@app.command("import")
def import_file(
    file: TableFile,
    branch: Annotated[str, typer.Option(help="The id of the branch they are invited to.")],
    out: Annotated[Path, typer.Option(help="Where the links go: .xlsx")] = Path("links.xlsx"),
    name: Annotated[
        str, typer.Option("--username", help="The bot's name in Telegram, without @; else it is asked.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read the list, and make nothing.")] = False,
) -> None:
    """Make a link that works once for each line of a list: for all, or for none where a line is wrong.

    Names go into the file of links only, telephone numbers nowhere. Give each person their own link.
    """
    from bot.i18n import speaking
    from bot.services.audit import OPERATOR
    from bot.services.invitations import Links
    from bot.services.rosters.files import read_roster, write_links
    from bot.services.rosters.rows import GOOD_FOR, make

    with speaking("en"):
        reading = read_roster(file.name, file.read_bytes())
    stop_at(reading.problems, "No link was made")
    if out.suffix.lower() != ".xlsx" or out.exists():
        raise typer.BadParameter(f"{out} must be a new .xlsx file")
    if dry_run:
        typer.echo(f"{len(reading.lines)} links would be made.")
        return
    links = Links(name or username())
    tokens = [links.new_token() for _ in reading.lines]

    async def deed(opened: Work) -> int:
        made = await make(opened, branch, reading.lines, OPERATOR, tokens)
        write_links(out, reading.lines, [links.invitation(token) for token in tokens])
        return made

    number = work(deed)
    typer.echo(f"{len(reading.lines)} links written to {out}, good for {GOOD_FOR.days} days.")
    typer.echo(f"Who has joined: wayside roster report {number}")


@app.command("report")
def report(
    number: Annotated[int | None, typer.Argument(help="The list's number; without it all are named.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to a .csv or .xlsx file.")] = None,
) -> None:
    """Say which lines of a list have joined by their link, by the line's number and the office's own mark."""
    from bot.services.rosters.files import write_report
    from bot.services.rosters.rows import all_rosters, entries

    if number is None:
        for roster in work(all_rosters):
            said = f"{roster.id}: {roster.branch}, {roster.made_at:%Y-%m-%d}"
            typer.echo(f"{said}, {roster.joined} of {roster.lines} joined")
        return
    found = work(lambda opened: entries(opened, number))
    if not found:
        raise typer.BadParameter(f"there is no list {number}")
    if out is None:
        _say(found)
        return
    try:
        write_report(out, [(entry.line, entry.reference, entry.joined) for entry in found])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(f"{len(found)} lines written to {out}")


def _say(found: list[Entry]) -> None:
    for entry in found:
        typer.echo(f"{entry.line}\t{entry.reference}\t{'joined' if entry.joined else '-'}")
    joined = sum(entry.joined for entry in found)
    typer.echo(f"{joined} of {len(found)} joined by their link.")
