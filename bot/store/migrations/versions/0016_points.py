"""Points: the ledger, the stock, redemptions, names among the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables of points."""
    _make_ledger()
    _make_rewards()


def _make_ledger() -> None:
    op.create_table(
        "point_moves",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True, comment="null once they are forgotten"),
        sa.Column(
            "kind",
            sa.String(length=20),
            nullable=False,
            comment="a rule of content/points.yaml, redeem or reverse",
        ),
        sa.Column(
            "subject",
            sa.String(length=80),
            nullable=False,
            comment="what for; once for each person and kind",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="in the city's time, for what counts by the day"),
        sa.Column("reverses", sa.BigInteger(), nullable=True, comment="the move that it takes back"),
        sa.Column("reason", sa.String(length=20), nullable=True, comment="why it takes that back, as a code"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_moves")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_point_moves_once",
        "point_moves",
        ["bot", "person", "kind", "subject"],
        unique=True,
        sqlite_where=sa.text("person IS NOT NULL"),
        postgresql_where=sa.text("person IS NOT NULL"),
    )
    op.create_table(
        "point_entries",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("move", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "account",
            sa.String(length=48),
            nullable=False,
            comment="person, or where points come from and go to",
        ),
        sa.Column(
            "person",
            sa.BigInteger(),
            nullable=True,
            comment="whose account; null for others, and once they are forgotten",
        ),
        sa.Column("amount", sa.Integer(), nullable=False, comment="the entries of a move add up to nothing"),
        sa.PrimaryKeyConstraint("bot", "move", "account", name=op.f("pk_point_entries")),
    )
    op.create_index("ix_point_entries_person", "point_entries", ["bot", "person"], unique=False)


def _make_rewards() -> None:
    op.create_table(
        "point_stocks",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.String(length=48), nullable=False, comment="reward.… in pieces, or pool.… in fen"
        ),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "name", name=op.f("pk_point_stocks")),
    )
    op.create_table(
        "redemptions",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True, comment="null once they are forgotten"),
        sa.Column("reward", sa.String(length=40), nullable=False),
        sa.Column(
            "station", sa.String(length=40), nullable=True, comment="where it is picked up; null for any"
        ),
        sa.Column("pool", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column(
            "code_hash", sa.String(length=64), nullable=False, comment="keyed; the code itself is nowhere"
        ),
        sa.Column("state", sa.String(length=12), nullable=False, comment="waiting, handed or returned"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("handed_by", sa.BigInteger(), nullable=True, comment="who gave it out"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_redemptions_code",
        "redemptions",
        ["bot", "code_hash"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_redemptions_person", "redemptions", ["bot", "person"], unique=False)
    op.create_table(
        "point_names",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("called", sa.Text(), nullable=False, comment="among the first"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", name=op.f("pk_point_names")),
    )
