"""The bots that bench/inbound.py compares with, each in a process of its own: `json` and `echo`."""

from __future__ import annotations

import os
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

PATH = "/hook"


async def read_json(request: web.Request) -> web.Response:
    """The floor of floors: read the update, keep nothing, say nothing."""
    await request.json()
    return web.Response()


async def echo(message: Message) -> None:
    """What aiogram's documentation shows: send what was said, in a request of its own."""
    await message.answer(message.text or "")


def application(kind: str) -> web.Application:
    """The server of one kind."""
    app = web.Application()
    if kind == "json":
        app.router.add_post(PATH, read_json)
        return app
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BENCH_PEER"]))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    SimpleRequestHandler(dispatcher, Bot(os.environ["BENCH_TOKEN"], session)).register(app, PATH)
    return app


def _ready(_text: str) -> None:
    print("Ready", flush=True)


if __name__ == "__main__":
    port = int(os.environ["BENCH_PORT"])
    web.run_app(application(sys.argv[1]), host="127.0.0.1", port=port, access_log=None, print=_ready)
