"""Events and who has a place; offers of reminders; shifts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "branch",
            sa.String(length=40),
            nullable=True,
            comment="whose organizers look after it; null for the whole city",
        ),
        sa.Column("made_by", sa.BigInteger(), nullable=False, comment="a person"),
        sa.Column(
            "kind",
            sa.String(length=20),
            nullable=False,
            comment="an event's, or a call-out's: volunteer, grid_help",
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False, comment="who is told of it, as an expression"),
        sa.Column("zone", sa.String(length=64), nullable=False, comment="IANA"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False, comment="how long it lasts"),
        sa.Column("places", sa.Integer(), nullable=True, comment="null for as many as come"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_at", "events", ["bot", "at"], unique=False)
    op.create_table(
        "event_places",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False, comment="booked or waiting"),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the order in which people asked"),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "event", "person", name=op.f("pk_event_places")),
    )
    op.create_index("ix_event_places_person", "event_places", ["bot", "person"], unique=False)
    op.create_table(
        "reminder_offers",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=True, comment="null for the whole city"),
        sa.Column("made_by", sa.BigInteger(), nullable=False, comment="a person"),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("timing", sa.JSON(), nullable=False, comment="at wall times of whoever accepts"),
        sa.Column("segment", sa.Text(), nullable=False, comment="who is offered it, as an expression"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_offers")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "offers_taken",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("offer", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("reminder", sa.BigInteger(), nullable=True, comment="their own from here on"),
        sa.PrimaryKeyConstraint("bot", "offer", "person", name=op.f("pk_offers_taken")),
    )
    op.create_table(
        "shifts",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("timing", sa.JSON(), nullable=False, comment="when their shift begins"),
        sa.Column("reminder", sa.BigInteger(), nullable=True, comment="the reminder before it"),
        sa.PrimaryKeyConstraint("bot", "person", name=op.f("pk_shifts")),
    )
