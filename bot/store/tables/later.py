"""What happens later."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

due = Table(
    "due",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("name", String(80), comment="of what must wait once at most"),
    Column("what", sa.JSON(none_as_null=True), comment="for the deed; emptied once it is settled"),
    Column("whose", String(80), comment="the person, chat or branch it is for"),
    Column("at", Moment, nullable=False),
    Column("zone", String(64), nullable=False, comment="IANA; where the rule's wall times are"),
    Column("rule", Text, comment="RFC 5545 RRULE; null for once"),
    Column("starts", sa.DateTime, comment="wall time in the zone from which the rule counts"),
    Column("occurrence", Moment, nullable=False, comment="the rule's own moment; `at` may be moved"),
    Column("not_before", Moment, nullable=False, comment="`at`, or later after a failure"),
    Column("state", String(12), nullable=False, default="waiting"),
    Column("leased_by", String(40)),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", Text),
    Column("made_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index("ix_due_waiting", "bot", "not_before", "id", **only("state = 'waiting'")),
    Index("ix_due_whose", "bot", "whose", **only("state = 'waiting'")),
    Index("uq_due_name", "bot", "kind", "name", unique=True, **only("state = 'waiting'")),
    Index("ix_due_settled_at", "settled_at"),
    **NUMBERED,
)
