"""What one person can do with tracks, for the length of one turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from bot.services import certificates
from bot.services.certificates import Issued, Merit
from bot.services.invitations import Links
from bot.services.lessons import posters
from bot.services.lessons.library import Library
from bot.services.lessons.model import Lesson, Track
from bot.services.notices import Recipient
from bot.services.people import Person
from bot.services.roles.rules import Action, may
from bot.services.tracks import enrolment
from bot.services.tracks.enrolment import Places
from bot.store.tables import lesson_places
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is on a track: lessons finished, what they are in it, and their turn if they wait."""

    track: Track
    lessons: tuple[Lesson, ...]
    finished: int
    state: str | None
    turn: int | None
    places: Places

    @property
    def is_done(self) -> bool:
        """Whether every lesson was taken to its end."""
        return self.finished == len(self.lessons)

    @property
    def earns_certificate(self) -> bool:
        """Where places are few, only who has one gets the paper."""
        return self.is_done and (self.places.most is None or self.state == enrolment.ENROLLED)


class TrackDesk:
    """Tracks, for one person; `username` is the bot's, without @."""

    def __init__(
        self,
        library: Library,
        work: Work,
        person: Person,
        links: Links,
    ) -> None:
        self.username = links.username
        self._library = library
        self._work = work
        self._person = person
        self._randbelow = links.randbelow

    def track(self, name: str) -> Track | None:
        """A track by its name, None if there is none (any more)."""
        return next((track for track in self._library.tracks if track.id == name), None)

    async def standings(self) -> list[Standing]:
        """Every track that has lessons."""
        tracks = [track for track in self._library.tracks if self._library.on(track.id)]
        return [await self._standing(track) for track in tracks]

    async def standing(self, name: str) -> Standing | None:
        """One track."""
        track = self.track(name)
        return await self._standing(track) if track else None

    async def _standing(self, track: Track) -> Standing:
        work, person = self._work, self._person.id
        lessons = tuple(self._library.on(track.id))
        rows = await work.fetch(_FINISHED, {"of": work.bot, "whose": person})
        done = {row.lesson for row in rows}
        state = await enrolment.state_of(work, person, track.id)
        waits = state == enrolment.WAITING
        turn = await enrolment.turn_of(work, person, track.id) if waits else None
        finished = sum(lesson.id in done for lesson in lessons)
        free = await enrolment.places(work, track.id)
        return Standing(track, lessons, finished, state, turn, free)

    async def join(self, track: str) -> str:
        """Take a place or a turn; gives which."""
        return await enrolment.join(self._work, self._person.id, track)

    async def leave(self, track: str) -> list[Recipient]:
        """Give it back; gives who gets a place by that."""
        return await enrolment.leave(self._work, self._person.id, track)

    async def enrolled(self) -> list[str]:
        """The tracks in which the person has a place, or waits for one."""
        return await enrolment.tracks_of(self._work, self._person.id)

    # -- Certificates --------------------------------------------------------------------

    async def issue(self, track: str, called: str) -> Issued | None:
        """The certificate of a finished track; None where it is not earned."""
        standing = await self.standing(track)
        if standing is None or not standing.earns_certificate:
            return None
        merit = Merit("track", track, len(standing.lessons))
        return await certificates.issue(self._work, self._person.id, merit, called, self._randbelow)

    async def draw(self, paper: posters.Certificate) -> tuple[str, str]:
        """A certificate's picture and its page to print, as keys of files that are held."""
        return await certificates.draw(self._work, self._person.id, paper)

    async def verify(self, text: str) -> Issued | None:
        """What stands behind a code, of a track or of help."""
        return await certificates.verify(self._work, text)

    # -- Running them ----------------------------------------------------------------------

    async def may_run(self) -> bool:
        """Whether this person may say how many places a track has."""
        return await may(self._work, self._person.id, Action.RUN_TRACKS, None)

    async def set_places(self, track: str, most: int | None, about: str) -> list[Recipient]:
        """Say how many places there are. Raises as `enrolment.set_places`."""
        return await enrolment.set_places(self._work, self._person.id, track, most, about)


_FINISHED: Final = sa.select(lesson_places.c.lesson).where(
    lesson_places.c.bot == sa.bindparam("of"),
    lesson_places.c.person == sa.bindparam("whose"),
    lesson_places.c.finished_at.is_not(None),
)
