"""Broadcasts, what people tap in them, and what each wants to hear and when."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.store.tables.base import NUMBERED, metadata
from bot.store.types import Moment, RowId

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("made_by", BigInteger, nullable=False, comment="the organizer"),
    Column("segment", Text, nullable=False, comment="who is meant; branches by their ids"),
    Column("topic", String(12), nullable=False, comment="lesson, event, notice, safety or care"),
    Column("content", sa.JSON, nullable=False, comment="texts by locale, picture, buttons"),
    Column("state", String(12), nullable=False, comment="asked, planned, running, over, …"),
    Column("starts_at", Moment, comment="null for at once"),
    Column("made_at", Moment, nullable=False),
    Column("decided_by", BigInteger, comment="the second organizer, where one was needed"),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("left_out", sa.JSON(none_as_null=True), comment="how many, by reason, when it started"),
    Column("screen", BigInteger, comment="row of the outbox: the message that shows how far it is"),
    Column("shown", sa.JSON(none_as_null=True), comment="what that message showed last, and when"),
    Column("report", sa.JSON(none_as_null=True), comment="what became of it, once it is over"),
    Index("ix_broadcasts_made_by", "bot", "made_by"),
    **NUMBERED,
)

broadcast_taps = Table(
    "broadcast_taps",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("button", Integer, primary_key=True, autoincrement=False, comment="its place under the message"),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, comment="the group in which it was tapped; null for the private chat"),
    Column("made_at", Moment, nullable=False),
    Index("ix_broadcast_taps_person", "bot", "person"),
)

quiet_hours = Table(
    "quiet_hours",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("quiet_from", Integer, comment="minute of the person's day; null for no quiet hours"),
    Column("quiet_to", Integer, comment="minute of the person's day; null for no quiet hours"),
    Column("set_at", Moment, nullable=False),
)
