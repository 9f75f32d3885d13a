"""Conversations as rows: one open for each person in each chat, and those that were parked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.people import COLUMNS, Person, person_from
from bot.services.presses import BACK, SKIP
from bot.store.tables import conversations, people
from bot.store.work import Work
from bot.talk import hears
from bot.talk.says import Json

# Nobody comes back to a fourth half-written thing; the oldest gives way.
MOST_PARKED = 3
# What took trouble to write is kept longer, within reason.
MOST_LASTING = 12


@dataclass(slots=True)
class Conversation:
    """A conversation's row. `prompt` holds what the buttons shown now mean; `revision` counts prompts."""

    id: int
    chat: int
    person: int
    dialog: str
    journal: dict[str, list[Json]] = field(default_factory=dict)
    prompt: dict[str, Json] | None = None
    revision: int = 0
    parked: bool = False

    @property
    def is_browsing(self) -> bool:
        """Whether a screen is open that one only looks at."""
        return bool(self.prompt and self.prompt.get("browsing"))

    @property
    def asks(self) -> bool:
        """Whether what is open wants words, as a question does."""
        return bool(self.prompt and self.prompt.get("asks"))

    @property
    def was_offered(self) -> bool:
        """Whether it was offered to go on with it since it was put aside."""
        return bool(self.prompt and self.prompt.get("offered"))

    def mark_offered(self) -> None:
        """It is offered once: a new prompt begins anew."""
        self.prompt = {**(self.prompt or {}), "offered": True}

    def takes(self, event: hears.Event) -> bool:
        """Whether a text would be taken for an answer or a search, whatever it says."""
        words = (self.prompt or {}).get("words", False)
        return bool(words) and isinstance(event, hears.Text)

    def event(self, what: int | str) -> hears.Event | None:
        """What a tap means, as the row says; None for an index that was never shown."""
        if what == BACK:
            return hears.Back()
        if what == SKIP:
            return hears.Skip()
        options = (self.prompt or {}).get("options", [])
        return hears.Choice(options[what]) if isinstance(what, int) and what < len(options) else None


@dataclass(slots=True)
class Seat:
    """A person in a chat, with the conversation that is open there. Loaded once, saved once per batch."""

    person: Person
    chat: int
    open: Conversation | None = None
    changed: dict[int, Conversation] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def keep(self, conversation: Conversation) -> None:
        """This conversation changed and will be saved."""
        self.changed[conversation.id] = conversation
        self.gone.discard(conversation.id)

    def drop(self, conversation: Conversation) -> None:
        """This conversation is over."""
        self.changed.pop(conversation.id, None)
        self.gone.add(conversation.id)


async def load(work: Work, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Seat]:
    """The seats of known persons, by (chat, account). Who is new is missing."""
    whose = {"whose_bot": work.bot, "accounts": sorted({account for _, account in keys})}
    if work.dialect == "postgresql":
        # Another listener may have an update of the same person in hand: one after the other.
        await work.fetch(_LOCK, whose)
    rows = await work.fetch(_LOAD, whose)
    persons: dict[int, Person] = {}
    opened: dict[tuple[int, int], Conversation] = {}
    for row in rows:
        persons.setdefault(row.account, person_from(row))
        if row.id is not None:
            opened[row.chat, row.account] = _conversation(row)
    return {
        (chat, account): Seat(persons[account], chat, opened.get((chat, account)))
        for chat, account in keys
        if account in persons
    }


async def save(work: Work, seats: Sequence[Seat]) -> None:
    """Write down what changed at these seats."""
    gone = [number for seat in seats for number in seat.gone]
    if gone:
        await work.execute(_DELETE, {"numbers": gone})
    changed = [conversation for seat in seats for conversation in seat.changed.values()]
    if changed:
        # Parked ones first: a seat has one open conversation at any moment.
        changed.sort(key=lambda conversation: not conversation.parked)
        await work.execute(_UPSERT[work.dialect], [_values(work, one) for one in changed])


async def parked(work: Work, seat: Seat) -> list[Conversation]:
    """The parked conversations of a seat, the latest first, with what this batch changed."""
    rows = await work.fetch(_PARKED, {"whose_bot": work.bot, "chat": seat.chat, "whose": seat.person.id})
    stored = [_conversation(row) for row in rows if row.id not in seat.gone and row.id not in seat.changed]
    fresh = [one for one in seat.changed.values() if one.parked]
    return [*reversed(fresh), *stored]


async def find(work: Work, number: int) -> Conversation | None:
    """Any conversation of this bot by its number."""
    row = await work.first(_FIND, {"whose_bot": work.bot, "number": number})
    return _conversation(row) if row else None


def _conversation(row: Any) -> Conversation:
    return Conversation(
        row.id, row.chat, row.person, row.dialog, row.journal, row.prompt, row.revision, row.parked
    )


def _values(work: Work, conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "bot": work.bot,
        "chat": conversation.chat,
        "person": conversation.person,
        "dialog": conversation.dialog,
        "parked": conversation.parked,
        "journal": conversation.journal,
        "prompt": conversation.prompt,
        "revision": conversation.revision,
        "touched_at": work.now,
    }


_COLUMNS = (
    conversations.c.id,
    conversations.c.chat,
    conversations.c.person,
    conversations.c.dialog,
    conversations.c.journal,
    conversations.c.prompt,
    conversations.c.revision,
    conversations.c.parked,
)
_WHOSE = sa.and_(
    people.c.bot == sa.bindparam("whose_bot"), people.c.account.in_(sa.bindparam("accounts", expanding=True))
)
# In one order for everybody, so that two listeners never wait for each other.
_LOCK = sa.select(people.c.id).where(_WHOSE).order_by(people.c.id).with_for_update()
_LOAD = (
    sa.select(*COLUMNS, *_COLUMNS)
    .select_from(
        people.outerjoin(
            conversations,
            sa.and_(
                conversations.c.bot == people.c.bot,
                conversations.c.person == people.c.id,
                sa.not_(conversations.c.parked),
            ),
        )
    )
    .where(_WHOSE)
)
_PARKED = (
    sa.select(*_COLUMNS)
    .where(
        conversations.c.bot == sa.bindparam("whose_bot"),
        conversations.c.chat == sa.bindparam("chat"),
        conversations.c.person == sa.bindparam("whose"),
        conversations.c.parked,
    )
    .order_by(conversations.c.touched_at.desc())
)
_FIND = sa.select(*_COLUMNS).where(
    conversations.c.bot == sa.bindparam("whose_bot"), conversations.c.id == sa.bindparam("number")
)
_DELETE = sa.delete(conversations).where(conversations.c.id.in_(sa.bindparam("numbers", expanding=True)))


def _upsert(insert: Any) -> Any:
    statement = insert(conversations)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[conversations.c.id],
        set_={
            name: new[name] for name in ("dialog", "parked", "journal", "prompt", "revision", "touched_at")
        },
    )


_UPSERT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
