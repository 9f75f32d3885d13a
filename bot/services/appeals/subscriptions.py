"""Reports that come by themselves, to organizers who want them: every Monday, and on the first of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal

from bot.clock import recurrence
from bot.home import HOME_ZONE, SHANGHAI
from bot.services import due
from bot.services.appeals import digest, report
from bot.services.appeals.digest import Digest
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.report import Place, Report
from bot.services.due import Due
from bot.services.notices import Recipient, recipient
from bot.services.people import Person
from bot.services.roles.rules import Action, Reach, reach
from bot.store.work import Work
from bot.talk import says

Sent = Literal["weekly", "monthly"]

REPORT: Final = "appeal_report"
"""The kind of due things that send a report."""
RULES: Final[dict[Sent, str]] = {"weekly": "FREQ=WEEKLY;BYDAY=MO", "monthly": "FREQ=MONTHLY;BYMONTHDAY=1"}
AT: Final = time(9)
"""On the wall clock of the desks."""
_MOST_PLANNED: Final = 200  # due things of one person that are looked through
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sending:
    """A report that is due, whom it goes to, and what its desks are called in their language."""

    to: Recipient
    content: Report | Digest
    names: dict[Place, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report as it is sent: a picture, if there is one, with the name of its file, then the words."""

    picture: bytes | None
    name: str
    text: says.Text


class Subscriptions:
    """Lets an organizer have reports sent, or not."""

    def __init__(self, work: Work, person: Person) -> None:
        self._work = work
        self._person = person

    async def wanted(self) -> set[Sent]:
        """Which reports the person gets."""
        planned = await due.coming(self._work, _MOST_PLANNED, self._whose)
        return {thing.what["sent"] for thing in planned if thing.kind == REPORT}

    async def switch(self, sent: Sent) -> bool:
        """Have it sent from now on, or no more; gives whether it is sent now."""
        if sent in await self.wanted():
            for thing in await due.coming(self._work, _MOST_PLANNED, self._whose):
                if thing.kind == REPORT and thing.what["sent"] == sent:
                    await due.cancel(self._work, thing.id)
            return False
        await due.plan(
            self._work,
            REPORT,
            next_at(sent, self._work.now),
            {"sent": sent, "person": self._person.id},
            whose=self._whose,
            zone=HOME_ZONE,
            rule=RULES[sent],
            name=f"{sent}:{self._person.id}",
        )
        return True

    @property
    def _whose(self) -> str:
        return f"person:{self._person.id}"


async def due_now(work: Work, thing: Due, rulebook: Rulebook) -> Sending | None:
    """What is to be sent; None, and nothing more from then on, to who organizes nothing any more."""
    what: dict[str, Any] = thing.what
    to = await recipient(work, what["person"])
    within = await reach(work, what["person"], Action.SEE_LEDGER)
    if to is None or not within:
        await due.cancel(work, thing.id)
        return None
    return await sending(work, within, what["sent"], period(what["sent"], thing.at), to, rulebook)


async def sending(
    work: Work,
    within: Reach,
    sent: Sent,
    time_of: tuple[datetime, datetime],
    to: Recipient,
    rulebook: Rulebook,
) -> Sending:
    """A report of a time within a reach, with what goes along."""
    if sent == "weekly":
        weekly = await report.made(work, within, *time_of)
        return Sending(to, weekly, await report.names(work, rulebook, weekly, to.locale))
    monthly = await digest.made(work, within, *time_of)
    return Sending(to, monthly, await report.names(work, rulebook, monthly.report, to.locale))


def next_at(sent: Sent, now: datetime) -> datetime:
    """When a report is sent next."""
    starts = datetime.combine(now.astimezone(SHANGHAI).date() - _DAY, AT)
    at = recurrence.following(RULES[sent], starts, HOME_ZONE, now)
    if at is None:
        raise ValueError(sent)
    return at


def period(sent: Sent, at: datetime) -> tuple[datetime, datetime]:
    """The last whole week from Monday on, or the last whole month, before a moment."""
    today = at.astimezone(SHANGHAI).date()
    if sent == "weekly":
        end = today - today.weekday() * _DAY
        start = end - 7 * _DAY
    else:
        end = today.replace(day=1)
        start = (end - _DAY).replace(day=1)
    midnight = time()
    return datetime.combine(start, midnight, SHANGHAI), datetime.combine(end, midnight, SHANGHAI)
