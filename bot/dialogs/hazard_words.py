"""Hazards in words: a line, a card, what desks and those who reported one are told."""

from __future__ import annotations

from bot.i18n import Phrase, _, current_locale, distance, join, moment, ngettext
from bot.services.hazards.kinds import HazardKinds
from bot.services.hazards.model import Hazard, Near, News, State, Tiding
from bot.services.notices import NOBODY
from bot.services.presses import short
from bot.talk import says

HAZARD = "hazard"
LIST = "hazards"
DO = "hazard_do"
PHOTO = "hazard_photo"
PIN = "hazard_pin"
STILL = "hazard_still"
MISTAKE = "hazard_mistake"

Rows = list[list[says.Button]]


def kind_name(kind: str, kinds: HazardKinds) -> Phrase:
    """A kind with its symbol."""
    found = kinds.get(kind)
    return Phrase("{emoji} {name}").format(emoji=found.emoji, name=found.name(current_locale()))


def state_words(state: State) -> Phrase:
    """Where a hazard stands, for everybody."""
    return {
        State.REPORTED: _("🟡 reported"),
        State.CONFIRMED: _("🟠 being mended"),
        State.FIXED: _("🟢 mended"),
        State.REFUSED: _("⚪ nothing found"),
    }[state]


def place_of(hazard: Hazard) -> str:
    """Where it is."""
    if hazard.place and hazard.is_exact:
        return str(_("near {station}").format(station=hazard.place))
    if hazard.place:
        return str(_("around {place}").format(place=hazard.place))
    return hazard.district or str(_("place unknown"))


def line(place: int, near: Near, kinds: HazardKinds) -> Phrase:
    """One of a list: what, where, how far, how it stands."""
    hazard = near.hazard
    parts = [kind_name(hazard.kind, kinds), Phrase("{where}").format(where=place_of(hazard))]
    if near.metres is not None:
        parts.append(Phrase(distance(near.metres)))
    parts.append(state_words(hazard.state))
    if hazard.reports > 1:
        parts.append(Phrase("👥 {n}").format(n=hazard.reports))
    return Phrase("{place}. {line}").format(place=place, line=join(parts, " · "))


def card(hazard: Hazard, kinds: HazardKinds, desk: str) -> Phrase:
    """A hazard as everybody sees it."""
    lines = [
        Phrase("**{kind}** · {state}").format(
            kind=kind_name(hazard.kind, kinds), state=state_words(hazard.state)
        ),
        Phrase("📍 {where}").format(where=place_of(hazard)),
        ngettext("👥 {n} person reported it", "👥 {n} people reported it", hazard.reports),
    ]
    if hazard.is_open:
        # Only what somebody has gone to is being worked on.
        has_it = _("🏢 went to: {desk}") if hazard.state is State.REPORTED else _("🏢 with: {desk}")
        lines.append(has_it.format(desk=desk))
    if hazard.answer:
        lines.append(Phrase("💬 {answer}").format(answer=hazard.answer))
    return join(lines)


def deadline(hazard: Hazard) -> Phrase | None:
    """By when the desk does what; None where it has nothing to do."""
    if hazard.next_at is None:
        return None
    said = (
        _("⏳ Have a look by **{time}**") if hazard.state is State.REPORTED else _("⏳ Mended by **{time}**")
    )
    return said.format(time=moment(hazard.next_at))


def pin_row(hazard: Hazard) -> list[says.Button]:
    """Where it is on the map; nothing where that is not known."""
    return [says.Action(_("🗺 On the map"), PIN, short(hazard.id))] if hazard.point is not None else []


def mistake_row(hazard: Hazard) -> list[says.Button]:
    """For who reported it: take that back."""
    return [says.Action(_("↩ Reported by mistake"), MISTAKE, short(hazard.id))]


def deeds(hazard: Hazard, *, has_photo: bool) -> Rows:
    """What a desk can do."""
    number = short(hazard.id)
    looks = pin_row(hazard)
    if has_photo:
        looks.insert(0, says.Action(_("📷 Photos"), PHOTO, number))
    rows: Rows = [looks] if looks else []
    if not hazard.is_open:
        return rows
    settle: list[says.Button] = [
        says.Action(_("🔧 Mended"), DO, f"{number}.fix"),
        says.Action(_("⚪ Nothing there"), DO, f"{number}.refuse"),
    ]
    if hazard.state is State.REPORTED:
        return [*rows, [says.Action(_("✓ It's there"), DO, f"{number}.confirm")], settle]
    return [*rows, settle]


# -- What is told -----------------------------------------------------------------------------


def worded(news: News, kinds: HazardKinds) -> says.Text:
    """Word of a hazard to whoever it is for."""
    return _to_reporter(news, kinds) if news.what in _FOR_REPORTERS else _to_desk(news, kinds)


_FOR_REPORTERS = (Tiding.CONFIRMED, Tiding.FIXED, Tiding.REFUSED)


def _to_desk(news: News, kinds: HazardKinds) -> says.Text:
    hazard = news.hazard
    heads = {
        Tiding.NEW: _("⚠️ **A hazard was reported**"),
        Tiding.MORE: ngettext(
            "⚠️ **{n} person reports it now**", "⚠️ **{n} people report it now**", hazard.reports
        ),
        Tiding.CAME_UP: _("⬆️ **Came up: the desk below missed its time**"),
        Tiding.MISSED: _("⌛ **The time was missed**"),
        Tiding.STILL_THERE: _("🔁 **Still there, says somebody who reported it**"),
        Tiding.WITHDRAWN: _("↩ **Reported by mistake: nobody needs to go there**"),
    }
    lines = [
        heads[news.what],
        Phrase("**{kind}** · {where}").format(kind=kind_name(hazard.kind, kinds), where=place_of(hazard)),
    ]
    if news.note:
        lines.append(Phrase("“{note}”").format(note=news.note))
    if news.what is Tiding.WITHDRAWN:
        return says.Text(join(lines))
    if (until := deadline(hazard)) is not None:
        lines.append(until)
    if news.to.person == NOBODY:
        link = says.Link(_("🔎 Open"), f"start:{HAZARD}_{short(hazard.id)}")
        return says.Text(join(lines), [[link]])
    return says.Text(join(lines), deeds(hazard, has_photo=news.has_photo))


def _to_reporter(news: News, kinds: HazardKinds) -> says.Text:
    hazard = news.hazard
    sentences = {
        Tiding.CONFIRMED: _("🙏 Thank you! Somebody was there: it will be mended."),
        Tiding.FIXED: _("🟢 Mended, thanks to you."),
        Tiding.REFUSED: _("⚪ Somebody went and found nothing. Thank you for looking out."),
    }
    lines = [
        sentences[news.what],
        Phrase("**{kind}** · {where}").format(kind=kind_name(hazard.kind, kinds), where=place_of(hazard)),
    ]
    if hazard.answer:
        lines.append(Phrase("💬 {answer}").format(answer=hazard.answer))
    number = short(hazard.id)
    if news.what is Tiding.FIXED:
        return says.Text(join(lines), [[says.Action(_("🔁 Still there"), STILL, number)]])
    return says.Text(join(lines))
