"""A new broadcast: topic, audience, words in both languages, buttons; seen and counted before it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.dialogs import broadcast_words as words
from bot.dialogs.broadcast_audience import Audience
from bot.dialogs.broadcast_buttons import Buttons
from bot.dialogs.broadcast_start import start_time
from bot.dialogs.broadcast_targets import Offers
from bot.dialogs.language import NAMES
from bot.i18n import LOCALES, Phrase, _, current_locale, day_and_clock, join
from bot.services.branches.desk import BranchDesk
from bot.services.broadcasts import letter
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.broadcasts.model import Content, Readers
from bot.services.checkins.organizing import RoundDesk
from bot.services.events.desk import EventDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.reminders.desk import ReminderDesk
from bot.services.stations.desk import StationDesk
from bot.talk import hears, says
from bot.talk.dialog import Dialog
from bot.talk.engine import Talk
from bot.talk.errors import Refused
from bot.talk.inputs import LongText
from bot.talk.says import Json

NEW: Final = "new_broadcast"
PREVIEW: Final = 0
"""Stands for a broadcast that is not there yet: the buttons of a preview say so."""
GROUP: Final = -1
"""Stands for the group in which such a preview would be."""

Rows = list[list[says.Button]]


class Words:
    """A text, or a picture with a text under it. `texts` are there already, and perhaps a picture for all."""

    def __init__(self, picture: str = "", texts: Iterable[str] = ()) -> None:
        self._picture = picture
        self._texts = tuple(texts)

    def hear(self, event: hears.Event) -> Json:
        """What is to be said, with its marks as letters know them; Refused with how much fits."""
        if isinstance(event, hears.Photo):
            if not event.caption.strip():
                raise Refused(_("Please send the picture again, with the words under it."))
            said = {"text": event.caption, "picture": event.file}
        elif isinstance(event, hears.Text):
            said = {"text": event.text, "picture": ""}
        else:
            raise Refused(_("Please send words, or a picture with words under it."))
        longest = letter.longest(said["picture"] or self._picture)
        text = LongText(1, longest).hear(hears.Text(said["text"]))
        if any(len(each) > longest for each in self._texts):
            tight = _("A picture leaves room for {n} characters: the words in the other language have more.")
            raise Refused(tight.format(n=longest))
        return {**said, "text": letter.marked(str(text))}

    def read(self, value: Json) -> dict[str, str]:
        """`{"text": …, "picture": file id or ""}`; Refused for anything else."""
        if not isinstance(value, dict) or set(value) != {"text", "picture"}:
            raise Refused(_("Please send words, or a picture with words under it."))
        return value


async def make(
    talk: Talk,
    broadcasts: BroadcastDesk,
    branches: BranchDesk,
    lessons: LessonDesk,
    stations: StationDesk,
    events: EventDesk,
    rounds: RoundDesk,
    reminders: ReminderDesk,
) -> None:
    """Ask for all of it, show it as people will see it, count, and let it go."""
    if not await broadcasts.may():
        await talk.say("no", not_yours())
        return
    buttons = Buttons(Offers(lessons, stations, events, rounds))
    branch = await talk.given("branch", "")
    topics = [(label, name) for name, label in words.topic_words().items()]
    topic = str(await talk.choose("topic", _("📣 **What is it about?**"), topics))
    audience = Audience(topic, broadcasts, branches, lessons, rounds)
    segment = await audience.choose(talk, "whom", branch, await talk.given("meant", ""))
    content = await _content(talk, buttons)
    starts_at: str | None = None
    turn = 0
    while True:
        in_groups = await _preview(talk, turn, content, segment, topic, broadcasts)
        check = (segment, topic, starts_at, broadcasts)
        way = await _check(talk, f"check{turn}", *check, in_groups=in_groups)
        turn += 1
        if way in ("send", "ask"):
            what = content.to_json()
            order = (segment, topic, what, starts_at, way == "ask")
            made = await talk.once(f"make{turn}", broadcasts.make, *order)
            if made is not None:
                break
            await talk.say(f"late{turn}", _("That time is over by now. Nothing is lost: name another."))
            starts_at = await start_time(talk, reminders, broadcasts, turn)
        elif way == "whom":
            segment = await audience.choose(talk, f"whom{turn}")
        elif way == "when":
            starts_at = await start_time(talk, reminders, broadcasts, turn)
        else:
            content = await _changed(talk, turn, content, buttons)
    await _say_made(talk, int(made), starts_at, broadcasts)


# -- What is said ------------------------------------------------------------------------------


async def _content(talk: Talk, buttons: Buttons) -> Content:
    """Words in the organizer's language, perhaps in the other one, and buttons."""
    own = str(await talk.note("own", current_locale))
    first = await talk.ask("text", _first_question(own), Words())
    content = _with_words(Content({}), own, first)
    other = _other(own)
    second = await talk.ask(
        "other", _next_question(other, is_new=True), _words_beside(content, other), optional=True
    )
    if second is not None:
        if content.picture and second["picture"]:
            await talk.say("picture", _one_picture())
        content = _with_words(content, other, second)
    return replace(content, buttons=await buttons.choose(talk, "buttons"))


