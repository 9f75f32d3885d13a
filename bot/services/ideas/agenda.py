"""What people suggest, as a table for a round table: the best liked first, room for what is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.home import SHANGHAI
from bot.i18n import _
from bot.services import files
from bot.services.ideas.model import Idea
from bot.services.table_files import MIMES, table_bytes
from bot.store.work import Work

ENDING: Final = "xlsx"


async def as_file(work: Work, found: Sequence[Idea]) -> tuple[str, str]:
    """The key and name of the table, in the language of the moment."""
    title = str(_("Agenda"))
    columns = [str(one) for one in (_("No."), _("Suggestion"), _("For"), _("Against"), _("Since"))]
    agreed = str(_("What is agreed"))
    rows = [
        dict(
            zip(
                (*columns, agreed),
                (
                    place,
                    one.text,
                    one.votes_for,
                    one.votes_against,
                    one.made_at.astimezone(SHANGHAI).date(),
                    "",
                ),
                strict=True,
            )
        )
        for place, one in enumerate(found, 1)
    ]
    content = table_bytes(ENDING, title, (*columns, agreed), rows)
    name = f"{title}-{work.now.astimezone(SHANGHAI):%Y-%m-%d}.{ENDING}"
    return await files.keep_for_a_day(work, content, name, MIMES[ENDING]), name
