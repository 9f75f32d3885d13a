"""Inviting by an office's own list: it is sent as a table, the links come back, and later who has joined."""

from __future__ import annotations

from typing import Final

from bot.dialogs.branch_words import place_of
from bot.i18n import Phrase, _, day_and_month, join, ngettext, plain
from bot.services.attachments import REFUSED, WAITING, Attachments
from bot.services.branches.desk import BranchDesk
from bot.services.presses import long, short
from bot.services.problems import Problem
from bot.services.roles.rules import NotAllowed
from bot.services.rosters.desk import LINKS_NAME, MOST_BYTES, RosterDesk
from bot.services.rosters.files import Reading
from bot.services.rosters.rows import PURPOSE, Entry, Roster
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.errors import Refused
from bot.talk.inputs import Sent
from bot.talk.says import Json

MOST_PROBLEMS: Final = 10
MOST_MISSING: Final = 40
MOST_ROSTERS: Final = 8
# How a list that was sent is left: make the links, or send another one.
MAKE, AGAIN = "make", "again"


class Table:
    """A table as a file."""

    def hear(self, event: hears.Event) -> Json:
        """A document; a photo of a list cannot be read."""
        if not isinstance(event, hears.File):
            raise Refused(_("Please send the list as a file: tap the paper clip, then File."))
        return Sent().hear(event)

    def read(self, value: Json) -> hears.File:
        """The document; Refused if it is anything else."""
        heard = Sent().read(value)
        if not isinstance(heard, hears.File):
            raise Refused(_("Please send the list as a file: tap the paper clip, then File."))
        return heard


async def bring(talk: Talk, rosters: RosterDesk, branches: BranchDesk, attachments: Attachments) -> Go | None:
    """Take a list, say what is wrong with it or how many it names, and give the links."""
    branch = await talk.given("branch", "")
    if not await rosters.may_invite(branch):
        await talk.say("not_yours", _("That is not yours to do."))
        return None
    heard = await talk.ask("list", await _request(branch, branches), Table())
    number = await talk.once("take", attachments.take, heard, PURPOSE)

    # The state is the list that was sent in its place, 0 while there is none.
    async def draw(state: int) -> says.Screen:
        return await _draw(state or number, rosters)

    async def react(state: int, event: hears.Event) -> Reaction:
        if isinstance(event, hears.File):
            await rosters.forget(state or number)
            return await attachments.take(event, PURPOSE)
        return await _react(talk, state, event, state or number, rosters)

    chosen, number = await talk.browse("look", lambda: 0, draw, react)
    if chosen == AGAIN:
        await talk.once("forget", rosters.forget, number)
        return Go(DIALOG.name, {"branch": branch})
    key = await talk.once("make", rosters.make, number, branch)
    await talk.say("links", says.File(key, LINKS_NAME, _links_words()))
    await talk.say("after", says.Text(_after_words(), [[_report_button(branch)]]))
    return None


async def _request(branch: str, branches: BranchDesk) -> Phrase:
    text = _(
        "📋 Send me your list for **{branch}** as XLSX or CSV: the paper clip, then File.\n\n"
        "Of its columns I read only your own number (编号) and the name (姓名), and keep only the number. "
        "Telephone and identity numbers I don't read. Each line gets a link that works once; you pass it on."
    )
    return text.format(branch=await place_of(branch, branches))


async def _draw(number: int, rosters: RosterDesk) -> says.Screen:
    upload = await rosters.upload(number)
    again = says.Option(_("Send another list"), AGAIN)
    if upload is None or upload.state == REFUSED:
        return says.Screen(_("I could not fetch that file. Please send it once more."), [[again]])
    if upload.size > MOST_BYTES:
        return says.Screen(
            _("That file is too big for a list of people. Send one with only the list."), [[again]]
        )
    if upload.state == WAITING:
        return says.Screen(_("Got it. Give me a few seconds."), [[says.Option(_("Have a look"), "look")]])
    reading = await rosters.read(upload)
    if reading.problems:
        return says.Screen(_problem_words(reading), [[again]])
    count = len(reading.lines)
    text = ngettext("{n} line, and nothing wrong with it.", "{n} lines, and nothing wrong with them.", count)
    make = ngettext("✓ Make {n} link", "✓ Make {n} links", count)
    return says.Screen(text, [[says.Option(make, MAKE)], [again]])


