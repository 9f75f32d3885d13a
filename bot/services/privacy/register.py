"""The register: how every table holds people. A table that is missing here fails tests/services/privacy.

For each table one line says which rows are about a person and what becomes of them, or that none is. What is
about a person by way of another table stands before that table: rows are forgotten in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from bot.i18n import _
from bot.services.privacy.holdings import Holding, Which, Whom, Words, by
from bot.store import tables as t


def _theirs(table: sa.Table, title: Words, *, column: str = "person", **more: Any) -> Holding:
    """Rows that name the person in a column: exported, and deleted when they are forgotten."""
    return Holding(table, by(table, column), title, names=(column,), **more)


def _of_their_appeals(table: sa.Table, column: str = "appeal") -> Which:
    written = t.appeal_authors
    return lambda whom: table.c[column].in_(
        sa.select(written.c.appeal).where(written.c.bot == whom.bot, written.c.person == whom.person)
    )


def _in_their_chat(table: sa.Table) -> Which:
    """A private chat has the number of the account."""
    return lambda whom: table.c.chat == whom.account


def _in_the_log(whom: Whom) -> sa.ColumnElement[bool]:
    """An entry names people as its actor or in its details, with sorted keys and no spaces."""
    told = (f'"{name}":{whom.person}{end}' for name in ("actor", "person") for end in ",}")
    return sa.or_(*(t.audit.c.entry.contains(one, autoescape=True) for one in told))


def _nothing(table: sa.Table, *others: str, numbers: tuple[str, ...] = ()) -> Holding:
    """A table that holds nothing about anybody."""
    return Holding(table, numbers=numbers, others=others)


def _appeals_stay() -> str:
    return _("That there was an appeal: what kind, which desk, how long it took. Your words are gone.")


def _hazards_stay() -> str:
    return _(
        "Where hazards are that you reported, so that they get mended: without your words, your photos, or "
        "who it was."
    )


def _office_stays() -> str:
    return _("What you wrote for others as an organizer: it belongs to the branch.")


NO_WORDS: Final[Mapping[str, Any]] = {"text": "", "attachments": []}
NO_STORY: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("story", "place", "wish", "district"), ""),
    **dict.fromkeys(("lat", "lon", "since", "amount", "points", "industry"), None),
}
"""What is left of an appeal, and of what was said in it: no words."""

_TALKING: Final = (
    # The clock holds a due thing before what it is for: here, too, it comes first.
    Holding(
        t.due,
        lambda whom: t.due.c.whose == f"person:{whom.person}",
        lambda: _("What is planned for you"),
    ),
    _nothing(t.updates, "update_id"),
    _nothing(t.chats, "chat", "became", "topic", numbers=("bound_by",)),
    _theirs(t.conversations, lambda: _("Conversations that are open or put aside"), others=("chat",)),
    _theirs(t.person_tags, lambda: _("Tags that organizers gave you"), numbers=("set_by",)),
    _theirs(t.consents, lambda: _("What you agreed to")),
    Holding(
        t.outbox,
        _in_their_chat(t.outbox),
        lambda: _("Messages on their way to you, and that they were sent"),
        names=("chat",),
        others=("thread", "message_id", "update_id", "broadcast", "letter"),
    ),
    Holding(
        t.paces, _in_their_chat(t.paces), lambda: _("How fast messages may come to you"), names=("chat",)
    ),
    _nothing(t.letters, "broadcast"),
    _nothing(t.broadcast_runs, "broadcast"),
    _nothing(t.file_copies),
    _nothing(t.files),
    _nothing(t.revisions, "number"),
    _nothing(t.corrections),
)

_STATIONS: Final = (
    _nothing(t.stations),
    _theirs(t.station_flags, lambda: _("What you reported about stations")),
    _theirs(t.favourites, lambda: _("Your favourite stations")),
)

_REMINDERS: Final = (
    _theirs(t.shifts, lambda: _("When your shift begins"), others=("reminder",)),
    _theirs(t.offers_taken, lambda: _("Reminders that you took over"), others=("offer", "reminder")),
    _theirs(t.reminders, lambda: _("Your reminders"), others=("due", "again")),
    _theirs(
        t.reminder_offers,
        lambda: _("Reminders that you offered to others"),
        column="made_by",
        leaves={},
        why=_office_stays,
    ),
)

_LESSONS: Final = (
    _theirs(t.lesson_places, lambda: _("Where you are in lessons")),
    _theirs(t.lesson_answers, lambda: _("Your first answers in lessons")),
    _theirs(t.lesson_days, lambda: _("Your daily lesson")),
    _theirs(t.review_cards, lambda: _("What you remember")),
)

_APPEALS: Final = (
    Holding(
        t.appeal_words,
        _of_their_appeals(t.appeal_words),
        lambda: _("What was said in your appeals"),
        leaves=NO_WORDS,
        why=_appeals_stay,
        names=("appeal",),
    ),
    Holding(
        t.appeal_events,
        _of_their_appeals(t.appeal_events),
        lambda: _("What happened to your appeals"),
        leaves={},
        why=_appeals_stay,
        names=("appeal",),
        numbers=("actor", "holder"),
        others=("words",),
    ),
    Holding(
        t.unmaskings,
        _of_their_appeals(t.unmaskings),
        lambda: _("Who asked to see who wrote your appeals"),
        leaves={"reason": ""},
        why=_appeals_stay,
        names=("appeal",),
        numbers=("asked_by", "agreed_by"),
    ),
    Holding(
        t.solved_stories,
        _of_their_appeals(t.solved_stories),
        lambda: _("What was to be told of your appeals"),
        names=("appeal",),
        numbers=("made_by",),
    ),
    Holding(
        t.appeals,
        _of_their_appeals(t.appeals, "id"),
        lambda: _("Your appeals"),
        leaves=NO_STORY,
        why=_appeals_stay,
        numbers=("holder",),
        others=("amount", "collective"),
    ),
    _theirs(
        t.appeal_authors, lambda: _("That the appeals are yours, and how to reach you"), others=("appeal",)
    ),
    _nothing(t.appeal_helpers, "appeal"),
    _nothing(t.appeal_topics, "appeal", "chat", "asked", "thread"),
    _nothing(t.desk_groups, "chat", numbers=("set_by",)),
    _theirs(t.desk_absences, lambda: _("When you are away from the desk"), emptied=("stand_in",)),
)

_CHECKINS: Final = (
    _theirs(t.answers, lambda: _("Your answers to check-ins"), others=("round",)),
    _theirs(t.round_people, lambda: _("Check-ins you were asked for"), others=("round",)),
    _theirs(t.boards, lambda: _("Check-ins that you look after"), others=("round", "posted", "message")),
    _theirs(t.checkin_people, lambda: _("Your settings for check-ins"), emptied=("buddy",)),
    _theirs(
        t.safety_cases,
        lambda: _("When others were told that you had not checked in"),
        others=("round",),
        emptied=("buddy", "settled_by"),
    ),
    _theirs(t.visits, lambda: _("Where you checked in")),
    _theirs(
        t.checkins,
        lambda: _("Check-ins that you made"),
        column="made_by",
        leaves={},
        why=_office_stays,
        others=("due",),
    ),
    _nothing(t.rounds, "checkin"),
    _theirs(t.event_places, lambda: _("Places at events"), others=("event",)),
    _theirs(t.events, lambda: _("Events that you made"), column="made_by", leaves={}, why=_office_stays),
)

_BROADCASTS: Final = (
    _theirs(
        t.broadcasts,
        lambda: _("Broadcasts that you made"),
        column="made_by",
        leaves={},
        why=_office_stays,
        numbers=("decided_by",),
        others=("screen",),
    ),
    _theirs(t.broadcast_taps, lambda: _("Buttons you tapped under broadcasts"), others=("broadcast", "chat")),
    _theirs(t.quiet_hours, lambda: _("Your quiet hours")),
)

_TRACKS: Final = (
    _nothing(t.track_places, numbers=("set_by",)),
    _theirs(t.enrolments, lambda: _("Courses you enrolled in")),
    _theirs(
        t.certificates,
        lambda: _("Your certificates"),
        leaves={"person": None, "called": ""},
        why=lambda: _("That a certificate was given: its code and the course, without a name."),
    ),
    _nothing(t.group_lessons, "chat", "thread", "message", numbers=("started_by",)),
    _theirs(t.group_learners, lambda: _("Lessons you took with a group"), others=("group_lesson",)),
)


def _points_stay() -> str:
    return _("How many points went where: without them the sums would be wrong. Not that they were yours.")


_POINTS: Final = (
    _theirs(
        t.point_moves,
        lambda: _("What you got points for, and what you spent"),
        leaves={"person": None, "subject": ""},
        why=_points_stay,
        others=("reverses",),
    ),
    _theirs(
        t.point_entries,
        lambda: _("Your account of points"),
        leaves={"person": None},
        why=_points_stay,
        others=("move",),
    ),
    _nothing(t.point_stocks),
    _theirs(
        t.redemptions,
        lambda: _("What you exchanged points for"),
        leaves={"person": None},
        why=_points_stay,
        numbers=("handed_by",),
    ),
    _theirs(t.point_names, lambda: _("Your name among the first")),
    _theirs(t.wrong_codes, lambda: _("Pick-up codes you typed that were none: when, not which")),
)

_NEIGHBOURS: Final = (
    _theirs(
        t.hazard_reports,
        lambda: _("Hazards you reported"),
        why=_hazards_stay,
        others=("hazard", "attachment"),
    ),
    _nothing(t.hazards, numbers=("settled_by",)),
    _theirs(t.wish_claims, lambda: _("Wishes that you took on"), others=("wish",)),
    _theirs(t.wishes, lambda: _("Your wishes"), numbers=("seen_by",)),
    _theirs(t.idea_votes, lambda: _("Suggestions you voted on"), others=("idea",)),
    _theirs(t.ideas, lambda: _("Your suggestions"), numbers=("seen_by", "answered_by")),
)

_BELONGING: Final = (
    _nothing(t.branches),
    _nothing(t.branch_paths),
    _nothing(t.departments),
    _theirs(t.memberships, lambda: _("Branches you belong or belonged to")),
    _theirs(
        t.grants,
        lambda: _("Your roles"),
        numbers=("granted_by", "confirmed_by", "revoked_by"),
    ),
    _nothing(t.invitations, numbers=("made_by",)),
    _nothing(t.rosters, numbers=("made_by",)),
    _nothing(t.roster_rows, "roster", "invitation"),
    Holding(
        t.audit,
        _in_the_log,
        lambda: _("What the log of roles and branches says of you"),
        leaves={},
        why=lambda: _(
            "The log of roles and branches: a number that then leads to nobody. Nobody may change that log, "
            "so that nobody can cheat with roles."
        ),
        others=("number",),
    ),
)

REGISTER: Final[tuple[Holding, ...]] = (
    *_TALKING,
    *_STATIONS,
    *_REMINDERS,
    *_LESSONS,
    *_APPEALS,
    *_CHECKINS,
    *_TRACKS,
    *_BROADCASTS,
    *_NEIGHBOURS,
    *_POINTS,
    *_BELONGING,
    _theirs(t.attachments, lambda: _("What you sent along")),
    Holding(t.people, lambda whom: t.people.c.id == whom.person, lambda: _("You"), others=("account",)),
)
"""Every table, in the order in which people are forgotten."""
