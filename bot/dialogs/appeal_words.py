"""Appeals in words, for those who wrote them: how they stand, who has them, what they are asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.home import SHANGHAI
from bot.i18n import (
    Phrase,
    _,
    current_locale,
    day_and_clock,
    day_and_month,
    join,
    moment,
    ngettext,
    number,
)
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.mine import Mine
from bot.services.appeals.model import (
    FEWEST_TOLD,
    OF_THE_DESK,
    Appeal,
    Event,
    News,
    Next,
    Side,
    State,
    Tiding,
)
from bot.services.appeals.working_time import is_announced
from bot.services.presses import long, short
from bot.talk import says

CARD = "appeal_card"
ADD = "appeal_add"
SOLVED = "appeal_solved"
UNSOLVED = "appeal_unsolved"
CONSENT = "appeal_consent"
DECLINE = "appeal_decline"
RATE = "appeal_rate"

FEN = 100
STARS = 5
SYMBOLS = {
    State.FILED: "📮",
    State.ACKNOWLEDGED: "🙋",
    State.IN_PROGRESS: "🔧",
    State.ANSWERED: "❓",
    State.CONFIRMED: "✅",
    State.REOPENED: "🔁",
    State.CLOSED: "🏁",
    State.WITHDRAWN: "↩️",
    State.MERGED: "👥",
}


_WANTS: Final = re.compile(
    r"(?:我?[要想]|帮我|怎么|能不能|匿名)?(?:投诉|举报|反映|申诉|提(?:个|一个)?诉求|诉求)(?:一下)?"
    r"|\b(?:complain|file an appeal|complaint about|report my)\b",
    re.IGNORECASE,
)
# Said of one that was filed, or by somebody else.
_NOT_NEW: Final = re.compile(r"进展|怎么样|办得|结果|顾客|差评|被投诉|happened to|status", re.IGNORECASE)


def wants_to_appeal(text: str) -> bool:
    """Whether somebody says plainly that they want to appeal."""
    return _WANTS.search(text) is not None and _NOT_NEW.search(text) is None


# -- Parts -----------------------------------------------------------------------


def kind_name(kind: str, rules: Rulebook) -> str:
    """A kind of appeal with its symbol; one that the content has no more by its id."""
    found = rules.kind(kind)
    return f"{found.emoji} {found.name(current_locale())}" if found else kind


def state_word(state: State) -> Phrase:
    """Where an appeal stands, as its author reads it."""
    return {
        State.FILED: _("waiting for somebody to take it"),
        State.ACKNOWLEDGED: _("somebody has it"),
        State.IN_PROGRESS: _("being worked on"),
        State.ANSWERED: _("solved, says the desk: and you?"),
        State.CONFIRMED: _("solved, you said"),
        State.REOPENED: _("not solved: goes on, waiting to be taken"),
        State.CLOSED: _("closed"),
        State.WITHDRAWN: _("you took it back"),
        State.MERGED: _("handled together with others"),
    }[state]


def next_line(appeal: Appeal) -> Phrase | None:
    """What happens next, and by when; None once it is over."""
    if appeal.next_what is None or appeal.next_at is None:
        return None
    line = {
        Next.ACKNOWLEDGE: _("⏳ Taken by **{time}**, or it goes up."),
        Next.ANSWER: _("⏳ You hear what is being done by **{time}**, or it goes up."),
        Next.SOLVE: _("⏳ Solved by **{time}**, or it goes up."),
        Next.ASK: _("⏳ I ask you once more on **{time}**."),
        Next.CLOSE: _("⏳ Closed on **{time}** if you say nothing."),
    }[appeal.next_what].format(time=moment(appeal.next_at))
    if is_announced(appeal.next_at.astimezone(SHANGHAI).year):
        return line
    caution = _("_That year's holidays are not announced yet: counted as Monday to Friday._")
    return join([line, caution])


def money(fen: int) -> Phrase:
    """An amount in yuan."""
    yuan = fen / FEN
    return _("¥{amount}").format(amount=number(int(yuan) if fen % FEN == 0 else yuan))


def points_of(appeal: Appeal) -> list[Phrase]:
    """What was told besides the story, a line each."""
    lines = []
    if appeal.place:
        lines.append(_("📍 {place}").format(place=appeal.place))
    if appeal.since:
        lines.append(_("🗓 since {day}").format(day=day_and_month(appeal.since)))
    if appeal.amount is not None:
        lines.append(_("💰 {amount}").format(amount=money(appeal.amount)))
    if appeal.wish:
        lines.append(_("🙏 {wish}").format(wish=appeal.wish))
    if appeal.points is not None:
        lines.append(points_shown(appeal.points))
    return lines


def points_shown(points: int) -> Phrase:
    """The points that an author lets the desk see."""
    return ngettext(
        "⭐ {n} point, for information: it decides nothing",
        "⭐ {n} points, for information: they decide nothing",
        points,
    )


# -- The author's screens ---------------------------------------------------------


def receipt(mine: Mine) -> Phrase:
    """What one reads right after filing."""
    parts = [
        _("✓ **It is in.** Receipt number:\n`{number}`").format(number=mine.appeal.number),
        _("👤 Now with: {owner}").format(owner=mine.owner),
    ]
    upcoming = next_line(mine.case)
    if upcoming is not None:
        parts.append(upcoming)
    parts.append(_("The number works only for you. /appeals shows how it goes."))
    return join(parts)


def card(mine: Mine, rules: Rulebook) -> Phrase:
    """One appeal as its author sees it."""
    appeal, case = mine.appeal, mine.case
    head = Phrase("{symbol} **{kind}**\n`{number}`").format(
        symbol=SYMBOLS[appeal.state], kind=kind_name(appeal.kind, rules), number=appeal.number
    )
    lines = [head, _state_line(appeal, case)]
    if appeal.is_open or (appeal.state is State.MERGED and case.is_open):
        lines.append(_("👤 Now with: {owner}").format(owner=mine.owner))
    if mine.voices >= FEWEST_TOLD:
        lines.append(ngettext("👥 {n} person says the same.", "👥 {n} people say the same.", mine.voices))
    upcoming = next_line(case)
    if upcoming is not None and appeal.state not in (State.CLOSED, State.WITHDRAWN):
        lines.append(upcoming)
    if appeal.rating:
        lines.append(Phrase("{stars}").format(stars="⭐" * appeal.rating))
    told = [Phrase("{story}").format(story=appeal.story or _("🎤 a voice message")), *points_of(appeal)]
    return join([join(lines), join(told)], "\n\n")


def _state_line(appeal: Appeal, case: Appeal) -> Phrase:
    if appeal.state is State.MERGED and case.id != appeal.id:
        return _("{state}: {case}").format(state=state_word(appeal.state), case=state_word(case.state))
    return Phrase("{state}").format(state=state_word(appeal.state))


def listed(mine: Mine, place: int, rules: Rulebook) -> Phrase:
    """One line of the list."""
    case = mine.case
    line = Phrase("{place}. {symbol} **{kind}** · {state}").format(
        place=place,
        symbol=SYMBOLS[mine.appeal.state],
        kind=kind_name(mine.appeal.kind, rules),
        state=state_word(case.state if mine.appeal.state is State.MERGED else mine.appeal.state),
    )
    is_over = mine.appeal.state in (State.CLOSED, State.WITHDRAWN)
    if is_over or case.next_at is None or case.next_what not in OF_THE_DESK:
        return line
    until = _("   {owner}, by {time}").format(owner=mine.owner, time=moment(case.next_at))
    return join([line, until])


def event_line(event: Event) -> Phrase | None:
    """One hop of the history as its author reads it; None for what is nobody's news."""
    move = _moves().get(event.move)
    if move is None:
        return None
    if event.move == "hand_over" and event.role is Side.CLOCK:
        move = _("handed over: who had it is away")
    return Phrase("{time} · {move}").format(time=day_and_clock(event.at), move=move)


