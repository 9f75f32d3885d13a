"""The screen on which buttons are put under a broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.dialogs.broadcast_targets import EVENT, LESSON, MOST_LABEL, QUESTION, STATION, Offers
from bot.i18n import Phrase, _, current_locale, join
from bot.services.broadcasts.model import MOST_BUTTONS, Button
from bot.talk import hears, says
from bot.talk.engine import IGNORED, Left, Reaction, Talk

State = dict[str, Any]
"""`on` is home, or the kind of target that is looked for; `chosen` are buttons as kind, name and labels;
`typed` is what was typed to look for."""
Rows = list[list[says.Button]]

MOST_SHOWN: Final = 12


class Buttons:
    """Lets an organizer choose what the buttons open."""

    def __init__(self, offers: Offers) -> None:
        self._offers = offers

    async def choose(self, talk: Talk, key: str, before: Sequence[Button] = ()) -> tuple[Button, ...]:
        """Show it, with the buttons that are there, until it is enough; gives the buttons in order."""
        start = {"on": "home", "chosen": [[each.kind, each.object, dict(each.labels)] for each in before]}
        chosen = await talk.browse(key, lambda: start, self.draw, self.react)
        return tuple(Button(kind, name, labels) for kind, name, labels in chosen)

    # -- Drawing --------------------------------------------------------------------------

    async def draw(self, state: State) -> says.Screen:
        """What is chosen, and what else there is."""
        if state["on"] != "home":
            return await self._list(state)
        chosen = [Button(*each).label(current_locale()) for each in state["chosen"]]
        lines = [_("🔘 **A button under it?** One tap, and people are there.")]
        lines += [Phrase("• {label}").format(label=label) for label in chosen]
        rows = _kinds() if len(chosen) < MOST_BUTTONS else []
        if chosen:
            rows.append([says.Option(_("🗑 Take the last one away"), ["less"])])
        rows.append([says.Option(_("✓ Go on") if chosen else _("No button"), ["done"])])
        return says.Screen(join(lines), rows, stops=True)

    async def _list(self, state: State) -> says.Screen:
        kind, typed = state["on"], state.get("typed", "")
        found = await self._offers.find(kind, typed)
        rows: Rows = [
            [says.Option(each.label(current_locale()), [each.kind, each.object])]
            for each in found[:MOST_SHOWN]
        ]
        rows.append([says.Option(_("‹ Back"), ["on", "home"])])
        is_typed = kind == STATION
        nothing = not found and bool(typed or not is_typed)
        return says.Screen(_question(kind, nothing=nothing), rows, takes_words=is_typed)

    # -- Taps and words -----------------------------------------------------------------------

    async def react(self, state: State, event: hears.Event) -> Reaction:
        """A tap, or the name of a station."""
        if isinstance(event, hears.Text) and state["on"] == STATION:
            return {**state, "typed": event.text[:MOST_LABEL]}
        if not isinstance(event, hears.Choice):
            return IGNORED
        match event.value:
            case ["done"]:
                return Left(state["chosen"])
            case ["less"]:
                return {**state, "chosen": state["chosen"][:-1]}
            case ["on", str(screen)]:
                return {"on": screen, "chosen": state["chosen"]}
            case [str(kind), str(name)]:
                found = await self._offers.find(kind, state.get("typed", ""))
                added = [[each.kind, each.object, dict(each.labels)] for each in found if each.object == name]
                return {"on": "home", "chosen": [*state["chosen"], *added]}
        return IGNORED


def _kinds() -> Rows:
    return [
        [
            says.Option(_("📚 Start a lesson"), ["on", LESSON]),
            says.Option(_("📍 Open a station"), ["on", STATION]),
        ],
        [
            says.Option(_("🎉 Join an event"), ["on", EVENT]),
            says.Option(_("✋ Answer a question"), ["on", QUESTION]),
        ],
    ]


def _question(kind: str, *, nothing: bool) -> Phrase:
    if not nothing:
        questions = {
            LESSON: _("Which lesson?"),
            STATION: _("Which station? Type its name."),
            EVENT: _("Which event?"),
            QUESTION: _("Which question?"),
        }
        return questions.get(kind, _("Which one?"))
    if kind == STATION:
        return _("I know no station of that name. Try another.")
    if kind == EVENT:
        return _("There is no event to come yet. Announce one first, then come back.")
    return _("No question of yours is open. Ask one first, then come back.")
