"""Lessons: where people are in them, and what they remember."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table

from bot.store.tables.base import metadata
from bot.store.types import Moment

lesson_places = Table(
    "lesson_places",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("state", String(12), nullable=False, comment="open, paused or done"),
    Column("card", String(40), nullable=False, comment="key of the card shown last"),
    Column("place", sa.JSON, nullable=False, comment="the card and what was answered, to go on from"),
    Column("begun_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("finished_at", Moment, comment="when it was last taken to the end"),
)

lesson_answers = Table(
    "lesson_answers",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("question", String(40), primary_key=True),
    Column("right", Boolean, nullable=False, comment="at the very first try"),
    Column("chosen", sa.JSON, nullable=False, comment="places of the options chosen then"),
    Column("made_at", Moment, nullable=False),
)

lesson_days = Table(
    "lesson_days",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("at_minute", Integer, comment="of the person's day; null for no daily lesson"),
    Column(
        "before_shift", Boolean, nullable=False, default=False, comment="it comes before every shift instead"
    ),
    Column("sent", sa.JSON, nullable=False, comment="lessons that came already"),
    Column("set_at", Moment, nullable=False),
)

review_cards = Table(
    "review_cards",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("lesson", String(40), primary_key=True),
    Column("question", String(40), primary_key=True),
    Column("state", Integer, nullable=False, comment="FSRS: 1 learning, 2 review, 3 relearning"),
    Column("step", Integer, comment="FSRS: which learning step; null in review"),
    Column("stability", Float, nullable=False, comment="FSRS: days until nine in ten still know it"),
    Column("difficulty", Float, nullable=False, comment="FSRS: 1 to 10"),
    Column("due_at", Moment, nullable=False),
    Column("reviewed_at", Moment, nullable=False),
    Column("reviews", Integer, nullable=False, default=0),
    Column("remembered", Integer, nullable=False, default=0),
    Index("ix_review_cards_due", "bot", "person", "due_at"),
)
