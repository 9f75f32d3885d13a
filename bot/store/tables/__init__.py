"""Every table. Each row belongs to one bot (one city), named by the bot's Telegram id."""

from __future__ import annotations

from bot.store.tables.base import metadata
from bot.store.tables.belonging import audit, branch_paths, branches, grants, invitations, memberships
from bot.store.tables.changes import revisions
from bot.store.tables.later import due
from bot.store.tables.learning import lesson_answers, lesson_days, lesson_places, review_cards
from bot.store.tables.outgoing import outbox
from bot.store.tables.places import favourites, station_flags, stations
from bot.store.tables.reminding import reminders
from bot.store.tables.talking import chats, conversations, people, updates

__all__ = [
    "audit",
    "branch_paths",
    "branches",
    "chats",
    "conversations",
    "due",
    "favourites",
    "grants",
    "invitations",
    "lesson_answers",
    "lesson_days",
    "lesson_places",
    "memberships",
    "metadata",
    "outbox",
    "people",
    "reminders",
    "review_cards",
    "revisions",
    "station_flags",
    "stations",
    "updates",
]