def _moves() -> dict[str, Phrase]:
    return {
        "file": _("you filed it"),
        "take": _("somebody took it"),
        "hand_over": _("handed to somebody else at the desk"),
        "refer": _("passed to another desk"),
        "ask_back": _("the desk asked you something"),
        "answer": _("the desk answered"),
        "solve": _("solved, said the desk"),
        "call_in": _("another desk was called in"),
        "add": _("you added something"),
        "confirm": _("you said it is solved"),
        "reopen": _("not solved: goes on"),
        "rate": _("you rated it"),
        "withdraw": _("you took it back"),
        "merge": _("handled together with others from here on"),
        "split": _("handled on its own from here on"),
        "go_up": _("the time was up: one step up"),
        "overdue": _("the time was up; there is no step further up"),
        "ask_again": _("I asked whether it is still solved"),
        "close": _("closed"),
        "unmask": _("the desk was told how to reach you"),
    }


# -- Word to the author -------------------------------------------------------------


def worded(news: News, rules: Rulebook) -> says.Text:
    """Word of an appeal to its author."""
    appeal = news.appeal
    head = Phrase("{kind} · `{number}`").format(kind=kind_name(appeal.kind, rules), number=appeal.number)
    parts = [head, _told(news)]
    if news.said:
        parts.append(Phrase("“{said}”").format(said=news.said))
    after = _after(news)
    if after is not None:
        parts.append(after)
    return says.Text(join(parts, "\n\n"), _buttons(news))


