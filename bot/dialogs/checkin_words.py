"""Check-ins in words: how a round is asked and answered, how a board stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.i18n import Phrase, _, join, moment, ngettext, number, plain
from bot.services.checkins.model import SMALLEST_TALLY, Asked, Board, Checkin, Line, Question, Round, Tally
from bot.services.checkins.profile import Profile
from bot.services.presses import long, short
from bot.talk import says
from bot.talk.says import Json

Rows = list[list[says.Button]]

ANSWER = "answer"
REPLY = "reply_round"
TAKE_BACK = "take_back"
CALLED = "called"
BOARD = "board"

COLUMNS = 2
NUMBERS_IN_A_ROW = 5
# Labels up to this many characters stand beside each other on a phone.
SHORT_LABEL = 8
BAR = 8
MOST_TEXTS = 5
MOST_NAMES = 40


# -- Asking ------------------------------------------------------------------------


def asked(asked: Asked) -> says.Text:
    """The message that asks somebody a round; answered with a tap where that is possible."""
    lines = [heading(asked.checkin)]
    if asked.again:
        lines.append(_("🔔 A reminder: your answer is still missing."))
    if not asked.checkin.is_survey:
        lines.append(Phrase("**{text}**").format(text=asked.checkin.questions[0].text))
    lines.append(promise(asked.checkin))
    lines.append(_("Open until {moment}.").format(moment=moment(asked.round.closes_at, asked.zone)))
    return says.Text(join(lines), answer_rows(asked))


def heading(checkin: Checkin) -> Phrase:
    """What kind of thing it is; of a survey also its title and length."""
    if checkin.safety:
        return _("🛟 Safety check-in")
    if not checkin.is_survey:
        return _("📋 Check-in")
    title = _("📝 Survey: **{title}**").format(title=checkin.title)
    length = ngettext("{n} question", "{n} questions", len(checkin.questions))
    return join([title, length], " · ")


def promise(checkin: Checkin) -> Phrase:
    """Who will know whose answer it is: said before anybody answers."""
    if checkin.anonymous:
        return _("🎭 Anonymous: nobody can find out whose answer it is, we neither.")
    return _("🪪 With your name: organizers see who answered what.")


def answer_rows(asked: Asked, chosen: Json = None, token: str = "") -> Rows:
    """The buttons to answer with; what was chosen carries a ✓."""
    question = asked.checkin.questions[0]
    round_id = short(asked.round.id)
    if asked.checkin.is_survey:
        return [[says.Action(_("▶ Begin the survey"), REPLY, round_id)]]
    if not question.tapped:
        return [[says.Action(_("✏️ Answer"), REPLY, round_id)]]
    choices = tappable(question)
    tail = f".{token}" if token else ""
    buttons: list[says.Button] = [
        says.Action(
            f"✓ {label}" if value == chosen and chosen is not None else label,
            ANSWER,
            f"{round_id}.{place}{tail}",
        )
        for place, (label, value) in enumerate(choices)
    ]
    columns = (
        NUMBERS_IN_A_ROW if question.kind == "number" else _columns([label for label, _value in choices])
    )
    return [buttons[start : start + columns] for start in range(0, len(buttons), columns)]


def tappable(question: Question) -> list[tuple[str, Json]]:
    """The answers one can tap, each with what it stands for."""
    if question.kind == "here":
        return [(_("✋ I'm here"), True)]
    if question.kind == "options":
        return [(option.label, place) for place, option in enumerate(question.options)]
    return [(number(each), each) for each in question.numbers()]


def _columns(labels: Sequence[str]) -> int:
    return COLUMNS if all(len(label) <= SHORT_LABEL for label in labels) else 1


def read_answer(argument: str) -> tuple[int, int, str] | None:
    """The round, the answer's place and the token that a button carries; None for anything else."""
    parts = argument.split(".")
    if len(parts) not in (2, 3) or not (parts[1].isascii() and parts[1].isdigit() and len(parts[1]) < 4):
        return None
    round_id = long(parts[0])
    return None if round_id is None else (round_id, int(parts[1]), parts[2] if len(parts) == 3 else "")


# -- Answered ------------------------------------------------------------------------


