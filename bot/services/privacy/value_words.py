"""What stands for a code on the page that people read; in the JSON the code itself stands."""

from __future__ import annotations

from typing import Final

from bot.i18n import _
from bot.services.privacy.consents import BROADCASTS, HEALTH, LOCATION, MEMBERSHIP, POINTS, REMINDERS

FOR_MACHINES: Final = {"due": ("kind", "name", "what", "zone")}
"""Columns that say something elsewhere, and in these tables only how the bot does it."""
_LANGUAGES: Final = {"zh_CN": "中文", "en": "English"}


def in_words(column: str, value: str) -> str:
    """A code in the language of the moment; what is none, or has no word, as it stands."""
    if column == "purpose" and value.startswith(BROADCASTS):
        return _("News: {topic}").format(topic=value.removeprefix(BROADCASTS))
    if column == "language":
        return _LANGUAGES.get(value, value)
    words = {"purpose": _purposes, "state": _states, "role": _roles, "work_kind": _work, "kind": _kinds}
    return words[column]().get(value, value) if column in words else value


def _purposes() -> dict[str, str]:
    return {
        LOCATION: _("Use the places I share"),
        HEALTH: _("Keep what I tell of injuries and health"),
        REMINDERS: _("Ring for what I set up"),
        POINTS: _("Show me in the ranking"),
        MEMBERSHIP: _("Keep which branch I belong to"),
        "appeal": _("for an appeal"),
        "hazard": _("for a hazard"),
        "checkin": _("for a check-in"),
        "roster": _("for a roster"),
        "certificate": _("a certificate"),
    }


def _states() -> dict[str, str]:
    return {
        "waiting": _("waiting"),
        "sent": _("sent"),
        "uncertain": _("sent, perhaps"),
        "sending": _("on its way"),
        "skipped": _("not sent"),
        "dead": _("could not be sent"),
        "done": _("done"),
        "cancelled": _("called off"),
        "active": _("active"),
        "paused": _("paused"),
        "open": _("open"),
        "kept": _("kept"),
        "filed": _("filed"),
        "acknowledged": _("somebody has it"),
        "in_progress": _("being worked on"),
        "answered": _("answered"),
        "confirmed": _("confirmed"),
        "reopened": _("open again"),
        "closed": _("settled"),
        "merged": _("part of a case of many"),
        "withdrawn": _("taken back"),
        "refused": _("refused"),
        "posted": _("being looked at"),
        "claimed": _("somebody takes care of it"),
        "brought": _("at the station, to be fetched"),
        "thanked": _("fulfilled"),
        "booked": _("booked"),
        "enrolled": _("enrolled"),
        "left": _("left"),
        "handed": _("handed over"),
        "returned": _("points given back"),
        "asked": _("asked"),
        "approved": _("agreed to"),
        "planned": _("planned"),
        "running": _("running"),
        "over": _("over"),
    }


def _roles() -> dict[str, str]:
    return {
        "person": _("person"),
        "member": _("member"),
        "shop": _("shop"),
        "desk": _("desk"),
        "organizer": _("organizer"),
        "admin": _("admin"),
    }


def _work() -> dict[str, str]:
    return {
        "rider": _("meal delivery"),
        "courier": _("parcels"),
        "driver": _("ride-hailing"),
        "trucker": _("freight"),
        "streamer": _("streaming"),
        "other": _("something else"),
    }


def _kinds() -> dict[str, str]:
    return {
        "photo": _("photo"),
        "file": _("file"),
        "voice": _("voice message"),
        "story": _("story"),
        "addition": _("addition"),
        "question": _("question"),
        "answer": _("answer"),
        "solution": _("solution"),
        "note": _("note"),
        "closed": _("closed"),
        "moved": _("moved"),
        "broken": _("broken"),
        "other": _("something else"),
        "lesson": _("lesson"),
        "review": _("review"),
        "checkin": _("check-in"),
        "volunteer_hour": _("an hour of help"),
        "hazard": _("hazard"),
        "correction": _("helpful correction"),
        "redeem": _("exchanged"),
        "reverse": _("taken back"),
        "track": _("course"),
        "help": _("help"),
    }
