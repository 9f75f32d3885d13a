"""Check-ins: rounds, answers, presence; the time zone of a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables of check-ins, and a place for the time zone."""
    op.add_column(
        "people",
        sa.Column(
            "zone",
            sa.String(length=64),
            nullable=True,
            comment="IANA; null where theirs is the one of the bot's city",
        ),
    )
    op.create_table(
        "checkins",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "branch",
            sa.String(length=40),
            nullable=True,
            comment="whose organizers see it; null for the whole city",
        ),
        sa.Column("made_by", sa.BigInteger(), nullable=False, comment="a person"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False, comment="who is asked, as an expression"),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False, comment="whoever stays silent is looked for"),
        sa.Column(
            "zone", sa.String(length=64), nullable=False, comment="IANA; where the rule's wall times are"
        ),
        sa.Column("at", Moment(), nullable=False, comment="the first opening"),
        sa.Column("rule", sa.Text(), nullable=True, comment="RFC 5545 RRULE; null for once"),
        sa.Column(
            "nudge_minutes", sa.Integer(), nullable=True, comment="after the opening; null for no nudge"
        ),
        sa.Column("close_minutes", sa.Integer(), nullable=False, comment="after the opening"),
        sa.Column("due", sa.BigInteger(), nullable=True, comment="the due thing that opens the next round"),
        sa.Column("rounds", sa.Integer(), nullable=False, comment="how many were opened"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True, comment="no round opens any more"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rounds",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("checkin", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first"),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False, comment="what was done with the answers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rounds_checkin", "rounds", ["bot", "checkin", "number"], unique=True)
    op.create_table(
        "round_people",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column(
            "answered", sa.Boolean(), nullable=False, comment="that, not what: the answer is elsewhere"
        ),
        sa.PrimaryKeyConstraint("bot", "round", "person", name=op.f("pk_round_people")),
    )
    op.create_index("ix_round_people_person", "round_people", ["bot", "person"], unique=False)
    op.create_table(
        "answers",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=64),
            nullable=False,
            comment="the person, or the hash of what only they hold",
        ),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True, comment="null where the answer is anonymous"),
        sa.Column("value", sa.Text(), nullable=False, comment="as JSON"),
        sa.Column("attention", sa.Boolean(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True, comment="null where the answer is anonymous"),
        sa.PrimaryKeyConstraint("bot", "round", "key", "question", name=op.f("pk_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answers_person", "answers", ["bot", "person"], unique=False)
    op.create_table(
        "boards",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("posted", sa.BigInteger(), nullable=False, comment="the outbox row that brought it"),
        sa.Column(
            "message", sa.BigInteger(), nullable=True, comment="its number at the channel, once it is known"
        ),
        sa.Column("posted_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "round", "person", name=op.f("pk_boards")),
    )
    op.create_table(
        "checkin_people",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("called", sa.Text(), nullable=False, comment="what organizers read beside named answers"),
        sa.Column(
            "buddy", sa.BigInteger(), nullable=True, comment="the person who agreed to look after them"
        ),
        sa.Column(
            "buddy_token",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 of the link that asks somebody to be the buddy",
        ),
        sa.Column(
            "consented_at",
            Moment(),
            nullable=True,
            comment="others may be told when a safety check-in is missed",
        ),
        sa.PrimaryKeyConstraint("bot", "person", name=op.f("pk_checkin_people")),
        sa.UniqueConstraint("bot", "buddy_token", name=op.f("uq_checkin_people_bot_buddy_token")),
    )
    op.create_index("ix_checkin_people_buddy", "checkin_people", ["bot", "buddy"], unique=False)
    op.create_table(
        "safety_cases",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("buddy", sa.BigInteger(), nullable=True, comment="who was told first; null for nobody"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=True, comment="when organizers were told"),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column(
            "settled_by",
            sa.BigInteger(),
            nullable=True,
            comment="a person: themselves, the buddy or an organizer",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_cases")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_safety_cases_person",
        "safety_cases",
        ["bot", "person"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "visits",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column(
            "place",
            sa.String(length=48),
            nullable=False,
            comment="s and a station's id, or e and an event's number",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="at the place"),
        sa.Column("way", sa.String(length=12), nullable=False, comment="live, location or door"),
        sa.Column("came_at", Moment(), nullable=False),
        sa.Column("helping_since", Moment(), nullable=True, comment="as a volunteer"),
        sa.Column("left_at", Moment(), nullable=True, comment="the end of helping"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("bot", "person", "place", "day", name=op.f("uq_visits_bot_person_place_day")),
        sqlite_autoincrement=True,
    )
