"""Appeals: what they say, who has them, what became of them; who wrote them stands in a table of its own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

appeals = Table(
    "appeals",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("receipt", String(15), nullable=False, comment="random, without the dashes"),
    Column("alias", String(4), nullable=False, comment="the author's pseudonym in this appeal"),
    Column("industry", String(20), comment="what the author rides or drives for; null while unsaid"),
    Column("kind", String(40), nullable=False, comment="of content/appeals.yaml"),
    Column("story", Sealed("appeals.story"), nullable=False),
    Column("place", Sealed("appeals.place"), nullable=False, default=""),
    Column("lat", Float, comment="degrees, WGS-84"),
    Column("lon", Float, comment="degrees, WGS-84"),
    Column("district", String(40), nullable=False, default=""),
    Column("since", Date),
    Column("amount", BigInteger, comment="fen"),
    Column("points", Integer, comment="that the author let the desk see, for information"),
    Column("wish", Sealed("appeals.wish"), nullable=False, default=""),
    Column("state", String(12), nullable=False),
    Column("desk", String(40), nullable=False, comment="of content/appeals.yaml; empty further up"),
    Column("branch", String(40), nullable=False, comment="whose people serve at that desk"),
    Column("holder", BigInteger, comment="the person at the desk who has it; null while nobody took it"),
    Column("step", Integer, nullable=False, comment="rung of the ladder, from 0"),
    Column("started_at", Moment, nullable=False, comment="from when its deadlines count at this step"),
    Column("next_what", String(12), comment="acknowledge, answer, solve, ask or close; null once it is over"),
    Column("next_at", Moment, comment="the next deadline; null once it is over"),
    Column("hops", Integer, nullable=False, comment="number of events"),
    Column("head", String(64), nullable=False, comment="hash of the last event"),
    Column(
        "hand_overs", Integer, nullable=False, default=0, comment="to another desk, since the last step up"
    ),
    Column("reopenings", Integer, nullable=False, default=0),
    Column(
        "is_collective", Boolean, nullable=False, default=False, comment="a case of many, by nobody alone"
    ),
    Column("collective", BigInteger, comment="the case of many that it became part of"),
    Column("rating", Integer, comment="1 to 5, by the author"),
    Column("filed_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("settled_at", Moment, comment="closed, withdrawn or merged"),
    sa.UniqueConstraint("bot", "receipt"),
    Index("ix_appeals_open", "bot", "branch", "state", **only("settled_at IS NULL")),
    Index("ix_appeals_holder", "bot", "holder", **only("settled_at IS NULL")),
    Index("ix_appeals_collective", "bot", "collective"),
    Index("ix_appeals_filed_at", "bot", "filed_at"),
    **NUMBERED,
)

appeal_authors = Table(
    "appeal_authors",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("appeal", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, nullable=False),
    Column(
        "contact",
        Sealed("appeal_authors.contact"),
        nullable=False,
        default="",
        comment="as they gave it for the desk; may be empty",
    ),
    Index("ix_appeal_authors_person", "bot", "person"),
)

appeal_words = Table(
    "appeal_words",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("appeal", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("side", String(12), nullable=False, comment="author or desk"),
    Column("kind", String(12), nullable=False, comment="story, addition, question, answer, solution or note"),
    Column("text", Sealed("appeal_words.text"), nullable=False),
    Column("attachments", sa.JSON, nullable=False, comment="ids of attachments"),
    Index("ix_appeal_words_appeal", "bot", "appeal"),
    **NUMBERED,
)

appeal_events = Table(
    "appeal_events",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("appeal", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="from 1"),
    Column("at", Moment, nullable=False),
    Column("move", String(20), nullable=False),
    Column("role", String(12), nullable=False, comment="author, desk, organizer or clock"),
    Column("actor", BigInteger, comment="the person; never the author's"),
    Column(
        "reason", Text, nullable=False, comment="why, in a word of ours; people's own words are elsewhere"
    ),
    Column("state", String(12), nullable=False, comment="after the move, as all that follows"),
    Column("desk", String(40), nullable=False),
    Column("branch", String(40), nullable=False),
    Column("holder", BigInteger),
    Column("step", Integer, nullable=False),
    Column("next_what", String(12)),
    Column("next_at", Moment),
    Column("words", BigInteger, comment="what was said with it"),
    Column("digest", String(64), nullable=False, comment="SHA-256 of what was said with it"),
    Column("previous", String(64), nullable=False, comment="hash of the event before"),
    Column("hash", String(64), nullable=False, comment="SHA-256 of previous and the event"),
    Index("ix_appeal_events_at", "bot", "at"),
)

appeal_helpers = Table(
    "appeal_helpers",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("appeal", BigInteger, primary_key=True, autoincrement=False),
    Column("branch", String(40), primary_key=True, comment="called in by the owner"),
    Column("desk", String(40), nullable=False, comment="of content/appeals.yaml; may be empty"),
    Column("called_at", Moment, nullable=False),
)

unmaskings = Table(
    "unmaskings",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("appeal", BigInteger, nullable=False),
    Column("asked_by", BigInteger, nullable=False, comment="somebody at the desk"),
    Column(
        "reason",
        Sealed("unmaskings.reason"),
        nullable=False,
        comment="empty where the author was asked for consent",
    ),
    Column("asked_at", Moment, nullable=False),
    Column("agreed_by", BigInteger, comment="a second one at the desk; null where the author consented"),
    Column("settled_at", Moment),
    Column("shown", Boolean, comment="null while it is undecided"),
    Index("ix_unmaskings_appeal", "bot", "appeal"),
    **NUMBERED,
)

desk_groups = Table(
    "desk_groups",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("branch", String(40), primary_key=True),
    Column("chat", BigInteger, nullable=False),
    Column("is_forum", Boolean, nullable=False, comment="each appeal gets a topic of its own"),
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", Moment, nullable=False),
)

appeal_topics = Table(
    "appeal_topics",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("appeal", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("asked", BigInteger, nullable=False, comment="the outbox row that asks for it"),
    Column("thread", BigInteger, comment="the topic, once it is there"),
)

desk_absences = Table(
    "desk_absences",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("stand_in", BigInteger, comment="who takes over; null for the whole desk"),
    Column("made_at", Moment, nullable=False),
)

solved_stories = Table(
    "solved_stories",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("appeal", BigInteger, nullable=False),
    Column("story", Sealed("solved_stories.story"), nullable=False, comment="for everybody, without names"),
    Column("state", String(12), nullable=False, comment="asked, approved or refused"),
    Column("made_by", BigInteger, nullable=False, comment="the organizer"),
    Column("made_at", Moment, nullable=False),
    Column("decided_at", Moment, comment="by the author of the appeal"),
    Index("ix_solved_stories_appeal", "bot", "appeal"),
    **NUMBERED,
)
