"""Which language Wayside speaks with a person. Can be changed in the middle of anything."""

from __future__ import annotations

from bot.i18n import LOCALES, _, speaking
from bot.services.people import People
from bot.talk import says
from bot.talk.dialog import Answerer, Aside

# Each language calls itself by its own name.
NAMES = {"zh_CN": "中文", "en": "English"}


async def ask(aside: Aside, _argument: str) -> None:
    """Offer the languages."""
    row = [says.Action(NAMES[locale], "speak", locale) for locale in LOCALES]
    aside.say(says.Text("请选择语言 · Please choose your language", [row]))


async def speak(aside: Aside, locale: str, people: People) -> None:
    """Speak the chosen language from here on."""
    if locale not in LOCALES:
        aside.toast(_("That button doesn't work any more."))
        return
    await people.choose_locale(locale)
    aside.speak(locale)
    with speaking(locale):
        aside.say(says.Text(_("English it is."), menu=True))


COMMANDS = (Answerer("language", ask, lambda: _("Language · 语言")),)
ACTIONS = (Answerer("speak", speak), Answerer("language", ask))
