"""Reminders, offers of them, and when shifts begin."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata
from bot.store.types import Moment, RowId

reminders = Table(
    "reminders",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("what", Sealed("reminders.what"), nullable=False),
    Column("zone", String(64), nullable=False, comment="IANA; where the rule's wall times are"),
    Column("at", Moment, nullable=False, comment="its moment, or the first one of its rule"),
    Column("rule", Text, comment="RFC 5545 RRULE; null for once"),
    Column("state", String(12), nullable=False, comment="active, paused or done"),
    Column("until_done", Boolean, nullable=False, comment="rings again until it is answered"),
    Column("due", BigInteger, comment="the due thing that rings next by its own time"),
    Column("again", BigInteger, comment="the due thing that rings once more, snoozed or unanswered"),
    Column("rings", Integer, nullable=False, comment="how often it rang"),
    Column("answered", Integer, nullable=False, comment="the last ring that was answered"),
    Column("rung_for", Moment, comment="the moment of its own time that it last rang for"),
    Column("made_at", Moment, nullable=False),
    Column("settled_at", Moment, comment="when it was done"),
    Column("deleted_at", Moment, comment="soon forgotten; until then that can be taken back"),
    Index("ix_reminders_person", "bot", "person"),
    Index("ix_reminders_settled_at", "settled_at"),
    Index("ix_reminders_deleted_at", "deleted_at"),
    **NUMBERED,
)

reminder_offers = Table(
    "reminder_offers",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("branch", String(40), comment="null for the whole city"),
    Column("made_by", BigInteger, nullable=False, comment="a person"),
    Column("what", Text, nullable=False),
    Column("timing", sa.JSON, nullable=False, comment="at wall times of whoever accepts"),
    Column("segment", Text, nullable=False, comment="who is offered it, as an expression"),
    Column("made_at", Moment, nullable=False),
    **NUMBERED,
)

offers_taken = Table(
    "offers_taken",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("offer", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("reminder", BigInteger, comment="their own from here on"),
)

shifts = Table(
    "shifts",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("timing", sa.JSON, nullable=False, comment="when their shift begins"),
    Column("reminder", BigInteger, comment="the reminder before it"),
)
