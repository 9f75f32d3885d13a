"""The command line. Each command imports only what it needs."""

from __future__ import annotations

import asyncio
import gc
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.commands import working

if TYPE_CHECKING:
    from collections.abc import Coroutine

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


@app.callback()
def wayside(
    bot: Annotated[
        int | None,
        typer.Option(help="The id of the one bot that is meant, of those in WAYSIDE_BOTS_FILE."),
    ] = None,
) -> None:
    """Wayside: a chat assistant for people who work on the road."""
    working.NAMED.set(bot)


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
        _until_stopped(run_demo(port, data, ready))
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

    bots = working.bots()
    _demand_token(bots[0])
    _demand_keys(bots[0])
    configure(as_json=bots[0].log_json)

    async def work() -> None:
        async with fleet(bots, role):
            _settle_down()
            print("Ready", flush=True)  # noqa: T201 - what a process manager waits for
            await asyncio.Event().wait()

    try:
        _until_stopped(work())
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

    contents = dict.fromkeys(settings.content for settings in working.bots())
    found = [*catalogs.problems(), *(problem for one in contents for problem in content.problems(one))]
    for line in found:
        print(line)  # noqa: T201
    if found:
        raise typer.Exit(1)
    print("Content and catalogs are whole.")  # noqa: T201


def _demand_token(settings: Settings) -> None:
    try:
        settings.bot  # noqa: B018 - says what is missing
    except ValueError as error:
        raise typer.Exit(_complain(str(error))) from None


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


def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until the first SIGINT or SIGTERM, which may come while it still starts."""
    import uvloop

    from bot.stopping import ended_by_force

    async def watched() -> None:
        working = asyncio.create_task(work)
        asked = asyncio.Event()

        def stop() -> None:
            if not asked.is_set():
                asked.set()
                working.cancel()
                ended_by_force()

        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop)
        await asyncio.wait({working})
        if not (asked.is_set() and working.cancelled()):
            working.result()

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
