"""Every table. Each row belongs to one bot (one city), named by the bot's Telegram id.

A file is called what a capability is, in the singular: the plural is its table.
"""

from __future__ import annotations

from bot.store.tables.appeal import (
    appeal_authors,
    appeal_events,
    appeal_helpers,
    appeal_topics,
    appeal_words,
    appeals,
    desk_absences,
    desk_groups,
    solved_stories,
    unmaskings,
)
from bot.store.tables.base import metadata
from bot.store.tables.branch import (
    audit,
    branch_paths,
    branches,
    departments,
    grants,
    invitations,
    memberships,
    roster_rows,
    rosters,
)
from bot.store.tables.broadcast import broadcast_taps, broadcasts, quiet_hours
from bot.store.tables.changes import revisions
from bot.store.tables.checkin import (
    answers,
    boards,
    checkin_people,
    checkins,
    round_people,
    rounds,
    safety_cases,
    visits,
)
from bot.store.tables.event import event_places, events
from bot.store.tables.file import attachments, file_copies, files
from bot.store.tables.later import due
from bot.store.tables.lesson import lesson_answers, lesson_days, lesson_places, review_cards
from bot.store.tables.neighbour import (
    hazard_reports,
    hazards,
    idea_votes,
    ideas,
    wish_claims,
    wishes,
)
from bot.store.tables.outgoing import broadcast_runs, letters, outbox, paces
from bot.store.tables.point import (
    point_entries,
    point_moves,
    point_names,
    point_stocks,
    redemptions,
    wrong_codes,
)
from bot.store.tables.privacy import consents
from bot.store.tables.reminder import offers_taken, reminder_offers, reminders, shifts
from bot.store.tables.station import favourites, station_flags, stations
from bot.store.tables.talking import chats, conversations, people, person_tags, updates
from bot.store.tables.track import certificates, enrolments, group_learners, group_lessons, track_places
from bot.store.tables.understanding import corrections

__all__ = [
    "answers",
    "appeal_authors",
    "appeal_events",
    "appeal_helpers",
    "appeal_topics",
    "appeal_words",
    "appeals",
    "attachments",
    "audit",
    "boards",
    "branch_paths",
    "branches",
    "broadcast_runs",
    "broadcast_taps",
    "broadcasts",
    "certificates",
    "chats",
    "checkin_people",
    "checkins",
    "consents",
    "conversations",
    "corrections",
    "departments",
    "desk_absences",
    "desk_groups",
    "due",
    "enrolments",
    "event_places",
    "events",
    "favourites",
    "file_copies",
    "files",
    "grants",
    "group_learners",
    "group_lessons",
    "hazard_reports",
    "hazards",
    "idea_votes",
    "ideas",
    "invitations",
    "lesson_answers",
    "lesson_days",
    "lesson_places",
    "letters",
    "memberships",
    "metadata",
    "offers_taken",
    "outbox",
    "paces",
    "people",
    "person_tags",
    "point_entries",
    "point_moves",
    "point_names",
    "point_stocks",
    "quiet_hours",
    "redemptions",
    "reminder_offers",
    "reminders",
    "review_cards",
    "revisions",
    "roster_rows",
    "rosters",
    "round_people",
    "rounds",
    "safety_cases",
    "shifts",
    "solved_stories",
    "station_flags",
    "stations",
    "track_places",
    "unmaskings",
    "updates",
    "visits",
    "wish_claims",
    "wishes",
    "wrong_codes",
]
