"""Boards that stand in organizers' chats and are drawn anew there."""

from __future__ import annotations

from bot.services import outbox
from bot.services.checkins import rows
from bot.services.messages import compose
from bot.services.notices import Recipient
from bot.services.outbox import NOTICE, Outgoing
from bot.store.work import Work
from bot.talk import says


async def post(work: Work, round_id: int, to: Recipient, message: says.Message) -> None:
    """Send a board to somebody; from now on this message is the one that is drawn anew."""
    sent = Outgoing(work.bot, to.account, compose(message), NOTICE)
    await outbox.put(work, [sent])
    values = {
        "bot": work.bot,
        "round": round_id,
        "person": to.person,
        "posted": sent.id,
        "posted_at": work.now,
    }
    await work.execute(rows.POST[work.dialect], values)
