"""Telegram in: aiogram's routers turn updates into what Wayside hears. One file for each kind of update."""

from __future__ import annotations

from aiogram import Router

from bot.handlers import inline, membership, messages, presses


def routes() -> Router:
    """Every kind of update's way to its handler."""
    made = Router(name="wayside")
    made.include_routers(messages.router(), presses.router(), inline.router(), membership.router())
    return made
