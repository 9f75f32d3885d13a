"""How far a broadcast is, and what became of it: read from its rows in the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.i18n import _, current_locale
from bot.services import letters
from bot.services.branches.desk import SMALLEST_COUNT
from bot.services.broadcasts import counting, rows
from bot.services.broadcasts.counting import Whom, branch_called
from bot.services.broadcasts.model import CANCELLED, OVER, Broadcast, Line, Phase, Progress, Report
from bot.services.outbox import CANCELLED as ROW_CANCELLED
from bot.services.outbox import DEAD, SENDING, SENT, SKIPPED, UNCERTAIN, WAITING
from bot.store.tables import branches, broadcast_taps, chats, memberships, outbox, people
from bot.store.work import Work

NAMES: Final[Mapping[str, str]] = {
    SENT: "sent",
    SKIPPED: "blocked",
    DEAD: "failed",
    UNCERTAIN: "uncertain",
    ROW_CANCELLED: "cancelled",
    WAITING: "waiting",
    SENDING: "waiting",
}
"""What a row's state means to an organizer."""


COUNTED: Final = tuple(dict.fromkeys(NAMES.values()))
"""All that a recipient's row can be, in an organizer's words."""


def in_words(states: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Numbers by what they mean to an organizer, of numbers by state of rows."""
    numbers = dict.fromkeys(COUNTED, 0)
    for state, number in states:
        numbers[NAMES[state]] += number
    return numbers


async def look(work: Work, broadcast: Broadcast, per_second: float) -> Progress:
    """How far it is now; `per_second` is the rate to expect where none was measured."""
    if broadcast.report:
        return Progress(_ended(broadcast), **broadcast.report["numbers"], left_out=broadcast.left_out)
    numbers = in_words((await letters.counts(work, broadcast.id)).items())
    asleep, wakes_at = await rows.asleep(work, broadcast.id)
    run = await letters.state(work, broadcast.id)
    return Progress(
        _phase(broadcast, run, numbers["waiting"], asleep),
        **numbers,
        asleep=asleep,
        left_out=broadcast.left_out,
        per_second=_measured(work.now, broadcast, numbers) or per_second,
        wakes_at=wakes_at,
    )


def _ended(broadcast: Broadcast) -> Phase:
    return "cancelled" if broadcast.state == CANCELLED else "over"


def _phase(broadcast: Broadcast, run: str | None, waiting: int, asleep: int) -> Phase:
    if broadcast.state in (OVER, CANCELLED):
        return _ended(broadcast)
    if broadcast.shown.get("filling"):
        return "filling"
    if run == letters.PAUSED:
        return "paused"
    return "night" if 0 < waiting == asleep else "running"


def _measured(now: datetime, broadcast: Broadcast, numbers: Mapping[str, int]) -> float:
    """Messages a second since the screen was drawn last; 0 where nothing tells."""
    since = broadcast.shown.get("at")
    seconds = (now - datetime.fromisoformat(since)).total_seconds() if since else 0
    done = sum(numbers.values()) - numbers["waiting"]
    return max(done - int(broadcast.shown.get("done", done)), 0) / seconds if seconds >= 1 else 0


# -- The report ---------------------------------------------------------------------------


async def report(work: Work, broadcast: Broadcast, meant: Whom | None) -> Report:
    """What became of it, in all, by branch and by group; branches too small to tell are taken together."""
    progress = await look(work, broadcast, 0)
    params = {"of": work.bot, "its": broadcast.id}
    taps = {row.button: row.number for row in await work.fetch(_TAPS, params)}
    tapped = await work.first(_TAPPED, params)
    late = await counting.latecomers(work, meant, broadcast.id) if meant else (0, 0)
    return Report(
        progress,
        tuple(taps.get(number, 0) for number in range(len(broadcast.content.buttons))),
        int(tapped.number) if tapped else 0,
        tuple(_by_branch(await work.fetch(_BRANCHES, params), await work.fetch(_BRANCH_TAPS, params))),
        tuple(_by_group(await work.fetch(_GROUPS, params), await work.fetch(_GROUP_TAPS, params))),
        *late,
    )


def _by_branch(found: Iterable[Any], tapped: Iterable[Any]) -> list[Line]:
    states: dict[str | None, list[tuple[str, int]]] = {}
    titles: dict[str | None, str] = {}
    for row in found:
        states.setdefault(row.branch, []).append((row.state, row.number))
        titles[row.branch] = branch_called(row, current_locale()) or str(_("no branch"))
    taps = {row.branch: row.number for row in tapped}
    lines = []
    small: list[tuple[str, int]] = []
    small_taps = 0
    for branch, counted in sorted(states.items(), key=lambda item: titles[item[0]]):
        if sum(number for _state, number in counted) < SMALLEST_COUNT:
            small += counted
            small_taps += taps.get(branch, 0)
        else:
            lines.append(Line(titles[branch], in_words(counted), taps.get(branch, 0)))
    if small and lines:
        lines.append(Line(str(_("small branches together")), in_words(small), small_taps))
    return lines


def _by_group(found: Iterable[Any], tapped: Iterable[Any]) -> list[Line]:
    taps = {row.chat: row.number for row in tapped}
    return [
        Line(row.title or str(_("a group")), in_words([(row.state, 1)]), taps.get(row.first, 0), row.chat)
        for row in found
    ]


_ROWS = (outbox.c.bot == sa.bindparam("of"), outbox.c.broadcast == sa.bindparam("its"))
_THEIR_TAPS = (broadcast_taps.c.bot == sa.bindparam("of"), broadcast_taps.c.broadcast == sa.bindparam("its"))
_EACH_ONCE = sa.func.count(broadcast_taps.c.person.distinct()).label("number")

_TAPS = (
    sa.select(broadcast_taps.c.button, sa.func.count().label("number"))
    .where(*_THEIR_TAPS)
    .group_by(broadcast_taps.c.button)
)
_TAPPED = sa.select(_EACH_ONCE).where(*_THEIR_TAPS)
_BELONGS = sa.and_(
    memberships.c.bot == people.c.bot, memberships.c.person == people.c.id, memberships.c.left_at.is_(None)
)
_NAMED = sa.and_(branches.c.bot == memberships.c.bot, branches.c.id == memberships.c.branch)
_BRANCHES = (
    sa.select(
        memberships.c.branch,
        branches.c.name,
        branches.c.name_en,
        outbox.c.state,
        sa.func.count().label("number"),
    )
    .select_from(
        outbox.join(people, sa.and_(people.c.bot == outbox.c.bot, people.c.account == outbox.c.chat))
        .outerjoin(memberships, _BELONGS)
        .outerjoin(branches, _NAMED)
    )
    .where(*_ROWS)
    .group_by(memberships.c.branch, branches.c.name, branches.c.name_en, outbox.c.state)
)
_BRANCH_TAPS = (
    sa.select(memberships.c.branch, _EACH_ONCE)
    .select_from(
        broadcast_taps.join(
            people,
            sa.and_(people.c.bot == broadcast_taps.c.bot, people.c.id == broadcast_taps.c.person),
        ).outerjoin(memberships, _BELONGS)
    )
    .where(*_THEIR_TAPS, broadcast_taps.c.chat.is_(None))
    .group_by(memberships.c.branch)
)
# A tap names the group by the id that it had when the message was written.
_before = chats.alias("before")
_GROUPS = (
    sa.select(
        outbox.c.chat,
        outbox.c.state,
        chats.c.title,
        sa.func.coalesce(
            sa.select(sa.func.min(_before.c.chat))
            .where(_before.c.bot == outbox.c.bot, _before.c.became == outbox.c.chat)
            .scalar_subquery(),
            outbox.c.chat,
        ).label("first"),
    )
    .select_from(outbox.outerjoin(chats, sa.and_(chats.c.bot == outbox.c.bot, chats.c.chat == outbox.c.chat)))
    .where(*_ROWS, outbox.c.chat < 0)
    .order_by(chats.c.title, outbox.c.chat)
)
_GROUP_TAPS = (
    sa.select(broadcast_taps.c.chat, _EACH_ONCE)
    .where(*_THEIR_TAPS, broadcast_taps.c.chat.is_not(None))
    .group_by(broadcast_taps.c.chat)
)
