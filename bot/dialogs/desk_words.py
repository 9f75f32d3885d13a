"""Appeals in words, for those who serve at desks: cards with what can be done. Authors are pseudonyms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.dialogs import appeal_words
from bot.dialogs.appeal_words import SYMBOLS, enclosed, kind_name, points_of
from bot.i18n import Phrase, _, join, moment, ngettext
from bot.services.appeals.counter import Seen
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import Appeal, News, Next, Side, State, Tiding
from bot.services.notices import NOBODY
from bot.services.presses import short
from bot.talk import says

TAKE = "desk_take"
DO = "desk_do"
OPEN = "desk"
AGREE = "desk_agree"
REFUSE = "desk_refuse"

Button = Callable[[str, str], says.Button]
"""Makes a button from a label and what it does to the appeal."""


def alias(appeal: Appeal) -> Phrase:
    """The author's pseudonym: what they ride or drive for, and a code for this one appeal."""
    nouns = {
        "rider": _("Rider"),
        "courier": _("Courier"),
        "driver": _("Driver"),
        "trucker": _("Trucker"),
        "streamer": _("Streamer"),
    }
    noun = _("Many") if appeal.is_collective else nouns.get(appeal.industry or "", _("Worker"))
    return Phrase("{noun}·{code}").format(noun=noun, code=appeal.alias)


def state_word(state: State) -> Phrase:
    """Where an appeal stands, as its desk reads it."""
    return {
        State.FILED: _("to be taken"),
        State.ACKNOWLEDGED: _("taken, to be answered"),
        State.IN_PROGRESS: _("answered, to be solved"),
        State.ANSWERED: _("solved; the author is asked"),
        State.CONFIRMED: _("solved, says the author"),
        State.REOPENED: _("not solved, says the author: to be taken"),
        State.CLOSED: _("closed"),
        State.WITHDRAWN: _("withdrawn"),
        State.MERGED: _("part of a case of many"),
    }[state]


def deadline_line(appeal: Appeal) -> Phrase | None:
    """By when the desk has to do what; None where it has nothing to do."""
    words = {
        Next.ACKNOWLEDGE: _("⏳ Take it by **{time}**"),
        Next.ANSWER: _("⏳ Answer by **{time}**"),
        Next.SOLVE: _("⏳ Solve by **{time}**"),
    }
    if appeal.next_what not in words or appeal.next_at is None:
        return None
    return words[appeal.next_what].format(time=moment(appeal.next_at))


def head(appeal: Appeal, owner: str, rules: Rulebook, *, with_deadline: bool = True) -> Phrase:
    """What every word about an appeal begins with."""
    line = Phrase("{symbol} **{kind}** · {alias}").format(
        symbol=SYMBOLS[appeal.state], kind=kind_name(appeal.kind, rules), alias=alias(appeal)
    )
    where = Phrase("{state} · {owner}").format(state=state_word(appeal.state), owner=owner)
    until = deadline_line(appeal) if with_deadline else None
    return join([line, where, *([until] if until else [])])


def card(seen: Seen, rules: Rulebook) -> Phrase:
    """An appeal as its desk sees it: what is told, and all that was said since."""
    appeal = seen.appeal
    parts = [head(appeal, seen.owner, rules), _story(appeal)]
    if seen.voices > 1:
        parts.insert(1, ngettext("👥 {n} person", "👥 {n} people", seen.voices))
    said = [_said(words.side, words.text) for words in seen.words if words.kind != "story" and words.text]
    return join([*parts, *([join(said)] if said else [])], "\n\n")


def _story(appeal: Appeal) -> Phrase:
    story = Phrase("{story}").format(story=appeal.story or _("🎤 a voice message follows"))
    return join([story, *points_of(appeal)])


def _said(side: Side, text: str) -> Phrase:
    symbol = {Side.AUTHOR: "🗣", Side.DESK: "🏢", Side.HELPER: "🤝"}.get(side, "·")
    return Phrase("{symbol} {text}").format(symbol=symbol, text=text)


