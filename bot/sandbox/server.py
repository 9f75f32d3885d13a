"""One sandbox over HTTP: the Bot API, the /client side and the chat page."""

import asyncio
import csv
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web

try:
    from uvloop import run
except ImportError:  # Windows has no uvloop
    from asyncio import run  # type: ignore[assignment]

from bot.sandbox.api import Api
from bot.sandbox.bodies import LARGEST_BODY
from bot.sandbox.client.routes import ClientSide
from bot.sandbox.settings import FloodMode, SandboxSettings
from bot.sandbox.stage import Stage
from bot.sandbox.store import Store

PAGE: Final = Path(__file__).parent / "page"
BACKLOG: Final = 1024
SHUTDOWN_SECONDS: Final = 0.25  # open long polls hold a connection until then


@dataclass(slots=True)
class RunningSandbox:
    """A sandbox that answers at `url`."""

    url: str
    port: int
    stage: Stage
    runner: web.AppRunner
    store: Store | None = None

    async def close(self) -> None:
        """End deliveries and connections, and write what is still to be written."""
        for listener in self.stage.listeners.values():
            if listener.delivery is not None:
                listener.delivery.cancel()
                await asyncio.gather(listener.delivery, return_exceptions=True)
        await self.runner.cleanup()
        if self.store is not None:
            await self.store.close()


async def start_sandbox(settings: SandboxSettings) -> RunningSandbox:
    """Start a sandbox. Raises OSError where the port is taken."""
    stage = Stage(settings)
    runner = web.AppRunner(application(stage), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port, backlog=BACKLOG)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    store = None
    if settings.data_dir is not None:
        store = Store(stage, settings.data_dir)
        store.start()
    port = int(runner.addresses[0][1])
    return RunningSandbox(f"http://{settings.host}:{port}", port, stage, runner, store)


def application(stage: Stage) -> web.Application:
    """All routes of a sandbox."""
    api = Api(stage)
    app = web.Application(client_max_size=LARGEST_BODY)
    bot_call = "/bot{token:[^/]+}/{method:[^/]+}"
    app.add_routes(
        [
            web.post(bot_call, api.handle),
            web.get(bot_call, api.handle),
            web.get("/file/bot{token:[^/]+}/{path:.+}", api.file),
            *ClientSide(stage).routes(),
            web.get("/", _index),
        ]
    )
    places = read_landmarks(stage.settings.landmarks)

    async def landmarks(_request: web.Request) -> web.Response:
        return web.json_response(places)

    app.add_routes([web.get("/page/landmarks.json", landmarks)])
    if PAGE.is_dir():
        app.add_routes([web.static("/page", PAGE)])
    return app


def read_landmarks(path: Path | None) -> list[dict[str, Any]]:
    """The places of the page's location picker; rows without usable coordinates are left out."""
    if path is None:
        return []
    places: list[dict[str, Any]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            try:
                point = {"lat": float(row["lat"]), "lon": float(row["lon"])}
            except (KeyError, TypeError, ValueError):
                continue
            places.append({**{name: value for name, value in row.items() if name}, **point})
    return places


async def _index(_request: web.Request) -> web.StreamResponse:
    page = PAGE / "index.html"
    if not page.is_file():
        return web.Response(text="The sandbox answers; its chat page is not installed.\n")
    return web.FileResponse(page, headers={"Cache-Control": "no-cache"})


async def run_until_stopped(settings: SandboxSettings) -> None:
    """Serve until SIGINT or SIGTERM, then close in good order."""
    sandbox = await start_sandbox(settings)
    print(f"Ready: {sandbox.url}", flush=True)  # noqa: T201 - the command line's answer
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
    await sandbox.close()


def serve(port: int, flood: FloodMode, data: Path | None) -> None:
    """The command `wayside sandbox`: a local Telegram until it is interrupted."""
    settings = SandboxSettings(port=port, flood=flood, data_dir=data)
    run(run_until_stopped(settings))
