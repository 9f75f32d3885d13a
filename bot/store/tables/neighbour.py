"""What people do for their neighbourhood: wishes, hazards, suggestions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

wishes = Table(
    "wishes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("branch", String(40), nullable=False, comment="whose organizers look at it first"),
    Column("person", BigInteger, nullable=False, comment="who wishes"),
    Column("what", Sealed("wishes.what"), nullable=False),
    Column("station", String(40), nullable=False, comment="where it is handed over"),
    Column("state", String(12), nullable=False),
    Column("claims", Integer, nullable=False, comment="how often it was claimed"),
    Column("thanks", Sealed("wishes.thanks"), nullable=False, comment="to who made it true; may be empty"),
    Column("seen_by", BigInteger, comment="the organizer who let it be seen, or not"),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_wishes_state", "bot", "state", "id"),
    Index("ix_wishes_person", "bot", "person"),
    **NUMBERED,
)

wish_claims = Table(
    "wish_claims",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("wish", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="from 1; the last one counts"),
    Column("person", BigInteger, nullable=False, comment="who claims it"),
    Column("called", String(10), nullable=False, comment="person, shop or branch"),
    Column("code", Sealed("wish_claims.code"), nullable=False, comment="stands on what is handed over"),
    Column("until", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("outcome", String(12), comment="fulfilled, given_back or expired; null while it counts"),
    Index("ix_wish_claims_person", "bot", "person", **only("outcome IS NULL")),
)

hazards = Table(
    "hazards",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False, comment="of content/hazards.yaml"),
    Column("place", Text, nullable=False, comment="as our maps call it, never in anybody's own words"),
    Column("lat", Float, comment="degrees, WGS-84"),
    Column("lon", Float, comment="degrees, WGS-84"),
    Column("is_exact", Boolean, nullable=False, comment="shared on the spot, not just named"),
    Column("district", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("desk", String(40), nullable=False, comment="of content/appeals.yaml; empty further up"),
    Column("branch", String(40), nullable=False, comment="whose people serve at that desk"),
    Column("next_at", Moment, comment="the next deadline; null once it is over"),
    Column("answer", Text, nullable=False, comment="what the desk did, for everybody; may be empty"),
    Column("settled_by", BigInteger, comment="somebody at the desk"),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_hazards_kind", "bot", "kind", "state"),
    Index("ix_hazards_state", "bot", "state", "changed_at"),
    **NUMBERED,
)

hazard_reports = Table(
    "hazard_reports",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("hazard", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Sealed("hazard_reports.note"), nullable=False, comment="for the desk; may be empty"),
    Column("attachment", BigInteger, comment="the photo"),
    Column("made_at", Moment, nullable=False),
    Index("ix_hazard_reports_person", "bot", "person"),
)

ideas = Table(
    "ideas",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("branch", String(40), nullable=False, comment="whose organizers look at it first"),
    Column("person", BigInteger, nullable=False, comment="whose idea it is"),
    Column("text", Sealed("ideas.text"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("verdict", String(12), comment="done, planned or no; null while it is not answered"),
    Column("answer", Sealed("ideas.answer"), nullable=False),
    Column("seen_by", BigInteger, comment="the organizer who let it be seen, or not"),
    Column("answered_by", BigInteger, comment="an organizer"),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_ideas_state", "bot", "state", "id"),
    Index("ix_ideas_person", "bot", "person"),
    **NUMBERED,
)

idea_votes = Table(
    "idea_votes",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("idea", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("vote", Integer, nullable=False, comment="1 for, -1 against"),
    Column("voted_at", Moment, nullable=False),
    Index("ix_idea_votes_person", "bot", "person"),
)
