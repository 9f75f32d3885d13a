"""Reminders: what people want to be told of, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table of reminders."""
    op.create_table(
        "reminders",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column(
            "zone", sa.String(length=64), nullable=False, comment="IANA; where the rule's wall times are"
        ),
        sa.Column("at", Moment(), nullable=False, comment="its moment, or the first one of its rule"),
        sa.Column("rule", sa.Text(), nullable=True, comment="RFC 5545 RRULE; null for once"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="active, paused or done"),
        sa.Column("until_done", sa.Boolean(), nullable=False, comment="rings again until it is answered"),
        sa.Column(
            "due", sa.BigInteger(), nullable=True, comment="the due thing that rings next by its own time"
        ),
        sa.Column(
            "again",
            sa.BigInteger(),
            nullable=True,
            comment="the due thing that rings once more, snoozed or unanswered",
        ),
        sa.Column("rings", sa.Integer(), nullable=False, comment="how often it rang"),
        sa.Column("answered", sa.Integer(), nullable=False, comment="the last ring that was answered"),
        sa.Column(
            "rung_for", Moment(), nullable=True, comment="the moment of its own time that it last rang for"
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True, comment="when it was done"),
        sa.Column(
            "deleted_at", Moment(), nullable=True, comment="soon forgotten; until then that can be taken back"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminders_person", "reminders", ["bot", "person"], unique=False)
    op.create_index("ix_reminders_settled_at", "reminders", ["settled_at"], unique=False)
    op.create_index("ix_reminders_deleted_at", "reminders", ["deleted_at"], unique=False)
