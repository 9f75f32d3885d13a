"""What goes out, and how fast."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text

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
    Column("broadcast", BigInteger, comment="the broadcast it belongs to; null for everything else"),
    Column("letter", BigInteger, comment="of a broadcast: the body it shares with others"),
    Column(
        "blanks", SealedJson("outbox.blanks"), comment="of a broadcast: what the letter's marks stand for"
    ),
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
    # Broadcasts have an index of their own: a hundred thousand rows that are paused must not stand before a
    # reminder.
    Index("ix_outbox_waiting", "bot", "priority", "id", **only("state = 'waiting' AND broadcast IS NULL")),
    Index("ix_outbox_run", "bot", "broadcast", "state", "not_before", "id", **only("broadcast IS NOT NULL")),
    Index("uq_outbox_recipient", "bot", "broadcast", "chat", unique=True, **only("broadcast IS NOT NULL")),
    Index("ix_outbox_dead", "bot", "id", **only("state = 'dead'")),
    Index("ix_outbox_settled_at", "settled_at"),
    **NUMBERED,
)

letters = Table(
    "letters",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("broadcast", BigInteger, nullable=False),
    Column("body", sa.JSON, nullable=False, comment="the message, with marks like {name} in its text"),
    Column("made_at", Moment, nullable=False),
    Index("ix_letters_broadcast", "bot", "broadcast"),
    **NUMBERED,
)

broadcast_runs = Table(
    "broadcast_runs",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False, comment="paused, running, cancelled or over"),
    Column("changed_at", Moment, nullable=False),
    Index("ix_broadcast_runs_open", "bot", "broadcast", **only("state <> 'over'")),
)

paces = Table(
    "paces",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("chat", BigInteger, primary_key=True, autoincrement=False, comment="0 for the whole bot"),
    Column("empty_at", Float, nullable=False, comment="GCRA; seconds since 1970, by the database's clock"),
    Column("refused_until", Float, comment="Telegram asked for a pause until then"),
    Column("held_by", String(40), comment="the speaker whose turn it is in this chat"),
    Column("held_until", Float, comment="when that speaker is believed to be dead; seconds since 1970"),
    Index("ix_paces_refused_until", "bot", "refused_until", **only("refused_until IS NOT NULL")),
)
