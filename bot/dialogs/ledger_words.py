"""What organizers read of appeals: lines of the ledger, the weekly report, the monthly digest, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.dialogs.appeal_words import kind_name
from bot.dialogs.desk_words import alias
from bot.dialogs.event_words import EVENT
from bot.home import SHANGHAI
from bot.i18n import Phrase, _, current_locale, day_and_clock, day_and_month, join, ngettext, shortened
from bot.services import charts
from bot.services.appeals.digest import Digest, Theme
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.ledger import Entry, state_word
from bot.services.appeals.model import FEWEST_TOLD, OF_THE_DESK
from bot.services.appeals.report import Figures, Report
from bot.services.appeals.subscriptions import Drawn, Sending
from bot.services.charts import Bar
from bot.services.events.model import Event
from bot.services.presses import short
from bot.talk import says

EXCERPT: Final = 36
"""Characters of a story in a list."""
MOST_DESKS: Final = 6
"""In a text; the picture has all kinds, the file has everything."""

_DAY: Final = timedelta(days=1)
_HOURS_A_DAY: Final = 24


def drawn(sending: Sending, rules: Rulebook) -> Drawn:
    """A weekly report or a monthly digest, in the language being spoken."""
    content = sending.content
    if isinstance(content, Digest):
        return Drawn(picture(content.report, rules), "month.png", digest(content, rules))
    return Drawn(picture(content, rules), "week.png", weekly(sending, content, rules))


# -- A line of the ledger --------------------------------------------------------------


def entry_lines(place: int, entry: Entry, rules: Rulebook) -> Phrase:
    """An appeal in the list: what, where it stands, with whom, until when."""
    appeal = entry.appeal
    head = Phrase("{place}. **{kind}** · {state} · {alias}").format(
        place=place,
        kind=kind_name(appeal.kind, rules),
        state=state_word(appeal.state),
        alias=alias(appeal),
    )
    return join([head, Phrase("   {story}").format(story=_excerpt(appeal.story)), _who(entry)])


def _who(entry: Entry) -> Phrase:
    mark = "⏰ " if entry.missed else ""
    if entry.appeal.next_at is None or entry.appeal.next_what not in OF_THE_DESK:
        return Phrase("   {mark}{owner}").format(mark=mark, owner=entry.owner)
    until = _("   {mark}{owner}, by {time}")
    return until.format(mark=mark, owner=entry.owner, time=day_and_clock(entry.appeal.next_at))


def _excerpt(story: str) -> str:
    return shortened(" ".join(story.split()), EXCERPT)


# -- The week --------------------------------------------------------------------------


def weekly(sending: Sending, report: Report, rules: Rulebook) -> says.Text:
    """The report of a week."""
    parts = [
        _("📊 **Appeals, {period}**").format(period=_period(report)),
        _whole(report),
        _by_kind(report, rules),
        _by_desk(report, sending.names),
        _hint(report),
    ]
    return says.Text(join([part for part in parts if part], "\n\n"))


def _whole(report: Report) -> Phrase:
    """The lines about everything; what can't be told, or does not exist, is left out."""
    whole = report.whole
    lines = [_("📥 Came in: {n}").format(n=_count(whole.received)), _solved(whole)]
    lines.append(_("⏳ Still open: {n}").format(n=_count(whole.waiting)))
    if report.on_time_share is not None:
        lines.append(_("🕗 On time: {share}").format(share=_percent(report.on_time_share)))
    if report.reopened_share is not None:
        lines.append(
            _("↩ “Not solved”, said the person: {share}").format(share=_percent(report.reopened_share))
        )
    if whole.median_hours is not None:
        lines.append(_("⌛ Half were solved within {hours}").format(hours=_hours(whole.median_hours)))
    return join(lines)


def _solved(whole: Figures) -> Phrase:
    count = _count(whole.solved)
    if whole.solved_share is None:
        return _("✅ Solved: {n}").format(n=count)
    told = _("✅ Solved: {n} ({share} of all that were open)")
    return told.format(n=count, share=_percent(whole.solved_share))


