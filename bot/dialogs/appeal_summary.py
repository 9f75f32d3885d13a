"""What was told of an appeal so far: as a summary, as the points one can change, and as what is filed."""

from __future__ import annotations

from typing import Any

from bot.dialogs import appeal_words as words
from bot.i18n import Phrase, _, day_and_month, join, ngettext
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.model import Draft
from bot.talk.says import Json

Told = dict[str, Any]
"""What was told so far: kind, text, sent (a list), place, district, since, amount, wish, contact,
points; some perhaps not. `healthless` where nothing of an injury may be kept."""


def summary(told: Told, appeals: MyAppeals) -> Phrase:
    """All that was told, a point a line."""
    story = told["text"] or _("🎤 a voice message")
    lines = [
        Phrase("**{kind}**").format(kind=words.kind_name(told["kind"], appeals.book)),
        Phrase("📝 {story}").format(story=story),
    ]
    if told["sent"]:
        lines.append(ngettext("📎 {n} file", "📎 {n} files", len(told["sent"])))
    draft = draft_of(told)
    if draft.place:
        lines.append(Phrase("📍 {place}").format(place=draft.place))
    elif draft.district:
        lines.append(Phrase("🏙 {district}").format(district=draft.district))
    if draft.since:
        lines.append(_("🗓 since {day}").format(day=day_and_month(draft.since)))
    if draft.amount is not None:
        lines.append(Phrase("💰 {amount}").format(amount=words.money(draft.amount)))
    if draft.wish:
        lines.append(Phrase("🙏 {wish}").format(wish=draft.wish))
    if draft.points is not None:
        lines.append(words.points_shown(draft.points))
    named = _("👤 the desk may reach you: {contact}").format(contact=draft.contact)
    lines.append(named if draft.contact else _("👤 unnamed: the desk sees a pseudonym"))
    return join([_("📮 Is this right? Tap a point to change it."), join(lines)], "\n\n")


def points_to_change(told: Told) -> list[tuple[str, Json]]:
    """Send, and each point to change or to add."""
    named: list[tuple[str, str, Phrase]] = [
        ("place", "📍", _("Place")),
        ("since", "🗓", _("Since when")),
        ("amount", "💰", _("Amount")),
        ("wish", "🙏", _("Wish")),
        ("contact", "👤", _("How to reach me")),
    ]
    points = [
        (f"{symbol} {label}" if told.get(point) else f"＋ {label}", point) for point, symbol, label in named
    ]
    return [
        (_("✓ Send it"), "send"),
        (_("🏷 Kind"), "kind"),
        (_("📝 Story"), "story"),
        *([] if told["healthless"] else [(_("📎 Files"), "files")]),
        *points,
        *([(_("⭐ Without points"), "points")] if told.get("points") is not None else []),
    ]


def draft_of(told: Told, attachments: tuple[int, ...] = ()) -> Draft:
    """What is filed of it."""
    place = told.get("place") or {"place": "", "point": None, "district": ""}
    point = place["point"]
    return Draft(
        kind=told["kind"],
        story=told["text"],
        attachments=attachments,
        place=place["place"],
        point=(point[0], point[1]) if point else None,
        district=place["district"] or told.get("district") or "",
        since=told.get("since"),
        amount=told.get("amount"),
        wish=told.get("wish") or "",
        contact=told.get("contact") or "",
        points=told.get("points"),
    )
