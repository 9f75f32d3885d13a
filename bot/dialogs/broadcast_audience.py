"""Who a broadcast is for: put together by taps, or typed as one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.dialogs import broadcast_words as words
from bot.dialogs.branch_words import label_of, work_words
from bot.i18n import Phrase, _, current_locale, join, ngettext, plain, shortened
from bot.services.branches.desk import BranchDesk
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.checkins.organizing import RoundDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.segments import SegmentError, say
from bot.services.segments.words import to_words
from bot.talk import hears, says
from bot.talk.engine import IGNORED, Left, Reaction, Talk
from bot.talk.says import Json

State = dict[str, Any]
"""What was chosen: `branch` (an id or ""), `work` (kinds), `active` (days, 0 for whenever), `unfinished` (a
lesson or ""), `unanswered` (a check-in's number or 0), `others` (True: without organizers), `to`; or `typed`,
which stands in place of all of them.
`on` is home or what is being chosen, `at` the branch whose branches are shown."""
Rows = list[list[says.Button]]

DAYS: Final = (0, 1, 7, 30)
TO: Final = ("people", "groups", "both")
MOST_SHOWN: Final = 10
MOST_LABEL: Final = 40
_MARKED: Final = ("branch", "work", "unfinished", "unanswered")
_START: Final[State] = {
    "on": "home",
    "branch": "",
    "work": [],
    "active": 0,
    "unfinished": "",
    "unanswered": 0,
    "others": False,
    "to": "people",
    "typed": "",
}


class Audience:
    """The screen on which an audience is put together for a topic."""

    def __init__(
        self,
        topic: str,
        broadcasts: BroadcastDesk,
        branches: BranchDesk,
        lessons: LessonDesk,
        rounds: RoundDesk,
    ) -> None:
        self._topic = topic
        self._broadcasts = broadcasts
        self._branches = branches
        self._lessons = lessons
        self._rounds = rounds

    async def choose(self, talk: Talk, key: str, branch: str = "", typed: str = "") -> str:
        """Show it until somebody is meant, from a branch or a typed line on; gives the segment, with ids."""
        start = {**_START, "branch": branch, "typed": typed}
        chosen = await talk.browse(key, lambda: start, self.draw, self.react)
        return str(chosen)

    # -- Drawing ------------------------------------------------------------------------

    async def draw(self, state: State) -> says.Screen:
        """The screen that a state means."""
        state = _START | state
        match state["on"]:
            case "branch":
                return await self._branches_screen(state)
            case "work":
                return self._work_screen(state)
            case "unfinished":
                return self._lessons_screen(state)
            case "unanswered":
                return await self._checkins_screen(state)
        return await self._home(state)

    async def _home(self, state: State) -> says.Screen:
        try:
            segment = say(await self._broadcasts.settle(expression(state)))
        except SegmentError as error:
            return self._wrong(error)
        counted = await self._broadcasts.count(segment, self._topic)
        who = await self._broadcasts.describe(segment)
        lines = [
            _("📣 **Who is it for?**"),
            who,
            words.people_and_groups(counted),
            _("Tap to narrow it down, or type it, such as:\n`{example}`").format(example=_example()),
        ]
        rows = self._choices(state) if not state["typed"] else [[says.Option(_("↺ Start over"), ["over"])]]
        if counted.recipients:
            rows = [*rows, [says.Option(_("✓ Send it to these"), ["done"])]]
        else:
            is_narrowed = expression(state) != expression(_START)
            lines.insert(3, words.nobody(counted, is_narrowed=is_narrowed, to=state["to"]))
        return says.Screen(join(lines), rows, takes_words=True, stops=True)

    def _wrong(self, error: SegmentError) -> says.Screen:
        pointed = Phrase("`{pointed}`").format(pointed=error.pointed)
        lines = [pointed, plain(error.sentence), _("Type it again, or start over.")]
        rows: Rows = [[says.Option(_("↺ Start over"), ["over"])]]
        return says.Screen(join(lines), rows, takes_words=True, stops=True)

    def _choices(self, state: State) -> Rows:
        mark = {name: "✓ " if state[name] else "" for name in _MARKED}
        active = ngettext("🕒 Active since yesterday", "🕒 Active in {n} days", state["active"])
        without = _("☑ no organizers") if state["others"] else _("☐ no organizers")
        return [
            [
                says.Option(mark["branch"] + _("🏠 Branch"), ["on", "branch"]),
                says.Option(mark["work"] + _("🛵 Work"), ["on", "work"]),
            ],
            [
                says.Option(mark["unfinished"] + _("📚 Not finished …"), ["on", "unfinished"]),
                says.Option(mark["unanswered"] + _("📋 Not answered …"), ["on", "unanswered"]),
            ],
            [
                says.Option(active if state["active"] else _("🕒 Active or not"), ["active"]),
                says.Option(without, ["others"]),
            ],
            [says.Option(_("📨 To: {where}").format(where=to_words()[state["to"]]), ["to"])],
        ]

    async def _branches_screen(self, state: State) -> says.Screen:
        tops = await self._tops()
        at = state.get("at") or (tops[0].id if len(tops) == 1 else None)
        found = await self._branches.children(at) if at else tops
        rows: Rows = [[says.Option(label_of(branch), ["at", branch.id])] for branch in found[:MOST_SHOWN]]
        here = await self._branches.get(at) if at else None
        if here is not None:
            whole = _("✓ All of {branch}").format(branch=label_of(here))
            rows.insert(0, [says.Option(whole, ["branch", here.id])])
        else:
            rows.append([says.Option(_("All that I look after"), ["branch", ""])])
        rows.append(_home_row())
        return says.Screen(_("Which branch? All below it belong to it."), rows)

    async def _tops(self) -> Sequence[Any]:
        return await self._branches.organized() or await self._branches.children(None)

    def _work_screen(self, state: State) -> says.Screen:
        buttons = [
            says.Option(("✓ " if kind in state["work"] else "") + label, ["work", kind])
            for kind, label in work_words().items()
        ]
        rows: Rows = says.in_columns(buttons, 2)
        return says.Screen(_("What do they do? Tap one or more."), [*rows, _home_row()])

    def _lessons_screen(self, state: State) -> says.Screen:
        shown = [
            says.Option(
                ("✓ " if lesson.id == state["unfinished"] else "") + lesson.text(current_locale()).head.title,
                ["unfinished", lesson.id],
            )
            for lesson in self._lessons.library.lessons
        ]
        rows: Rows = [[button] for button in shown[:MOST_SHOWN]]
        rows.append([says.Option(_("Whatever they finished"), ["unfinished", ""])])
        return says.Screen(_("Who has not finished which lesson yet?"), rows)

    async def _checkins_screen(self, state: State) -> says.Screen:
        """Those whose answers carry names: of others nobody knows who answered."""
        named = [one for one in await self._rounds.all() if not one.anonymous][:MOST_SHOWN]
        rows: Rows = [
            [says.Option(_marked(one.title, one.id == state["unanswered"]), ["unanswered", one.id])]
            for one in named
        ]
        if not named:
            text = _("There is no check-in with names to choose from. Ask one first: /rounds")
            return says.Screen(text, [_home_row()])
        rows.append([says.Option(_("Whatever they answered"), ["unanswered", 0])])
        return says.Screen(_("Who has not answered which check-in yet?"), rows)

    # -- Taps and words ------------------------------------------------------------------------

    async def react(self, state: State, event: hears.Event) -> Reaction:
        """What a tap or a typed line makes of the state."""
        state = _START | state
        if isinstance(event, hears.Text):
            return {**state, "typed": event.text, "on": "home"}
        if not isinstance(event, hears.Choice):
            return IGNORED
        match event.value:
            case ["done"]:
                return await self._done(state)
            case ["over"]:
                return _START
            case ["at", str(branch)]:
                has_more = await self._branches.children(branch)
                return {**state, "at": branch} if has_more else _with(state, "branch", branch)
        return _changed(state, event.value)

    async def _done(self, state: State) -> Reaction:
        try:
            return Left(say(await self._broadcasts.settle(expression(state))))
        except SegmentError:
            return {**state, "on": "home"}


def expression(state: State) -> str:
    """The segment that was tapped together, as one would type it."""
    if state["typed"]:
        return str(state["typed"])
    parts = [
        f"branch:{state['branch']}" if state["branch"] else "",
        f"work:{','.join(state['work'])}" if state["work"] else "",
        f"active<{state['active']}d" if state["active"] else "",
        f"unfinished:{state['unfinished']}" if state["unfinished"] else "",
        f"unanswered:{state['unanswered']}" if state["unanswered"] else "",
    ]
    said = [part for part in parts if part] or ["all"]
    without = " - role:organizer" if state["others"] else ""
    return f"{' & '.join(said)}{without} & to:{state['to']}"


def _changed(state: State, value: Json) -> Reaction:
    """The state with what was tapped."""
    match value:
        case ["on", str(screen)]:
            return {**state, "on": screen, "at": None}
        case [("branch" | "unfinished") as name, str(chosen)]:
            return _with(state, name, chosen)
        case ["unanswered", int(number)]:
            return _with(state, "unanswered", number)
        case ["work", str(kind)]:
            return {**state, "work": _toggled(state["work"], kind)}
        case ["active"]:
            return {**state, "active": _next(DAYS, state["active"])}
        case ["others"]:
            return {**state, "others": not state["others"]}
        case ["to"]:
            return {**state, "to": _next(TO, state["to"])}
    return IGNORED


def _marked(label: str, is_chosen: bool) -> str:
    return shortened(f"✓ {label}" if is_chosen else label, MOST_LABEL)


def _next(choices: Sequence[Json], now: Json) -> Json:
    """The choice after this one, round and round."""
    return choices[(choices.index(now) + 1) % len(choices)]


def _example() -> Phrase:
    return _("riders active<7d -organizers")


def _with(state: State, name: str, value: Json) -> State:
    return {**state, name: value, "on": "home"}


def _toggled(chosen: list[str], kind: str) -> list[str]:
    return [each for each in chosen if each != kind] if kind in chosen else [*chosen, kind]


def _home_row() -> list[says.Button]:
    return [says.Option(_("‹ Back"), ["on", "home"])]
