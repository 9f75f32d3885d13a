"""Every table. Each row belongs to one bot (one city), named by the bot's Telegram id."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, MetaData, String, Table, Text

from bot.store.types import Moment, RowId

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Without AUTOINCREMENT SQLite gives a deleted row's number away again: an old button would find a new row.
NUMBERED: Any = {"sqlite_autoincrement": True}

# -- What came in ------------------------------------------------------------

updates = Table(
    "updates",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("update_id", BigInteger, primary_key=True),
    Column("taken_at", Moment, nullable=False, index=True),
)

# -- Who talks, and where ----------------------------------------------------

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
    Column("work_kind", String(20), comment="what the person rides or drives for; null while unsaid"),
    Column("district", String(40), comment="where the person mostly works; null while unsaid"),
    Column("introduced_at", Moment, comment="when they were asked about themselves, once for all"),
    Column("made_at", Moment, nullable=False),
    sa.UniqueConstraint("bot", "account"),
    **NUMBERED,
)

chats = Table(
    "chats",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False, comment="group or supergroup"),
    Column("language", String(16)),
    Column("greeted_at", Moment),
    Column("left_at", Moment),
    Column("became", BigInteger, comment="the supergroup's id after a migration"),
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
    Column("journal", sa.JSON, nullable=False),
    Column("prompt", sa.JSON(none_as_null=True), comment="what the buttons shown now mean"),
    Column("revision", Integer, nullable=False, default=0),
    Column("touched_at", Moment, nullable=False),
    Index("ix_conversations_whose", "bot", "person", "chat"),
    Index(
        "uq_conversations_open",
        "bot",
        "person",
        "chat",
        unique=True,
        sqlite_where=sa.text("NOT parked"),
        postgresql_where=sa.text("NOT parked"),
    ),
    **NUMBERED,
)

# -- What goes out -----------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, comment="forum topic"),
    Column("priority", Integer, nullable=False),
    Column("body", sa.JSON(none_as_null=True), comment="the message; emptied once it is settled"),
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
    Index(
        "ix_outbox_waiting",
        "bot",
        "priority",
        "id",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    Index("ix_outbox_settled_at", "settled_at"),
    **NUMBERED,
)

# -- What happens later --------------------------------------------------------

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
    Index(
        "ix_due_waiting",
        "bot",
        "not_before",
        "id",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    Index(
        "ix_due_whose",
        "bot",
        "whose",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    Index(
        "uq_due_name",
        "bot",
        "kind",
        "name",
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    Index("ix_due_settled_at", "settled_at"),
    **NUMBERED,
)

# -- Branches, who belongs to them, who may do what -----------------------------

branches = Table(
    "branches",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("parent", String(40), comment="null at the top of the tree"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, default=""),
    Column("kind", String(20), nullable=False, comment="work_committee, industry_committee, branch, group"),
    Column("closed_at", Moment),
    Column("changed_at", Moment, nullable=False),
)

branch_paths = Table(
    "branch_paths",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("above", String(40), primary_key=True),
    Column("below", String(40), primary_key=True),
    Column("steps", Integer, nullable=False, comment="0 from a branch to itself"),
    Index("ix_branch_paths_below", "bot", "below"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("branch", String(40), nullable=False),
    Column("declared", String(20), comment="party, league or union, as they say themselves; null if unsaid"),
    Column("consent", String(20), nullable=False, comment="version of the words they agreed to"),
    Column("joined_at", Moment, nullable=False),
    Column("left_at", Moment),
    Index("ix_memberships_branch", "bot", "branch"),
    Index(
        "uq_memberships_present",
        "bot",
        "person",
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    ),
    **NUMBERED,
)

grants = Table(
    "grants",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("role", String(12), nullable=False, comment="desk, organizer or admin"),
    Column("branch", String(40), comment="with all below it; null for the whole city"),
    Column("called", String(40), nullable=False, default="", comment="how they named themselves for it"),
    Column("granted_by", BigInteger, comment="the person who proposed it; null for the operator"),
    Column("confirmed_by", BigInteger, comment="the person who confirmed it"),
    Column("made_at", Moment, nullable=False),
    Column("confirmed_at", Moment, comment="in force from here on"),
    Column("expires_at", Moment),
    Column("revoked_by", BigInteger),
    Column("revoked_at", Moment, comment="refused, if it was never confirmed"),
    Index("ix_grants_person", "bot", "person"),
    **NUMBERED,
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("token_hash", String(64), nullable=False, comment="SHA-256; the token itself is nowhere"),
    Column("branch", String(40), comment="null for the whole city"),
    Column("role", String(12), comment="proposed, not given; null to join the branch"),
    Column("role_expires_at", Moment),
    Column("most_uses", Integer, nullable=False),
    Column("uses", Integer, nullable=False, default=0),
    Column("made_by", BigInteger, comment="null for the operator"),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    sa.UniqueConstraint("bot", "token_hash"),
    **NUMBERED,
)

audit = Table(
    "audit",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("entry", Text, nullable=False, comment="canonical JSON of what happened"),
    Column("previous", String(64), nullable=False, comment="hash of the entry before"),
    Column("hash", String(64), nullable=False, comment="SHA-256 of previous and entry"),
)

# -- Stations ----------------------------------------------------------------

stations = Table(
    "stations",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, default=""),
    Column("kind", String(40), nullable=False),
    Column("lat", Float, nullable=False, comment="degrees, WGS-84"),
    Column("lon", Float, nullable=False, comment="degrees, WGS-84"),
    Column("address", Text, nullable=False, default=""),
    Column("district", Text, nullable=False, default=""),
    Column("services", sa.JSON, nullable=False),
    Column("opening_hours", Text, nullable=False, default="", comment="OpenStreetMap syntax"),
    Column("phone", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("confirmed_on", Date),
    Column("retired_at", Moment),
    Column("changed_at", Moment, nullable=False),
)

station_flags = Table(
    "station_flags",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("station", String(40), nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False, comment="closed, moved, broken or other"),
    Column("note", Text, nullable=False, default=""),
    Column("photo", Text, comment="file id at the channel"),
    Column("made_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index("ix_station_flags_station", "bot", "station"),
    Index(
        "uq_station_flags_open",
        "bot",
        "station",
        "person",
        "kind",
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    ),
    **NUMBERED,
)

favourites = Table(
    "favourites",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("station", String(40), primary_key=True),
    Column("made_at", Moment, nullable=False),
)

# -- Lessons -----------------------------------------------------------------

lesson_places = Table(
    "lesson_places",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("state", String(12), nullable=False, comment="open, paused or done"),
    Column("card", String(40), nullable=False, comment="key of the card shown last"),
    Column("place", sa.JSON, nullable=False, comment="the card and what was answered, to go on from"),
    Column("begun_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("finished_at", Moment, comment="when it was last taken to the end"),
)

lesson_answers = Table(
    "lesson_answers",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("question", String(40), primary_key=True),
    Column("right", Boolean, nullable=False, comment="at the very first try"),
    Column("chosen", sa.JSON, nullable=False, comment="places of the options chosen then"),
    Column("made_at", Moment, nullable=False),
)

lesson_days = Table(
    "lesson_days",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("at_minute", Integer, comment="of the person's day; null for no daily lesson"),
    Column("sent", sa.JSON, nullable=False, comment="lessons that came already"),
    Column("set_at", Moment, nullable=False),
)

review_cards = Table(
    "review_cards",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("question", String(40), primary_key=True),
    Column("state", Integer, nullable=False, comment="FSRS: 1 learning, 2 review, 3 relearning"),
    Column("step", Integer, comment="FSRS: which learning step; null in review"),
    Column("stability", Float, nullable=False, comment="FSRS: days until nine in ten still know it"),
    Column("difficulty", Float, nullable=False, comment="FSRS: 1 to 10"),
    Column("due_at", Moment, nullable=False),
    Column("reviewed_at", Moment, nullable=False),
    Column("reviews", Integer, nullable=False, default=0),
    Column("remembered", Integer, nullable=False, default=0),
    Index("ix_review_cards_due", "bot", "person", "due_at"),
)

# -- Reminders ---------------------------------------------------------------

reminders = Table(
    "reminders",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
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

# -- What changed ------------------------------------------------------------

revisions = Table(
    "revisions",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("name", String(40), primary_key=True, comment="what changed, such as stations"),
    Column("number", BigInteger, nullable=False),
)
