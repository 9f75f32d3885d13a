"""Inline mode: `@bot 李家沱` in any chat offers stations to share. Nothing is kept of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiogram.types import InlineQuery

from bot.talk import hears

Offers = Callable[[str, str, str | None], Awaitable[None]]
"""Answers an inline query: (query id, text, the person's language code)."""


async def on_inline(query: InlineQuery, offers: Offers) -> None:
    """Somebody types after the bot's name in another chat."""
    await offers(query.id, hears.clean(query.query), query.from_user.language_code)
