"""Counters of what changes: whoever raises one holds it until the commit, so changes come one by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import revisions
from bot.store.work import Work


async def next_revision(work: Work, name: str) -> int:
    """Raise the counter of this name and give it. Others who want it wait for the end of the transaction."""
    rows = await work.write(_NEXT[work.dialect], {"bot": work.bot, "name": name, "number": 1})
    return int(rows[0].number)


def _next(insert: Any) -> Any:
    raised = insert(revisions).on_conflict_do_update(
        index_elements=["bot", "name"], set_={"number": revisions.c.number + 1}
    )
    return raised.returning(revisions.c.number)


_NEXT = {"sqlite": _next(sqlite.insert), "postgresql": _next(postgresql.insert)}
