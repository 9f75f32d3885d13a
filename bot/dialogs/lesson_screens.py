"""The screens of a lesson: a card, a question, a pause, the end; and the list of all lessons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import Phrase, _, clock, current_locale, is_chinese, join, ngettext, plain
from bot.services.files import CONTENT
from bot.services.lessons import course, timing
from bot.services.lessons.course import DONE, PAUSED, Place
from bot.services.lessons.desk import Kept, LessonDesk
from bot.services.lessons.library import Library
from bot.services.lessons.model import Card, Lesson, LessonText, Link, Media, Track
from bot.talk import says

Rows = list[list[says.Button]]

# One cell for each card, as long as that fits a line of a phone.
LONGEST_BAR = 12
NUMBERS_IN_A_ROW = 6
PAGE = 6
LETTERS = "ABCDEF"


def draw(place: Place, library: Library) -> says.Screen:
    """The screen that a place means."""
    lesson = library.lesson(place["lesson"])
    if lesson is None:
        rows: Rows = [[says.Option(_("☰ All lessons"), ["list"])]]
        return says.Screen(_("That lesson is not there any more."), rows)
    if place["stage"] == PAUSED:
        return _paused(place, lesson)
    if place["stage"] == DONE:
        return _done(place, lesson, library)
    return _card(place, lesson)


def title_of(lesson: Lesson) -> str:
    """A lesson's title in the reader's language."""
    return lesson.text(current_locale()).head.title


def minutes_words(minutes: int) -> Phrase:
    """How long something takes."""
    return ngettext("{n} min", "{n} min", minutes)


# -- A card --------------------------------------------------------------------------


def _card(place: Place, lesson: Lesson) -> says.Screen:
    text = lesson.text(current_locale())
    cards = text.cards
    number = course.number_of(place, cards)
    card = cards[number]
    header = join([Phrase("📘 **{title}**").format(title=title_of(lesson)), _progress(number, cards)])
    if card.quiz is None:
        body = [Phrase("**{title}**").format(title=card.title), card.text]
        rows: Rows = [[says.Option(link.label, _way(link))] for link in card.links]
    else:
        asked = Question(card, course.tries(place, card), course.picked(place, card), lesson.id)
        body, rows = asked.body(), asked.rows()
    rows = [*_to_hear(text, number), *rows]
    rows += [_steps(place, cards), [says.Option(_("⏸ An order came in"), ["pause"])]]
    return says.Screen(join([header, *body], "\n\n"), rows, picture=_picture(lesson, text, number))


def _picture(lesson: Lesson, text: LessonText, number: int) -> str:
    shown = text.picture_at(number)
    return _file(lesson, shown) if shown else ""


def _file(lesson: Lesson, media: Media) -> str:
    return f"{CONTENT}lessons/{lesson.id}/{media.file}"


def _to_hear(text: LessonText, number: int) -> Rows:
    """The whole lesson at its beginning, and what belongs to this card."""
    return [
        [says.Option(_("🔊 Listen · {length}").format(length=_length(media)), ["listen", number, place])]
        for place, media in enumerate(recordings_at(text, number))
    ]


def recordings_at(text: LessonText, number: int) -> list[Media]:
    """What one can listen to at a card."""
    whole = [text.recording] if text.recording is not None and number == 0 else []
    return [*whole, *text.cards[number].recordings]


def recording(lesson: Lesson, media: Media) -> says.Audio:
    """Something to listen to while riding."""
    return says.Audio(_file(lesson, media), media.words, media.seconds)


def _length(media: Media) -> str:
    return f"{media.seconds // 60}:{media.seconds % 60:02}"


def _progress(number: int, cards: Sequence[Card]) -> Phrase:
    left = timing.minutes(cards[number:])
    return Phrase("{bar} {number}/{all} · {left}").format(
        bar=_bar(number + 1, len(cards)),
        number=number + 1,
        all=len(cards),
        left=ngettext("{n} min left", "{n} min left", left),
    )


def _bar(number: int, of: int) -> str:
    cells = min(of, LONGEST_BAR)
    full = max(1, number * cells // of)
    return "▰" * full + "▱" * (cells - full)


def _way(link: Link) -> list[str]:
    return ["link", link.kind, link.target]


def _steps(place: Place, cards: Sequence[Card]) -> list[says.Button]:
    number = course.number_of(place, cards)
    back = says.Option("‹", ["back"]) if number else says.Option(_("☰ All lessons"), ["list"])
    if not course.may_go_on(place, cards):
        return [back]
    is_last = number == len(cards) - 1
    return [back, says.Option(_("Finish ✓") if is_last else _("Next ›"), ["next"])]


# -- A question ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what was answered and what is picked; in a review there is no second try."""

    card: Card
    tries: Sequence[Sequence[int]]
    picked: Sequence[int]
    lesson: str
    most: int = course.MOST_TRIES

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more answers."""
        return course.is_closed(self.card, self.tries, self.most)

    def body(self) -> list[Phrase]:
        """The question, its answers, and what to say about the last try."""
        card = self.card
        options = [
            Phrase("{letter}. {text}").format(letter=letter, text=card.options[option].text)
            for letter, option in self._lettered()
        ]
        parts = [Phrase("**{title}**").format(title=card.title), card.text, join(options)]
        if self.tries:
            parts.append(self._verdict(self.tries[-1]))
        elif card.quiz == "multiple":
            parts.append(_("_More than one may be right. Tap them, then ✓._"))
        elif card.quiz == "order":
            parts.append(_("_Tap them in the right order._"))
        if self.picked and card.quiz == "order":
            parts.append(_("Your order: {letters}").format(letters=self._letters(self.picked, " → ")))
        return parts

    def rows(self) -> Rows:
        """One button for each answer that may still be chosen."""
        if self.is_closed:
            return []
        gone = {option for answer in self.tries for option in answer} if self._is_single else set()
        if self.card.quiz == "order":
            gone = set(self.picked)
        letters: list[says.Button] = [
            says.Option(self._mark(option) + letter, ["answer", option])
            for letter, option in self._lettered()
            if option not in gone
        ]
        rows: Rows = [letters]
        if self.card.quiz == "multiple" and self.picked:
            rows.append([says.Option(_("✓ That's all"), ["give"])])
        if self.card.quiz == "order" and self.picked:
            rows.append([says.Option(_("↺ Start over"), ["clear"])])
        return rows

    @property
    def _is_single(self) -> bool:
        return self.card.quiz in ("single", "situation")

    def _mark(self, option: int) -> str:
        return "✓ " if option in self.picked else ""

    def _lettered(self) -> list[tuple[str, int]]:
        return list(zip(LETTERS, course.shown_order(self.lesson, self.card), strict=False))

    def _letters(self, options: Sequence[int], separator: str) -> str:
        names = {option: letter for letter, option in self._lettered()}
        return separator.join(names[option] for option in options)

    def _verdict(self, answer: Sequence[int]) -> Phrase:
        if course.is_right(self.card, answer):
            why = self._why(answer)
            return Phrase("✅ {why}").format(why=why) if why else _("✅ Right!")
        parts = [_("❌ Not quite."), self._why(answer)]
        if not self._is_single and self._is_short(answer):
            parts.append(_("Something is missing."))
        if not self.is_closed:
            return join([_space(parts), _("Try once more.")])
        separator = " → " if self.card.quiz == "order" else _list_comma()
        right = _("The right answer: **{letters}**").format(letters=self._letters(self.card.right, separator))
        more = Phrase() if self.card.quiz == "order" else self._why(self.card.right)
        return join([part for part in (_space(parts), right, more) if part])

    def _is_short(self, answer: Sequence[int]) -> bool:
        return not set(self.card.right) <= set(answer)

    def _why(self, answer: Sequence[int]) -> Phrase:
        """What the author says about what was chosen; of a mixed choice only about what was wrong."""
        if self.card.quiz == "order":
            return self.card.why
        chosen = [self.card.options[option] for option in answer]
        wrong = [option for option in chosen if not option.right]
        return _space([option.why for option in wrong or chosen])


def _space(parts: Sequence[Phrase]) -> Phrase:
    """Sentences one after another; Chinese has no space between them."""
    return join([part for part in parts if part], "" if is_chinese() else " ")


def _list_comma() -> str:
    return "、" if is_chinese() else ", "


# -- Paused, done --------------------------------------------------------------------


def _paused(place: Place, lesson: Lesson) -> says.Screen:
    cards = lesson.text(current_locale()).cards
    text = _(
        "⏸ Off you go, and ride safely. **{title}** is kept at card {number} of {all}.\n"
        "I'll remind you at {time}. Or tap below when you are back, or send /learn: on any phone, any day."
    ).format(
        title=title_of(lesson),
        number=course.number_of(place, cards) + 1,
        all=len(cards),
        time=clock(datetime.fromisoformat(place["remind_at"])),
    )
    return says.Screen(text, [[says.Action(_("▶ Go on with the lesson"), "lesson", lesson.id)]])


def _done(place: Place, lesson: Lesson, library: Library) -> says.Screen:
    questions = lesson.text(current_locale()).questions
    right = len(course.right_at_first(place, questions))
    lines = [
        _("🎉 Done: **{title}**").format(title=title_of(lesson)),
        _("{right} of {all} right at the first try.").format(right=right, all=len(questions)),
        _("The questions come back before you forget them: /review"),
    ]
    # Only just after the end: whoever comes back later, or takes it once more, gets nothing anew.
    if place.get("brings"):
        lines.append(points_line(place["brings"]))
    rows: Rows = []
    following = library.after(lesson)
    if following is not None:
        rows.append([says.Option(_following(following), ["lesson", following.id])])
    rows.append([says.Option(_("☰ All lessons"), ["list"]), says.Option(_("↺ Once more"), ["again"])])
    share = says.Option(_("↗ Card to share"), ["card", lesson.id])
    rows.append([share, says.Option(_("🎓 My track"), ["tracks", lesson.track])])
    return says.Screen(join(lines), rows)


def points_line(points: int) -> Phrase:
    """What something brought, and where it is counted."""
    return ngettext("⭐ +{n} point: /points", "⭐ +{n} points: /points", points)


def _following(lesson: Lesson) -> Phrase:
    return _("▶ Next: {title}").format(title=title_of(lesson))


# -- The list ------------------------------------------------------------------------


async def draw_list(lessons: LessonDesk, page: int) -> says.Screen:
    """Today's lesson or the one that waits first; then all of them by track, a few at a time."""
    kept = await lessons.kept()
    due = await lessons.due()
    today = lessons.todays(kept)
    lines, rows = _first(kept, today)
    listed = list(enumerate(lessons.library.lessons, 1))
    shown = listed[page * PAGE : (page + 1) * PAGE]
    lines += [
        _track(track, [one for one in shown if one[1].track == track.id], lessons, kept)
        for track in lessons.library.tracks
        if any(lesson.track == track.id for _number, lesson in shown)
    ]
    rows.append([says.Option(str(number), ["lesson", lesson.id]) for number, lesson in shown])
    rows += [turns] if (turns := page_turns(page, len(listed), PAGE)) else []
    more: list[says.Button] = [says.Option(_("❓ Questions and answers"), ["guides"])]
    if due:
        more.insert(0, says.Option(ngettext("🔁 Review {n}", "🔁 Review {n}", due), ["review"]))
    every_day = says.Option(_("⏰ Every day"), ["daily"])
    tracks = says.Option(_("🎓 Tracks"), ["tracks", ""])
    return says.Screen(join(lines, "\n\n"), [*rows, more, [every_day, tracks]])


