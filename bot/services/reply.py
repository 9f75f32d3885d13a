"""What one turn says back: messages below, or the tapped message drawn anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.i18n import _
from bot.services.conversations import Conversation
from bot.services.incoming import Incoming, Press
from bot.services.messages import Body, compose
from bot.services.outbox import REPLY, Outgoing
from bot.services.presses import BACK, CANCEL, SKIP, option_data
from bot.talk import says
from bot.talk.dialog import MenuButton

Menu = Callable[[], Sequence[Sequence[MenuButton]]]


class Reply:
    """Gathers the outgoing messages of a turn, in order."""

    def __init__(self, bot: int, incoming: Incoming, menu: Menu) -> None:
        self.out: list[Outgoing] = []
        self._bot = bot
        self._incoming = incoming
        self._menu = menu
        # The tapped message can be redrawn once; what comes after is sent below it.
        self._tapped = incoming.message if isinstance(incoming.what, Press) else None

    def say(self, message: says.Message) -> None:
        """Send a message."""
        self._send(compose(message), message)

    def redraw(self, message: says.Message) -> None:
        """Draw the tapped message anew, or send it where none was tapped."""
        self._draw(compose(message), message)

    def below(self) -> None:
        """Leave the tapped message as it is: everything goes below it."""
        self._tapped = None

    def clear_buttons(self) -> None:
        """Take the buttons off the tapped message: they have done their work."""
        if self._tapped is not None:
            target, self._tapped = {"edit": self._tapped}, None
            self._queue({"type": "buttons", "rows": []}, target)

    def doubted(self, prompt: says.Prompt, doubt: says.Text) -> says.Prompt:
        """A prompt with the buttons of a doubt below its own; one with the lasting menu can have none."""
        message = prompt.message
        if isinstance(message, says.Text) and message.menu:
            self.say(doubt)
            return prompt
        return replace(prompt, message=replace(message, rows=[*message.rows, *doubt.rows]))

    def show(
        self,
        conversation: Conversation,
        prompt: says.Prompt,
        said: Sequence[says.Message],
        after: Sequence[says.Message] = (),
    ) -> None:
        """Show a prompt, over the tapped message where nothing is said before it, else below.

        The conversation learns what the buttons mean.
        """
        tapped = self._tapped
        brings_menu = isinstance(prompt.message, says.Text) and prompt.message.menu
        in_place = tapped is not None and (prompt.browsing or not said) and not brings_menu
        conversation.revision += 1
        conversation.prompt = {
            "step": prompt.step,
            "options": [option.value for option in says.options_of(prompt.message)],
            "browsing": prompt.browsing,
            "words": prompt.takes_words or prompt.browsing,
            "asks": prompt.takes_words,
            "at": tapped if in_place else None,
            "after": tapped,
        }
        body = compose(prompt.message, conversation.id, conversation.revision)
        body["rows"] = [*body["rows"], *_ways_out(conversation, prompt)]
        if in_place:
            self._draw(body, prompt.message)
        self.clear_buttons()
        for message in said:
            self.say(message)
        if not in_place:
            self._send(body, prompt.message)
        for message in after:
            self.say(message)

    def _draw(self, body: Body, message: says.Message) -> None:
        if self._tapped is None:
            self._send(body, message)
            return
        target, self._tapped = {"edit": self._tapped}, None
        self._queue(body, target)

    def _send(self, body: Body, message: says.Message) -> None:
        if isinstance(message, says.Text) and message.menu and self._incoming.private:
            body["menu"] = [[_menu_button(button) for button in row] for row in self._menu()]
        self._queue(body, None)

    def _queue(self, body: Body, target: dict[str, Any] | None) -> None:
        incoming = self._incoming
        self.out.append(
            Outgoing(
                self._bot,
                incoming.chat,
                body,
                REPLY,
                thread=incoming.thread,
                target=target,
                update_id=incoming.update_id,
            )
        )


def _menu_button(button: MenuButton) -> Body:
    return {"label": button.label, "kind": "text" if button.command else "location"}


def _ways_out(conversation: Conversation, prompt: says.Prompt) -> list[list[Body]]:
    """The row under a question: take back, skip, leave. A browsed screen mostly has ways of its own."""
    if prompt.browsing and not prompt.stops:
        return []
    ways = [(_("✕ Stop"), CANCEL)]
    if prompt.optional:
        ways.insert(0, (_("Skip"), SKIP))
    if prompt.back:
        ways.insert(0, (_("« Back"), BACK))
    number, revision = conversation.id, conversation.revision
    return [[{"label": str(label), "data": option_data(number, revision, what)} for label, what in ways]]
