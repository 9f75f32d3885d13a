"""How the bot shows itself in Telegram: its name, the command menu of each language, where updates go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.delivery.limiter import seconds_of
from bot.delivery.request import Request
from bot.services.brand import Brand

Commands = Sequence[tuple[str, str]]
"""Commands and what each does, in the order of the menu."""

# Telegram's own upper bound; updates of many chats may come side by side.
WEBHOOK_CONNECTIONS = 100
# Several listeners that start together are told to wait a second each; a new name too soon, for hours.
LONGEST_WAIT_SECONDS = 5.0
TRIES = 5


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers, and the secret it sends along."""

    url: str
    secret: str


# For whoever reads none of them Telegram shows what has no language code.
LANGUAGES = (None, "zh", "en")
DEFAULT_LANGUAGE = "zh"

log = structlog.get_logger()


class Unwelcome(Exception):
    """The bot cannot begin; the text says why and what to do."""


class Profile:
    """Says to Telegram who the bot is. Used once, at the start; `rest` waits where Telegram asks to."""

    def __init__(
        self, token: str, api_url: str, rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._api_url = api_url
        self._rest = rest
        self._request = Request()
        self._bot: ExtBot[Any] = ExtBot(
            token, base_url=f"{api_url}/bot", request=self._request, get_updates_request=self._request
        )

    async def username(self) -> str:
        """The bot's name, without @."""
        me = await self._call("getme", {})
        return str(me["username"])

    async def webhook(self) -> dict[str, Any]:
        """Where updates are delivered, and how that goes (Bot API, WebhookInfo)."""
        told = await self._call("getwebhookinfo", {})
        return dict(told)

    async def introduce(
        self, private: Mapping[str | None, Commands], groups: Mapping[str | None, Commands]
    ) -> None:
        """Set the command menus, by language code (None: for all others)."""
        for scope, menus in (("all_private_chats", private), ("all_group_chats", groups)):
            for language, commands in menus.items():
                params: dict[str, Any] = {
                    "commands": [{"command": name, "description": text} for name, text in commands],
                    "scope": {"type": scope},
                }
                if language is not None:
                    params["language_code"] = language
                await self._call("setmycommands", params)

    async def show(self, brand: Brand) -> None:
        """Set name and descriptions where they are others: Telegram allows a few changes a day."""
        texts = {"name": brand.names, "description": brand.about, "short_description": brand.short}
        await asyncio.gather(
            *(
                self._show(field, told[code or DEFAULT_LANGUAGE], code)
                for field, told in texts.items()
                for code in LANGUAGES
            )
        )

    async def _show(self, field: str, text: str, code: str | None) -> None:
        method, place = field.replace("_", ""), {"language_code": code} if code else {}
        try:
            told = await self._call(f"getmy{method}", place)
            if told.get(field) != text:
                await self._call(f"setmy{method}", {field: text, **place})
        except Unwelcome as error:
            # A bot under yesterday's name serves people just as well.
            log.warning("profile_not_changed", field=field, error=str(error))

    async def deliver_to(self, webhook: Webhook | None, updates: Sequence[str]) -> None:
        """Have updates delivered to a webhook, or kept for polling."""
        if webhook is None:
            await self._call("deletewebhook", {})
            return
        await self._call(
            "setwebhook",
            {
                "url": webhook.url,
                "secret_token": webhook.secret,
                "allowed_updates": list(updates),
                "max_connections": WEBHOOK_CONNECTIONS,
            },
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    async def _call(self, method: str, params: dict[str, Any]) -> Any:
        """Raises Unwelcome where Telegram is out of reach, refuses, or does not know the bot."""
        try:
            return await self._call_patiently(method, params)
        except InvalidToken:
            raise Unwelcome("Telegram does not know this token: look at WAYSIDE_TOKEN again.") from None
        except RetryAfter as error:
            sentence = f"Telegram wants {seconds_of(error):.0f} s of peace before {method}: start again then."
            raise Unwelcome(sentence) from None
        except BadRequest as error:
            raise Unwelcome(f"Telegram refuses {method}: {error.message}") from None
        except NetworkError as error:
            sentence = f"{self._api_url} does not answer ({type(error).__name__}): look at the network."
            raise Unwelcome(sentence) from None
        except TelegramError as error:
            raise Unwelcome(f"Telegram refuses {method}: {error.message}") from None

    async def _call_patiently(self, method: str, params: dict[str, Any]) -> Any:
        """Wait where Telegram asks for a moment, a few times. Raises RetryAfter where it asks for more."""
        for _ in range(TRIES):
            try:
                return await self._bot.do_api_request(method, params)
            except RetryAfter as error:
                if seconds_of(error) > LONGEST_WAIT_SECONDS:
                    raise
                await self._rest(seconds_of(error))
        return await self._bot.do_api_request(method, params)
