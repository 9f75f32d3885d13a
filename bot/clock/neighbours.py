"""Wishes, hazards and suggestions on the clock: claims and deadlines that end, answers to who voted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.clock.kinds import Kind
from bot.services.appeals.kinds import Rulebook
from bot.services.due import Due
from bot.services.hazards import model as hazards
from bot.services.hazards.kinds import HazardKinds
from bot.services.hazards.register import Register
from bot.services.ideas import model as ideas
from bot.services.ideas import telling
from bot.services.notices import worded
from bot.services.outbox import NOTICE, Outgoing
from bot.services.wishes import expiring
from bot.services.wishes import model as wishes
from bot.store.work import Work
from bot.talk import says


@dataclass(frozen=True, slots=True)
class Words:
    """How news are worded, in the language being spoken."""

    wish: Callable[[wishes.News], says.Message]
    hazard: Callable[[hazards.News, HazardKinds], says.Message]
    idea: Callable[[ideas.News], says.Message]


def neighbouring(rules: Rulebook, kinds: HazardKinds, words: Words) -> list[Kind]:
    """The kinds of due things of wishes, hazards and suggestions."""

    async def end_claim(work: Work, thing: Due) -> Sequence[Outgoing]:
        news = await expiring.strike(work, thing)
        return [worded(work, one.to, NOTICE, words.wish, one) for one in news]

    async def miss_deadline(work: Work, thing: Due) -> Sequence[Outgoing]:
        news = await Register(work, rules, kinds).strike(thing)
        return [worded(work, one.to, NOTICE, words.hazard, one, kinds) for one in news]

    async def tell_voters(work: Work, thing: Due) -> Sequence[Outgoing]:
        news = await telling.to_tell(work, thing)
        return [worded(work, one.to, NOTICE, words.idea, one) for one in news]

    return [
        Kind(wishes.CLAIM, end_claim),
        Kind(hazards.DEADLINE, miss_deadline),
        Kind(ideas.ANSWERED, tell_voters),
    ]