async def _changed(talk: Talk, turn: int, content: Content, buttons: Buttons) -> Content:
    """The same with one part of it anew: the words in a language, the picture, or the buttons."""
    written = [locale for locale in LOCALES if locale in content.texts]
    parts: list[tuple[str, Json]] = [
        (_("✏️ In {language}").format(language=NAMES[locale]), locale) for locale in LOCALES
    ]
    if content.picture:
        parts.append((_("🗑 Without the picture"), "picture"))
    parts.append((_("🔘 The buttons"), "buttons"))
    part = str(await talk.choose(f"part{turn}", _("What shall change?"), parts))
    if part == "buttons":
        return replace(content, buttons=await buttons.choose(talk, f"buttons{turn}", content.buttons))
    if part == "picture":
        return replace(content, picture="")
    is_only = written == [part]
    question = _first_question(part) if is_only else _next_question(part, is_new=part not in written)
    said = await talk.ask(f"text{turn}", question, _words_beside(content, part), optional=not is_only)
    if said is None:
        return replace(content, texts={key: text for key, text in content.texts.items() if key != part})
    if content.picture and said["picture"] and not is_only:
        await talk.say(f"picture{turn}", _one_picture())
    return _with_words(content, part, said)


def _other(locale: str) -> str:
    return next(each for each in LOCALES if each != locale)


def _words_beside(content: Content, locale: str) -> Words:
    """Words in a language, beside those that stay."""
    return Words(content.picture, [text for key, text in content.texts.items() if key != locale])


def _with_words(content: Content, locale: str, said: Mapping[str, str]) -> Content:
    """With words in a language; a picture that comes with them takes the place of the one before."""
    texts = {**content.texts, locale: said["text"]}
    return replace(content, texts=texts, picture=said["picture"] or content.picture)


def _first_question(locale: str) -> Phrase:
    question = _(
        "✏️ **What do you want to say?** In {language}. A picture may come with it.\n"
        "`{{name}}` and `{{branch}}` stand for who reads it."
    )
    return question.format(language=NAMES[locale])


def _next_question(locale: str, *, is_new: bool) -> Phrase:
    question = _("✏️ The words in {language}, anew. If you skip it, everybody gets the others.")
    if is_new:
        question = _("And in {language}? If you skip it, everybody gets what you just wrote.")
    return question.format(language=NAMES[locale])


def _one_picture() -> Phrase:
    return _("🖼 One picture goes with all languages: the one you sent last.")


# -- As people will see it ------------------------------------------------------------------------