def answered(asked: Asked, values: Mapping[str, Json], token: str, profile: Profile) -> says.Text:
    """The message once it was answered: what was said, until when it can change, and how."""
    checkin = asked.checkin
    lines = [heading(checkin)]
    if not checkin.is_survey:
        question = checkin.questions[0]
        lines.append(Phrase("**{text}**").format(text=question.text))
        lines.append(_("✓ Your answer: {answer}").format(answer=value_words(question, values[question.key])))
    else:
        lines.append(_("✓ Sent. Thank you!"))
    until = moment(asked.round.closes_at, asked.zone)
    if checkin.anonymous:
        lines.append(
            _("🎭 Only the buttons of this message can change it, until {moment}.").format(moment=until)
        )
    else:
        lines.append(_("You can change it until {moment}.").format(moment=until))
    rows = _again_rows(asked, values, token)
    if not (checkin.anonymous or profile.called):
        lines.append(_("Organizers see you as “{name}”.").format(name=pseudonym(profile.person)))
        rows.append([says.Action(_("🪪 Tell them my name"), CALLED)])
    return says.Text(join(lines), rows)


def _again_rows(asked: Asked, values: Mapping[str, Json], token: str) -> Rows:
    question = asked.checkin.questions[0]
    if not asked.checkin.is_survey and question.tapped:
        return answer_rows(asked, values[question.key], token)
    if token:
        return [
            [says.Action(_("✏️ Take it back and answer anew"), TAKE_BACK, f"{short(asked.round.id)}.{token}")]
        ]
    return [[says.Action(_("✏️ Answer anew"), REPLY, short(asked.round.id))]]


def value_words(question: Question, value: Json) -> Phrase:
    """An answer as one reads it."""
    option = question.option(value)
    if option is not None:
        return plain(option.label)
    if question.kind == "here":
        return _("✋ I'm here")
    if question.kind == "number":
        return plain(number(value))
    if question.kind == "photo":
        return _("📷 a photo")
    return plain(str(value))


def pseudonym(person: int) -> str:
    """How somebody without a name is told apart."""
    return f"#{short(person)}"


def closed(asked: Asked) -> Phrase:
    """Why an answer does not count any more."""
    return _("It closed {moment}. The next one will come.").format(
        moment=moment(asked.round.closed_at or asked.round.closes_at, asked.zone)
    )


# -- Boards ----------------------------------------------------------------------------


def board(board: Board) -> says.Text:
    """How a round stands, with what an organizer can do."""
    return says.Text(board_words(board), board_rows(board))


def board_words(board: Board) -> Phrase:
    """How a round stands."""
    lines = [
        _("📊 **{title}** · round {n}").format(title=board.checkin.title, n=board.round.number),
        _state(board),
        _counts(board),
    ]
    if board.hidden and board.answered:
        lines.append(
            _("Answers are shown once there are {n}: so nobody can be told apart.").format(n=SMALLEST_TALLY)
        )
    for tally in board.tallies:
        lines += [Phrase(""), *_tally(tally, alone=not board.checkin.is_survey)]
    if board.round.told:
        lines += [Phrase(""), _("💬 What we did: {words}").format(words=board.round.told)]
    return join(lines)


def _state(board: Board) -> Phrase:
    named = _("🎭 anonymous") if board.checkin.anonymous else _("🪪 named")
    if board.round.closed_at is not None:
        return _("⏹ closed {moment} · {named}").format(
            moment=moment(board.round.closed_at, board.zone), named=named
        )
    return _("⏳ open until {moment} · {named}").format(
        moment=moment(board.round.closes_at, board.zone), named=named
    )


def _counts(board: Board) -> Phrase:
    percent = round(100 * board.answered / board.asked) if board.asked else 0
    said = _("✓ {answered} of {asked} answered ({percent}%) · {waiting} not yet").format(
        answered=board.answered, asked=board.asked, percent=percent, waiting=board.waiting
    )
    if not board.unreachable:
        return said
    return join([said, _("{n} can't be reached").format(n=board.unreachable)], " · ")


def _tally(tally: Tally, *, alone: bool) -> list[Phrase]:
    question = tally.question
    lines = [] if alone else [Phrase("**{text}**").format(text=question.text)]
    match question.kind:
        case "options":
            return lines + [
                _bar(option.label, tally.counts.get(place, 0), tally.answers)
                for place, option in enumerate(question.options)
            ]
        case "number":
            return lines + _numbers(tally)
        case "text":
            shown = [_("“{words}”").format(words=text) for text in tally.texts[:MOST_TEXTS]]
            more = len(tally.texts) - len(shown)
            return lines + shown + ([_("… and {n} more in the table").format(n=more)] if more else [])
        case "photo":
            return [*lines, ngettext("{n} photo", "{n} photos", tally.answers)]
    return lines


