"""Wishes and who claims them, hazards and who reported them, suggestions and votes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "wishes",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "branch", sa.String(length=40), nullable=False, comment="whose organizers look at it first"
        ),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="who wishes"),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False, comment="where it is handed over"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False, comment="how often it was claimed"),
        sa.Column("thanks", sa.Text(), nullable=False, comment="to who made it true; may be empty"),
        sa.Column(
            "seen_by", sa.BigInteger(), nullable=True, comment="the organizer who let it be seen, or not"
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wishes_person", "wishes", ["bot", "person"], unique=False)
    op.create_index("ix_wishes_state", "wishes", ["bot", "state", "id"], unique=False)
    op.create_table(
        "wish_claims",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("wish", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "number", sa.Integer(), autoincrement=False, nullable=False, comment="from 1; the last one counts"
        ),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="who claims it"),
        sa.Column("called", sa.String(length=10), nullable=False, comment="person, shop or branch"),
        sa.Column("code", sa.Text(), nullable=False, comment="stands on what is handed over"),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column(
            "outcome",
            sa.String(length=12),
            nullable=True,
            comment="fulfilled, given_back or expired; null while it counts",
        ),
        sa.PrimaryKeyConstraint("bot", "wish", "number", name=op.f("pk_wish_claims")),
    )
    op.create_index(
        "ix_wish_claims_person",
        "wish_claims",
        ["bot", "person"],
        unique=False,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_table(
        "hazards",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="of content/hazards.yaml"),
        sa.Column(
            "place", sa.Text(), nullable=False, comment="as our maps call it, never in anybody's own words"
        ),
        sa.Column("lat", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("lon", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("is_exact", sa.Boolean(), nullable=False, comment="shared on the spot, not just named"),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "desk", sa.String(length=40), nullable=False, comment="of content/appeals.yaml; empty further up"
        ),
        sa.Column("branch", sa.String(length=40), nullable=False, comment="whose people serve at that desk"),
        sa.Column("next_at", Moment(), nullable=True, comment="the next deadline; null once it is over"),
        sa.Column(
            "answer", sa.Text(), nullable=False, comment="what the desk did, for everybody; may be empty"
        ),
        sa.Column("settled_by", sa.BigInteger(), nullable=True, comment="somebody at the desk"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazards")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hazards_kind", "hazards", ["bot", "kind", "state"], unique=False)
    op.create_index("ix_hazards_state", "hazards", ["bot", "state", "changed_at"], unique=False)
    op.create_table(
        "hazard_reports",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("hazard", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="for the desk; may be empty"),
        sa.Column("attachment", sa.BigInteger(), nullable=True, comment="the photo"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "hazard", "person", name=op.f("pk_hazard_reports")),
    )
    op.create_index("ix_hazard_reports_person", "hazard_reports", ["bot", "person"], unique=False)
    op.create_table(
        "ideas",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "branch", sa.String(length=40), nullable=False, comment="whose organizers look at it first"
        ),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="whose idea it is"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "verdict",
            sa.String(length=12),
            nullable=True,
            comment="done, planned or no; null while it is not answered",
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column(
            "seen_by", sa.BigInteger(), nullable=True, comment="the organizer who let it be seen, or not"
        ),
        sa.Column("answered_by", sa.BigInteger(), nullable=True, comment="an organizer"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ideas_person", "ideas", ["bot", "person"], unique=False)
    op.create_index("ix_ideas_state", "ideas", ["bot", "state", "id"], unique=False)
    op.create_table(
        "idea_votes",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("idea", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("vote", sa.Integer(), nullable=False, comment="1 for, -1 against"),
        sa.Column("voted_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "idea", "person", name=op.f("pk_idea_votes")),
    )
    op.create_index("ix_idea_votes_person", "idea_votes", ["bot", "person"], unique=False)
