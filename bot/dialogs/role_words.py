"""Word to who has a role: that it ends soon, that it was taken away."""

from __future__ import annotations

from bot.dialogs.branch_words import place_words, role_word, until_words
from bot.i18n import Phrase, _, join
from bot.services.roles.expiring import Ending
from bot.services.roles.grants import Grant
from bot.talk import says


def ending(soon: Ending) -> says.Text:
    """It ends in a week."""
    assert soon.grant.expires_at is not None  # noqa: S101
    lines = [
        _("🔑 Your role ends soon: **{role}** of **{place}**.").format(
            role=role_word(soon.grant.role), place=place_words(soon.branch, soon.grant.branch)
        ),
        until_words(soon.grant.expires_at),
        _("If you would like to go on, ask an admin for a new link."),
    ]
    return says.Text(join(lines))


def taken_away(grant: Grant, place: Phrase) -> says.Text:
    """It is over, by an admin's word."""
    text = _(
        "🔑 An admin has taken a role away from you: **{role}** of **{place}**. Questions? Talk to them."
    )
    return says.Text(text.format(role=role_word(grant.role), place=place))