async def _preview(
    talk: Talk, turn: int, content: Content, segment: str, topic: str, broadcasts: BroadcastDesk
) -> bool:
    """The message as it arrives: in each language that its readers read, and as in a group.

    Gives whether there is one for groups, below the others.
    """

    async def look() -> Json:
        found = await broadcasts.readers(segment, topic)
        return [found.people, found.groups]

    spoken, of_groups = await talk.note(f"readers{turn}", look)
    previews = seen_by_all(content, Readers(tuple(spoken), of_groups))
    for number, preview in enumerate(previews):
        await talk.say(f"preview{turn}.{number}", preview)
    if unknown := letter.unknown_marks("\n".join(content.texts.values())):
        await talk.say(f"unknown{turn}", _unknown(unknown))
    return of_groups is not None


def _unknown(marks: list[str]) -> Phrase:
    text = _(
        "⚠️ I put nothing in for {marks}: everybody would read it just so. A slip? Then change the words."
    )
    return text.format(marks=" ".join(marks))


def seen_by_all(content: Content, readers: Readers) -> list[says.Message]:
    """The message in each language that it is written or read in, and as groups get it."""
    only_groups = readers.groups is not None and not readers.people
    spoken = () if only_groups else {*readers.people, *content.texts}
    seen = [seen_by(content, locale) for locale in LOCALES if locale in spoken]
    return seen if readers.groups is None else [*seen, seen_by(content, readers.groups, GROUP)]


def seen_by(content: Content, locale: str, group: int | None = None) -> says.Message:
    """The message as somebody who never said their name gets it, or a group without a branch."""
    in_group = group is not None
    text = letter.sample(content.text(locale), content.spoken_to(locale), group=in_group)
    return letter.draw(replace(content, texts={locale: text}), locale, PREVIEW, group)


async def _check(
    talk: Talk,
    key: str,
    segment: str,
    topic: str,
    starts_at: str | None,
    broadcasts: BroadcastDesk,
    *,
    in_groups: bool,
) -> str:
    """The last look before it goes: who gets it, who does not, how long it takes. Gives what to do."""
    at = datetime.fromisoformat(starts_at) if starts_at else None
    counted = await broadcasts.count(segment, topic, at)
    terms = broadcasts.terms
    lines = [
        _("👆 So people will see it, and last of all groups. **Ready?**")
        if in_groups
        else _("👆 So people will see it. **Ready?**"),
        Phrase("{topic} · {who}").format(
            topic=words.topic_words()[topic], who=await broadcasts.describe(segment)
        ),
        words.counted_words(counted, terms.per_second),
    ]
    if at:
        lines.append(_("🕗 starts {time}").format(time=day_and_clock(at)))
    is_many = counted.recipients > terms.threshold
    if is_many:
        lines.append(_("👥 More than {n}: a second organizer has to approve it.").format(n=terms.threshold))
    send = _("✓ Plan it") if at else _("🚀 Send it now")
    ways: list[tuple[str, Json]] = [
        (_("✋ Ask for approval"), "ask") if is_many else (send, "send"),
        (_("🕗 Another time"), "when"),
        (_("✏️ The words"), "text"),
        (_("👤 Who gets it"), "whom"),
    ]
    return str(await talk.choose(key, join(lines), ways if counted.recipients else ways[1:]))


async def _say_made(talk: Talk, made: Json, starts_at: str | None, broadcasts: BroadcastDesk) -> None:
    if made is None:
        await talk.say("late", _("That time is over by now, or too far ahead. /broadcast begins anew."))
        return
    broadcast = await broadcasts.get(int(made))
    mine: Rows = [[says.Action(_("☰ My broadcasts"), words.LIST)]]
    if broadcast is None or broadcast.state != "asked":
        text = _("✓ Planned. It starts by itself.") if starts_at else _("✓ It goes out now: watch it below.")
        await talk.say("made", says.Text(text, mine))
        return
    asked = await talk.once("ask", broadcasts.ask, made, words.DRAWS)
    await talk.say("asked", says.Text(words.asked_words(asked or 0), mine))


def not_yours() -> says.Text:
    """For who looks after nobody."""
    text = _("Broadcasts are what organizers send. What comes to you, and when, you choose here:")
    return says.Text(text, [[says.Action(_("🔕 What comes, and when"), "quiet")]])


DIALOG = Dialog(NEW, make, title=lambda: _("A broadcast"))
