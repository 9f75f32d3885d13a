"""Budgets: how fast the bot may speak, shared by all its speakers; broadcasts share their bodies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0010"
down_revision = "0009"

COLUMNS = (
    ("broadcast", sa.BigInteger(), "the broadcast it belongs to; null for everything else"),
    ("letter", sa.BigInteger(), "of a broadcast: the body it shares with others"),
    ("blanks", sa.JSON(), "of a broadcast: what the letter's marks stand for"),
)
ORDINARY = sa.text("state = 'waiting' AND broadcast IS NULL")
BROADCAST = sa.text("broadcast IS NOT NULL")
DEAD = sa.text("state = 'dead'")
REFUSED = sa.text("refused_until IS NOT NULL")
OPEN = sa.text("state <> 'over'")


def upgrade() -> None:
    """Let rows of the outbox belong to a broadcast; make the tables of letters, runs and paces."""
    for name, kind, comment in COLUMNS:
        op.add_column("outbox", sa.Column(name, kind, nullable=True, comment=comment))
    op.drop_index("ix_outbox_waiting", "outbox")
    _index("ix_outbox_waiting", "outbox", ["bot", "priority", "id"], ORDINARY)
    _index("ix_outbox_run", "outbox", ["bot", "broadcast", "state", "not_before", "id"], BROADCAST)
    _index("uq_outbox_recipient", "outbox", ["bot", "broadcast", "chat"], BROADCAST, unique=True)
    _index("ix_outbox_dead", "outbox", ["bot", "id"], DEAD)
    op.create_table(
        "letters",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("broadcast", sa.BigInteger(), nullable=False),
        sa.Column(
            "body", sa.JSON(), nullable=False, comment="the message, with marks like {name} in its text"
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letters_broadcast", "letters", ["bot", "broadcast"])
    op.create_table(
        "broadcast_runs",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("broadcast", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "state", sa.String(length=12), nullable=False, comment="paused, running, cancelled or over"
        ),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "broadcast", name=op.f("pk_broadcast_runs")),
    )
    _index("ix_broadcast_runs_open", "broadcast_runs", ["bot", "broadcast"], OPEN)
    op.create_table(
        "paces",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "chat", sa.BigInteger(), autoincrement=False, nullable=False, comment="0 for the whole bot"
        ),
        sa.Column(
            "empty_at",
            sa.Float(),
            nullable=False,
            comment="GCRA; seconds since 1970, by the database's clock",
        ),
        sa.Column(
            "refused_until", sa.Float(), nullable=True, comment="Telegram asked for a pause until then"
        ),
        sa.Column(
            "held_by",
            sa.String(length=40),
            nullable=True,
            comment="the speaker whose turn it is in this chat",
        ),
        sa.Column(
            "held_until",
            sa.Float(),
            nullable=True,
            comment="when that speaker is believed to be dead; seconds since 1970",
        ),
        sa.PrimaryKeyConstraint("bot", "chat", name=op.f("pk_paces")),
    )
    _index("ix_paces_refused_until", "paces", ["bot", "refused_until"], REFUSED)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
