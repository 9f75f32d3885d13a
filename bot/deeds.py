"""Everything the clock does, with the words the dialogs have for it."""

from __future__ import annotations

from bot.clock.grouping import grouping
from bot.clock.kinds import Kind
from bot.clock.reminding import reminding
from bot.clock.teaching import teaching
from bot.clock.tidy import TIDY
from bot.dialogs import daily, group_words, reminder_words
from bot.services.lessons.shelf import Shelf


def all_deeds(shelf: Shelf) -> list[Kind]:
    """The kinds of due things of one bot."""
    return [
        TIDY,
        reminding(reminder_words.rung),
        grouping(group_words.said_of),
        *teaching(shelf, daily.offered, daily.reminded),
    ]
