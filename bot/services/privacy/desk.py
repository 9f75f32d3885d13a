"""What a person can ask about their own data, for the length of one turn."""

from __future__ import annotations

from typing import Final

from bot.i18n import Phrase
from bot.services import due
from bot.services.people import Person
from bot.services.privacy import forgetting
from bot.services.privacy.holdings import Whom
from bot.services.roles import grants
from bot.services.whereabouts import Whereabouts
from bot.store.work import Work

MYDATA: Final = "mydata"
"""The kind of due things that pack somebody's data and send it."""


class PrivacyDesk:
    """Gives people what is kept of them, and forgets them."""

    def __init__(self, work: Work, person: Person, whereabouts: Whereabouts) -> None:
        self._work = work
        self._whereabouts = whereabouts
        self.person = person

    async def order_data(self) -> None:
        """Have everything packed and sent, right after this turn; ordered twice it comes once."""
        whose = f"person:{self.person.id}"
        what = {"person": self.person.id}
        await due.plan(self._work, MYDATA, self._work.now, what, whose=whose, name=whose)

    async def what_stays(self) -> list[Phrase]:
        """Sentences on what would stay of them, and what for."""
        return await forgetting.what_stays(self._work, self._whom())

    async def is_last_admin(self) -> bool:
        """Whether the city would be without an admin once they are forgotten."""
        return await grants.is_last_admin(self._work, self.person.id)

    async def forget(self) -> None:
        """Forget them, everywhere and for good. Whatever they say next is a stranger's word."""
        await forgetting.forget(self._work, self._whom())
        self._whereabouts.forget(self._work.bot, self.person.id)
        self.person.forgotten = True

    def _whom(self) -> Whom:
        return Whom(self._work.bot, self.person.id, self.person.account)
