"""What one organizer can do with rosters, for the length of one turn."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import Final

from bot.services import attachments, files
from bot.services.attachments import Attachment
from bot.services.invitations import Links
from bot.services.people import Person
from bot.services.roles.rules import Action, demand, may
from bot.services.rosters import rows
from bot.services.rosters.files import Reading, read_roster, write_links
from bot.services.rosters.rows import PURPOSE, Entry, Roster
from bot.store.work import Work

MOST_BYTES: Final = 256 * 1024
"""A list of 2,000 people as XLSX has a third of that; more would only keep others waiting."""
LINKS_NAME: Final = "links.xlsx"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RosterDesk:
    """Invites the people of an office's list, and says which of its lines have joined."""

    def __init__(self, work: Work, person: Person, links: Links) -> None:
        self._work = work
        self._person = person
        self._links = links

    async def may_invite(self, branch: str) -> bool:
        """Whether the person may bring a list for this branch."""
        return await may(self._work, self._person.id, Action.INVITE_MEMBERS, branch)

    async def upload(self, number: int) -> Attachment | None:
        """A list that was sent, by the attachment's number; None where it was let go of."""
        found = await attachments.read(self._work, [number])
        return found[0] if found and found[0].purpose == PURPOSE else None

    async def read(self, upload: Attachment) -> Reading:
        """What a list holds that was fetched. ValueError for one of more than MOST_BYTES."""
        if upload.size > MOST_BYTES:
            raise ValueError("too big for a list of people")
        kept = await files.read(self._work, upload.key or "")
        return await asyncio.to_thread(read_roster, upload.name, kept.content)

    async def forget(self, number: int) -> None:
        """Let go of a list that was sent: names and telephone numbers stand in it."""
        await attachments.forget(self._work, [number])

    async def make(self, number: int, branch: str) -> str:
        """Invite every line of a list; gives the key of the file with the links, which holds no name.

        The list itself is let go of. Raises NotAllowed and ValueError as `rows.make` does, and ValueError
        for a list that is gone or has something wrong.
        """
        upload = await self.upload(number)
        if upload is None or upload.key is None:
            raise ValueError("there is no such list")
        reading = await self.read(upload)
        if reading.problems:
            raise ValueError("something is wrong in the list")
        tokens = [self._links.new_token() for _ in reading.lines]
        await rows.make(self._work, branch, reading.lines, self._person.id, tokens)
        await self.forget(number)
        written = io.BytesIO()
        nameless = [replace(line, name="") for line in reading.lines]
        write_links(written, nameless, [self._links.invitation(token) for token in tokens])
        return await files.keep(self._work, written.getvalue(), LINKS_NAME, _XLSX)

    async def of_branch(self, branch: str) -> list[Roster]:
        """The rosters of a branch, the newest first. Raises NotAllowed for who does not look after it."""
        await demand(self._work, self._person.id, Action.SEE_ROSTERS, branch)
        return await rows.of_branch(self._work, branch)

    async def entries(self, roster: int) -> list[Entry]:
        """The lines of a roster. Raises NotAllowed for who does not look after its branch."""
        found = await rows.seen_by(self._work, roster, self._person.id)
        return await rows.entries(self._work, roster) if found else []
