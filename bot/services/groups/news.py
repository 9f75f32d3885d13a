"""Word of what happened to a group: said a moment later, by the clock, if it is still so then.

A group that becomes a supergroup leaves its old chat and joins a new one within a second, as if it were a
stranger: the moment lets that settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.services import due
from bot.services.due import Due
from bot.services.groups import rows
from bot.services.groups.rows import Group
from bot.services.notices import Recipient
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.store.work import Work

GROUP_NEWS: Final = "group_news"
SETTLING: Final = timedelta(seconds=2)

GREETING: Final = "greeting"
BACK: Final = "back"
REMOVED: Final = "removed"
SILENCED: Final = "silenced"


@dataclass(frozen=True, slots=True)
class News:
    """What is to be said of a group: to the group itself, or to those who look after it (`to`)."""

    what: str
    group: Group
    to: tuple[Recipient, ...] = ()


async def plan(work: Work, chat: int, what: str) -> None:
    """Have something said of a group soon; once, however often it happens until then."""
    name = f"{what} {chat}"
    await due.plan(work, GROUP_NEWS, work.now + SETTLING, {"chat": chat, "what": what}, name=name)


async def come(work: Work, thing: Due) -> News | None:
    """What a due thing has to say; None where it is not so any more."""
    what, chat = thing.what["what"], thing.what["chat"]
    group = await rows.get(work, chat)
    if group is None:
        return None
    if what in (GREETING, BACK):
        return await _greet(work, what, group)
    is_so = group.gone if what == REMOVED else group.silent
    if not is_so or group.branch is None:
        return None
    return News(what, group, tuple(await organizers(work, group.branch)))


async def organizers(work: Work, branch: str) -> list[Recipient]:
    """Who looks after a branch: its organizers, or its admins where there is none."""
    found = await grants.holders(work, Role.ORGANIZER, branch)
    return found or await grants.holders(work, Role.ADMIN, branch)


async def _greet(work: Work, what: str, group: Group) -> News | None:
    if group.gone or group.silent or group.greeted != (what == BACK):
        return None
    await rows.change(work, group.chat, greeted_at=work.now)
    return News(what, group)
