"""Every table. Each row belongs to one bot (one city), named by the bot's Telegram id."""

from __future__ import annotations

from bot.store.tables.base import metadata
from bot.store.tables.belonging import (
    audit,
    branch_paths,
    branches,
    departments,
    grants,
    invitations,
    memberships,
    roster_rows,
    rosters,
)
from bot.store.tables.changes import revisions
from bot.store.tables.filing import attachments, file_copies, files
from bot.store.tables.later import due
from bot.store.tables.learning import lesson_answers, lesson_days, lesson_places, review_cards
from bot.store.tables.outgoing import outbox
from bot.store.tables.places import favourites, station_flags, stations
from bot.store.tables.reminding import reminders
from bot.store.tables.talking import chats, conversations, people, person_tags, updates

__all__ = [
    "attachments",
    "audit",
    "branch_paths",
    "branches",
    "chats",
    "conversations",
    "departments",
    "due",
    "favourites",
    "file_copies",
    "files",
    "grants",
    "invitations",
    "lesson_answers",
    "lesson_days",
    "lesson_places",
    "memberships",
    "metadata",
    "outbox",
    "people",
    "person_tags",
    "reminders",
    "review_cards",
    "revisions",
    "roster_rows",
    "rosters",
    "station_flags",
    "stations",
    "updates",
]
