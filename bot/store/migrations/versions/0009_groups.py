"""Groups: their branch, language, quiet hours and topic; tags of people; rosters; departments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0009"
down_revision = "0008"

# Where every group was before one could say so.
ZONE = "Asia/Shanghai"


def upgrade() -> None:
    """Widen groups; make the tables of tags, rosters and departments."""
    _widen_chats()
    _make_tags()
    _make_rosters()
    _make_departments()


def _widen_chats() -> None:
    added: list[sa.Column[Any]] = [
        sa.Column("title", sa.Text(), nullable=False, server_default="", comment="as the group calls itself"),
        sa.Column("branch", sa.String(length=40), nullable=True, comment="the branch it is bound to"),
        sa.Column("bound_by", sa.BigInteger(), nullable=True, comment="the person who bound it"),
        sa.Column("bound_at", Moment(), nullable=True),
        sa.Column(
            "quiet_from",
            sa.Integer(),
            nullable=True,
            comment="minute of the group's day; null for no quiet hours",
        ),
        sa.Column(
            "quiet_to",
            sa.Integer(),
            nullable=True,
            comment="minute of the group's day; null for no quiet hours",
        ),
        sa.Column(
            "zone",
            sa.String(length=64),
            nullable=False,
            server_default=ZONE,
            comment="IANA; of its quiet hours",
        ),
        sa.Column(
            "topic",
            sa.BigInteger(),
            nullable=True,
            comment="forum topic that news go to; null for the group itself",
        ),
        sa.Column("silent_since", Moment(), nullable=True, comment="the bot may not write there"),
    ]
    for column in added:
        op.add_column("chats", column)
    op.create_index(
        "ix_chats_branch",
        "chats",
        ["bot", "branch"],
        unique=False,
        sqlite_where=sa.text("branch IS NOT NULL"),
        postgresql_where=sa.text("branch IS NOT NULL"),
    )


def _make_tags() -> None:
    op.create_table(
        "person_tags",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column(
            "set_by", sa.BigInteger(), nullable=True, comment="the person who set it; null for the operator"
        ),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", "tag", name=op.f("pk_person_tags")),
    )
    op.create_index("ix_person_tags_tag", "person_tags", ["bot", "tag"], unique=False)


def _make_rosters() -> None:
    op.create_table(
        "rosters",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True, comment="null for the operator"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rosters_made_at", "rosters", ["made_at"], unique=False)
    op.create_table(
        "roster_rows",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("roster", sa.BigInteger(), nullable=False),
        sa.Column(
            "line", sa.Integer(), nullable=False, comment="of the office's file; who that is, only it knows"
        ),
        sa.Column(
            "reference",
            sa.String(length=40),
            nullable=False,
            comment="the office's own mark for the line",
        ),
        sa.Column("invitation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "roster", "line", name=op.f("pk_roster_rows")),
    )
    op.create_index("ix_roster_rows_invitation", "roster_rows", ["bot", "invitation"], unique=False)


def _make_departments() -> None:
    op.create_table(
        "departments",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column(
            "branch",
            sa.String(length=40),
            nullable=True,
            comment="the branch it stands under; null for the whole city",
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("does", sa.Text(), nullable=False, comment="what one can come to it with"),
        sa.Column("does_en", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "id", name=op.f("pk_departments")),
    )
