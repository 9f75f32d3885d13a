"""Appeals, their history, desks and who serves there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables of appeals and of desks."""
    _make_appeals()
    _make_history()
    _make_desks()


def _make_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("receipt", sa.String(length=15), nullable=False, comment="random, without the dashes"),
        sa.Column(
            "alias", sa.String(length=4), nullable=False, comment="the author's pseudonym in this appeal"
        ),
        sa.Column(
            "industry",
            sa.String(length=20),
            nullable=True,
            comment="what the author rides or drives for; null while unsaid",
        ),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="of content/appeals.yaml"),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("lon", sa.Float(), nullable=True, comment="degrees, WGS-84"),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True, comment="fen"),
        sa.Column(
            "points", sa.Integer(), nullable=True, comment="that the author let the desk see, for information"
        ),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "desk", sa.String(length=40), nullable=False, comment="of content/appeals.yaml; empty further up"
        ),
        sa.Column("branch", sa.String(length=40), nullable=False, comment="whose people serve at that desk"),
        sa.Column(
            "holder",
            sa.BigInteger(),
            nullable=True,
            comment="the person at the desk who has it; null while nobody took it",
        ),
        sa.Column("step", sa.Integer(), nullable=False, comment="rung of the ladder, from 0"),
        sa.Column(
            "started_at", Moment(), nullable=False, comment="from when its deadlines count at this step"
        ),
        sa.Column(
            "next_what",
            sa.String(length=12),
            nullable=True,
            comment="acknowledge, answer, solve, ask or close; null once it is over",
        ),
        sa.Column("next_at", Moment(), nullable=True, comment="the next deadline; null once it is over"),
        sa.Column("hops", sa.Integer(), nullable=False, comment="number of events"),
        sa.Column("head", sa.String(length=64), nullable=False, comment="hash of the last event"),
        sa.Column(
            "hand_overs", sa.Integer(), nullable=False, comment="to another desk, since the last step up"
        ),
        sa.Column("reopenings", sa.Integer(), nullable=False),
        sa.Column("is_collective", sa.Boolean(), nullable=False, comment="a case of many, by nobody alone"),
        sa.Column(
            "collective", sa.BigInteger(), nullable=True, comment="the case of many that it became part of"
        ),
        sa.Column("rating", sa.Integer(), nullable=True, comment="1 to 5, by the author"),
        sa.Column("filed_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True, comment="closed, withdrawn or merged"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("bot", "receipt", name=op.f("uq_appeals_bot_receipt")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appeals_collective", "appeals", ["bot", "collective"], unique=False)
    op.create_index("ix_appeals_filed_at", "appeals", ["bot", "filed_at"], unique=False)
    op.create_index(
        "ix_appeals_holder",
        "appeals",
        ["bot", "holder"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "ix_appeals_open",
        "appeals",
        ["bot", "branch", "state"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "appeal_authors",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("appeal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False, comment="as they gave it for the desk; may be empty"),
        sa.PrimaryKeyConstraint("bot", "appeal", name=op.f("pk_appeal_authors")),
    )
    op.create_index("ix_appeal_authors_person", "appeal_authors", ["bot", "person"], unique=False)
    op.create_table(
        "appeal_words",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("appeal", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False, comment="author or desk"),
        sa.Column(
            "kind",
            sa.String(length=12),
            nullable=False,
            comment="story, addition, question, answer, solution or note",
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False, comment="ids of attachments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_words")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appeal_words_appeal", "appeal_words", ["bot", "appeal"], unique=False)


def _make_history() -> None:
    op.create_table(
        "appeal_events",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("appeal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="from 1"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False, comment="author, desk, organizer or clock"),
        sa.Column("actor", sa.BigInteger(), nullable=True, comment="the person; never the author's"),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="why, in a word of ours; people's own words are elsewhere",
        ),
        sa.Column(
            "state", sa.String(length=12), nullable=False, comment="after the move, as all that follows"
        ),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_what", sa.String(length=12), nullable=True),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("words", sa.BigInteger(), nullable=True, comment="what was said with it"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of what was said with it"),
        sa.Column("previous", sa.String(length=64), nullable=False, comment="hash of the event before"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of previous and the event"),
        sa.PrimaryKeyConstraint("bot", "appeal", "number", name=op.f("pk_appeal_events")),
    )
    op.create_index("ix_appeal_events_at", "appeal_events", ["bot", "at"], unique=False)
    op.create_table(
        "appeal_helpers",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("appeal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=False, comment="called in by the owner"),
        sa.Column(
            "desk", sa.String(length=40), nullable=False, comment="of content/appeals.yaml; may be empty"
        ),
        sa.Column("called_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "appeal", "branch", name=op.f("pk_appeal_helpers")),
    )
    op.create_table(
        "unmaskings",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("appeal", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False, comment="somebody at the desk"),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="empty where the author was asked for consent"
        ),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column(
            "agreed_by",
            sa.BigInteger(),
            nullable=True,
            comment="a second one at the desk; null where the author consented",
        ),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=True, comment="null while it is undecided"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmaskings")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unmaskings_appeal", "unmaskings", ["bot", "appeal"], unique=False)


def _make_desks() -> None:
    op.create_table(
        "desk_groups",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("branch", sa.String(length=40), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("is_forum", sa.Boolean(), nullable=False, comment="each appeal gets a topic of its own"),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "branch", name=op.f("pk_desk_groups")),
    )
    op.create_table(
        "appeal_topics",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("appeal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False, comment="the outbox row that asks for it"),
        sa.Column("thread", sa.BigInteger(), nullable=True, comment="the topic, once it is there"),
        sa.PrimaryKeyConstraint("bot", "appeal", "chat", name=op.f("pk_appeal_topics")),
    )
    op.create_table(
        "desk_absences",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column(
            "stand_in", sa.BigInteger(), nullable=True, comment="who takes over; null for the whole desk"
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", name=op.f("pk_desk_absences")),
    )
    op.create_table(
        "solved_stories",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("appeal", sa.BigInteger(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False, comment="for everybody, without names"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="asked, approved or refused"),
        sa.Column("made_by", sa.BigInteger(), nullable=False, comment="the organizer"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True, comment="by the author of the appeal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solved_stories")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_solved_stories_appeal", "solved_stories", ["bot", "appeal"], unique=False)
