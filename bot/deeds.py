"""Everything the clock does, with the words the dialogs have for it."""

from __future__ import annotations

from pathlib import Path

from bot.clock.appeals import appealing
from bot.clock.attachments import receiving
from bot.clock.broadcasts import broadcasting
from bot.clock.checkins import Words, checking
from bot.clock.events import Words as EventWords
from bot.clock.events import inviting
from bot.clock.groups import grouping
from bot.clock.kinds import Kind
from bot.clock.lessons import teaching
from bot.clock.neighbours import Words as NeighbourWords
from bot.clock.neighbours import neighbouring
from bot.clock.points import earning
from bot.clock.privacy import keeping_private
from bot.clock.reminders import offering, reminding
from bot.clock.reports import reporting
from bot.clock.roles import ending
from bot.clock.tidy import tidying
from bot.clock.together import gathering
from bot.dialogs import (
    attachment_words,
    broadcast_words,
    checkin_words,
    daily,
    desk_words,
    event_words,
    group_words,
    hazard_words,
    idea_words,
    ledger_words,
    privacy_words,
    reminder_offers,
    reminder_words,
    role_words,
    safety_words,
    serving,
    together,
    wish_words,
)
from bot.services.appeals.handbook import Handbook
from bot.services.broadcasts.model import Terms
from bot.services.lessons.shelf import Shelf
from bot.services.points.rules import PointBook


def all_deeds(
    shelf: Shelf,
    handbook: Handbook,
    terms: Terms,
    points: PointBook,
    forgotten: Path | None = None,
    *,
    secret: str = "",
) -> list[Kind]:
    """The kinds of due things of one bot.

    `forgotten` is the file of those who are, `secret` the token, which links are made from.
    """
    rules = handbook.rules
    neighbours = NeighbourWords(wish_words.worded, hazard_words.worded, idea_words.worded)
    return [
        tidying(serving.lapsed),
        reminding(reminder_words.rung),
        grouping(group_words.said_of),
        ending(role_words.ending),
        receiving(attachment_words.refused, attachment_words.TOLD_ON_THEIR_SCREEN),
        *teaching(shelf, daily.offered, daily.reminded),
        *gathering(together.worded(shelf.library, secret)),
        *checkin_deeds(),
        *broadcasting(terms, broadcast_words.DRAWS, shelf.library),
        *appealing(rules, desk_words.worded),
        reporting(rules, ledger_words.drawn),
        earning(points),
        *neighbouring(rules, handbook.hazards, neighbours),
        *keeping_private(privacy_words.data_ready, forgotten),
    ]


def checkin_deeds() -> list[Kind]:
    """The kinds of due things that carry check-ins, events and offers of reminders."""
    told = (event_words.announced, event_words.coming, event_words.called_off, event_words.helped)
    events = EventWords(*told)
    checkins = checking(
        Words(
            checkin_words.asked,
            checkin_words.board,
            checkin_words.over,
            checkin_words.told,
            safety_words.missed,
        )
    )
    return [*checkins, *inviting(events), offering(reminder_offers.offered)]
