"""Word to somebody who did not just write: in their language, put into the outbox, sent after the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar, TypeVarTuple

import sqlalchemy as sa

from bot.i18n import speaking
from bot.services import outbox
from bot.services.messages import compose
from bot.services.outbox import NOTICE, Outgoing
from bot.store.tables import people
from bot.store.work import Work
from bot.talk import says

NOBODY: Final = 0
"""In place of a person's number where word goes to a group."""

Of = TypeVarTuple("Of")


class Reader(Protocol):
    """Whoever gets a message: an account at the channel and the language that is read there."""

    @property
    def account(self) -> int:
        """The private chat, or a group."""

    @property
    def locale(self) -> str:
        """What to speak."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to: their person id, account at the channel and the language they read."""

    person: int
    account: int
    locale: str


async def recipient(work: Work, person: int | None) -> Recipient | None:
    """How to write to a person; None where there is none (any more)."""
    row = await work.first(_RECIPIENT, {"of": work.bot, "whose": person})
    return Recipient(row.id, row.account, row.language) if row else None


async def reachable(work: Work, person: int | None) -> Recipient | None:
    """How to write to a person; None for who blocked the bot, too."""
    row = await work.first(_REACHABLE, {"of": work.bot, "whose": person})
    return Recipient(row.id, row.account, row.language) if row else None


def worded(work: Work, to: Reader, priority: int, draw: Callable[[*Of], says.Message], *of: *Of) -> Outgoing:
    """What `draw` says of something, in the language of whoever gets it; not sent yet."""
    with speaking(to.locale):
        return Outgoing(work.bot, to.account, compose(draw(*of)), priority)


class Told(Protocol):
    """Something that somebody is told."""

    @property
    def to(self) -> Reader:
        """Whoever hears of it."""


News = TypeVar("News", bound=Told)


class Notices:
    """Sends notices in the transaction of one turn."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def tell(self, recipient: Recipient, message: says.Message) -> None:
        """Send a message into the person's private chat; its buttons can be actions and links."""
        notice = Outgoing(self._work.bot, recipient.account, compose(message), NOTICE)
        await outbox.put(self._work, [notice])

    async def pass_on(self, news: Iterable[News], draw: Callable[[News], says.Message]) -> None:
        """Tell everybody who has to hear of something, each in their language."""
        told = [worded(self._work, one.to, NOTICE, draw, one) for one in news]
        await outbox.put(self._work, told)


_RECIPIENT: Final = sa.select(people.c.id, people.c.account, people.c.language).where(
    people.c.bot == sa.bindparam("of"), people.c.id == sa.bindparam("whose", type_=sa.BigInteger)
)
_REACHABLE: Final = _RECIPIENT.where(people.c.blocked_at.is_(None))
