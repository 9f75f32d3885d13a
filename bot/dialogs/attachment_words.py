"""Something that was sent and could not be kept: what was wrong with it, and what to do now."""

from __future__ import annotations

from typing import Final

from bot import limits
from bot.dialogs.opening import BELOW
from bot.i18n import Phrase, _, join
from bot.services.attachments import GONE, NO_PICTURE, TELLS_PLACE, TOO_BIG, Refusal
from bot.services.rosters.rows import PURPOSE as ROSTER
from bot.talk import says

TOLD_ON_THEIR_SCREEN: Final = frozenset({ROSTER})
"""Purposes whose own screen says it: whoever sent it is looking there."""


def refused(refusal: Refusal) -> says.Text:
    """To who sent it, in a message of its own."""
    lines = [
        Phrase("⚠️ {what}").format(what=_what(refusal)),
        _whys()[refusal.why],
        _("What you wrote has arrived; only this is missing."),
    ]
    return says.Text(join(lines, "\n\n"), _ways(refusal.purpose))


def _what(refusal: Refusal) -> Phrase:
    if refusal.kind == "photo":
        return _("**Your photo** was not kept.")
    if refusal.kind == "voice":
        return _("**Your voice message** was not kept.")
    return _("**{name}** was not kept.").format(name=refusal.name)


def _whys() -> dict[str, Phrase]:
    """What was wrong, and what to send instead."""
    return {
        TELLS_PLACE: _(
            "It tells where it was taken, and I can't take that out. Send it once more as a photo or video "
            "(not as a file), or take a screenshot of it."
        ),
        TOO_BIG: _(
            "It is larger than {n} MB. Send a shorter recording, or photos of what matters in it."
        ).format(n=limits.DOWNLOAD_BYTES >> 20),
        NO_PICTURE: _("I can't open the picture. Take a screenshot of it and send that."),
        GONE: _("Telegram did not give it to me. Please send it once more."),
    }


def _ways(purpose: str) -> list[list[says.Button]]:
    if purpose == "appeal":
        return [[says.Action(_("☰ My appeals"), "appeals", BELOW)]]
    return []
