"""Wishes, hazards and suggestions on the clock: claims and deadlines that end, answers to who voted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock.kinds import Kind
from bot.i18n import speaking
from bot.services.appeals.kinds import Rulebook
from bot.services.due import Due
from bot.services.hazards import model as hazards
from bot.services.hazards.kinds import HazardKinds
from bot.services.hazards.register import Register
from bot.services.ideas import model as ideas
from bot.services.ideas import telling
from bot.services.messages import compose
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

    async def end_claim(work: Work, thing: Due, _services: Any) -> Sequence[Outgoing]:
        news = await expiring.strike(work, thing)
        return [_drawn(work, one.to, words.wish, one) for one in news]

    async def miss_deadline(work: Work, thing: Due, _services: Any) -> Sequence[Outgoing]:
        news = await Register(work, rules, kinds).strike(thing)
        return [_drawn(work, one.to, lambda said: words.hazard(said, kinds), one) for one in news]

    async def tell_voters(work: Work, thing: Due, _services: Any) -> Sequence[Outgoing]:
        news = await telling.to_tell(work, thing)
        return [_drawn(work, one.to, words.idea, one) for one in news]

    return [
        Kind(wishes.CLAIM, end_claim),
        Kind(hazards.DEADLINE, miss_deadline),
        Kind(ideas.ANSWERED, tell_voters),
    ]


def _drawn(work: Work, to: Any, draw: Callable[[Any], says.Message], news: Any) -> Outgoing:
    with speaking(to.locale):
        return Outgoing(work.bot, to.account, compose(draw(news)), NOTICE)
