"""What the columns are called on the page that people read; the others are only in the JSON."""

from __future__ import annotations

from bot.i18n import _


def column_words() -> dict[str, str]:
    """Columns that say something to a person, in the language of the moment."""
    return {
        "what": _("What"),
        "text": _("What was said"),
        "story": _("Story"),
        "note": _("Note"),
        "wish": _("Wish"),
        "title": _("Title"),
        "called": _("Name you gave"),
        "contact": _("How to reach you"),
        "value": _("Answer"),
        "question": _("Question"),
        "right": _("Right at once"),
        "kind": _("Kind"),
        "role": _("Role"),
        "branch": _("Branch"),
        "declared": _("Member of"),
        "desk": _("Desk"),
        "station": _("Station"),
        "place": _("Place"),
        "where": _("Where"),
        "district": _("District"),
        "lesson": _("Lesson"),
        "work_kind": _("Work"),
        "language": _("Language"),
        "zone": _("Time zone"),
        "account": _("Your number at Telegram"),
        "tag": _("Tag"),
        "purpose": _("Purpose"),
        "given": _("Agreed"),
        "state": _("State"),
        "receipt": _("Receipt number"),
        "reason": _("Reason"),
        "amount": _("Amount"),
        "name": _("Name"),
        "size": _("Bytes"),
        "at": _("When"),
        "day": _("Day"),
        "seen_on": _("Last here"),
        "made_at": _("Made"),
        "filed_at": _("Filed"),
        "joined_at": _("Joined"),
        "left_at": _("Left"),
        "decided_at": _("Decided"),
        "answered_at": _("Answered"),
        "finished_at": _("Finished"),
        "came_at": _("Came"),
        "due_at": _("Due"),
    }
