"""Wishes in words: a line, a card, what is told of one. Nobody's name is anywhere."""

from __future__ import annotations

from bot.i18n import Phrase, _, join, moment
from bot.services.presses import short
from bot.services.wishes.model import Called, Claim, News, State, Tiding, Wish
from bot.talk import says

WISH = "wish"
LIST = "wishes"
LET = "wish_let"
THANK = "wish_thank"
MISSING = "wish_missing"

LONGEST_LINE = 24


def who(called: Called) -> Phrase:
    """As what somebody takes a wish on."""
    return {
        "person": _("somebody"),
        "shop": _("a shop"),
        "branch": _("a branch"),
    }[called]


def state_words(wish: Wish) -> Phrase:
    """Where a wish stands, for who wishes."""
    return {
        State.POSTED: _("👀 being looked at"),
        State.OPEN: _("🌱 on the list"),
        State.CLAIMED: _("🎁 somebody has taken it on"),
        State.BROUGHT: _("📦 waits for you at the station"),
        State.THANKED: _("💛 came true"),
        State.REFUSED: _("↩️ sent back"),
        State.WITHDRAWN: _("✕ taken back"),
    }[wish.state]


def excerpt(wish: Wish) -> str:
    """The beginning, for a button."""
    what = " ".join(wish.what.split())
    return what if len(what) <= LONGEST_LINE else f"{what[: LONGEST_LINE - 1]}…"


def quoted(wish: Wish) -> Phrase:
    """A wish as it was worded."""
    return Phrase("🌱 **{what}**").format(what=wish.what)


def until(claim: Claim) -> str:
    """When a claim ends."""
    return moment(claim.until)


def posted(wish: Wish, station: str) -> says.Text:
    """A wish to be looked at, with what an organizer can do."""
    lines = [
        _("👀 **A wish to look at.** Nobody sees it before you do."),
        quoted(wish),
        Phrase("📍 {station}").format(station=station),
    ]
    return says.Text(join(lines), let_rows(wish))


def let_rows(wish: Wish) -> list[list[says.Button]]:
    """Let it be seen, or send it back."""
    number = short(wish.id)
    return [
        [
            says.Action(_("✓ Onto the list"), LET, f"{number}.y"),
            says.Action(_("↩️ Send it back"), LET, f"{number}.n"),
        ]
    ]


def worded(news: News) -> says.Text:
    """Word of a wish to whoever it is for."""
    wish, number = news.wish, short(news.wish.id)
    card: list[says.Button] = [says.Action(_("🌱 The wish"), WISH, number)]
    if news.what is Tiding.TO_SEE:
        text = _("👀 **A wish to look at.** Nobody sees it before you do.")
        return says.Text(join([text, quoted(wish)]), let_rows(wish))
    text = _told(news)
    rows = [card]
    if news.what is Tiding.BROUGHT:
        rows = [
            [
                says.Action(_("💛 It's here, thank you"), THANK, number),
                says.Action(_("🤷 Not there"), MISSING, number),
            ]
        ]
    if news.what in (Tiding.REFUSED, Tiding.EXPIRED, Tiding.TAKEN_BACK, Tiding.THANKED):
        rows = [[says.Action(_("🌱 All wishes"), LIST)]]
    return says.Text(join([text, quoted(wish)]), rows)


def _told(news: News) -> Phrase:
    claim = news.claim
    ends, code = (until(claim), claim.code) if claim else ("", "")
    called = who(claim.called) if claim else Phrase("")
    words = {
        Tiding.SEEN: _("✓ Your wish is on the list. As soon as somebody takes it on, I tell you."),
        Tiding.REFUSED: _(
            "↩️ Your wish can't go on the list like this. Perhaps it names somebody, or costs too much: "
            "word it anew, something small."
        ),
        Tiding.CLAIMED: _("🎁 Good news: {called} has taken your wish on, until {ends}."),
        Tiding.BROUGHT: _("📦 It is there! Ask at the station for the parcel with the number **{code}**."),
        Tiding.BACK: _("🌱 It didn't work out this time. Your wish is back on the list: I tell you."),
        Tiding.ENDS_SOON: _("⏰ You have taken a wish on. Can you bring it by {ends}?"),
        Tiding.EXPIRED: _("⌛ The time is over, and the wish is back on the list. No harm done."),
        Tiding.THANKED: _("💛 It came true, thanks to you. {thanks}"),
        Tiding.NOT_FOUND: _(
            "🤷 At the station nobody finds the parcel **{code}**. Would you look again, by {ends}?"
        ),
        Tiding.TAKEN_BACK: _("✕ The wish you took on was taken back. Thank you for wanting to help."),
    }
    thanks = Phrase("“{thanks}”").format(thanks=news.wish.thanks) if news.wish.thanks else ""
    return words[news.what].format(called=called, ends=ends, code=code, thanks=thanks)
