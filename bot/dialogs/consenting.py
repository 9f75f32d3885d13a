"""Asking for consent where it is first needed: one tap, and never in the way of what somebody came for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.dialogs.privacy_words import consent_words
from bot.i18n import _, join
from bot.services.people import People
from bot.services.privacy.consents import LOCATION, REMINDERS, Consents
from bot.services.stations.desk import StationDesk
from bot.talk import hears, says
from bot.talk.choosing import chosen
from bot.talk.engine import Talk
from bot.talk.errors import Refused
from bot.talk.inputs import Input
from bot.talk.plain_answers import plain_answer
from bot.talk.says import Json

UNSILENCE: Final = "unsilence"
_YES: Final = "yes"
_NO: Final = "no"

Place = Literal["first", "refused"] | None
"""What is to be said of a shared place: that it was used for the first time, or not at all."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What else may be said while the question is open, and what to do with it before it is asked again."""

    kind: Input[Any]
    take: Callable[[Any], Awaitable[None]]


class _Deciding:
    """Yes or no, as true or false; or something of the kind that was to come next."""

    def __init__(self, kind: Input[Any]) -> None:
        self._kind = kind
        self._options = [says.Option(label, word) for label, word in _buttons()]

    def hear(self, event: hears.Event) -> Json:
        """What was decided; what is neither that nor of the kind is refused as at any yes or no."""
        if isinstance(event, hears.Text) and (plainly := plain_answer(event.text)) is not None:
            return plainly
        try:
            return bool(chosen(self._options, event) == _YES)
        except Refused as neither:
            try:
                return self._kind.hear(event)
            except Refused:
                raise neither from None

    def read(self, value: Json) -> Any:
        """The same; Refused if it is anything else."""
        return value if isinstance(value, bool) else self._kind.read(value)


async def agrees(talk: Talk, key: str, purpose: str, consents: Consents, meanwhile: Meanwhile) -> bool:
    """Ask whether something may be kept, unless they decided on these words before."""
    decided = await talk.note(f"{key}_decided", consents.decided, purpose)
    if decided is not None:
        return bool(decided)
    words = consent_words()[purpose]
    yes = await talk.ask(key, words, _Deciding(meanwhile.kind), quick=_buttons())
    if not isinstance(yes, bool):
        await meanwhile.take(yes)
        again = join([_("📝 Noted, it is not lost. First this:"), words], "\n\n")
        yes = await talk.confirm(f"{key}_then", again, yes=_("✓ All right"), no=_("Rather not"))
    await talk.once(f"{key}_kept", consents.decide, purpose, yes)
    return yes


def _buttons() -> list[tuple[str, str]]:
    return [(_("✓ All right"), _YES), (_("Rather not"), _NO)]


async def say_if_silent(talk: Talk, people: People, consents: Consents) -> None:
    """Who sets something up that rings, and told the bot to be silent, is told so, with a way back."""
    if people.person.silenced or not await consents.allows(REMINDERS):
        text = _("🔕 But it will stay silent: you told me to be.")
        await talk.say("silent", says.Text(text, [[says.Action(_("🔔 Ring again"), UNSILENCE)]]))


async def place(consents: Consents, stations: StationDesk, *, private: bool) -> Place:
    """Mind what they decided about their place, which they shared just now.

    Who shares a place wants it used, so the first time it is, and said below the answer, with a way to take
    it back. Whoever took it back has it forgotten at once.
    """
    if not private or stations.whereabouts() is None:
        return None
    decided = await consents.decided(LOCATION)
    if decided is None:
        await consents.decide(LOCATION, True)
        return "first"
    if decided:
        return None
    stations.forget_place()
    return "refused"


async def use_place(talk: Talk, consents: Consents, stations: StationDesk, *, wanted: bool) -> None:
    """Use shared places from now on, or none any more."""
    await consents.decide(LOCATION, wanted)
    if not wanted:
        stations.forget_place()
    talk.toast(_("Noted. Change it any time: /privacy"))
