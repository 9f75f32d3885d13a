"""Acute danger in what is written to appeals: whom to call, said before anything else."""

from __future__ import annotations

from bot.i18n import Phrase, current_locale, join
from bot.services.appeals.mine import MyAppeals
from bot.services.danger import Danger
from bot.talk.engine import Talk


async def answer(talk: Talk, key: str, text: str, appeals: MyAppeals) -> bool:
    """Say what to do at once where a text tells of danger."""
    danger = appeals.danger.heard(text) if text else None
    if danger is None:
        return False
    await talk.say(key, danger_words(danger))
    return True


def danger_words(danger: Danger) -> Phrase:
    """What to do, and whom to call."""
    calls = join([Phrase("📞 **{number}**").format(number=number) for number in danger.calls], "  ")
    return Phrase("🆘 {words}\n\n{calls}").format(words=danger.says(current_locale()), calls=calls)
