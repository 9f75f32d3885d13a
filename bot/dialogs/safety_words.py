"""Words about somebody who missed a safety check-in: to the buddy, to organizers, to themselves."""

from __future__ import annotations

from bot.dialogs.checkin_words import pseudonym
from bot.i18n import Phrase, _, join
from bot.services.checkins.safety import Case, Word
from bot.services.presses import short
from bot.talk import says

SAFE = "safe"
UNREACHED = "unreached"


def name_of(case: Case) -> str:
    """How somebody is called."""
    return case.called or pseudonym(case.person)


def missed(word: Word) -> says.Text:
    """The word that somebody stayed silent, for whom it is."""
    number = short(word.case.id)
    title = word.checkin.title
    if word.whom == "themselves":
        text = _("🛟 You missed the safety check-in. Are you all right? We are asking around, as you agreed.")
        return says.Text(text, [[says.Action(_("✓ I'm all right"), SAFE, number)]])
    name = name_of(word.case)
    if word.whom == "buddy":
        text = _(
            "🛟 **{name}** has not answered the safety check-in “{title}”. You are their buddy: please call "
            "them now. In half an hour the organizers are told."
        )
        rows = [
            [says.Action(_("✓ All is well"), SAFE, number)],
            [says.Action(_("I can't reach them"), UNREACHED, number)],
        ]
        return says.Text(text.format(name=name, title=title), rows)
    text = _("🛟 **{name}** missed the safety check-in “{title}”, and nobody has reached them yet.")
    lines = [text.format(name=name, title=title)]
    if word.case.buddy is None:
        lines.append(_("They have no buddy."))
    return says.Text(join(lines), [[says.Action(_("✓ I looked after it"), SAFE, number)]])


def settled(word: Word) -> says.Text:
    """The word that all is well, to who was told before."""
    return says.Text(_("✓ **{name}** is all right. Thank you!").format(name=name_of(word.case)))


def settled_here(case: Case) -> Phrase:
    """What stands where it was settled."""
    return _("✓ Noted: {name} is all right. Thank you!").format(name=name_of(case))
