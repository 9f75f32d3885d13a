"""Suggestions in words: a line, a card, what is told of one."""

from __future__ import annotations

from bot.i18n import Phrase, _, join
from bot.services.ideas.model import Idea, News, State, Tiding, Verdict
from bot.services.presses import short
from bot.talk import says

IDEA = "idea"
LIST = "ideas"
LET = "idea_let"


def verdict_words(verdict: Verdict) -> Phrase:
    """What becomes of a suggestion."""
    return {
        "done": _("✅ Done"),
        "planned": _("🔧 Planned"),
        "no": _("🚫 Not possible"),
    }[verdict]


def state_words(idea: Idea) -> Phrase:
    """Where a suggestion stands."""
    if idea.verdict is not None:
        return verdict_words(idea.verdict)
    return {
        State.POSTED: _("👀 being looked at"),
        State.OPEN: _("🗳 to be voted on"),
        State.REFUSED: _("↩️ sent back"),
        State.WITHDRAWN: _("✕ taken back"),
    }.get(idea.state, _("🗳 to be voted on"))


def quoted(idea: Idea) -> Phrase:
    """A suggestion as it was worded."""
    return Phrase("💡 **{text}**").format(text=idea.text)


def tally(idea: Idea) -> Phrase:
    """How people voted."""
    return Phrase("👍 {yes} · 👎 {no}").format(yes=idea.votes_for, no=idea.votes_against)


def line(place: int, idea: Idea) -> Phrase:
    """One of a list."""
    state = state_words(idea) if idea.verdict is not None else tally(idea)
    return Phrase("{place}. {text} · {state}").format(place=place, text=idea.text, state=state)


def card(idea: Idea) -> Phrase:
    """A suggestion, its votes and its answer."""
    lines = [quoted(idea), Phrase("{tally} · {state}").format(tally=tally(idea), state=state_words(idea))]
    if idea.answer:
        lines.append(Phrase("💬 {answer}").format(answer=idea.answer))
    return join(lines)


def let_rows(idea: Idea) -> list[list[says.Button]]:
    """Let it be seen, or send it back."""
    number = short(idea.id)
    return [
        [
            says.Action(_("✓ Let people vote"), LET, f"{number}.y"),
            says.Action(_("↩️ Send it back"), LET, f"{number}.n"),
        ]
    ]


def worded(news: News) -> says.Text:
    """Word of a suggestion to whoever it is for."""
    idea = news.idea
    if news.what is Tiding.TO_SEE:
        text = _("👀 **A suggestion to look at.** Nobody sees it before you do.")
        return says.Text(join([text, quoted(idea)]), let_rows(idea))
    row: list[says.Button] = [says.Action(_("💡 The suggestion"), IDEA, short(idea.id))]
    if news.what is Tiding.SEEN:
        text = _("✓ Your suggestion is out: people vote on it now.")
        return says.Text(join([text, quoted(idea)]), [row])
    if news.what is Tiding.REFUSED:
        text = _(
            "↩️ Your suggestion can't go out like this. Perhaps somebody said it before, or it names a person."
        )
        return says.Text(join([text, quoted(idea)]), [[says.Action(_("💡 Suggestions"), LIST)]])
    text = _("💬 Your suggestion was answered.") if news.is_mine else _("💬 What you voted on was answered.")
    return says.Text(join([text, card(idea)]), [row])