def _first(kept: Mapping[str, Kept], today: Lesson | None) -> tuple[list[Phrase], Rows]:
    """What to do now: go on with what was begun, or today's lesson."""
    rows: Rows = []
    waiting = next((one for one in kept.values() if one.is_open), None)
    if waiting is not None:
        label = _("▶ Go on: {title}").format(title=title_of(waiting.lesson))
        rows.append([says.Option(label, ["lesson", waiting.lesson.id])])
    if today is None:
        return [_("📚 You have finished every lesson. 👏 Take any of them again.")], rows
    text = today.text(current_locale())
    heading = _("📚 Today's lesson: **{title}** · {minutes}").format(
        title=text.head.title, minutes=minutes_words(timing.minutes(text.cards))
    )
    if waiting is None or waiting.lesson is not today:
        rows.append([says.Option(_("📖 Begin: {title}").format(title=text.head.title), ["lesson", today.id])])
    return [join([heading, plain(text.head.summary)])], rows


def page_turns(page: int, count: int, most: int) -> list[says.Button]:
    """The way to the lines before and after those shown."""
    turns: list[says.Button] = []
    if page:
        turns.append(says.Option(_("‹ Back"), ["page", page - 1]))
    if (page + 1) * most < count:
        turns.append(says.Option(_("More ›"), ["page", page + 1]))
    return turns


def _track(
    track: Track, shown: Sequence[tuple[int, Lesson]], lessons: LessonDesk, kept: Mapping[str, Kept]
) -> Phrase:
    heading = Phrase("{emoji} **{name}**").format(emoji=track.emoji, name=track.name(current_locale()))
    following = lessons.next_on(track.id, kept)
    entries = [_entry(number, lesson, kept.get(lesson.id), following is lesson) for number, lesson in shown]
    return join([heading, *entries])


def _entry(number: int, lesson: Lesson, kept: Kept | None, is_next: bool) -> Phrase:
    text = lesson.text(current_locale())
    mark, more = ("→ " if is_next else ""), minutes_words(timing.minutes(text.cards))
    if kept is not None and kept.is_open:
        place = course.number_of(kept.place, text.cards) + 1
        mark, more = "▶ ", Phrase("{number}/{all}").format(number=place, all=len(text.cards))
    elif kept is not None and kept.finished:
        mark = "✓ "
    return Phrase("{number}. {mark}{title} · {more}").format(
        number=number, mark=mark, title=text.head.title, more=more
    )
