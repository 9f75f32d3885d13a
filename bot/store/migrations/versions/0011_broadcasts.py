"""Broadcasts, taps on their buttons, and what each person wants to hear and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables of broadcasts."""
    _make_broadcasts()
    _make_taps()
    _make_quiet_hours()


def _make_broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False, comment="the organizer"),
        sa.Column("segment", sa.Text(), nullable=False, comment="who is meant; branches by their ids"),
        sa.Column(
            "topic", sa.String(length=12), nullable=False, comment="lesson, event, notice, safety or care"
        ),
        sa.Column("content", sa.JSON(), nullable=False, comment="texts by locale, picture, buttons"),
        sa.Column(
            "state",
            sa.String(length=12),
            nullable=False,
            comment="asked, planned, running, over, …",
        ),
        sa.Column("starts_at", Moment(), nullable=True, comment="null for at once"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column(
            "decided_by", sa.BigInteger(), nullable=True, comment="the second organizer, where one was needed"
        ),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=True, comment="how many, by reason, when it started"),
        sa.Column(
            "screen",
            sa.BigInteger(),
            nullable=True,
            comment="row of the outbox: the message that shows how far it is",
        ),
        sa.Column("shown", sa.JSON(), nullable=True, comment="what that message showed last, and when"),
        sa.Column("report", sa.JSON(), nullable=True, comment="what became of it, once it is over"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadcasts_made_by", "broadcasts", ["bot", "made_by"], unique=False)


def _make_taps() -> None:
    op.create_table(
        "broadcast_taps",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("broadcast", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "button",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="its place under the message",
        ),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "chat",
            sa.BigInteger(),
            nullable=True,
            comment="the group in which it was tapped; null for the private chat",
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "broadcast", "button", "person", name=op.f("pk_broadcast_taps")),
    )
    op.create_index("ix_broadcast_taps_person", "broadcast_taps", ["bot", "person"], unique=False)


def _make_quiet_hours() -> None:
    op.create_table(
        "quiet_hours",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "quiet_from",
            sa.Integer(),
            nullable=True,
            comment="minute of the person's day; null for no quiet hours",
        ),
        sa.Column(
            "quiet_to",
            sa.Integer(),
            nullable=True,
            comment="minute of the person's day; null for no quiet hours",
        ),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", name=op.f("pk_quiet_hours")),
    )
