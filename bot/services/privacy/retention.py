"""How long things are kept, and forgetting what is older. The clock does it every hour, by bot/clock/tidy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.services import attachments as sent_along
from bot.services import audit
from bot.services.checkins.model import KEEP_ROUNDS
from bot.services.points.pickups import WRONG_FOR
from bot.services.privacy.register import NO_STORY, NO_WORDS
from bot.store.tables import (
    appeal_authors,
    appeal_words,
    appeals,
    attachments,
    conversations,
    invitations,
    lesson_answers,
    lesson_places,
    memberships,
    review_cards,
    station_flags,
    unmaskings,
    visits,
    wrong_codes,
)
from bot.store.work import Work

KEEP_CONVERSATIONS: Final = timedelta(days=7)
"""Half-said things: nobody goes on with them after a week."""
KEEP_SENT: Final = timedelta(days=90)
"""Photos, files and voice messages that people sent."""
KEEP_MADE: Final = timedelta(days=1)
"""What was packed or drawn for somebody: their data, their appeal, a certificate, a page of a calendar."""
KEEP_APPEALS: Final = timedelta(days=365)
"""After an appeal is over: then its words and its author are forgotten, and only the figures stay."""
KEEP_FLAGS: Final = timedelta(days=365)
"""What was reported of a station, after it is settled."""
KEEP_VISITS: Final = KEEP_ROUNDS
"""Where somebody checked in; answers to check-ins are kept as long, and forgotten with their round."""
KEEP_LESSONS: Final = timedelta(days=2 * 365)
"""Where somebody was in a lesson, what they answered and remember, since they last touched it."""
KEEP_LEFT: Final = timedelta(days=30)
"""That somebody belonged to a branch, after they left it."""
KEEP_INVITATIONS: Final = timedelta(days=180)
"""After an invitation ended."""
KEEP_AUDIT: Final = timedelta(days=2 * 365)

# What one statement forgets at most: the rest comes an hour later.
_AT_ONCE: Final = 500


async def forget_what_is_old(work: Work) -> None:
    """Forget all that was kept for its time."""
    await _forget_conversations(work)
    await _forget_what_was_sent(work)
    await _forget_who_appealed(work)
    for table, over in _over(work).items():
        await work.execute(sa.delete(table).where(table.c.bot == work.bot, over))
    await audit.prune(work, work.now - KEEP_AUDIT)


def _over(work: Work) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """Tables whose rows are deleted whole, and when."""
    lessons = work.now - KEEP_LESSONS
    return {
        station_flags: station_flags.c.settled_at < work.now - KEEP_FLAGS,
        visits: visits.c.came_at < work.now - KEEP_VISITS,
        memberships: memberships.c.left_at < work.now - KEEP_LEFT,
        invitations: invitations.c.expires_at < work.now - KEEP_INVITATIONS,
        lesson_places: lesson_places.c.touched_at < lessons,
        lesson_answers: lesson_answers.c.made_at < lessons,
        review_cards: review_cards.c.reviewed_at < lessons,
        wrong_codes: wrong_codes.c.at < work.now - WRONG_FOR,
    }


async def _forget_conversations(work: Work) -> None:
    before = work.now - KEEP_CONVERSATIONS
    of_bot = conversations.c.bot == work.bot
    await work.execute(sa.delete(conversations).where(of_bot, conversations.c.touched_at < before))


async def _forget_what_was_sent(work: Work) -> None:
    made = attachments.c.channel_file == sent_along.MADE_HERE
    old = sa.or_(
        attachments.c.made_at < work.now - KEEP_SENT,
        sa.and_(made, attachments.c.made_at < work.now - KEEP_MADE),
    )
    found = await work.fetch(
        sa.select(attachments.c.id).where(attachments.c.bot == work.bot, old).limit(_AT_ONCE)
    )
    if found:
        await sent_along.forget(work, [row.id for row in found])
    flags = sa.and_(
        station_flags.c.bot == work.bot,
        station_flags.c.photo.is_not(None),
        station_flags.c.made_at < work.now - KEEP_SENT,
    )
    await work.execute(sa.update(station_flags).where(flags).values(photo=None))


async def _forget_who_appealed(work: Work) -> None:
    """De-identify appeals that are long over: those that still have an author."""
    written = appeals.join(
        appeal_authors,
        sa.and_(appeal_authors.c.bot == appeals.c.bot, appeal_authors.c.appeal == appeals.c.id),
    )
    found = await work.fetch(
        sa.select(appeals.c.id)
        .select_from(written)
        .where(appeals.c.bot == work.bot, appeals.c.settled_at < work.now - KEEP_APPEALS)
        .limit(_AT_ONCE)
    )
    ids = [row.id for row in found]
    if not ids:
        return
    for table, column, left in (
        (appeal_words, appeal_words.c.appeal, NO_WORDS),
        (unmaskings, unmaskings.c.appeal, {"reason": ""}),
        (appeals, appeals.c.id, NO_STORY),
    ):
        theirs: Any = sa.and_(table.c.bot == work.bot, column.in_(ids))
        await work.execute(sa.update(table).where(theirs).values(dict(left)))
    theirs = sa.and_(appeal_authors.c.bot == work.bot, appeal_authors.c.appeal.in_(ids))
    await work.execute(sa.delete(appeal_authors).where(theirs))