def _problem_words(reading: Reading) -> Phrase:
    count = len(reading.problems)
    head = ngettext(
        "{n} thing is wrong, so no link was made yet:",
        "{n} things are wrong, so no link was made yet:",
        count,
    )
    shown = [_problem_line(problem) for problem in reading.problems[:MOST_PROBLEMS]]
    rest = [plain("…")] if count > MOST_PROBLEMS else []
    return join([head, *shown, *rest, _("Mend them and send the list once more.")])


def _problem_line(problem: Problem) -> Phrase:
    """What is wrong with a line; what is wrong with the file as such is said for those at a command line."""
    if not isinstance(problem.message, Phrase):
        return _("The file can't be read. Save it anew in Excel or WPS as .xlsx, and send that.")
    return _("Line {line}: {what}").format(line=problem.line, what=problem.message)


async def _react(talk: Talk, state: int, event: hears.Event, number: int, rosters: RosterDesk) -> Reaction:
    if not isinstance(event, hears.Choice):
        return IGNORED
    if event.value == AGAIN:
        return Left([AGAIN, number])
    upload = await rosters.upload(number)
    if upload is None or upload.state == WAITING:
        talk.toast(_("Not here yet. Once more in a few seconds, please."))
        return state
    return Left([MAKE, number]) if event.value == MAKE else state


def _links_words() -> Phrase:
    return _("One link for each line, by its number in your file. Each works once, for 30 days.")


def _after_words() -> Phrase:
    return _(
        "Give each person only their own link: whoever opens it first has used it. "
        "Your list itself I have deleted. Here you see later which lines have joined:"
    )


def _report_button(branch: str) -> says.Action:
    return says.Action(_("📋 Who has joined"), "rosters", branch)


# -- Who has joined -------------------------------------------------------------------------


async def open_rosters(aside: Aside, branch: str, rosters: RosterDesk, branches: BranchDesk) -> None:
    """The lists of a branch, and how many of each have joined."""
    try:
        found = (await rosters.of_branch(branch))[:MOST_ROSTERS]
    except NotAllowed:
        aside.toast(_("That is not yours to do."))
        return
    text = _("📋 Lists of **{branch}**").format(branch=await place_of(branch, branches))
    if not found:
        text = join([text, _("None yet. Bring one, and each line gets a link of its own.")])
    rows: list[list[says.Button]] = [
        [says.Action(_label(roster), "roster_lines", short(roster.id))] for roster in found
    ]
    rows.append([says.Action(_("➕ Bring a list"), "roster", branch)])
    aside.say(says.Text(text, rows))


def _label(roster: Roster) -> Phrase:
    label = _("{day}: {joined} of {lines} joined")
    return label.format(day=day_and_month(roster.made_at.date()), joined=roster.joined, lines=roster.lines)


async def show_lines(aside: Aside, number: str, rosters: RosterDesk) -> None:
    """Which lines of a list have joined, and which have not."""
    try:
        entries = await rosters.entries(long(number) or 0)
    except NotAllowed:
        entries = []
    if not entries:
        aside.toast(_("That list is not there any more."))
        return
    joined = [entry for entry in entries if entry.joined]
    missing = [entry for entry in entries if not entry.joined]
    text = join(
        [
            _("📋 {joined} of {lines} joined by their link.").format(joined=len(joined), lines=len(entries)),
            _("✓ Joined: {lines}").format(lines=_lines(joined)),
            _("… Not yet: {lines}").format(lines=_lines(missing)),
            _("Who joined another way, or left again, is not told here."),
        ]
    )
    aside.say(says.Text(text))


def _lines(entries: list[Entry]) -> str:
    shown = [
        f"{entry.line} ({entry.reference})" if entry.reference else str(entry.line)
        for entry in entries[:MOST_MISSING]
    ]
    more = [f"+{len(entries) - MOST_MISSING}"] if len(entries) > MOST_MISSING else []
    return ", ".join([*shown, *more]) or "–"


async def open_bring(aside: Aside, branch: str) -> None:
    """Bring a list for a branch."""
    aside.go(DIALOG.name, branch=branch)


DIALOG = Dialog("roster", bring, title=lambda: _("A list of people to invite"))
ACTIONS = (
    Answerer("roster", open_bring),
    Answerer("rosters", open_rosters),
    Answerer("roster_lines", show_lines),
)
