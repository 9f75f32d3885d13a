"""Asking for consent where it is first needed: one tap, and never in the way of what somebody came for."""

from __future__ import annotations

from typing import Final, Literal

from bot.dialogs.privacy_words import consent_words
from bot.i18n import _
from bot.services.people import People
from bot.services.privacy.consents import LOCATION, REMINDERS, Consents
from bot.services.stations.desk import StationDesk
from bot.talk import says
from bot.talk.engine import Talk

UNSILENCE: Final = "unsilence"

Place = Literal["first", "refused"] | None
"""What is to be said of a shared place: that it was used for the first time, or not at all."""


async def agrees(talk: Talk, key: str, purpose: str, consents: Consents) -> bool:
    """Ask whether something may be kept, unless they decided on these words before."""
    decided = await talk.note(f"{key}_decided", consents.decided, purpose)
    if decided is not None:
        return bool(decided)
    yes = await talk.confirm(key, consent_words()[purpose], yes=_("✓ All right"), no=_("Rather not"))
    await talk.once(f"{key}_kept", consents.decide, purpose, yes)
    return yes


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
