"""Conversations put aside: kept for later when something else comes between, and offered again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.i18n import _
from bot.services import conversations
from bot.services.conversations import MOST_LASTING, MOST_PARKED, Conversation, Seat
from bot.services.presses import long, short
from bot.services.reply import Reply
from bot.store.work import Work
from bot.talk import says
from bot.talk.dialog import Repertoire
from bot.talk.engine import Go
from bot.talk.journal import Journal

RESUME: Final = "resume"
DROP: Final = "drop"
# What a conversation is given of what was said freely, or behind its command.
OPENING_WORDS: Final = ("said", "asked")


class Parking:
    """A person's conversations that wait, in one turn; `offered` once one of them was."""

    def __init__(self, seat: Seat, work: Work, repertoire: Repertoire, reply: Reply) -> None:
        self.offered = False
        self._seat = seat
        self._work = work
        self._repertoire = repertoire
        self._reply = reply

    def step_aside(self) -> Conversation | None:
        """Make room for another conversation; gives the one that was parked for later."""
        conversation, self._seat.open = self._seat.open, None
        if conversation is None:
            return None
        dialog = self._repertoire.dialogs.get(conversation.dialog)
        if dialog is None or not dialog.parks or not _holds_words(Journal(conversation.journal)):
            self._seat.drop(conversation)
            return None
        conversation.parked = True
        self._seat.keep(conversation)
        return conversation

    def with_later(
        self, said: says.Text, later: tuple[str, Go] | None, new_number: Callable[[], int]
    ) -> says.Text:
        """What is said, with a button for what is put aside unopened, if anything is."""
        if later is None:
            return said
        label, go = later
        person = self._seat.person.id
        conversation = Conversation(
            new_number(), self._seat.chat, person, go.dialog, go.journal(), parked=True
        )
        # The button under what is said is the offer.
        conversation.mark_offered()
        self._seat.keep(conversation)
        row: list[says.Button] = [says.Action(label, RESUME, short(conversation.id))]
        return replace(said, rows=[*said.rows, row])

    async def kept(self, go: Go) -> Conversation | None:
        """The parked conversation that this opened before, where it is one that goes on by itself."""
        if not self._repertoire.dialogs[go.dialog].resumes:
            return None
        waiting = await conversations.parked(self._work, self._seat)
        same = (one for one in waiting if one.dialog == go.dialog)
        return next((one for one in same if Journal(one.journal).given() == go.given), None)

    async def find(self, argument: str) -> Conversation | None:
        """The one that a button names; None where it is not there any more."""
        number = long(argument)
        waiting = await conversations.parked(self._work, self._seat)
        return next((one for one in waiting if one.id == number), None)

    async def to_resume(self, argument: str) -> Conversation | None:
        """The same, to go on with; what stands above a button that opens it stays readable."""
        conversation = await self.find(argument)
        if conversation is not None and conversation.revision == 0:
            self._reply.below()
        return conversation

    async def drop(self, argument: str) -> bool:
        """Let go of the one that a button names; False if it is not there any more."""
        conversation = await self.find(argument)
        if conversation is not None:
            self._seat.drop(conversation)
        return conversation is not None

    async def offer_latest(self) -> None:
        """Offer the one put aside last; beyond a few the oldest are let go."""
        waiting = await conversations.parked(self._work, self._seat)
        for place, old in enumerate(waiting):
            if place >= (MOST_LASTING if self._lasts(old) else MOST_PARKED):
                self._seat.drop(old)
        if waiting:
            self.offer(waiting[0])

    def offer(self, conversation: Conversation) -> None:
        """Offer to go on with it, or to drop it; once, then it waits in the menu."""
        dialog = self._repertoire.dialogs.get(conversation.dialog)
        if dialog is None:
            self._seat.drop(conversation)
            return
        self.offered = True
        if conversation.was_offered:
            return
        conversation.mark_offered()
        self._seat.keep(conversation)
        number = short(conversation.id)
        row = [says.Action(_("▶ Go on"), RESUME, number), says.Action(_("🗑 Drop it"), DROP, number)]
        text = _("“{title}” is half done. Go on with it?").format(title=dialog.title())
        self._reply.say(says.Text(text, [row]))

    def _lasts(self, conversation: Conversation) -> bool:
        dialog = self._repertoire.dialogs.get(conversation.dialog)
        return dialog is not None and dialog.lasts


def _holds_words(journal: Journal) -> bool:
    """Whether somebody answered something, or said what it was opened with, that is not done yet."""
    if journal.answers():
        return True
    given = journal.given()
    return not journal.did_something() and any(given.get(name) for name in OPENING_WORDS)