def _by_kind(report: Report, rules: Rulebook) -> Phrase:
    lines = [_line(kind_name(kind, rules), figures) for kind, figures in report.kinds.items()]
    return join([_("**By kind**"), *lines]) if lines else Phrase("")


def _by_desk(report: Report, names: Mapping[tuple[str, str], str]) -> Phrase:
    lines = [_line(names.get(place, place[1]), figures) for place, figures in report.desks.items()]
    return join([_("**By desk**"), *lines[:MOST_DESKS]]) if lines else Phrase("")


def _line(name: str, figures: Figures) -> Phrase:
    if figures.solved_share is None:
        return _("· {name}: fewer than {least}").format(name=name, least=FEWEST_TOLD)
    line = _("· {name}: {solved} solved, {waiting} open").format(
        name=name, solved=_count(figures.solved), waiting=_count(figures.waiting)
    )
    if figures.median_hours is None:
        return line
    return line + _(", half within {hours}").format(hours=_hours(figures.median_hours))


def _hint(report: Report) -> Phrase:
    if report.whole.received == 0 and report.whole.waiting == 0:
        return _("Nothing came in and nothing is open. A quiet week.")
    return _("_What is about fewer than {least} people is left out: it might tell who._").format(
        least=FEWEST_TOLD
    )


# -- The month -------------------------------------------------------------------------


def digest(content: Digest, rules: Rulebook) -> says.Text:
    """What a round table talks about."""
    themes = [_theme(theme, rules) for theme in content.themes]
    parts = [
        _("🗓 **For the round table: {period}**").format(period=_period(content.report)),
        _whole(content.report),
        join([_("**Open themes**"), *themes]) if themes else _("No theme is open for five people or more."),
        _meeting(content.event),
    ]
    rows: says.Rows = []
    if content.event is not None:
        rows = [[says.Action(_("🙋 To the event"), EVENT, short(content.event.id))]]
    return says.Text(join(parts, "\n\n"), rows)


def _theme(theme: Theme, rules: Rulebook) -> Phrase:
    people = ngettext("{n} person", "{n} people", theme.people)
    line = Phrase("· {kind} · {people}").format(kind=kind_name(theme.kind, rules), people=people)
    return join([line, Phrase("   {story}").format(story=theme.story)]) if theme.story else line


def _meeting(event: Event | None) -> Phrase:
    if event is None:
        return _("No event is planned yet. Invite to one: /event")
    return _("📍 Talk about it: **{title}**, {time}").format(title=event.title, time=day_and_clock(event.at))


# -- The picture -----------------------------------------------------------------------


def picture(report: Report, rules: Rulebook) -> bytes | None:
    """How much was solved of each kind, as a picture; None where there is nothing to draw."""
    if not report.kinds:
        return None
    bars = [
        Bar(kind_name(kind, rules), figures.solved_share and figures.solved_share * 100, _share_of(figures))
        for kind, figures in report.kinds.items()
    ]
    title = _("Solved by kind, {period}").format(period=_period(report))
    note = _("Solved of all that were open. Fewer than {least}: not shown.").format(least=FEWEST_TOLD)
    return charts.bars(str(title), bars, most=100, note=str(note))


def _share_of(figures: Figures) -> str:
    if figures.solved_share is None:
        return f"<{FEWEST_TOLD}"
    share = _percent(figures.solved_share)
    return share if figures.median_hours is None else f"{share} · {_hours(figures.median_hours)}"


# -- Numbers ---------------------------------------------------------------------------


def _count(number: int | None) -> str:
    return f"<{FEWEST_TOLD}" if number is None else str(number)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _hours(hours: float) -> str:
    if hours < 2 * _HOURS_A_DAY:
        return str(ngettext("{n} hour", "{n} hours", max(1, round(hours))))
    return str(ngettext("{n} day", "{n} days", round(hours / _HOURS_A_DAY)))


def _period(report: Report) -> str:
    first, last = (one.astimezone(SHANGHAI).date() for one in (report.start, report.end - _DAY))
    dash = "—" if current_locale().startswith("zh") else "–"
    return f"{day_and_month(first)}{dash}{day_and_month(last)}"
