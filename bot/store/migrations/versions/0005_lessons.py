"""Lessons: how far people are, what they answered, what comes back for review."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment

revision = "0005"
down_revision = "0004"


def _whose() -> tuple[sa.Column[int], sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("lesson", sa.String(length=40), nullable=False),
    )


def upgrade() -> None:
    """Make the tables of lessons."""
    op.create_table(
        "lesson_places",
        *_whose(),
        sa.Column("state", sa.String(length=12), nullable=False, comment="open, paused or done"),
        sa.Column("card", sa.String(length=40), nullable=False, comment="key of the card shown last"),
        sa.Column(
            "place", sa.JSON(), nullable=False, comment="the card and what was answered, to go on from"
        ),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("touched_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True, comment="when it was last taken to the end"),
        sa.PrimaryKeyConstraint("bot", "person", "lesson", name=op.f("pk_lesson_places")),
    )
    op.create_table(
        "lesson_answers",
        *_whose(),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False, comment="at the very first try"),
        sa.Column("chosen", sa.JSON(), nullable=False, comment="places of the options chosen then"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", "lesson", "question", name=op.f("pk_lesson_answers")),
    )
    _make_review_cards()


def _make_review_cards() -> None:
    op.create_table(
        "review_cards",
        *_whose(),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False, comment="FSRS: 1 learning, 2 review, 3 relearning"),
        sa.Column("step", sa.Integer(), nullable=True, comment="FSRS: which learning step; null in review"),
        sa.Column(
            "stability", sa.Float(), nullable=False, comment="FSRS: days until nine in ten still know it"
        ),
        sa.Column("difficulty", sa.Float(), nullable=False, comment="FSRS: 1 to 10"),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("reviewed_at", Moment(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("remembered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", "lesson", "question", name=op.f("pk_review_cards")),
    )
    op.create_index("ix_review_cards_due", "review_cards", ["bot", "person", "due_at"], unique=False)
