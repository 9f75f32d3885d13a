"""A new broadcast: topic, audience, words in both languages, buttons; seen and counted before it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.dialogs import broadcast_words as words
from bot.dialogs.broadcast_audience import Audience
from bot.dialogs.broadcast_buttons import Buttons
from bot.dialogs.broadcast_targets import Offers
from bot.dialogs.language import NAMES
from bot.dialogs.reminders import settle_time
from bot.i18n import LOCALES, Phrase, _, current_locale, day_and_clock, join, ngettext, speaking
from bot.services.branches.desk import BranchDesk
from bot.services.broadcasts import letter
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.broadcasts.model import Content
from bot.services.checkins.organizing import RoundDesk
from bot.services.events.desk import EventDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.notices import Notices
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

Rows = list[list[says.Button]]


class Words:
    """A text, or a picture with a text under it."""

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
        text = LongText(1, letter.longest(said["picture"])).hear(hears.Text(said["text"]))
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
    notices: Notices,
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
    content = await _content(talk, "", buttons)
    starts_at: str | None = None
    turn = 0
    while True:
        await _preview(talk, turn, content)
        way = await _check(talk, f"check{turn}", segment, topic, starts_at, broadcasts)
        turn += 1
        if way == "send":
            break
        if way == "whom":
            segment = await audience.choose(talk, f"whom{turn}")
        elif way == "when":
            starts_at = await _time(talk, reminders, turn)
        else:
            content = await _content(talk, str(turn), buttons)
    made = await talk.once("make", broadcasts.make, segment, topic, content.to_json(), starts_at)
    await _say_made(talk, made, starts_at, broadcasts, notices)


# -- What is said ------------------------------------------------------------------------------


async def _content(talk: Talk, turn: str, buttons: Buttons) -> Content:
    """Words in the organizer's language, perhaps in the other one, and buttons."""
    own = current_locale()
    other = next(locale for locale in LOCALES if locale != own)
    question = _(
        "✏️ **What do you want to say?** In {language}. A picture may come with it.\n"
        "`{{name}}` and `{{branch}}` stand for who reads it."
    ).format(language=NAMES[own])
    first = await talk.ask(f"text{turn}", question, Words())
    question = _("And in {language}? If you skip it, everybody gets what you just wrote.")
    second = await talk.ask(f"other{turn}", question.format(language=NAMES[other]), Words(), optional=True)
    texts = {own: first["text"], **({other: second["text"]} if second else {})}
    picture = first["picture"] or (second["picture"] if second else "")
    return Content(texts, picture, await buttons.choose(talk, f"buttons{turn}"))


# -- As people will see it ------------------------------------------------------------------------


async def _preview(talk: Talk, turn: int, content: Content) -> None:
    """The message in each language that it is written in, exactly as it arrives."""
    for locale in LOCALES:
        if locale in content.texts:
            await talk.say(f"preview_{locale}{turn}", seen_by(content, locale))


def seen_by(content: Content, locale: str) -> says.Message:
    """The message as somebody who never said their name gets it."""
    texts = {locale: letter.sample(content.text(locale), locale)}
    return letter.draw(replace(content, texts=texts), locale, PREVIEW)


async def _check(
    talk: Talk, key: str, segment: str, topic: str, starts_at: str | None, broadcasts: BroadcastDesk
) -> str:
    """The last look before it goes: who gets it, who does not, how long it takes. Gives what to do."""
    at = datetime.fromisoformat(starts_at) if starts_at else None
    counted = await broadcasts.count(segment, topic, at)
    terms = broadcasts.terms
    lines = [
        _("👆 So people will see it. **Ready?**"),
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
        (_("✋ Ask for approval") if is_many else send, "send"),
        (_("🕗 Another time"), "when"),
        (_("✏️ The words"), "text"),
        (_("👤 Who gets it"), "whom"),
    ]
    return str(await talk.choose(key, join(lines), ways if counted.recipients else ways[1:]))


async def _time(talk: Talk, reminders: ReminderDesk, turn: int) -> str | None:
    """When it is to start, None for at once."""
    now = [(_("At once"), "now"), (_("Later"), "later")]
    if await talk.choose(f"at{turn}", _("When shall it start?"), now) == "now":
        return None
    step = 0
    while True:
        when = await settle_time(talk, None, reminders, f"when{turn}.{step}.")
        if when.rrule is None and isinstance(when.at, datetime):
            return when.at.isoformat()
        await talk.say(f"once{turn}.{step}", _("A broadcast starts once: please name one time."))
        step += 1


async def _say_made(
    talk: Talk, made: Json, starts_at: str | None, broadcasts: BroadcastDesk, notices: Notices
) -> None:
    if made is None:
        await talk.say("late", _("That time is over by now, or too far ahead. /broadcast begins anew."))
        return
    broadcast = await broadcasts.get(int(made))
    mine: Rows = [[says.Action(_("☰ My broadcasts"), words.LIST)]]
    if broadcast is None or broadcast.state != "asked":
        text = _("✓ Planned. It starts by itself.") if starts_at else _("✓ It goes out now: watch it below.")
        await talk.say("made", says.Text(text, mine))
        return
    asked = await talk.once("ask", ask_approvers, int(made), broadcasts, notices)
    text = ngettext(
        "✋ {n} colleague is asked to approve it.", "✋ {n} colleagues are asked to approve it.", asked
    )
    if not asked:
        text = _("✋ It needs a second organizer who looks after all of them, too. Ask an admin for one.")
    await talk.say("asked", says.Text(text, mine))


async def ask_approvers(number: int, broadcasts: BroadcastDesk, notices: Notices) -> int:
    """Ask those who may approve it; gives their number."""
    broadcast = await broadcasts.get(number)
    if broadcast is None:
        return 0
    counted = await broadcasts.count(broadcast.segment, broadcast.topic, broadcast.starts_at)
    approvers = await broadcasts.approvers(number)
    for approver in approvers:
        with speaking(approver.locale):
            who = await broadcasts.describe(broadcast.segment)
            card = words.approval_card(broadcast, counted, who, broadcasts.terms.per_second)
        await notices.tell(approver, card)
    return len(approvers)


def not_yours() -> says.Text:
    """For who looks after nobody."""
    text = _("Broadcasts are what organizers send. What comes to you, and when, you choose here:")
    return says.Text(text, [[says.Action(_("🔕 What comes, and when"), "quiet")]])


DIALOG = Dialog(NEW, make, title=lambda: _("A broadcast"))
