"""`wayside checkin`: the codes that places show, and sheets of the weaker, printed kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.working import chosen, username, work

if TYPE_CHECKING:
    from bot.services.stations.model import Station
    from bot.settings import Settings

app = typer.Typer(help="Checking in at stations and events.", no_args_is_help=True)

PLACE_HELP = "A station's id, or event:NUMBER."
EVENT_PREFIX = "event:"
BotName = Annotated[str, typer.Option("--username", help="The bot's name in Telegram, without @.")]


@app.command()
def show(
    place: Annotated[str, typer.Argument(help=PLACE_HELP)],
    key: Annotated[
        str, typer.Option(help="The place's key; without it the bot's token is needed here.")
    ] = "",
    title: Annotated[str, typer.Option(help="What the page calls the place.")] = "",
    name: BotName = "",
    host: Annotated[str, typer.Option(help="Where the page listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Where the page answers.")] = 8100,
) -> None:
    """Serve a page with the QR code to scan: it changes every minute, a copied one is soon refused."""
    from bot.app import utc_now
    from bot.commands.checkin_page import Door, serve

    door = Door(_place(place), key or _key(place), name or username(), title or place)
    typer.echo(f"Ready: http://{host}:{port}", err=True)
    serve(door, host, port, utc_now)


@app.command("key")
def key_of_place(place: Annotated[str, typer.Argument(help=PLACE_HELP)]) -> None:
    """Print the key of one place: a screen there needs no more, and opens no other door with it."""
    typer.echo(_key(place))


@app.command("print")
def print_sheet(
    file: Annotated[Path, typer.Argument(help="sheet.pdf or sheet.png")],
    district: Annotated[str, typer.Option(help="Only this district.")] = "",
    name: BotName = "",
) -> None:
    """Print a code for every station that never changes: it asks for a location, and counts as weaker."""
    from bot.commands.stations import FONT
    from bot.services.checkins import codes
    from bot.services.stations.catalogue import read_catalogue
    from bot.services.stations.sheet import Sheet, write_sheet

    settings = _settings()
    found = [one for one in _stations() if not district or one.district == district]
    if not found:
        typer.echo("There is no such station: import some first, or leave --district out.", err=True)
        raise typer.Exit(1)

    def link(bot: str, station: str) -> str:
        place = codes.station_place(station)
        key = codes.key_of(settings.token.get_secret_value(), settings.bot, place)
        return codes.link(bot, place, codes.printed_code(key, place))

    content = settings.content
    sheet = Sheet(
        name or username(),
        read_catalogue(content),
        content / "fonts" / FONT,
        caption="扫码报到 · Check in",
        link=link,
    )
    try:
        written = write_sheet(file, found, sheet)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(f"{len(found)} codes written to {written[0]}{' …' if len(written) > 1 else ''}")


def _place(place: str) -> str:
    from bot.services.checkins import codes

    try:
        if place.startswith(EVENT_PREFIX):
            return codes.event_place(int(place.removeprefix(EVENT_PREFIX)))
        return codes.station_place(place)
    except ValueError:
        raise typer.BadParameter("name a station by its id, or an event as event:5") from None


def _key(place: str) -> str:
    from bot.services.checkins import codes

    settings = _settings()
    return codes.key_of(settings.token.get_secret_value(), settings.bot, _place(place))


def _settings() -> Settings:
    settings = chosen()
    try:
        settings.bot  # noqa: B018 - says what is missing
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    return settings


def _stations() -> list[Station]:
    from bot.services.stations.board import all_stations

    return [station for station in work(all_stations) if not station.retired]
