"""The demo: a local Telegram, the bot, and some people to play, on one SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from pydantic import SecretStr

from bot.app import Wayside, utc_now
from bot.demo_roles import ADMIN, CHIEF, CLERK, ORGANIZER, name_roles
from bot.sandbox import SandboxSettings, start_sandbox
from bot.settings import Settings
from bot.store.database import sqlite_url

log = structlog.get_logger()

# A token of the sandbox's, good nowhere else.
TOKEN = "700000001:the-demo-bot-of-wayside-needs-no-secret"  # noqa: S105

PEOPLE: tuple[dict[str, Any], ...] = (
    {"id": 1001, "first_name": "小李 · 骑手", "username": "xiaoli_demo", "language_code": "zh-hans"},
    {"id": 1002, "first_name": "阿珍 · 快递员", "username": "azhen_demo", "language_code": "zh-hans"},
    {"id": 1003, "first_name": "老周 · 货车司机", "username": "laozhou_demo", "language_code": "zh-hans"},
    {"id": 1004, "first_name": "Sam · courier", "username": "sam_demo", "language_code": "en"},
)
STAFF: tuple[dict[str, Any], ...] = (
    {"id": ORGANIZER, "first_name": "王姐 · 组织员", "username": "wangjie_demo", "language_code": "zh-hans"},
    {"id": ADMIN, "first_name": "管理员", "username": "admin_demo", "language_code": "zh-hans"},
    {"id": CLERK, "first_name": "老陈 · 承办人", "username": "laochen_demo", "language_code": "zh-hans"},
    {"id": CHIEF, "first_name": "周主任 · 总台", "username": "zhou_demo", "language_code": "zh-hans"},
)
GROUP: dict[str, Any] = {
    "id": -2001,
    "type": "group",
    "title": "李家沱骑手群",
    "members": [1001, 1002, 1004],
}


async def demo(port: int, data: Path, ready: Callable[[str], None]) -> None:
    """Run until cancelled; `ready` hears the address once everything answers. OSError for a port in use."""
    await asyncio.to_thread(data.mkdir, parents=True, exist_ok=True)
    settings = Settings(
        token=SecretStr(TOKEN), database_url=sqlite_url(data / "wayside.sqlite"), webhook_url=""
    )
    sandbox = await start_sandbox(
        SandboxSettings(
            port=port,
            flood="telegram",
            data_dir=data / "sandbox",
            landmarks=settings.content / "places.csv",
        )
    )
    try:
        wayside = Wayside(settings.model_copy(update={"api_url": sandbox.url}))
        if wayside.database.seal.newest is None:
            log.warning("NOT ENCRYPTED: set WAYSIDE_KEYS_FILE before real people write here")
        await wayside.fill_with_content()
        async with wayside.database.work(settings.bot, utc_now()) as work:
            await name_roles(work)
        async with wayside.running():
            await _invite_people(sandbox.url)
            ready(sandbox.url)
            await asyncio.Event().wait()
    finally:
        await sandbox.close()


async def _invite_people(url: str) -> None:
    async with aiohttp.ClientSession(url) as session:
        async with session.get("/client/state") as response:
            state = await response.json()
        known = {user["id"] for user in state["users"]} | {chat["id"] for chat in state["chats"]}
        for person in PEOPLE:
            if person["id"] not in known:
                await _post(session, "/client/users", person)
        for person in STAFF:
            if person["id"] not in known:
                await _post(session, "/client/users", person)
                # Who never wrote to a bot gets nothing from it, and these are asked to confirm things.
                await _post(
                    session,
                    "/client/messages",
                    {"from": person["id"], "chat": person["id"], "text": "/branches"},
                )
        if GROUP["id"] not in known:
            await _post(session, "/client/chats", GROUP)
            bot = state["bots"][0]["id"]
            await _post(session, "/client/members", {"chat": GROUP["id"], "user": bot, "status": "member"})
            # So that there is somebody who may bind the group to a branch.
            promoted = {"chat": GROUP["id"], "user": ORGANIZER, "status": "administrator"}
            await _post(session, "/client/members", promoted)


async def _post(session: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> None:
    async with session.post(path, json=body) as response:
        response.raise_for_status()
