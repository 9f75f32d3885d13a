"""Lessons together: groups, tracks, places and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables of tracks and of lessons in groups."""
    op.create_table(
        "track_places",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("track", sa.String(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False, comment="how many may be enrolled at once"),
        sa.Column("about", sa.Text(), nullable=False, comment="what a place gives, such as who pays for it"),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "track", name=op.f("pk_track_places")),
    )
    op.create_table(
        "enrolments",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("track", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="enrolled, waiting or left"),
        sa.Column("made_at", Moment(), nullable=False, comment="of a waiting one: since when"),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("bot", "person", "track", name=op.f("uq_enrolments_bot_person_track")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_enrolments_track", "enrolments", ["bot", "track", "state", "made_at", "id"], unique=False
    )
    op.create_table(
        "certificates",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True, comment="null once they are forgotten"),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="track, or help"),
        sa.Column("subject", sa.String(length=40), nullable=False, comment="which track; empty for help"),
        sa.Column("called", sa.Text(), nullable=False, comment="the name on it; empty without one"),
        sa.Column("amount", sa.Integer(), nullable=False, comment="lessons of the track, minutes of help"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "code", name=op.f("pk_certificates")),
    )
    op.create_index(
        "uq_certificates_person",
        "certificates",
        ["bot", "person", "kind", "subject"],
        unique=True,
        sqlite_where=sa.text("person IS NOT NULL"),
        postgresql_where=sa.text("person IS NOT NULL"),
    )
    op.create_table(
        "group_lessons",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("thread", sa.BigInteger(), nullable=True, comment="forum topic"),
        sa.Column("lesson", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False, comment="of the message in the group"),
        sa.Column("started_by", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=True, comment="the outbox row of the group's message"),
        sa.Column("asked", sa.Integer(), nullable=False, comment="questions asked in the group so far"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_lessons")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_lessons_chat", "group_lessons", ["bot", "chat"], unique=False)
    op.create_table(
        "group_learners",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("group_lesson", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("bot", "group_lesson", "person", name=op.f("pk_group_learners")),
    )
    op.create_index("ix_group_learners_person", "group_learners", ["bot", "person"], unique=False)
    op.add_column(
        "lesson_days",
        sa.Column(
            "before_shift",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="it comes before every shift instead",
        ),
    )
