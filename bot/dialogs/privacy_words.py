"""Privacy in words: what each purpose means, and the file with somebody's data.

Whoever changes the meaning of a text raises its version in `services/privacy/consents`: people are asked
anew.
"""

from __future__ import annotations

from bot.i18n import Phrase, _, join, ngettext
from bot.services.privacy.consents import HEALTH, LOCATION, MEMBERSHIP, POINTS, REMINDERS
from bot.services.privacy.packing import NAME, Packed
from bot.services.privacy.retention import (
    KEEP_APPEALS,
    KEEP_AUDIT,
    KEEP_CONVERSATIONS,
    KEEP_FLAGS,
    KEEP_INVITATIONS,
    KEEP_LEFT,
    KEEP_LESSONS,
    KEEP_MADE,
    KEEP_SENT,
    KEEP_VISITS,
)
from bot.services.roles.grants import PROPOSED_FOR
from bot.services.rosters.rows import KEEP as KEEP_ROSTERS
from bot.services.wishes import model as wishes
from bot.talk import says

PURPOSES = (LOCATION, HEALTH, REMINDERS, POINTS)
"""What can be agreed to on the screen; membership by joining, news by topic on a screen of their own."""


def purpose_words() -> dict[str, Phrase]:
    """Each purpose in a word or two."""
    return {
        LOCATION: _("📍 My place"),
        HEALTH: _("🩹 Health"),
        REMINDERS: _("⏰ Rings"),
        POINTS: _("🏆 Ranking"),
        MEMBERSHIP: _("🏠 Membership"),
    }


def consent_words() -> dict[str, Phrase]:
    """What somebody agrees to, in full."""
    return {
        LOCATION: _(
            "📍 **My place.** A place that you share is used for the search. It stays in memory for 15 "
            "minutes and is written down nowhere. Without it, type a place: “Lijiatuo”."
        ),
        HEALTH: _(
            "🩹 **Injury and health.** What you tell of an injury or an illness is kept, encrypted, with "
            "your appeal. Only the desk that helps you reads it. A year after the appeal is closed it is "
            "deleted."
        ),
        REMINDERS: _(
            "⏰ **Rings.** Reminders, daily lessons and reviews come by themselves, at the times you set. "
            "Without this they are kept, and stay silent."
        ),
        POINTS: _(
            "🏆 **Ranking.** Who has many points is shown to others, under a name that you choose. Without "
            "this nobody sees yours."
        ),
        MEMBERSHIP: _(
            "🏠 **Membership.** You say yourself that you belong to a branch; nobody checks it. Kept is "
            "where, and since when. Its organizers see how many you are, not who, and can write to all of "
            "you through me. No name, no phone number. Leave or change any time with /me."
        ),
    }


def periods() -> Phrase:
    """How long things are kept; the figures are those that the housekeeping goes by."""
    lines = [
        _("· What is half said: {n} days").format(n=KEEP_CONVERSATIONS.days),
        _("· Photos, files, voice messages: {n} days").format(n=KEEP_SENT.days),
        ngettext(
            "· What I drew or packed for you (certificates, your data): {n} day",
            "· What I drew or packed for you (certificates, your data): {n} days",
            KEEP_MADE.days,
        ),
        _("· Appeals: {n} days after they are over; then your words go, and that they were yours").format(
            n=KEEP_APPEALS.days
        ),
        _("· Wishes, hazards, suggestions, reports of stations: {n} days after they are over").format(
            n=KEEP_FLAGS.days
        ),
        _("· Answers to check-ins, where you checked in: {n} days").format(n=KEEP_VISITS.days),
        _("· A wish that was brought counts as come true after {n} days").format(n=wishes.THANKED_AFTER.days),
        _("· Lessons and reviews: {n} days after you last touched them").format(n=KEEP_LESSONS.days),
        _("· That you belonged to a branch: {n} days after you left").format(n=KEEP_LEFT.days),
        _("· Invitations, with their links: {n} days after they end").format(n=KEEP_INVITATIONS.days),
        _("· A name you gave for a role: as long as the role; a role nobody confirms, {n} days").format(
            n=PROPOSED_FOR.days
        ),
        _("· Who did what with roles and branches: {n} days").format(n=KEEP_AUDIT.days),
        _("· Reminders, favourites, points, certificates: until you delete them, or say /forget"),
    ]
    return join([_("⏳ **How long it is kept**"), *lines])


def out_of_reach() -> Phrase:
    """What forgetting somebody cannot reach."""
    lines = [
        _("· This chat is in your Telegram, not here: delete it, too, if you like."),
        _("· What a desk's group was shown of your appeals stays in that group, under the made-up name."),
        _("· Tables with names that an organizer had made stay in their chat. Here they go after a day."),
        _("· If you joined by a list's link: that its line joined stays in that list, for {n} days.").format(
            n=KEEP_ROSTERS.days
        ),
        _("· Backups from before still hold it, locked away. If one is used, you are forgotten again."),
    ]
    return join([_("Where I cannot reach:"), *lines])


def data_ready(packed: Packed) -> says.File:
    """The message that brings somebody's data."""
    caption = _(
        "📦 All that is kept of you: a page to read, and the same for machines. It is yours alone, so don't "
        "leave it on a phone that others use. Here it is deleted after a day."
    )
    return says.File(packed.key, NAME, caption)
