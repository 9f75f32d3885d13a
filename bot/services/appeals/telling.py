"""Who hears of what: the author (of a case of many each of them, about their own), the owner, the helpers."""

from __future__ import annotations

from bot.services.appeals import authors, desks
from bot.services.appeals.desks import Server, Stop
from bot.services.appeals.model import Appeal, News, State, Tiding
from bot.services.appeals.register import Register
from bot.services.notices import Recipient


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
    part = part if part is not None and part.id != appeal.id else None
    to = await _owners(register, appeal)
    return [News(one, what, appeal, said, await owner_name(register, appeal, one.locale), part) for one in to]


async def desk(register: Register, appeal: Appeal, stop: Stop, what: Tiding, said: str = "") -> list[News]:
    """Word to all who serve nearest to a branch, whether they own the appeal or not."""
    to = await _all_at(register, stop.branch)
    return [News(one, what, appeal, said, who=await owner_name(register, appeal, one.locale)) for one in to]


async def helpers(register: Register, appeal: Appeal, what: Tiding, said: str = "") -> list[News]:
    """Word to the desks that were called in."""
    return [
        news
        for branch, name in await register.helpers(appeal)
        for news in await desk(register, appeal, Stop(branch, name), what, said)
    ]


async def former(register: Register, before: Appeal, appeal: Appeal) -> list[News]:
    """Word to those who had it until now, unless they have it still."""
    still = {one.account for one in await _owners(register, appeal)}
    return [
        News(one, Tiding.MISSED, appeal, who=await owner_name(register, appeal, one.locale))
        for one in await _owners(register, before)
        if one.account not in still
    ]


async def overseers(register: Register, appeal: Appeal, what: Tiding, but: list[News]) -> list[News]:
    """Word to those who look after the branch, but not to who hears it anyway."""
    heard = {news.to.account for news in but}
    return [
        News(one, what, appeal, who=await owner_name(register, appeal, one.locale))
        for one in await desks.overseers(register.work, appeal.branch)
        if one.account not in heard
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


async def _owners(register: Register, appeal: Appeal) -> list[Recipient]:
    if await desks.group(register.work, appeal.branch) is None:
        holder = await _holder(register, appeal)
        if holder is not None:
            return [holder.to]
    return await _all_at(register, appeal.branch)


async def _all_at(register: Register, branch: str) -> list[Recipient]:
    group = await desks.group(register.work, branch)
    if group is not None:
        return [group]
    nearest = [one.to for one in await desks.team(register.work, branch)]
    return nearest or await desks.overseers(register.work, branch)


async def _holder(register: Register, appeal: Appeal) -> Server | None:
    if appeal.holder is None:
        return None
    return await desks.server(register.work, appeal.branch, appeal.holder)
