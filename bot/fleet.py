"""Several bots, one for each city, in the same processes: what WAYSIDE_BOTS_FILE lists.

bots:
  - token_env: GANZHOU_TOKEN              # the environment variable with its token, as BotFather gives it
    content: content                      # its stations, lessons, appeals: a folder beside this file
    webhook_url: https://bots.example.org/ganzhou
    database_url: sqlite:///data/ganzhou.sqlite   # or one PostgreSQL for all: every row says whose it is

Whatever a bot does not say it has from the environment, as a single bot would.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.app import Role, Wayside
from bot.settings import Settings
from bot.stopping import Grace

if TYPE_CHECKING:
    from bot.handlers.webhook import Doors

# What may differ between the bots of a deployment; the rest is the process's.
KEYS: Final = frozenset(
    {"token_env", "content", "webhook_url", "database_url", "default_locale", "messages_per_second"}
)
_PATHS: Final = ("content",)


class Unfit(Exception):
    """The file of bots can't be used; the text says where and what to do."""


def read_fleet(path: Path, common: Settings, environment: Mapping[str, str] = os.environ) -> list[Settings]:
    """The settings of every bot in the file, over those they have in common. Raises Unfit."""
    try:
        document = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise Unfit(f"{path} cannot be read: {type(error).__name__}") from None
    entries = document.get("bots") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not entries or set(document) != {"bots"}:
        raise Unfit(f"{path}: write one list called bots")
    found = [_settings(entry, number, path, common, environment) for number, entry in enumerate(entries, 1)]
    if len({one.bot for one in found}) < len(found):
        raise Unfit(f"{path}: two bots have the same token")
    paths = [one.webhook_path for one in found if one.webhook_url]
    if len(set(paths)) < len(paths):
        raise Unfit(f"{path}: two bots have the same path in webhook_url; give each its own")
    return found


def _settings(
    entry: Any, number: int, path: Path, common: Settings, environment: Mapping[str, str]
) -> Settings:
    where = f"{path}: bot {number}"
    if not isinstance(entry, dict) or not set(entry) <= KEYS or "token_env" not in entry:
        raise Unfit(f"{where}: write token_env, and of {', '.join(sorted(KEYS))} what differs")
    token = environment.get(str(entry["token_env"]), "")
    given = {name: value for name, value in entry.items() if name != "token_env"}
    given |= {name: (path.parent / str(given[name])).resolve() for name in _PATHS if name in given}
    try:
        made = Settings.model_validate({**common.model_dump(), **given, "token": SecretStr(token)})
        made.bot  # noqa: B018 - says what is missing
    except ValidationError as error:
        raise Unfit(f"{where}: {error.errors()[0]['loc'][0]} {error.errors()[0]['msg'].lower()}") from None
    except ValueError:
        raise Unfit(f"{where}: set {entry['token_env']} to its token") from None
    return made


@asynccontextmanager
async def fleet(
    bots: Sequence[Settings], role: Role, make: Callable[[Settings], Wayside] = Wayside
) -> AsyncIterator[None]:
    """All bots play a role in this process as long as the block runs. They stop side by side."""
    grace = Grace()
    async with AsyncExitStack() as stack:
        waysides = [make(settings) for settings in bots]
        ready = await _show_figures(stack, waysides)
        doors, shut = await _doors(stack, bots, role)
        lives: list[AsyncExitStack] = []
        stack.push_async_callback(_end_together, lives)
        for wayside in waysides:
            lives.append(AsyncExitStack())
            await lives[-1].enter_async_context(wayside.running(role, doors, grace))
        # Shut before what is behind it: whoever came in is still answered.
        stack.push_async_callback(shut)
        stack.enter_context(ready)
        stack.callback(grace.begin)
        yield


async def _end_together(lives: Sequence[AsyncExitStack]) -> None:
    await asyncio.gather(*(life.aclose() for life in lives))


async def _show_figures(stack: AsyncExitStack, waysides: Sequence[Wayside]) -> AbstractContextManager[None]:
    """Where somebody watches over the process, show how it is doing: from before it is ready until the end.

    Gives the block in which it is ready.
    """
    settings = waysides[0].settings
    if not settings.watch_port:
        return nullcontext()
    # Not every process is watched: the server and its figures are loaded where they are wanted.
    from bot.watch import Sight, Watch, watched

    watch = Watch({one.settings.bot: Sight(one.database, one.clock) for one in waysides})
    await stack.enter_async_context(watched(watch, settings.watch_host, settings.watch_port))
    return watch.ready()


async def _doors(
    stack: AsyncExitStack, bots: Sequence[Settings], role: Role
) -> tuple[Doors | None, Callable[[], Awaitable[None]]]:
    """One server for all webhooks, and what shuts it; no doors where nobody listens by one."""
    if role not in ("all", "listen") or not any(one.webhook_url for one in bots):
        return None, _nothing
    from bot.handlers.listening import serving
    from bot.handlers.webhook import Doors

    doors = Doors()
    server = await stack.enter_async_context(serving(doors, bots[0].webhook_host, bots[0].webhook_port))
    return doors, server.cleanup


async def _nothing() -> None:
    return None
