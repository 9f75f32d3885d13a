"""What a member can do with check-ins, for the length of one turn.

A named answer is kept under the person. An anonymous one is kept under the hash of a random token that stands
nowhere but in the buttons of the person's own message: with it they can change the answer or take it back.
That somebody answered is marked beside it, without what or when; at the close of the round all rows are
written anew, so that not even the database's own columns tell who came with which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bot.services.checkins import book, rows
from bot.services.checkins.keepers import keepers
from bot.services.checkins.model import Asked, Given, Outcome
from bot.services.checkins.questions import fits, way
from bot.services.checkins.running import answered
from bot.services.codes import hash_of
from bot.services.happenings import happened
from bot.services.notices import Recipient
from bot.services.people import Person
from bot.store.work import Work
from bot.talk.says import Json

NewToken = Callable[[], str]


class CheckinDesk:
    """Answers rounds for one person; `new_token` makes what nobody guesses."""

    def __init__(self, work: Work, person: Person, new_token: NewToken) -> None:
        self._work = work
        self._person = person
        self._new_token = new_token

    async def open(self) -> list[Asked]:
        """The open rounds that the person is asked, the first to close first."""
        return await book.asked_now(self._work, self._person.id)

    async def waiting(self) -> int:
        """How many open rounds the person has not answered."""
        where = {"of": self._work.bot, "whose": self._person.id, "now": self._work.now}
        row = await self._work.first(rows.UNANSWERED_NOW, where)
        return int(row[0]) if row else 0

    async def look(self, number: int) -> Asked | None:
        """A round that the person is asked, open or not; None for any other."""
        return await book.asked(self._work, number, self._person.id)

    def is_open(self, asked: Asked) -> bool:
        """Whether answers to a round count now."""
        return asked.round.is_open(self._work.now)

    async def answer(self, number: int, values: Mapping[str, Json], token: str = "") -> Given:
        """Answer a round, or answer it anew: values by question.

        ValueError for values that don't fit. `token` is what came with an anonymous answer, to change it.
        """
        asked = await self.look(number)
        if asked is None:
            return Given("gone")
        _check(asked, values)
        if not asked.round.is_open(self._work.now):
            return Given("closed", asked)
        if asked.checkin.anonymous:
            given = await self._answer_unseen(asked, values, token)
        else:
            given = Given(await self._answer_by_name(asked, values), asked)
        if given.outcome != "before":
            await book.refresh_boards(self._work, number)
        return given

    async def take_back(self, number: int, token: str) -> Given:
        """Take an anonymous answer back, to give another; only who has its token can."""
        asked = await self.look(number)
        if asked is None or not asked.checkin.anonymous:
            return Given("gone")
        if not asked.round.is_open(self._work.now):
            return Given("closed", asked)
        taken = await self._work.execute(rows.TAKE_BACK, self._where(number, hash_of(token)))
        if not taken:
            return Given("before", asked)
        await self._work.execute(rows.UNANSWERED, self._where(number))
        await book.refresh_boards(self._work, number)
        return Given("changed", asked)

    async def mine(self, number: int) -> dict[str, Json]:
        """What the person answered by name, by question."""
        kept = await self._work.fetch(rows.KEYED, self._where(number, str(self._person.id)))
        return {row.question: orjson.loads(row.value) for row in kept}

    async def keepers(self, asked: Asked) -> list[Recipient]:
        """The organizers who look after a round, to be told of what can't wait."""
        return await keepers(self._work, asked.checkin)

    # -- How answers are kept ----------------------------------------------------------

    async def _answer_by_name(self, asked: Asked, values: Mapping[str, Json]) -> Outcome:
        number, key = asked.round.id, str(self._person.id)
        is_first = await self._work.execute(rows.ANSWERED_FIRST, self._where(number)) > 0
        if is_first:
            await happened(self._work, answered(self._work, self._person.id, asked.round))
        # What another way through the questions left behind is no answer any more.
        await self._work.execute(rows.TAKE_BACK, self._where(number, key))
        await self._give(asked, key, values, person=self._person.id)
        return "answered" if is_first else "changed"

    async def _answer_unseen(self, asked: Asked, values: Mapping[str, Json], token: str) -> Given:
        number = asked.round.id
        if token:
            if not await self._work.execute(rows.TAKE_BACK, self._where(number, hash_of(token))):
                return Given("before", asked)
            await self._give(asked, hash_of(token), values)
            return Given("changed", asked, token)
        if not await self._work.execute(rows.ANSWERED_FIRST, self._where(number)):
            return Given("before", asked)
        token = self._new_token()
        await self._give(asked, hash_of(token), values)
        return Given("answered", asked, token)

    async def _give(
        self, asked: Asked, key: str, values: Mapping[str, Json], person: int | None = None
    ) -> None:
        for question in asked.checkin.questions:
            if question.key not in values:
                continue
            row = {
                "bot": self._work.bot,
                "round": asked.round.id,
                "key": key,
                "question": question.key,
                "person": person,
                "value": orjson.dumps(values[question.key]).decode(),
                "attention": question.needs_attention(values[question.key]),
                "answered_at": self._work.now if person is not None else None,
            }
            await self._work.execute(rows.GIVE[self._work.dialect], row)

    def _where(self, number: int, key: str | None = None) -> dict[str, Any]:
        where = {"of": self._work.bot, "the_round": number}
        return where | ({"whose": self._person.id} if key is None else {"the_key": key})


def _check(asked: Asked, values: Mapping[str, Json]) -> None:
    """Raise ValueError unless the values answer questions that one is led through."""
    if not values:
        raise ValueError("nothing was answered")
    led = {question.key: question for question in way(asked.checkin.questions, dict(values))}
    for key, value in values.items():
        if key not in led or not fits(led[key], value):
            raise ValueError("this is no answer to what was asked")
