"""Telegram in: aiogram's routers turn updates into what Wayside hears. One file for each kind of update."""

from __future__ import annotations

from aiogram import Dispatcher

from bot.handlers import inline, membership, messages, presses
from bot.services.intake import Intake


def dispatcher(intake: Intake, username: str, offers: inline.Offers) -> Dispatcher:
    """A dispatcher that hands every update to the intake, and inline queries to `offers`."""
    made = Dispatcher(disable_fsm=True, intake=intake, username=username, offers=offers)
    made.include_routers(messages.router(), presses.router(), inline.router(), membership.router())
    return made
