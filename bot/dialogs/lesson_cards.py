"""A lesson's card to share in a group: its title and what it gives, and a name only if one wants it there."""

from __future__ import annotations

from bot.dialogs.certificates import Name
from bot.dialogs.lesson_screens import minutes_words, title_of
from bot.dialogs.lessons import CARD, LEARN, LESSON
from bot.i18n import _, current_locale
from bot.services.lessons import timing
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.model import Lesson
from bot.services.lessons.posters import ShareCard
from bot.services.tracks.desk import TrackDesk
from bot.talk import says
from bot.talk.dialog import Dialog
from bot.talk.engine import Go, Talk


async def share(talk: Talk, lessons: LessonDesk, tracks: TrackDesk) -> Go | None:
    """Ask whose card it is, unless it is to be nobody's; then show it, ready to be forwarded."""
    lesson = lessons.lesson(await talk.given("lesson", ""))
    if lesson is None:
        await talk.say("gone", _("That lesson is not there any more."))
        return Go(LEARN)
    called = ""
    if (
        await talk.choose(
            "whose",
            _("↗ A card of **{title}** for your groups. Shall it say who recommends it?").format(
                title=title_of(lesson)
            ),
            [(_("No name"), "nobody"), (_("✍ With a name"), "named")],
        )
        == "named"
    ):
        called = await talk.ask("called", _("Which name?"), Name())
    picture = await talk.once("draw", lessons.draw_card, _card(lesson, called, tracks.username))
    row: list[says.Button] = [says.Link(_("▶ Take the lesson"), f"start:{LESSON}_{lesson.id}")]
    text = _("📚 **{title}** · {minutes}. Forward this to any group.")
    caption = text.format(title=title_of(lesson), minutes=_minutes(lesson))
    await talk.say("card", says.Photo(picture, caption, [row]))
    return None


def _card(lesson: Lesson, called: str, username: str) -> ShareCard:
    text = lesson.text(current_locale())
    return ShareCard(
        above=_("A short lesson · {minutes}").format(minutes=_minutes(lesson)),
        title=text.head.title,
        summary=text.head.summary,
        by=_("Recommended by {name}").format(name=called) if called else "",
        username=username,
    )


def _minutes(lesson: Lesson) -> str:
    return minutes_words(timing.minutes(lesson.text(current_locale()).cards))


DIALOG = Dialog(CARD, share, title=lambda: _("A card to share"), parks=False)
