"""The foundation: updates, people, conversations, the outbox, stations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "chats",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="group or supergroup"),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("greeted_at", Moment(), nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("became", sa.BigInteger(), nullable=True, comment="the supergroup's id after a migration"),
        sa.PrimaryKeyConstraint("bot", "chat", name=op.f("pk_chats")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("dialog", sa.String(length=40), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("journal", sa.JSON(), nullable=False),
        sa.Column("prompt", sa.JSON(), nullable=True, comment="what the buttons shown now mean"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("touched_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conversations_whose", "conversations", ["bot", "person", "chat"], unique=False)
    op.create_index(
        "uq_conversations_open",
        "conversations",
        ["bot", "person", "chat"],
        unique=True,
        sqlite_where=sa.text("NOT parked"),
        postgresql_where=sa.text("NOT parked"),
    )
    op.create_table(
        "favourites",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", "station", name=op.f("pk_favourites")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("thread", sa.BigInteger(), nullable=True, comment="forum topic"),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True, comment="the message; emptied once it is settled"),
        sa.Column("target", sa.JSON(), nullable=True, comment="message to edit, or query to answer"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("update_id", sa.BigInteger(), nullable=True, comment="the update it answers"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_settled_at", "outbox", ["settled_at"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["bot", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "people",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False, comment="user id at the channel"),
        sa.Column("language", sa.String(length=16), nullable=False, comment="locale the person reads"),
        sa.Column("language_chosen", sa.Boolean(), nullable=False, comment="by the person, not by the app"),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("blocked_at", Moment(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("bot", "account", name=op.f("uq_people_bot_account")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "revisions",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False, comment="what changed, such as stations"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "name", name=op.f("pk_revisions")),
    )
    op.create_table(
        "station_flags",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="closed, moved, broken or other"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("photo", sa.Text(), nullable=True, comment="file id at the channel"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_flags")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_station_flags_station", "station_flags", ["bot", "station"], unique=False)
    op.create_index(
        "uq_station_flags_open",
        "station_flags",
        ["bot", "station", "person", "kind"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "stations",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False, comment="degrees, WGS-84"),
        sa.Column("lon", sa.Float(), nullable=False, comment="degrees, WGS-84"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("opening_hours", sa.Text(), nullable=False, comment="OpenStreetMap syntax"),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "id", name=op.f("pk_stations")),
    )
    op.create_table(
        "updates",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "update_id", name=op.f("pk_updates")),
    )
    op.create_index(op.f("ix_updates_taken_at"), "updates", ["taken_at"], unique=False)
