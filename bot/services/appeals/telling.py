"""Who hears of what: the author (of a case of many each of them, about their own), the owner, the helpers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.services.appeals import authors, desks
from bot.services.appeals.desks import Server, Stop
from bot.services.appeals.model import Appeal, News, State, Tiding
from bot.services.appeals.register import Register
from bot.services.notices import NOBODY, Recipient

_NOBODY: Final = Recipient(NOBODY, 0, "")
"""In place of a recipient, until it is known who they are."""


async def author(register: Register, appeal: Appeal, what: Tiding, said: str = "") -> list[News]:
    """Word to the author. Of a case of many to all who belong to it, each about their own appeal."""
    told = [appeal]
    if appeal.is_collective:
        told = [part for part in await register.parts(appeal) if part.state is State.MERGED]
    found = await authors.of(register.work, [one.id for one in told])
    return [
        News(to, what, one, said, await owner_name(register, appeal, to.locale), is_for_author=True)
        for one in told
        if (to := found.get(one.id)) is not None
    ]


async def owner(
    register: Register, appeal: Appeal, what: Tiding, said: str = "", part: Appeal | None = None
) -> list[News]:
    """Word to whoever has it: the desk's group, else the person who holds it, else all who serve nearest.

    Where nobody serves, the organizers hear of it: somebody always does. `part` is the appeal, perhaps within
    a case of many, whose author it comes from.
    """
    heard = News(_NOBODY, what, appeal, said, part=part if part and part.id != appeal.id else None)
    return await _to(register, heard, *await _owners(register, appeal))


async def desk(register: Register, appeal: Appeal, stop: Stop, what: Tiding) -> list[News]:
    """Word to all who serve nearest to a branch, whether they own the appeal or not."""
    return await _to(register, News(_NOBODY, what, appeal), *await _all_at(register, stop.branch))


async def former(register: Register, before: Appeal, appeal: Appeal) -> list[News]:
    """Word that the time was missed to those who had it until now, unless they have it still."""
    still, _ = await _owners(register, appeal)
    had, _ = await _owners(register, before)
    gone = [one for one in had if one not in still]
    return await _to(register, News(_NOBODY, Tiding.MISSED, appeal), gone, is_told_only=True)


async def overseers(register: Register, appeal: Appeal, what: Tiding, but: list[News]) -> list[News]:
    """Word to those who look after the branch, but not to who hears it anyway."""
    heard = {news.to for news in but}
    others = [one for one in await desks.overseers(register.work, appeal.branch) if one not in heard]
    return await _to(register, News(_NOBODY, what, appeal), others, is_told_only=True)


async def _to(
    register: Register, news: News, recipients: Sequence[Recipient], is_told_only: bool = False
) -> list[News]:
    """The same word to each of these, with the owner named in their language."""
    return [
        replace(
            news,
            to=one,
            who=await owner_name(register, news.appeal, one.locale),
            is_told_only=is_told_only,
        )
        for one in recipients
    ]


async def person(
    register: Register,
    appeal: Appeal,
    server: Server,
    what: Tiding,
    said: str = "",
    number: int | None = None,
) -> News:
    """Word to one who serves."""
    who = await owner_name(register, appeal, server.to.locale)
    return News(server.to, what, appeal, said, who, number=number)


async def owner_name(register: Register, appeal: Appeal, locale: str) -> str:
    """The owner as everybody may know them: the desk and, once somebody took it, how they call themselves."""
    if appeal.collective is not None and (case := await register.get(appeal.collective)) is not None:
        appeal = case
    name = await desks.name_of(register.work, register.book, Stop(appeal.branch, appeal.desk), locale)
    holder = await _holder(register, appeal)
    return f"{name} · {holder.called}" if holder is not None and holder.called else name


async def _owners(register: Register, appeal: Appeal) -> tuple[list[Recipient], bool]:
    """Who has it, and whether they are only told, since nobody serves there."""
    if await desks.group(register.work, appeal.branch) is None:
        holder = await _holder(register, appeal)
        if holder is not None:
            return [holder.to], False
    return await _all_at(register, appeal.branch)


async def _all_at(register: Register, branch: str) -> tuple[list[Recipient], bool]:
    group = await desks.group(register.work, branch)
    if group is not None:
        return [group], False
    nearest = [one.to for one in await desks.team(register.work, branch)]
    return (nearest, False) if nearest else (await desks.overseers(register.work, branch), True)


async def _holder(register: Register, appeal: Appeal) -> Server | None:
    if appeal.holder is None:
        return None
    return await desks.server(register.work, appeal.branch, appeal.holder)
