"""Branches, who belongs to them, who may do what."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

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
    Index("uq_memberships_present", "bot", "person", unique=True, **only("left_at IS NULL")),
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
    Column(
        "called",
        Sealed("grants.called"),
        nullable=False,
        default="",
        comment="how they named themselves for it",
    ),
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
    Column("tag", String(40), comment="what who joins by it is tagged with"),
    Column("most_uses", Integer, nullable=False),
    Column("uses", Integer, nullable=False, default=0),
    Column("made_by", BigInteger, comment="null for the operator"),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    sa.UniqueConstraint("bot", "token_hash"),
    **NUMBERED,
)

departments = Table(
    "departments",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("branch", String(40), comment="the branch it stands under; null for the whole city"),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, default=""),
    Column("does", Text, nullable=False, comment="what one can come to it with"),
    Column("does_en", Text, nullable=False, default=""),
    Column("phone", String(40), nullable=False, default=""),
    Column("changed_at", Moment, nullable=False),
)

rosters = Table(
    "rosters",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("branch", String(40), nullable=False),
    Column("made_by", BigInteger, comment="null for the operator"),
    Column("made_at", Moment, nullable=False, index=True),
    **NUMBERED,
)

roster_rows = Table(
    "roster_rows",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("roster", BigInteger, primary_key=True),
    Column("line", Integer, primary_key=True, comment="of the office's file; who that is, only it knows"),
    Column("reference", String(40), nullable=False, comment="the office's own mark for the line"),
    Column("invitation", BigInteger, nullable=False),
    Index("ix_roster_rows_invitation", "bot", "invitation"),
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
