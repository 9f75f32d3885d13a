"""The intake: updates that wait together are played in one transaction, each in its own savepoint.

One update takes effect exactly once: its id, its journal, its deeds and its messages commit together, and an
id that was taken before is not played again. Messages are handed to the speaker after the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy.dialects import postgresql, sqlite

from bot.i18n import _, locale_for, speaking
from bot.logs import trace_of
from bot.services import addresses, conversations, outbox, people
from bot.services.conversations import Seat
from bot.services.floods import Dam, Verdict
from bot.services.groups import rows as groups
from bot.services.groups import standing
from bot.services.incoming import Command, Faceless, Gone, Incoming, Moved, Place, Press, Returned, TooFast
from bot.services.outbox import Outgoing
from bot.services.presses import short
from bot.services.ranks import Ask, with_rank
from bot.services.reply import Reply
from bot.services.turn import Stage, Turn
from bot.store.database import Database, may_pass, name_of
from bot.store.tables import updates
from bot.store.work import Work
from bot.talk import hears, says
from bot.talk.dialog import Repertoire

log = structlog.get_logger()

# More would only make the first of them wait; 64 updates share a commit well.
MOST_TOGETHER = 64
# Albums come as one update a picture, within seconds.
ALBUMS_REMEMBERED = 512


_Waiting = tuple[Incoming, asyncio.Future[str]]

# What becomes of an update that does not come again.
TAKEN = "taken"
SKIPPED = "skipped"
IGNORED = "ignored"


class NotTaken(Exception):
    """An update could not be taken now; nothing of it happened, and it may come again."""


class Speaks(Protocol):
    """Who says what was decided: the speaker of this process."""

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send these rows, leased to this process."""

    def toast(self, query: str, text: str | None) -> None:
        """Answer a tap."""


@dataclass(slots=True)
class IntakeSettings:
    """Which bot the intake hears for, and where time and numbers come from.

    `owner` names this process in the leases of its messages; without one they are left for any speaker.
    """

    bot: int
    owner: str | None
    clock: Callable[[], datetime]
    new_number: Callable[[], int]
    default_locale: str
    dam: Dam = field(default_factory=Dam)


@dataclass(slots=True)
class _Played:
    out: list[Outgoing] = field(default_factory=list)
    toasts: list[tuple[str, str | None]] = field(default_factory=list)


