"""Branches, members, roles, invitations, the audit log.

It follows 0002: no migration was ever numbered 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of branches and of who may do what; people may say a little about themselves."""
    _make_branches()
    _make_roles()
    _make_audit()
    _widen_people()


def _make_branches() -> None:
    op.create_table(
        "branches",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True, comment="null at the top of the tree"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=20),
            nullable=False,
            comment="work_committee, industry_committee, branch, group",
        ),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "id", name=op.f("pk_branches")),
    )
    op.create_table(
        "branch_paths",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("above", sa.String(length=40), nullable=False),
        sa.Column("below", sa.String(length=40), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False, comment="0 from a branch to itself"),
        sa.PrimaryKeyConstraint("bot", "above", "below", name=op.f("pk_branch_paths")),
    )
    op.create_index("ix_branch_paths_below", "branch_paths", ["bot", "below"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=False),
        sa.Column(
            "declared",
            sa.String(length=20),
            nullable=True,
            comment="party, league or union, as they say themselves; null if unsaid",
        ),
        sa.Column(
            "consent", sa.String(length=20), nullable=False, comment="version of the words they agreed to"
        ),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.Column("left_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_memberships_branch", "memberships", ["bot", "branch"], unique=False)
    op.create_index(
        "uq_memberships_present",
        "memberships",
        ["bot", "person"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )


def _make_roles() -> None:
    op.create_table(
        "grants",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False, comment="desk, organizer or admin"),
        sa.Column(
            "branch",
            sa.String(length=40),
            nullable=True,
            comment="with all below it; null for the whole city",
        ),
        sa.Column("called", sa.String(length=40), nullable=False, comment="how they named themselves for it"),
        sa.Column(
            "granted_by",
            sa.BigInteger(),
            nullable=True,
            comment="the person who proposed it; null for the operator",
        ),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True, comment="the person who confirmed it"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True, comment="in force from here on"),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("revoked_by", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True, comment="refused, if it was never confirmed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_grants_person", "grants", ["bot", "person"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "token_hash", sa.String(length=64), nullable=False, comment="SHA-256; the token itself is nowhere"
        ),
        sa.Column("branch", sa.String(length=40), nullable=True, comment="null for the whole city"),
        sa.Column(
            "role",
            sa.String(length=12),
            nullable=True,
            comment="proposed, not given; null to join the branch",
        ),
        sa.Column("role_expires_at", Moment(), nullable=True),
        sa.Column("most_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True, comment="null for the operator"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("bot", "token_hash", name=op.f("uq_invitations_bot_token_hash")),
        sqlite_autoincrement=True,
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False, comment="canonical JSON of what happened"),
        sa.Column("previous", sa.String(length=64), nullable=False, comment="hash of the entry before"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of previous and entry"),
        sa.PrimaryKeyConstraint("bot", "number", name=op.f("pk_audit")),
    )


def _widen_people() -> None:
    op.add_column(
        "people",
        sa.Column(
            "work_kind",
            sa.String(length=20),
            nullable=True,
            comment="what the person rides or drives for; null while unsaid",
        ),
    )
    op.add_column(
        "people",
        sa.Column(
            "district",
            sa.String(length=40),
            nullable=True,
            comment="where the person mostly works; null while unsaid",
        ),
    )
    op.add_column(
        "people",
        sa.Column(
            "introduced_at",
            Moment(),
            nullable=True,
            comment="when they were asked about themselves, once for all",
        ),
    )
