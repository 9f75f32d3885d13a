"""One turn: what a person sent, what their conversation makes of it, what is said back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.i18n import _, speaking
from bot.services import conversations
from bot.services import turn_words as words
from bot.services.conversations import Conversation, Seat
from bot.services.incoming import Command, Incoming, Press, TooFast
from bot.services.parking import DROP, RESUME, Parking
from bot.services.presses import CANCEL, ActionPress, OptionPress, read
from bot.services.refusals import NotThere
from bot.services.reply import Reply
from bot.store.work import Work
from bot.talk import engine, hears, says
from bot.talk.dialog import Answerer, Aside, Dialog, Repertoire, Scene, Way
from bot.talk.engine import Act, Go
from bot.talk.journal import Journal


@dataclass(slots=True)
class Stage:
    """Where a turn is played: the person's seat, the transaction, what the bot knows and can talk about."""

    seat: Seat
    work: Work
    services: Any
    repertoire: Repertoire
    new_number: Callable[[], int]


class Turn:
    """Plays one update; `reply` holds what is to be said, `toast` the word over a tapped button."""

    def __init__(self, incoming: Incoming, stage: Stage) -> None:
        self.incoming = incoming
        self.reply = Reply(stage.work.bot, incoming, stage.repertoire.menu)
        self.toast: str | None = None
        self.heard = True
        self._seat = stage.seat
        self._work = stage.work
        self._services = stage.services
        self._repertoire = stage.repertoire
        self._new_number = stage.new_number
        self._parking = Parking(stage.seat, stage.work, stage.repertoire, self.reply)
        self._doubt: says.Text | None = None

    async def play(self) -> None:
        """Do what the update asks for."""
        what = self.incoming.what
        with speaking(self._seat.person.locale):
            if isinstance(what, Command):
                await self._command(what)
            elif isinstance(what, Press):
                await self._press(what)
            elif isinstance(what, TooFast):
                if self.incoming.private:
                    self.reply.say(words.too_fast())
            else:
                await self._hear(what)  # type: ignore[arg-type]  # membership is no turn

    def apologise(self, reference: str) -> None:
        """Say that a bug of ours got in the way, and where it is noted."""
        with speaking(self._seat.person.locale):
            self.reply.below()
            self.reply.say(words.apology(reference))

    # -- Commands, links, actions ---------------------------------------------

    async def _command(self, command: Command) -> None:
        if not (command.named or self._is_ours(command.name)):
            return
        if command.name == "start" and command.argument:
            await self._link(command.argument)
            return
        if command.name == "cancel":
            await self._cancel()
            return
        entry = self._repertoire.commands.get(command.name)
        if entry is None:
            await self._unknown(command)
        elif not (self.incoming.private or entry.in_groups):
            self._move_to_private()
        elif isinstance(entry, Dialog):
            await self._open(Go(entry.name, {"asked": command.argument} if command.argument else {}))
        else:
            await self._aside(entry, command.argument)

    def _is_ours(self, command: str) -> bool:
        """Whether a command without any bot's name, in a group, is one that we answer there."""
        if command == "cancel":
            return self._seat.open is not None
        entry = self._repertoire.commands.get(command)
        return entry is not None and entry.in_groups

    async def _link(self, payload: str) -> None:
        name, _rest, argument = payload.partition("_")
        link = self._repertoire.links.get(name)
        if link is None:
            self.reply.say(words.leads_nowhere())
            await self._menu()
        elif not (self.incoming.private or link.in_groups):
            self._move_to_private(payload)
        else:
            await self._aside(link, argument)

    async def _unknown(self, command: Command) -> None:
        if not self.incoming.private:
            return
        self.reply.say(words.unknown(command.name, self._repertoire.commands))
        if self._seat.open is not None and not self._seat.open.is_browsing:
            await self._advance(self._seat.open, None)

    async def _menu(self) -> None:
        entry = self._repertoire.commands["menu"]
        if isinstance(entry, Answerer):
            await self._aside(entry, "")

    def _move_to_private(self, payload: str = "menu") -> None:
        self.reply.say(words.in_private(payload))

    async def _aside(self, answerer: Answerer, argument: str) -> None:
        aside = self._new_aside()
        try:
            await answerer.run(aside, argument, self._services)
        except NotThere:
            aside.toast(_("It is not there any more."))
        self.toast = aside.toasted
        if aside.toasted and not isinstance(self.incoming.what, Press):
            # A word over a tapped button; where none was tapped it is said.
            self.reply.say(says.Text(aside.toasted))
        with speaking(aside.locale or self._seat.person.locale):
            await self._after(aside)

    def _new_aside(self) -> Aside:
        conversation = self._seat.open
        if conversation is None:
            return Aside(self.incoming.private)
        given = Journal(conversation.journal).given()
        return Aside(self.incoming.private, given, fresh=conversation.revision <= 1)

    async def _after(self, aside: Aside) -> None:
        if aside.redrawn is not None:
            self.reply.redraw(aside.redrawn)
        if aside.keeps:
            self.reply.below()
        for message in aside.said:
            self.reply.say(message)
        if aside.closed:
            self._close()
        if aside.opened is not None:
            await self._follow(aside.opened)
        elif aside.locale and self._seat.open is not None:
            self.reply.below()
            await self._advance(self._seat.open, None)

    async def _cancel(self) -> None:
        conversation = self._seat.open
        if conversation is None:
            self.reply.say(words.nothing_open())
        else:
            self.reply.clear_buttons()
            self._close()
            self.reply.say(words.left())
        await self._parking.offer_latest()

    def _close(self) -> None:
        if self._seat.open is not None:
            self._seat.drop(self._seat.open)
            self._seat.open = None

    # -- Taps -------------------------------------------------------------------

    async def _press(self, press: Press) -> None:
        meaning = read(press.data)
        if isinstance(meaning, ActionPress):
            await self._act(meaning.action, meaning.object)
        elif isinstance(meaning, OptionPress):
            await self._press_option(meaning)
        else:
            self.toast = _("That button doesn't work any more.")

    async def _act(self, name: str, argument: str) -> None:
        if name in (RESUME, DROP):
            await (self._resume(argument) if name == RESUME else self._drop(argument))
            return
        action = self._repertoire.actions.get(name)
        if action is None:
            self.toast = _("That button doesn't work any more.")
        elif not (self.incoming.private or action.in_groups):
            self.toast = _("That is between you and me: let's go on in private.")
        else:
            await self._aside(action, argument)

    async def _press_option(self, press: OptionPress) -> None:
        conversation = self._seat.open
        if conversation is None or press.conversation != conversation.id:
            await self._press_elsewhere(press.conversation)
        elif press.revision != conversation.revision:
            await self._stale(conversation)
        elif press.what == CANCEL:
            await self._cancel()
        else:
            event = conversation.event(press.what)
            await (self._stale(conversation) if event is None else self._go_on(conversation, event))

    async def _press_elsewhere(self, number: int) -> None:
        other = await conversations.find(self._work, number)
        if other is not None and other.person != self._seat.person.id:
            self.toast = _("These buttons are somebody else's. Send the command yourself.")
            return
        if self._seat.open is not None:
            await self._stale(self._seat.open)
            return
        self.toast = _("That was an earlier conversation. /menu shows what I can do.")
        await self._parking.offer_latest()

    async def _stale(self, conversation: Conversation) -> None:
        self.toast = _("That button is from an earlier step. Here is where you are.")
        prompt = conversation.prompt or {}
        # The second tap of a double tap: the current prompt is right there, under the finger.
        if self.incoming.message in (prompt.get("at"), prompt.get("after")):
            return
        self.reply.below()
        await self._advance(conversation, None)

    # -- Words, places, pictures -------------------------------------------------

    async def _hear(self, event: hears.Event) -> None:
        if isinstance(event, hears.Text) and (command := self._repertoire.menu_command(event.text)):
            await self._command(Command(command))
            return
        conversation = self._seat.open
        if conversation is None:
            await self._hear_freely(event)
        elif self.incoming.edited and not conversation.is_browsing:
            self.reply.say(words.edited())
        else:
            await self._go_on(conversation, event)

    async def _hear_freely(self, event: hears.Event) -> None:
        way = self._way(event)
        self.heard = way is not None
        if way is not None:
            await self._take(way)
        elif self.incoming.private:
            await self._menu()

    def _way(self, event: hears.Event, *, refused: bool = False) -> Way | None:
        conversation = self._seat.open
        scene = Scene(
            self.incoming.private,
            conversation.dialog if conversation else "",
            conversation is not None and conversation.is_browsing and not conversation.asks,
            refused,
        )
        return self._repertoire.route(event, scene, self._services)

    async def _take(self, way: Way) -> None:
        """Go where something said freely leads."""
        if way.said is not None:
            self.reply.say(self._parking.with_later(way.said, way.later, self._new_number))
        if isinstance(way.to, Go) and way.to.dialog in self._repertoire.dialogs:
            self._doubt = way.doubt
            await self._follow(way.to)
        elif isinstance(way.to, Act):
            await self._answer(way.to)
        elif way.to is not None:
            await self._cannot()

    async def _cannot(self) -> None:
        self.reply.say(words.not_yet())
        await self._menu()

    async def _answer(self, act: Act) -> None:
        """Answer as to a button or a command; where this bot has neither, with all it has."""
        entry = self._repertoire.actions.get(act.name) or self._repertoire.commands.get(act.name)
        if entry is None:
            await self._cannot()
        elif not (self.incoming.private or entry.in_groups):
            self._move_to_private()
        elif isinstance(entry, Dialog):
            await self._open(Go(entry.name))
        else:
            await self._aside(entry, act.object)

    async def _follow(self, go: Go) -> None:
        """Open a dialog; in a group only one that may be open there."""
        if self.incoming.private or self._repertoire.dialogs[go.dialog].in_groups:
            await self._open(go)
        else:
            self._move_to_private()

    async def _go_on(self, conversation: Conversation, event: hears.Event) -> None:
        way = self._way(event) if conversation.takes(event) else None
        if way is not None:
            await self._take(way)
            return
        run = await self._run(conversation, event)
        if run is None:
            return
        self.heard = run.heard
        if _is_refused(run, event) and (way := self._way(event, refused=True)):
            await self._take(way)
        elif not run.heard and conversation.is_browsing:
            # The list stays where it is; what was said was meant for nobody in it.
            await self._menu()
        else:
            await self._apply(conversation, run)

    # -- Conversations --------------------------------------------------------------

    async def _open(self, go: Go) -> None:
        parked = self._parking.step_aside()
        conversation = await self._parking.kept(go) or Conversation(
            self._new_number(), self._seat.chat, self._seat.person.id, go.dialog, go.journal()
        )
        conversation.parked = False
        self._seat.open = conversation
        await self._advance(conversation, None)
        if parked is not None and parked is not conversation and not self._parking.offered:
            self._parking.offer(parked)

    async def _advance(self, conversation: Conversation, event: hears.Event | None) -> None:
        run = await self._run(conversation, event)
        if run is not None:
            await self._apply(conversation, run)

    async def _run(self, conversation: Conversation, event: hears.Event | None) -> engine.Run | None:
        dialog = self._repertoire.dialogs.get(conversation.dialog)
        if dialog is None:
            # A release took the dialog away while this conversation waited.
            self._close()
            self.reply.say(words.no_more())
            await self._menu()
            return None
        talk = dialog.with_services(self._services)
        return await engine.run(talk, Journal(conversation.journal), event, private=self.incoming.private)

    async def _apply(self, conversation: Conversation, run: engine.Run) -> None:
        conversation.journal = run.journal.to_json()
        if run.prompt is None:
            await self._finish(conversation, run)
            return
        if run.quiet:
            self._seat.keep(conversation)
            return
        notice = run.refusal or run.toast
        if isinstance(self.incoming.what, Press) and notice:
            self.toast, notice = notice, None
        prompt = engine.refused(run.prompt, notice) if notice else run.prompt
        if self._doubt is not None:
            prompt, self._doubt = self.reply.doubted(prompt, self._doubt), None
        self.reply.show(conversation, prompt, run.said, run.after)
        self._seat.keep(conversation)

    async def _finish(self, conversation: Conversation, run: engine.Run) -> None:
        if run.go is None or run.said:
            self.reply.clear_buttons()
        self._seat.drop(conversation)
        self._seat.open = None
        self.toast = run.toast
        for message in (*run.said, *run.after):
            self.reply.say(message)
        if isinstance(run.go, Act):
            await self._answer(run.go)
        elif run.go is not None:
            await self._follow(run.go)
        else:
            await self._parking.offer_latest()

    # -- Parked conversations ---------------------------------------------------------

    async def _resume(self, argument: str) -> None:
        conversation = await self._parking.to_resume(argument)
        if conversation is None:
            self.toast = _("It is not there any more.")
            return
        other = self._parking.step_aside()
        conversation.parked = False
        self._seat.open = conversation
        await self._advance(conversation, None)
        if other is not None:
            self._parking.offer(other)

    async def _drop(self, argument: str) -> None:
        if await self._parking.drop(argument):
            self.reply.redraw(words.dropped())
        else:
            self.toast = _("It is not there any more.")


def _is_refused(run: engine.Run, event: hears.Event) -> bool:
    """Whether the open question or screen could not use what was said."""
    return not run.heard or (run.refusal is not None and isinstance(event, hears.Text))
