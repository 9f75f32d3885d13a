"""What a turn says by itself, where no dialog speaks: refusals, apologies, ways out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz, process

from bot.i18n import _, join
from bot.talk import says

_LONGEST_NAME: Final = 32
_SHORTEST_BEGUN: Final = 3
# In a hundred; one letter too many, too few or swapped in a word of five.
_ALIKE: Final = 75


def too_fast() -> says.Text:
    """Somebody floods."""
    return says.Text(
        _("✋ One after the other, please: that was too fast for me. In a moment I listen again.")
    )


def apology(reference: str) -> says.Text:
    """A bug of ours got in the way; `reference` is where it is noted."""
    text = _("Sorry, that went wrong on our side. Nothing you entered is lost: try again, or /cancel.")
    return says.Text(join([text, _("Reference: {reference}").format(reference=reference)]))


def leads_nowhere() -> says.Text:
    """A deep link that nobody answers; the menu follows."""
    return says.Text(_("That link leads nowhere any more. Here is what I can do:"))


def unknown(command: str, known: Iterable[str]) -> says.Text:
    """A command that there is not; one that looks like it is likely meant."""
    name, meant = command[:_LONGEST_NAME], likely_meant(command, known)
    if meant is None:
        return says.Text(_("I don't know /{name}. /menu shows what I can do.").format(name=name))
    text = _("I don't know /{name}. Do you mean /{meant}? /menu shows what I can do.")
    return says.Text(text.format(name=name, meant=meant))


def likely_meant(command: str, known: Iterable[str]) -> str | None:
    """The known command that one begins, or that is a slip of the finger away; None where none is."""
    names = sorted(known, key=len)
    begun = (name for name in names if len(command) >= _SHORTEST_BEGUN and name.startswith(command))
    found = process.extractOne(command, names, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return next(begun, found[0] if found else None)


def in_private(payload: str) -> says.Text:
    """What is no business of the group's, with the way to go on."""
    row = [says.Link(_("Open the private chat"), f"start:{payload}")]
    return says.Text(_("That is between you and me: let's go on in private."), [row])


def nothing_open() -> says.Text:
    """There is nothing to leave."""
    return says.Text(_("Nothing is open. /menu shows what I can do."))


def left() -> says.Text:
    """What was open is left."""
    return says.Text(_("Left. Nothing was sent."), [[says.Action(_("☰ Menu"), "menu")]])


def edited() -> says.Text:
    """A message was changed that answered a question."""
    return says.Text(_("An edited message changes nothing here: « Back takes an answer back."))


def not_yet() -> says.Text:
    """What was understood and can't be done by this bot; the menu follows."""
    return says.Text(_("I can't do that yet. Here is what I can do:"))


def no_more() -> says.Text:
    """A release took away what was open; the menu follows."""
    return says.Text(_("I can't do that any more. Here is what I can do:"))


def dropped() -> says.Text:
    """What waited is gone."""
    return says.Text(_("Dropped."))
