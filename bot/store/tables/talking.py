"""What came in, who talks and where."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text

from bot.home import HOME_ZONE
from bot.store.sealing import SealedJson
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

updates = Table(
    "updates",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("update_id", BigInteger, primary_key=True),
    Column("taken_at", Moment, nullable=False, index=True),
)

people = Table(
    "people",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("account", BigInteger, nullable=False, comment="user id at the channel"),
    Column("language", String(16), nullable=False, comment="locale the person reads"),
    Column(
        "language_chosen", Boolean, nullable=False, default=False, comment="by the person, not by the app"
    ),
    Column("seen_on", Date, nullable=False),
    Column("blocked_at", Moment),
    Column("silenced_at", Moment, comment="they want to hear only answers"),
    Column("work_kind", String(20), comment="what the person rides or drives for; null while unsaid"),
    Column("district", String(40), comment="where the person mostly works; null while unsaid"),
    Column("introduced_at", Moment, comment="when they were asked about themselves, once for all"),
    Column("zone", String(64), comment="IANA; null where theirs is the one of the bot's city"),
    Column("made_at", Moment, nullable=False),
    sa.UniqueConstraint("bot", "account"),
    **NUMBERED,
)

person_tags = Table(
    "person_tags",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("tag", String(40), primary_key=True),
    Column("set_by", BigInteger, comment="the person who set it; null for the operator"),
    Column("set_at", Moment, nullable=False),
    Index("ix_person_tags_tag", "bot", "tag"),
)

chats = Table(
    "chats",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False, comment="group or supergroup"),
    Column("title", Text, nullable=False, default="", comment="as the group calls itself"),
    Column("language", String(16)),
    Column("branch", String(40), comment="the branch it is bound to"),
    Column("bound_by", BigInteger, comment="the person who bound it"),
    Column("bound_at", Moment),
    Column("quiet_from", Integer, comment="minute of the group's day; null for no quiet hours"),
    Column("quiet_to", Integer, comment="minute of the group's day; null for no quiet hours"),
    Column("zone", String(64), nullable=False, default=HOME_ZONE, comment="IANA; of its quiet hours"),
    Column("topic", BigInteger, comment="forum topic that news go to; null for the group itself"),
    Column("silent_since", Moment, comment="the bot may not write there"),
    Column("greeted_at", Moment),
    Column("left_at", Moment),
    Column("became", BigInteger, comment="the supergroup's id after a migration"),
    Index("ix_chats_branch", "bot", "branch", **only("branch IS NOT NULL")),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("dialog", String(40), nullable=False),
    Column("parked", Boolean, nullable=False, default=False),
    # json, not jsonb: the journal's order is its meaning.
    Column("journal", SealedJson("conversations.journal"), nullable=False),
    Column("prompt", SealedJson("conversations.prompt"), comment="what the buttons shown now mean"),
    Column("revision", Integer, nullable=False, default=0),
    Column("touched_at", Moment, nullable=False),
    Index("ix_conversations_whose", "bot", "person", "chat"),
    Index("uq_conversations_open", "bot", "person", "chat", unique=True, **only("NOT parked")),
    **NUMBERED,
)