def _bar(label: str, times: int, of: int) -> Phrase:
    filled = round(BAR * times / of) if of else 0
    bar = "█" * filled + "░" * (BAR - filled)
    return Phrase("{bar} {times} · {label}").format(bar=bar, times=times, label=label)


def _numbers(tally: Tally) -> list[Phrase]:
    if not tally.answers:
        return []
    mean = sum(value * times for value, times in tally.counts.items()) / tally.answers
    low, high = min(tally.counts), max(tally.counts)
    said = _("average {mean}, from {low} to {high}")
    return [said.format(mean=number(round(mean, 1)), low=number(low), high=number(high))]


def board_rows(board: Board) -> Rows:
    """What an organizer can do with a round."""
    one = short(board.round.id)
    rows: Rows = []
    if board.round.closed_at is None:
        nudge = (
            [says.Action(_("🔔 Nudge {n}").format(n=board.waiting), BOARD, f"{one}.nudge")]
            if board.waiting
            else []
        )
        rows.append([*nudge, says.Action(_("⏹ Close now"), BOARD, f"{one}.close")])
    rows.append(
        [says.Action(_("📈 Trend"), BOARD, f"{one}.trend"), says.Action(_("⬇ Table"), BOARD, f"{one}.table")]
    )
    if not board.checkin.anonymous:
        rows[-1].insert(0, says.Action(_("👥 Who"), BOARD, f"{one}.who"))
    if board.round.closed_at is not None and board.answered:
        rows.append([says.Action(_("💬 Tell what came of it"), BOARD, f"{one}.tell")])
    return rows


def read_board(argument: str) -> tuple[int, str] | None:
    """The round and the deed that a board's button carries; None for anything else."""
    digits, _dot, deed = argument.partition(".")
    round_id = long(digits)
    return None if round_id is None else (round_id, deed)


def who(checkin: Checkin, one: Round, lines: Sequence[Line]) -> says.Text:
    """Who answered what, and who has not yet."""
    said = [_("👥 **{title}** · round {n}").format(title=checkin.title, n=one.number)]
    for line in [line for line in lines if line.answered][:MOST_NAMES]:
        question = checkin.questions[0]
        words = [plain(line.called or pseudonym(line.person))]
        if not checkin.is_survey and question.key in line.values:
            words.append(value_words(question, line.values[question.key]))
        said.append(Phrase("✓ ") + join(words, " · "))
    waiting = [plain(line.called or pseudonym(line.person)) for line in lines if not line.answered]
    if waiting:
        said.append(_("Not yet: {names}").format(names=join(waiting[:MOST_NAMES], " · ")))
    if len(lines) > MOST_NAMES:
        said.append(_("The table has all of them."))
    return says.Text(join(said))


# -- Words to organizers and to those who answered ------------------------------------------


def attention(asked: Asked, answers: Sequence[tuple[Question, Json]], called: str) -> says.Text:
    """To an organizer, at once: somebody gave an answer that can't wait."""
    lines = [_("🔴 **{title}** · round {n}").format(title=asked.checkin.title, n=asked.round.number)]
    who = _("Somebody") if asked.checkin.anonymous else plain(called)
    for question, value in answers:
        answer = value_words(question, value)
        lines.append(
            _("{who} answered “{answer}” to: {question}").format(
                who=who, answer=answer, question=question.text
            )
        )
    row = [says.Action(_("📊 Board"), BOARD, f"{short(asked.round.id)}.show")]
    return says.Text(join(lines), [row])


def over(board: Board) -> says.Text:
    """To an organizer: a round closed, and how it ended."""
    said = _("⏹ Closed: **{title}** · round {n}")
    lines = [said.format(title=board.checkin.title, n=board.round.number), _counts(board)]
    row = [says.Action(_("📊 Board"), BOARD, f"{short(board.round.id)}.show")]
    return says.Text(join(lines), [row])


def told(checkin: Checkin, one: Round) -> says.Text:
    """To those who answered: what was done with it."""
    head = _("💬 You answered “{title}”. What came of it:").format(title=checkin.title)
    return says.Text(join([head, plain(one.told)], "\n\n"))