class Intake:
    """Takes updates of one bot. `take` returns after the commit that holds what the update did.

    `ask` says whether somebody administers a group; without it nobody does.
    """

    def __init__(
        self,
        database: Database,
        repertoire: Repertoire,
        services_for: Callable[[Work, Incoming, Seat], Any],
        speaker: Speaks,
        settings: IntakeSettings,
        ask: Ask | None = None,
    ) -> None:
        self._ask = ask
        self._database = database
        self._repertoire = repertoire
        self._services_for = services_for
        self._speaker = speaker
        self._settings = settings
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._albums: dict[tuple[int, str], None] = {}

    @property
    def bot(self) -> int:
        """Whom it hears for."""
        return self._settings.bot

    async def take(self, incoming: Incoming) -> str:
        """Play an update; gives what became of it. Raises NotTaken when it must be delivered again.

        Of who floods it is ignored, and won't be played.
        """
        if not _is_membership(incoming):
            heard = self._unless_too_fast(incoming)
            if heard is None:
                return IGNORED
            incoming = heard
        if self._ask is not None:
            # Before it waits for its transaction: the channel may take its time.
            incoming = await with_rank(incoming, self._repertoire, self._ask)
        done: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((incoming, done))
        return await done

    def _unless_too_fast(self, incoming: Incoming) -> Incoming | None:
        """The update, or what stands for the first one of a flood; None for the others of it."""
        now = self._settings.clock()
        verdict = self._settings.dam.hear(incoming.account, now)
        if verdict is Verdict.IGNORED or (verdict is not Verdict.HEARD and _is_faceless(incoming)):
            return None
        if not self._settings.dam.is_open(now):
            log.warning("too many updates")
            raise NotTaken
        return incoming if verdict is Verdict.HEARD else replace(incoming, what=TooFast())

    async def run(self) -> None:
        """Work through what waits, until cancelled."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < MOST_TOGETHER and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._work_through(batch)

    async def _work_through(self, batch: Sequence[_Waiting]) -> None:
        try:
            skipped = await self._play_or_skip([incoming for incoming, _ in batch])
        except Exception as error:
            log.error("updates put off", count=len(batch), error=name_of(error))
            self._put_off([*batch, *self._drained()])
            return
        for incoming, done in batch:
            if not done.done():
                done.set_result(SKIPPED if incoming.update_id in skipped else TAKEN)

    async def _play_or_skip(self, batch: Sequence[Incoming]) -> set[int]:
        """Play updates together, else each alone; one that would fail the next time too is skipped.

        Gives the numbers of those. Raises what is wrong with the database: all may come again, those that
        were committed are known.
        """
        try:
            await self.play(batch)
        except Exception as error:
            if may_pass(error):
                raise
            if len(batch) > 1:
                return {number for incoming in batch for number in await self._play_or_skip([incoming])}
            number = batch[0].update_id
            log.error("update skipped", update=number, error=type(error).__name__, trace=trace_of(error))
            async with self._database.work(self._settings.bot, self._settings.clock()) as work:
                await _fresh(work, batch)
            return {number}
        return set()

    def _drained(self) -> list[_Waiting]:
        """All that waits: it must not overtake what could not be played."""
        return [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]

    @staticmethod
    def _put_off(batch: Sequence[_Waiting]) -> None:
        for _incoming, done in batch:
            if not done.done():
                done.set_exception(NotTaken())

    async def play(self, batch: Sequence[Incoming]) -> None:
        """Play updates in one transaction, and say what came of them after its commit."""
        played = _Played()
        async with self._database.transaction() as connection:
            work = Work(connection, self._settings.bot, self._settings.clock())
            fresh = await _fresh(work, batch)
            seats = await self._seats(work, fresh)
            for incoming in fresh:
                await self._play(incoming, seats, Work(connection, work.bot, work.now, shared=True), played)
            changed = list(seats.values())
            await people.mark_seen(work, list({seat.person.id: seat.person for seat in changed}.values()))
            await conversations.save(work, changed)
            await outbox.put(work, played.out, self._settings.owner)
        self._speaker.take(played.out)
        for query, text in played.toasts:
            self._speaker.toast(query, text)

    async def _seats(self, work: Work, batch: Sequence[Incoming]) -> dict[tuple[int, int], Seat]:
        talking = [one for one in batch if not _is_membership(one) and not _is_faceless(one)]
        keys = [(incoming.chat, incoming.account) for incoming in talking]
        if not keys:
            return {}
        seats = await conversations.load(work, keys)
        strangers = {
            one.account: one.language_code for one in talking if (one.chat, one.account) not in seats
        }
        welcomed = await people.welcome(work, strangers, self._settings.default_locale)
        for chat, account in keys:
            if (chat, account) not in seats:
                seats[chat, account] = Seat(welcomed[account], chat)
        return seats

    async def _play(
        self, incoming: Incoming, seats: dict[tuple[int, int], Seat], work: Work, played: _Played
    ) -> None:
        if _is_membership(incoming):
            await self._note(incoming, work)
            await work.keep()
            return
        if isinstance(incoming.what, Faceless):
            played.out.extend(await self._answer_faceless(incoming, incoming.what.command, work))
            return
        seat = seats[incoming.chat, incoming.account]
        if seat.person.forgotten:
            seat = await self._meet_again(work, incoming, seats)
        stage = Stage(
            seat, work, self._services_for(work, incoming, seat), self._repertoire, self._settings.new_number
        )
        turn = Turn(incoming, stage)
        before = _copy(seat)
        try:
            await turn.play()
            if self._is_album_rest(incoming) and not turn.heard:
                # Nobody hears what it said, so the buttons that are shown must go on to count.
                await work.undo()
                seat.open, seat.changed, seat.gone = before.open, before.changed, before.gone
                return
            await work.keep()
        except Exception as error:
            if may_pass(error):
                raise
            await work.undo()
            seat.open, seat.changed, seat.gone = before.open, before.changed, before.gone
            turn = Turn(incoming, stage)
            self._apologise(incoming, turn, error)
        played.out.extend(turn.reply.out)
        if isinstance(incoming.what, Press):
            played.toasts.append((incoming.what.query, turn.toast))

    async def _note(self, incoming: Incoming, work: Work) -> None:
        """Who left and came back; where the bot itself stands in a group."""
        match incoming.what:
            case Gone():
                await people.mark_gone(work, incoming.account)
            case Returned():
                await people.mark_back(work, incoming.account)
            case Place() as place:
                locale = locale_for(incoming.language_code, self._settings.default_locale)
                await standing.note(work, incoming.chat, place, locale)
            case Moved(to):
                await addresses.migrate(work, incoming.chat, to)

    async def _answer_faceless(self, incoming: Incoming, command: Command, work: Work) -> Sequence[Outgoing]:
        """Nobody can tell who asks: say how they can be known, if what they ask for is ours."""
        entry = self._repertoire.commands.get(command.name)
        if entry is None or not (command.named or entry.in_groups):
            return []
        group = await groups.get(work, incoming.chat)
        reply = Reply(work.bot, incoming, self._repertoire.menu)
        with speaking((group.locale if group else None) or self._settings.default_locale):
            text = _("You post as the group, so I can't tell who you are. Post as yourself, or come to me:")
            reply.say(says.Text(text, [[says.Link(_("Open the private chat"), "start:menu")]]))
        return reply.out

    async def _meet_again(self, work: Work, incoming: Incoming, seats: dict[tuple[int, int], Seat]) -> Seat:
        """Somebody was forgotten by an earlier update of the batch: this one is a stranger's."""
        code = {incoming.account: incoming.language_code}
        person = (await people.welcome(work, code, self._settings.default_locale))[incoming.account]
        for chat, account in seats:
            if account == incoming.account:
                seats[chat, account] = Seat(person, chat)
        return seats[incoming.chat, incoming.account]

    def _apologise(self, incoming: Incoming, turn: Turn, error: Exception) -> None:
        """A bug: the person gets a reference, the log the trace under it; the conversation stays."""
        reference = short(self._settings.new_number())[:6].upper()
        where = trace_of(error)
        number = incoming.update_id
        log.error("turn failed", update=number, reference=reference, error=type(error).__name__, trace=where)
        turn.apologise(reference)

    def _is_album_rest(self, incoming: Incoming) -> bool:
        """Whether an earlier picture of the same album was heard: only the first one is worth an answer."""
        if not isinstance(incoming.what, hears.Photo | hears.File) or incoming.what.album is None:
            return False
        key = (incoming.chat, incoming.what.album)
        known = key in self._albums
        self._albums[key] = None
        if len(self._albums) > ALBUMS_REMEMBERED:
            del self._albums[next(iter(self._albums))]
        return known


