"""The clock: things that are due later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0002"
down_revision = "0001"

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Make the table of due things."""
    op.create_table(
        "due",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True, comment="of what must wait once at most"),
        sa.Column("what", sa.JSON(), nullable=True, comment="for the deed; emptied once it is settled"),
        sa.Column(
            "whose", sa.String(length=80), nullable=True, comment="the person, chat or branch it is for"
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "zone", sa.String(length=64), nullable=False, comment="IANA; where the rule's wall times are"
        ),
        sa.Column("rule", sa.Text(), nullable=True, comment="RFC 5545 RRULE; null for once"),
        sa.Column(
            "starts",
            sa.DateTime(),
            nullable=True,
            comment="wall time in the zone from which the rule counts",
        ),
        sa.Column("occurrence", Moment(), nullable=False, comment="the rule's own moment; `at` may be moved"),
        sa.Column("not_before", Moment(), nullable=False, comment="`at`, or later after a failure"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sqlite_autoincrement=True,
    )
    for name, columns, unique in (
        ("ix_due_waiting", ["bot", "not_before", "id"], False),
        ("ix_due_whose", ["bot", "whose"], False),
        ("uq_due_name", ["bot", "kind", "name"], True),
    ):
        op.create_index(name, "due", columns, unique=unique, sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_due_settled_at", "due", ["settled_at"], unique=False)
