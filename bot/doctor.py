"""What `wayside doctor` looks at: all that must be right before people can be served, and what to do."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import aiohttp
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.content import problems
from bot.delivery.profile import Profile, Unwelcome
from bot.keys import keys_of
from bot.services.privacy import forgotten
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.settings import Settings
from bot.store.database import Database
from bot.store.migrations import is_current

# Leases last seconds, links expire by the minute: a clock may not be further off.
MOST_SKEW_SECONDS: Final = 2.0
# An update's day of pictures and a week of outbox fit in; a full disk stops everything.
LEAST_FREE_BYTES: Final = 1 << 30
# Beyond this Telegram delivers old news: somebody was away, or is too slow.
MOST_PENDING: Final = 1000
PATIENCE_SECONDS: Final = 10
# Bot API, setWebhook.
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about something, and what to do where it is not well.

    What `can_wait` keeps nobody from being served.
    """

    about: str
    said: str
    advice: str = ""
    can_wait: bool = False

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be done before people can be served."""
        return not self.advice or self.can_wait


async def examine(settings: Settings, now: Callable[[], datetime]) -> AsyncIterator[Finding]:
    """Look at everything, one after the other."""
    yield _keys(settings)
    if not settings.is_local:
        yield _forgotten(settings)
    yield _content(settings)
    yield _disk(settings)
    async for finding in _database(settings, now):
        yield finding
    async for finding in _telegram(settings, now):
        yield finding


def _keys(settings: Settings) -> Finding:
    try:
        keys = keys_of(settings)
    except ValueError as error:
        return Finding("keys", str(error), "write the file as 'wayside keys new FILE' does")
    if not keys:
        advice = "run 'wayside keys new FILE' and set WAYSIDE_KEYS_FILE, apart from the data"
        return Finding("keys", "none: what people write would be kept in the clear", advice)
    return Finding("keys", f"{len(keys)}, {keys[-1].name} seals")


def _forgotten(settings: Settings) -> Finding:
    path, data = settings.forgotten_file, _sqlite_path(settings)
    if path is None:
        advice = "set WAYSIDE_FORGOTTEN_FILE, apart from the data: a restored backup needs it"
        return Finding("forgotten", "written down nowhere apart from the data", advice)
    if data is not None and path.resolve().parent == data.parent:
        return Finding("forgotten", "beside the data: both are lost together", "choose another folder")
    folder = next(one for one in path.resolve().parents if one.exists())
    try:
        count = len(forgotten.read(path)) if path.exists() else 0
    except (OSError, ValueError) as error:
        return Finding("forgotten", str(error), "bring the file back from its copy")
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return Finding("forgotten", f"{folder} cannot be written to", "let Wayside's user write there")
    return Finding("forgotten", f"{count} people, in {path}")


def _content(settings: Settings) -> Finding:
    found = problems(settings.content)
    if found:
        return Finding("content", f"{len(found)} mistakes, the first: {found[0]}", "run 'wayside check'")
    return Finding("content", f"whole, in {settings.content.name}/")


def _disk(settings: Settings) -> Finding:
    folder = _data_folder(settings)
    if folder is None:
        return Finding("disk", "the data is on a server: look at its disk there, with df -h")
    free = shutil.disk_usage(folder).free
    said = f"{free / (1 << 30):.1f} GiB free where the data is"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", said, "make room: less than 1 GiB fills up within days")
    return Finding("disk", said)


def _sqlite_path(settings: Settings) -> Path | None:
    if not settings.database_url.startswith("sqlite"):
        return None
    return Path(sa.make_url(settings.database_url).database or ".").resolve()


def _data_folder(settings: Settings) -> Path | None:
    """The nearest folder that exists above a database of our own."""
    path = _sqlite_path(settings)
    return next(folder for folder in path.parents if folder.is_dir()) if path else None


# -- The database --------------------------------------------------------------------------------


async def _database(settings: Settings, now: Callable[[], datetime]) -> AsyncIterator[Finding]:
    path = _sqlite_path(settings)
    if path is not None and not path.exists():
        yield Finding("database", "not there yet: the first start makes it")
        return
    database = Database(settings.database_url)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            current = await is_current(database)
            behind = None if database.is_sqlite else await _skew_of(database, now)
            admin = await _admin(settings, database, now) if current else None
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        advice = "look at WAYSIDE_DATABASE_URL, and whether the server runs and lets you in"
        yield Finding("database", f"does not answer ({type(error).__name__})", advice)
        return
    finally:
        await database.close()
    yield Finding("database", "answers")
    if current:
        yield Finding("schema", "as this release wants it")
    else:
        yield Finding("schema", "of another release, or none", "run 'wayside db upgrade'")
    if admin is not None:
        yield admin
    if behind is not None:
        yield _skew("the database's clock", behind)


async def _admin(settings: Settings, database: Database, now: Callable[[], datetime]) -> Finding | None:
    """Whether somebody can name and confirm others; None without a token to know the bot by."""
    try:
        bot = settings.bot
    except ValueError:
        return None
    async with database.work(bot, now()) as work:
        count = len(await grants.holders(work, Role.ADMIN, None))
    if count:
        return Finding("admin", f"{count} for the whole city")
    advice = "run 'wayside invite --role admin' and open the link: the first one counts at once"
    return Finding("admin", "none: nobody can name or confirm organizers", advice, can_wait=True)


async def _skew_of(database: Database, now: Callable[[], datetime]) -> float:
    async with database.transaction() as connection:
        theirs = (await connection.execute(sa.text("SELECT now()"))).scalar_one()
    return float((now() - theirs).total_seconds())


def _skew(whose: str, seconds: float) -> Finding:
    said = f"{abs(seconds):.1f} s apart from ours"
    if abs(seconds) > MOST_SKEW_SECONDS:
        return Finding(whose, said, "let both machines take the time from NTP")
    return Finding(whose, said)


# -- Telegram --------------------------------------------------------------------------------------


async def _telegram(settings: Settings, now: Callable[[], datetime]) -> AsyncIterator[Finding]:
    try:
        settings.bot  # noqa: B018 - says what is missing
    except ValueError as error:
        yield Finding("token", "none", str(error))
        return
    profile = Profile(settings.token.get_secret_value(), settings.api_url)
    try:
        username = await profile.username()
        webhook = await profile.webhook()
    except Unwelcome as error:
        yield Finding("token", str(error), "look at WAYSIDE_TOKEN, WAYSIDE_API_URL and the network")
        return
    finally:
        await profile.close()
    yield Finding("token", f"of @{username}")
    yield _webhook(settings, webhook)
    if settings.webhook_url:
        yield _secret(settings.webhook_secret.get_secret_value())
    behind = await _telegram_skew(settings, now)
    if behind is not None:
        yield _skew("Telegram's clock", behind)


def _webhook(settings: Settings, told: dict[str, Any]) -> Finding:
    wanted, present = settings.webhook_url, told.get("url", "")
    waiting = int(told.get("pending_update_count", 0))
    if wanted != present:
        said = "set to another address" if present else "not set yet"
        if not wanted:
            return Finding("webhook", "set, but this bot polls", "start 'wayside run': it takes it away")
        return Finding("webhook", said, "start 'wayside run --role listen': it sets it")
    if wanted and told.get("last_error_message"):
        advice = "Telegram must reach WAYSIDE_WEBHOOK_URL over https and get 200 from it"
        return Finding("webhook", f"Telegram's last error: {told['last_error_message']}", advice)
    if waiting > MOST_PENDING:
        return Finding("webhook", f"{waiting} updates wait", "start more listeners, or see why they are slow")
    return Finding("webhook", f"{'set' if wanted else 'none, the bot polls'}; {waiting} updates wait")


def _secret(given: str) -> Finding:
    if not given:
        return Finding("webhook's secret", "made of the token: the same in every listener")
    if _SECRET.fullmatch(given) is None:
        advice = "take 1 to 256 letters, digits, _ and - for WAYSIDE_WEBHOOK_SECRET, or leave it out"
        return Finding("webhook's secret", "Telegram does not take it", advice)
    return Finding("webhook's secret", "set: it must be the same for every listener")


async def _telegram_skew(settings: Settings, now: Callable[[], datetime]) -> float | None:
    """Seconds that our clock is ahead, to the second, as the server's Date header tells; None without one."""
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.head(settings.api_url) as answer:
            told = answer.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError):
        return None
    if not told:
        return None
    theirs = parsedate_to_datetime(told).astimezone(UTC)
    behind = (now() - theirs).total_seconds()
    # The header has whole seconds: up to one of them is no skew.
    return max(0.0, behind - 1) if behind > 0 else behind