async def _fresh(work: Work, batch: Sequence[Incoming]) -> list[Incoming]:
    """Those of the batch that were never taken before, each once; they are taken from now on."""
    values = [
        {"bot": work.bot, "update_id": number, "taken_at": work.now}
        for number in dict.fromkeys(incoming.update_id for incoming in batch)
    ]
    rows = await work.write(_TAKE[work.dialect], values)
    new = {row.update_id for row in rows}
    first: dict[int, Incoming] = {}
    for incoming in batch:
        if incoming.update_id in new:
            first.setdefault(incoming.update_id, incoming)
    return list(first.values())


def _is_membership(incoming: Incoming) -> bool:
    return isinstance(incoming.what, Gone | Returned | Place | Moved)


def _is_faceless(incoming: Incoming) -> bool:
    return isinstance(incoming.what, Faceless)


def _copy(seat: Seat) -> Seat:
    """A seat as it is now: a turn that fails half-way is forgotten."""
    opened = replace(seat.open) if seat.open else None
    changed = {number: replace(one) for number, one in seat.changed.items()}
    if opened is not None and opened.id in changed:
        changed[opened.id] = opened
    return Seat(seat.person, seat.chat, opened, changed, set(seat.gone))


def _take(insert: Any) -> Any:
    return insert(updates).on_conflict_do_nothing().returning(updates.c.update_id)


_TAKE = {"sqlite": _take(sqlite.insert), "postgresql": _take(postgresql.insert)}
