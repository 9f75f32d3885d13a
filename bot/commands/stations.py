"""`wayside stations`: bring stations in and out, print their QR codes, see what people report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.working import DryRun, chosen, say_changes, stop_at, work
from bot.commands.working import username as bot_name

if TYPE_CHECKING:
    from bot.services.stations.model import Station

app = typer.Typer(help="The stations.", no_args_is_help=True)

Datum = Literal["wgs84", "gcj02", "bd09"]

FONT = "NotoSansSC-subset.otf"


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".csv, .xlsx or .geojson")],
    datum: Annotated[Datum, typer.Option(help="How the file's coordinates are meant.")] = "wgs84",
    dry_run: DryRun = False,
) -> None:
    """Make the stations what the file says: all of it, or nothing where a row is wrong.

    A station that is not in the file is retired, not deleted. Importing twice changes nothing.
    """
    from bot.services.stations.catalogue import read_catalogue
    from bot.services.stations.files import read_stations
    from bot.services.stations.importer import import_stations

    with typer.progressbar(length=1, label="Reading") as bar:
        reading = read_stations(file, datum, read_catalogue(chosen().content))
        bar.update(1)
    stop_at(reading.problems)
    with typer.progressbar(length=len(reading.stations), label="Writing") as bar:
        report = work(
            lambda opened: import_stations(
                opened, reading.stations, dry_run=dry_run, progress=lambda done: bar.update(done - bar.pos)
            )
        )
        bar.update(len(reading.stations) - bar.pos)
    changes = {name: getattr(report, name) for name in ("added", "changed", "returned", "retired")}
    say_changes(changes, report.unchanged, dry_run=dry_run)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="stations.csv, .xlsx or .geojson")] = Path("stations.csv"),
) -> None:
    """Write all stations that are not retired to a file."""
    from bot.services.stations.files import write_stations

    found = _stations()
    write_stations(file, found)
    typer.echo(f"{len(found)} stations written to {file}")


@app.command("qr")
def qr(
    file: Annotated[Path, typer.Argument(help="sheet.pdf or sheet.png")] = Path("stations.pdf"),
    username: Annotated[str, typer.Option(help="The bot's name in Telegram, without @.")] = "",
    district: Annotated[str, typer.Option(help="Only this district.")] = "",
) -> None:
    """Print a sheet of QR codes: scanned, each opens its station in the chat."""
    from bot.services.stations.catalogue import read_catalogue
    from bot.services.stations.sheet import PER_PAGE, Sheet, write_sheet

    content = chosen().content
    found = [station for station in _stations() if not district or station.district == district]
    if not found:
        typer.echo("There is no such station: import some first, or leave --district out.", err=True)
        raise typer.Exit(1)
    try:
        sheet = Sheet(username or bot_name(), read_catalogue(content), content / "fonts" / FONT)
        with typer.progressbar(length=-(-len(found) // PER_PAGE), label="Drawing") as bar:
            written = write_sheet(file, found, sheet, lambda done: bar.update(done - bar.pos))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(f"{len(found)} QR codes written to {_and_more(written)}")


@app.command("flags")
def flags() -> None:
    """What people report: station, kind, what they wrote."""
    from bot.services.stations.flags import open_flags

    found = work(open_flags)
    for flag in found:
        typer.echo(f"{flag.made_at:%Y-%m-%d}  {flag.station:12}  {flag.kind:8}  {flag.note}")
    typer.echo(f"{len(found)} open.")


def _and_more(paths: list[Path]) -> str:
    return str(paths[0]) if len(paths) == 1 else f"{paths[0]} … {paths[-1]}"


def _stations() -> list[Station]:
    from bot.services.stations.board import all_stations

    return [station for station in work(all_stations) if not station.retired]