def deeds(appeal: Appeal, button: Button, *, is_helper: bool = False) -> list[list[says.Button]]:
    """What can be done with an appeal in this state."""
    if is_helper:
        return [[button(_("✍️ Tell the owner"), "note")]] if appeal.state not in _DONE else []
    if appeal.state in _DONE:
        return []
    if appeal.state in (State.ANSWERED, State.CONFIRMED):
        return [[button(_("🔀 Hand over"), "hand")]]
    rows = [
        [button(_("💬 Answer"), "answer"), button(_("❔ Ask back"), "ask"), button(_("✅ Solve"), "solve")],
        [button(_("🔀 Hand over"), "hand"), button(_("📣 Call in others"), "call")],
        *([] if appeal.is_collective else [[button(_("👤 Who is it?"), "who")]]),
    ]
    if appeal.holder is None or appeal.state in (State.FILED, State.REOPENED):
        rows.insert(0, [button(_("🙋 Take"), "take")])
    return rows


_DONE = (State.CLOSED, State.WITHDRAWN, State.MERGED)


# -- Word to a desk -------------------------------------------------------------------


def worded(news: News, rules: Rulebook) -> Sequence[says.Message]:
    """Word of an appeal to whoever it is for: its author, a desk, a desk's group."""
    return enclosed(news, (appeal_words.worded if news.is_for_author else _to_desk)(news, rules))


def _to_desk(news: News, rules: Rulebook) -> says.Text:
    appeal = news.appeal
    parts = [_told(news), head(appeal, news.who, rules, with_deadline=not news.is_told_only)]
    if news.what in _WITH_STORY:
        parts.append(_story(appeal))
    if news.said:
        parts.append(Phrase("“{said}”").format(said=news.said))
    if news.is_told_only and news.what in _WITH_STORY:
        parts.append(_("⚠️ Nobody serves at this desk. Please name somebody: /branches"))
    return says.Text(join(parts, "\n\n"), _buttons(news))


_WITH_STORY = frozenset(
    {Tiding.NEW, Tiding.REFERRED, Tiding.CAME_UP, Tiding.CAME_BACK, Tiding.CALLED_IN, Tiding.GREW}
)


_ONLY_TOLD = frozenset({Tiding.WITHDRAWN, Tiding.CONFIRMED, Tiding.CONTACT, Tiding.CONTACT_REFUSED})


def _told(news: News) -> Phrase:
    words = {
        Tiding.NEW: _("📮 **A new appeal**"),
        Tiding.REFERRED: _("🔀 **Handed to you**"),
        Tiding.CAME_UP: _("⬆️ **Came up: the desk below missed its time**"),
        Tiding.CAME_BACK: _("🔁 **Not solved, says the author: please go on**"),
        Tiding.ADDED: _("🗣 {alias} says more:"),
        Tiding.GREW: _("👥 **More people joined this case**"),
        Tiding.CONFIRMED: _("✅ {alias} says it is solved."),
        Tiding.WITHDRAWN: _("↩️ {alias} took it back."),
        Tiding.REMINDED: _("⏰ **Soon due**"),
        Tiding.MISSED: _("⌛ **The time was missed**"),
        Tiding.CALLED_IN: _("📣 **Your help is asked for**"),
        Tiding.NOTED: _("🤝 From a desk that you called in:"),
        Tiding.SECOND_NEEDED: _("👤 A colleague wants to know who this is, and needs your agreement:"),
        Tiding.CONTACT: _("👤 How to reach {alias}. Use it for this appeal only."),
        Tiding.CONTACT_REFUSED: _("👤 {alias} stays unnamed."),
        Tiding.ENCLOSED: _("📎 {alias} sent this:"),
    }
    return words[news.what].format(alias=alias(news.part or news.appeal))


def _buttons(news: News) -> says.Rows:
    appeal, number = news.appeal, short(news.appeal.id)
    if news.what is Tiding.SECOND_NEEDED:
        asked = short(news.number or 0)
        return [[says.Action(_("✓ Agree"), AGREE, asked), says.Action(_("✗ Refuse"), REFUSE, asked)]]
    if news.is_told_only or news.what in _ONLY_TOLD:
        return []
    if news.to.person == NOBODY:
        take: list[says.Button] = [says.Action(_("🙋 Take"), TAKE, number)]
        private = says.Link(_("🔎 Open"), f"start:desk_{number}")
        return [[*(take if appeal.holder is None else []), private]]
    if news.what is Tiding.CALLED_IN:
        return deeds(appeal, action_for(appeal.id), is_helper=True)
    return deeds(appeal, action_for(appeal.id))


def action_for(number: int) -> Button:
    """Buttons outside of a conversation."""

    def button(label: str, deed: str) -> says.Button:
        if deed == "take":
            return says.Action(label, TAKE, short(number))
        return says.Action(label, DO, f"{short(number)}.{deed}")

    return button
