"""What goes out."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.store.sealing import SealedJson
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, comment="forum topic"),
    Column("priority", Integer, nullable=False),
    Column("body", SealedJson("outbox.body"), comment="the message; emptied once it is settled"),
    Column("target", sa.JSON(none_as_null=True), comment="message to edit, or query to answer"),
    Column("state", String(12), nullable=False, default="waiting"),
    Column("not_before", Moment, nullable=False),
    Column("leased_by", String(40)),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Text),
    Column("message_id", BigInteger),
    Column("update_id", BigInteger, comment="the update it answers"),
    Column("made_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index("ix_outbox_waiting", "bot", "priority", "id", **only("state = 'waiting'")),
    Index("ix_outbox_settled_at", "settled_at"),
    **NUMBERED,
)