def _told(news: News) -> Phrase:
    words = {
        Tiding.TAKEN: _("🙋 **{who}** has it now."),
        Tiding.HANDED_ON: _("🔀 It was handed on. Now with: **{who}**."),
        Tiding.ASKED_BACK: _("❔ **{who}** asks:"),
        Tiding.ANSWERED: _("💬 **{who}** says what is being done:"),
        Tiding.SOLVED: _("✅ **{who}** says it is solved:"),
        Tiding.STILL_SOLVED: _("🔔 Four weeks ago it was solved. Is it still?"),
        Tiding.WENT_UP: _("⬆️ It went one step up. **{who}** has to act now."),
        Tiding.REOPENED: _("🔁 Not solved yet, somebody said: it goes on. Now with: **{who}**"),
        Tiding.LATE: _("⌛ The time is up, and nobody stands higher than **{who}**. It stays open."),
        Tiding.JOINED: _("👥 Others tell the same. **{who}** handles it as one case; you hear each answer."),
        Tiding.SPLIT_OFF: _("👤 Yours is handled on its own again, by **{who}**."),
        Tiding.CLOSED: _("🏁 Closed. If it comes back, file again: /appeal"),
        Tiding.CONSENT: _(
            "👤 **{who}** would like to reach you directly. So far they know only a pseudonym."
        ),
        Tiding.UNMASKED: _("👤 **{who}** knows how to reach you now. It is noted who saw it."),
        Tiding.ENCLOSED: _("📎 **{who}** sent this:"),
    }
    return words[news.what].format(who=news.who)


def _after(news: News) -> Phrase | None:
    match news.what:
        case Tiding.SOLVED:
            return _("Is it?")
        case Tiding.LATE:
            return _("Meanwhile 12345 and 12351 help as well.")
        case Tiding.UNMASKED if news.said:
            return _("That is why. Two people at the desk agreed. If it is wrong, tell your branch.")
        case Tiding.CONSENT:
            return _("You decide. Nothing changes for your appeal if you say no.")
        case Tiding.TAKEN | Tiding.WENT_UP | Tiding.HANDED_ON | Tiding.SPLIT_OFF:
            return next_line(news.appeal)
    return None


def _buttons(news: News) -> says.Rows:
    number = short(news.appeal.id)
    see: list[says.Button] = [says.Action(_("🔎 See it"), CARD, number)]
    match news.what:
        case Tiding.ASKED_BACK:
            return [[says.Action(_("✍️ Reply"), ADD, number), *see]]
        case Tiding.SOLVED | Tiding.STILL_SOLVED:
            return [solved_buttons(news.appeal.id), see]
        case Tiding.CONSENT:
            yes = says.Action(_("✓ Tell them"), CONSENT, number)
            return [[yes, says.Action(_("Stay unnamed"), DECLINE, number)]]
    return [see]


def solved_buttons(number: int) -> list[says.Button]:
    """Whether it is solved."""
    yes = says.Action(_("✓ Solved"), SOLVED, short(number))
    return [yes, says.Action(_("✗ Not solved"), UNSOLVED, short(number))]


def rating_buttons(number: int) -> list[says.Button]:
    """How it went."""
    return [says.Action(f"{stars}⭐", RATE, f"{short(number)}.{stars}") for stars in range(1, STARS + 1)]


def read_rating(argument: str) -> tuple[int, int] | None:
    """The appeal and the stars that a button carries; None for anything else."""
    name, _dot, stars = argument.partition(".")
    number = long(name)
    if number is None or stars not in ("1", "2", "3", "4", "5"):
        return None
    return number, int(stars)


def enclosed(news: News, text: says.Text) -> Sequence[says.Message]:
    """The files that follow a word, as new messages."""
    sent: list[says.Message] = [text]
    for place, (kind, key) in enumerate(news.files, 1):
        if kind == "photo":
            sent.append(says.Photo(key))
        elif kind == "voice":
            sent.append(says.Audio(key, str(_("Voice message"))))
        else:
            sent.append(says.File(key, str(_("file {n}").format(n=place))))
    return sent
