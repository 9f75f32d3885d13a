"""Everything the clock does, with the words the dialogs have for it."""

from __future__ import annotations

from bot.clock.appealing import appealing
from bot.clock.checking import Words, checking
from bot.clock.grouping import grouping
from bot.clock.kinds import Kind
from bot.clock.reminding import reminding
from bot.clock.teaching import teaching
from bot.clock.tidy import TIDY
from bot.dialogs import checkin_words, daily, desk_words, group_words, reminder_words, safety_words
from bot.services.appeals.kinds import Rulebook
from bot.services.lessons.shelf import Shelf


def all_deeds(shelf: Shelf, rules: Rulebook) -> list[Kind]:
    """The kinds of due things of one bot."""
    return [
        TIDY,
        reminding(reminder_words.rung),
        grouping(group_words.said_of),
        *teaching(shelf, daily.offered, daily.reminded),
        *checkin_deeds(),
        *appealing(rules, desk_words.worded),
    ]


def checkin_deeds() -> list[Kind]:
    """The kinds of due things that carry check-ins."""
    return checking(
        Words(
            checkin_words.asked,
            checkin_words.board,
            checkin_words.over,
            checkin_words.told,
            safety_words.missed,
        )
    )
