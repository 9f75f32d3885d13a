"""Word to somebody who did not just write: put into the outbox, sent after the commit."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services import outbox
from bot.services.messages import compose
from bot.services.outbox import NOTICE, Outgoing
from bot.store.work import Work
from bot.talk import says


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to: their person id, account at the channel and the language they read."""

    person: int
    account: int
    locale: str


class Notices:
    """Sends notices in the transaction of one turn."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def tell(self, recipient: Recipient, message: says.Message) -> None:
        """Send a message into the person's private chat; its buttons can be actions and links."""
        notice = Outgoing(self._work.bot, recipient.account, compose(message), NOTICE)
        await outbox.put(self._work, [notice])
