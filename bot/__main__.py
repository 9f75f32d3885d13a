"""The command line. Each command imports only what it needs."""

from __future__ import annotations

import asyncio
import gc
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.settings import Settings

NO_KEYS = (
    "There is no key to encrypt what people write. Make one, apart from the data: "
    "'wayside keys new /etc/wayside/keys', and set WAYSIDE_KEYS_FILE to that file."
)

app = typer.Typer(
    help="Wayside: a chat assistant for people who work on the road.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the chat page answers.")] = 8080,
    data: Annotated[Path, typer.Option(help="Where the demo keeps what you do.")] = Path("data"),
) -> None:
    """Try Wayside: a local Telegram, the bot and demo content, with nothing else needed."""
    _start_quickly()
    from bot.demo import demo as run_demo
    from bot.logs import configure

    def ready(url: str) -> None:
        _settle_down()
        print(f"Ready: {url}", flush=True)  # noqa: T201

    configure(as_json=False)
    try:
        _until_stopped(lambda stop: run_demo(port, data, stop, ready))
    except OSError as error:
        raise typer.Exit(
            _complain(f"Port {port} is taken ({error.strerror}). Choose another: --port 8090")
        ) from None


@app.command()
def run(role: Annotated[Literal["all", "listen", "speak", "clock"], typer.Option()] = "all") -> None:
    """Run the real bot: long polling, or a webhook where WAYSIDE_WEBHOOK_URL is set."""
    _start_quickly()
    from bot.delivery.profile import Unwelcome
    from bot.fleet import fleet
    from bot.logs import configure

    bots = _bots()
    _demand_keys(bots[0])
    configure(as_json=bots[0].log_json)

    async def work(stop: asyncio.Event) -> None:
        async with fleet(bots, role):
            _settle_down()
            print("Ready", flush=True)  # noqa: T201 - what a process manager waits for
            await stop.wait()

    try:
        _until_stopped(work)
    except Unwelcome as error:
        raise typer.Exit(_complain(str(error))) from None


@app.command()
def sandbox(
    port: Annotated[int, typer.Option()] = 8081,
    flood: Annotated[
        Literal["off", "telegram", "paid"], typer.Option(help="Whose flood limits to keep.")
    ] = "telegram",
    data: Annotated[Path | None, typer.Option(help="Where to keep chats; without it in memory.")] = None,
) -> None:
    """Run only the local Telegram."""
    from bot.sandbox import serve

    serve(port, flood, data)


@app.command()
def talk(
    dialog: Annotated[str, typer.Argument(help="A dialog's name, such as stations.")] = "",
    locale: Annotated[str, typer.Option(help="zh_CN or en.")] = "en",
) -> None:
    """Play a dialog in the terminal, with numbered choices and no Telegram at all."""
    from bot.play import play

    asyncio.run(play(dialog, locale))


@app.command()
def check() -> None:
    """Check content and catalogs; every error as file:line: what to do."""
    from bot import catalogs, content
    from bot.settings import Settings

    found = [*catalogs.problems(), *content.problems(Settings().content)]
    for line in found:
        print(line)  # noqa: T201
    if found:
        raise typer.Exit(1)
    print("Content and catalogs are whole.")  # noqa: T201


def _bots() -> list[Settings]:
    """The bots to run: those that are listed, else the one that the environment names."""
    from bot.fleet import Unfit, read_fleet
    from bot.settings import Settings

    common = Settings()
    if common.bots_file is None:
        return [_settings()]
    try:
        return read_fleet(common.bots_file, common)
    except Unfit as error:
        raise typer.Exit(_complain(str(error))) from None


def _settings() -> Settings:
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        settings = Settings()
        settings.bot  # noqa: B018 - says what is missing
    except ValidationError as error:
        names = ", ".join(f"WAYSIDE_{flaw['loc'][0]} {flaw['msg']}".upper() for flaw in error.errors())
        raise typer.Exit(_complain(names)) from None
    except ValueError as error:
        raise typer.Exit(_complain(str(error))) from None
    return settings


def _demand_keys(settings: Settings) -> None:
    """What people write is not kept in the clear, unless it is written to a local Telegram."""
    from bot.keys import keys_of

    try:
        keys = keys_of(settings)
    except ValueError as error:
        raise typer.Exit(_complain(f"WAYSIDE_KEYS_FILE: {error}")) from None
    if not keys and settings.is_local:
        typer.echo(f"WARNING: {NO_KEYS}", err=True)
    elif not keys:
        raise typer.Exit(_complain(NO_KEYS))


def _complain(sentence: str) -> int:
    typer.echo(sentence, err=True)
    return 1


def _start_quickly() -> None:
    """What is made while starting stays: looking for garbage among it would take a fifth of the start."""
    gc.disable()


def _settle_down() -> None:
    """The collector need not walk what is there after the start, and walks the rest less often."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


def _until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until the first SIGINT or SIGTERM."""
    import uvloop

    async def watched() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await work(stop)

    uvloop.run(watched())


def main() -> None:
    """The `wayside` script."""
    from bot.commands import (
        audit,
        backup,
        branches,
        checkin,
        clock,
        database,
        departments,
        doctor,
        invite,
        keys,
        lessons,
        outbox,
        rosters,
        stations,
        when,
    )
    from bot.commands import understand as understanding

    app.command("invite")(invite.invite)
    app.add_typer(stations.app, name="stations")
    app.add_typer(branches.app, name="branches")
    app.add_typer(departments.app, name="departments")
    app.add_typer(rosters.app, name="roster")
    app.add_typer(lessons.app, name="lessons")
    app.add_typer(audit.app, name="audit")
    app.add_typer(checkin.app, name="checkin")
    app.add_typer(database.app, name="db")
    app.add_typer(outbox.app, name="outbox")
    app.add_typer(keys.app, name="keys")
    app.command("when")(when.when)
    app.command("understand")(understanding.understand)
    app.command("clock")(clock.clock)
    app.command("doctor")(doctor.doctor)
    app.command("backup")(backup.backup)
    app.command("restore")(backup.restore)
    app()


if __name__ == "__main__":
    main()
