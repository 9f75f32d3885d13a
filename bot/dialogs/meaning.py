"""What something said freely leads to: what was meant, two to choose from, or the likeliest few.

Whatever was understood can be corrected with one tap. Danger comes before anything else. What was written is
never taken for more than a wish: instructions in it change nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from bot.dialogs import appeal_danger, appeal_more, appeals, besides, meanings, pictures, stations
from bot.dialogs.appeal_inputs import SHORTEST_STORY
from bot.dialogs.between import SURE, comes_between
from bot.dialogs.lessons import GUIDE
from bot.dialogs.meanings import Desks
from bot.i18n import _
from bot.services.appeals.mine import MyAppeals
from bot.services.danger import Danger
from bot.services.stations.desk import StationDesk
from bot.services.understanding import NONE, Understood
from bot.services.understanding.desk import Understanding
from bot.services.understanding.follow_up import follow_up
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog, Scene, Way
from bot.talk.engine import IGNORED, Act, Go, Left, Reaction, Talk
from bot.talk.ordinals import ordinal
from bot.talk.says import Json

WHICH: Final = "which"
NOT_THIS: Final = "not_this"

INJURY: Final = "injury"
MOST_SHOWN: Final = 3
# What people want most often.
USUAL: Final = ("find_station", "file_appeal", "guide_question")
# A list's number, and more than any list has lines.
_MOST_LISTED: Final = 99


# -- Where it leads --------------------------------------------------------------------------


def route(event: hears.Event, scene: Scene, services: Any) -> Way | None:
    """Where something said freely leads; None where it is meant for what is open, or for nobody."""
    if isinstance(event, hears.Location):
        return Way(stations.located(event, services.stations)) if not scene.dialog or scene.refused else None
    if isinstance(event, hears.Photo | hears.File | hears.Voice):
        return _of_a_picture(event, scene, services.understanding)
    if not isinstance(event, hears.Text):
        return None
    understanding: Understanding = services.understanding
    danger = understanding.danger(event.text)
    if danger is not None:
        return _in_danger(event.text, danger, scene)
    if scene.dialog in meanings.WRITING and not scene.refused:
        return None
    if scene.dialog and not scene.refused and _is_follow_up(event.text):
        return None
    if scene.private and (not scene.dialog or _gives_way(scene)):
        wishes = besides.both(event.text, understanding.read)
        way = _both_ways(wishes, services) if wishes is not None else None
        if way is not None:
            return way
    found = understanding.read(event.text)
    if not scene.dialog or (scene.browsing and scene.refused):
        return _freely(found, scene, services)
    return _between(found, scene, services)


def _of_a_picture(seen: pictures.Seen, scene: Scene, understanding: Understanding) -> Way | None:
    """What it is about is asked; where its words tell of danger, whom to call comes first."""
    way = pictures.route(seen, scene)
    caption = "" if isinstance(seen, hears.Voice) else seen.caption
    danger = understanding.danger(caption) if way and caption else None
    return replace(way, said=in_danger(danger, private=scene.private)) if way and danger else way


def _in_danger(text: str, danger: Danger, scene: Scene) -> Way | None:
    """The right number, and nothing that keeps from calling it. Appeals answer danger themselves.

    Who told of an injury need not tell it again when all are safe.
    """
    if scene.dialog in (appeals.APPEAL, appeal_more.ADD):
        return None
    if danger.kind == INJURY and scene.private and len(text.strip()) >= SHORTEST_STORY:
        story = Go(appeals.APPEAL, {"asked": text, "kind": INJURY, "safe": True})
        return Way(said=says.Text(appeal_danger.danger_words(danger)), later=(_write_down(), story))
    return Way(said=in_danger(danger, private=scene.private))


def in_danger(danger: Danger, *, private: bool) -> says.Text:
    """What to do, and whom to call; in private with what may help once it is over."""
    later = _later(danger.kind) if private else None
    return says.Text(appeal_danger.danger_words(danger), [[later]] if later else [])


def _later(kind: str) -> says.Action | None:
    """One quiet button. Who flees from a fire or a fight reads none."""
    match kind:
        case "injury":
            return says.Action(_write_down(), appeals.APPEAL, INJURY)
        case "self_harm":
            return says.Action(_("💬 When you feel low"), GUIDE, "low_mood")
    return None


def _write_down() -> str:
    return _("✍️ When all are safe: write it down")


def _is_follow_up(text: str) -> bool:
    """Whether a text can only be about what is shown."""
    return follow_up(text) is not None or ordinal(text, _MOST_LISTED) is not None


def _freely(found: Understood, scene: Scene, services: Any) -> Way | None:
    """Nothing half-done is at stake: do it, or ask which of a few was meant."""
    if found.confidence >= SURE:
        if found.intent == NONE:
            return Way(said=small_talk(found.text, services)) if scene.private else None
        return way_to(found, services)
    if not scene.private:
        return None
    likely = [choice for choice in found.choices if choice != NONE]
    return Way(Go(WHICH, {"said": found.text, "choices": likely[:MOST_SHOWN]}))


def _between(found: Understood, scene: Scene, services: Any) -> Way | None:
    """Something is open: only what plainly means something else comes between, and the rest is kept."""
    if found.intent == NONE or scene.dialog in meanings.AT_HOME.get(found.intent, ()):
        return None
    return way_to(found, services) if comes_between(found, scene) else None


def way_to(found: Understood, services: Any) -> Way:
    """Do what was understood, with a button for who meant something else."""
    to = _target(found, services)
    return Way(to) if isinstance(to, Act) else _understood(found, to)


def _target(found: Understood, services: Any) -> Go | Act:
    desks = Desks(services.appeals, services.stations)
    return meanings.target(found.intent, found.text, found.slots, desks)


def _understood(found: Understood, to: Go, *more: says.Action, **given: Json) -> Way:
    wrong = says.Action(_("↺ Not this"), NOT_THIS, found.intent)
    opened = {**to.given, "said": found.text, "understood": found.intent, **given}
    doubt = says.Text(meanings.names()[found.intent], [[button] for button in (*more, wrong)])
    return Way(Go(to.dialog, opened, to.answers), doubt=doubt)


def _gives_way(scene: Scene) -> bool:
    return scene.browsing and (scene.refused or scene.dialog in meanings.SEARCHES)


def _both_ways(wishes: besides.Both, services: Any) -> Way | None:
    """Do what was wished first, with a button for the other; None where they do not go together."""
    first, other = wishes
    to, then = _target(first, services), _target(other, services)
    if isinstance(to, Act) and isinstance(then, Go):
        # An answer leaves nothing open that a button could stand under.
        first, other, to, then = other, first, then, to
    if isinstance(to, Act) or (isinstance(then, Act) and to.dialog not in meanings.SEARCHES):
        # An answer is drawn over what its button stands under: over a list, but not over a question.
        return None
    return _understood(first, to, besides.button(other, then), **{besides.BESIDES: other.text})


# -- Small talk --------------------------------------------------------------------------------


def small_talk(text: str, services: Any) -> says.Text:
    """A short word back, and what can be asked for."""
    menu = says.Action(_("☰ What you can do"), "menu")
    match services.understanding.said(text).named("small_talk"):
        case "thanks":
            return says.Text(_("You're welcome. Ride safely."))
        case "bye":
            return says.Text(_("See you. Ride safely."))
        case "tired":
            return says.Text(
                _("That was a long one. Sit down for a moment?"),
                [[says.Action(_("🪑 Rest near me"), "find", "rest")]],
            )
        case "greeting":
            return says.Text(
                _("Hello! Just say what you need: “charge near me”, “remind me at 8”."), [[menu]]
            )
    return says.Text(_("I'm better at stations, lessons, reminders and appeals. Just say it."), [[menu]])


# -- Which of them ------------------------------------------------------------------------------


async def ask_which(
    talk: Talk, understanding: Understanding, appeals: MyAppeals, stations: StationDesk
) -> Go | Act:
    """Offer what may have been meant; a tap does it with what was said."""
    said, choices = await talk.given("said", ""), await talk.given("choices", [])
    wrong = await talk.given("wrong", "")
    way = await talk.browse(
        "which",
        dict,
        lambda _state: _draw(choices),
        lambda _state, event: _chosen(event, choices),
    )
    if wrong:
        await talk.once("counted", understanding.corrected, wrong, way)
    return meanings.target(way, said, understanding.slots(said, way), Desks(appeals, stations))


def _draw(choices: list[str]) -> says.Screen:
    known = meanings.names()
    rows: list[list[says.Button]] = [[says.Option(known[choice], ["meant", choice])] for choice in choices]
    rows.append([says.Action(_("☰ Something else"), "menu")])
    question = _("Which one do you mean?") if choices else _("I didn't get that. What do you need?")
    return says.Screen(question, rows)


def _chosen(event: hears.Event, choices: list[str]) -> Reaction:
    match event:
        case hears.Choice(["meant", str(choice)]):
            return Left(choice)
        case hears.Text(text) if (place := ordinal(text, len(choices))) is not None:
            return Left(choices[place - 1])
    return IGNORED


async def not_this(aside: Aside, intent: str, understanding: Understanding) -> None:
    """Something else was meant: count it, and offer what else it may have been."""
    if aside.given.get("understood") != intent:
        aside.toast(_("That is done by now. Just say it again."))
        return
    await understanding.corrected(intent)
    said = str(aside.given["said"])
    found = understanding.read(said).choices
    likely = [choice for choice in (*found, *USUAL) if choice not in (intent, NONE)]
    if aside.fresh:
        aside.leave()
    aside.go(WHICH, said=said, choices=list(dict.fromkeys(likely))[:MOST_SHOWN], wrong=intent)


DIALOG = Dialog(WHICH, ask_which, title=lambda: _("What you mean"), parks=False)
ACTIONS = (Answerer(NOT_THIS, not_this), *besides.ACTIONS)
