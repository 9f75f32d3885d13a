"""/points: how many, where each came from, what they are good for; the ranking; giving rewards out."""

from __future__ import annotations

from typing import Any, Final

from bot.dialogs.nameless import Nameless
from bot.dialogs.opening import opener
from bot.dialogs.point_words import below_nothing, moved, named, reward_name
from bot.dialogs.station_words import name_of
from bot.i18n import Phrase, _, day_and_month, join, ngettext
from bot.services.points.desk import LONGEST_NAME, PointDesk
from bot.services.points.pickups import PickupDesk
from bot.services.points.rewards import Redeemed, Refused
from bot.services.refusals import TooMany
from bot.services.stations.desk import StationDesk
from bot.talk import hears, says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import IGNORED, Go, Left, Reaction, Talk
from bot.talk.inputs import line

POINTS: Final = "points"
RANKING: Final = "point_name"
HAND_OUT: Final = "pickup"

# What a code turns out to be.
GOOD, ELSEWHERE, WRONG, WAIT = "good", "elsewhere", "wrong", "wait"

MOST_MOVES: Final = 8
MOST_LATEST: Final = 3

State = dict[str, Any]
"""What the screen shows: `on` is home, how, history, rewards, ranking or a reward (with `reward`); `before`
is the move that the history goes on from."""
HOME: Final[State] = {"on": "home"}
Rows = list[list[says.Button]]


async def points(talk: Talk, points: PointDesk, stations: StationDesk) -> Go:
    """Show points until a name for the ranking is to be given."""

    async def draw(state: State) -> says.Screen:
        if state["on"] == "reward":
            return await _reward(state, points, stations)
        return await _SCREENS[state["on"]](state, points)

    async def react(state: State, event: hears.Event) -> Reaction:
        return await _react(talk, state, event, points, stations)

    await talk.browse("points", lambda: HOME, draw, react)
    return Go(RANKING)


async def _react(
    talk: Talk, state: State, event: hears.Event, points: PointDesk, stations: StationDesk
) -> Reaction:
    match event:
        case hears.Choice(["on", str(screen)]) if screen in _SCREENS:
            return {"on": screen}
        case hears.Choice(["before", int(move)]):
            return {"on": "history", "before": move}
        case hears.Choice(["reward", str(reward)]):
            return {"on": "reward", "reward": reward}
        case hears.Choice(["redeem", station]) if state["on"] == "reward":
            return await _redeem(talk, state["reward"], station, points, stations)
        case hears.Choice(["join"]):
            return Left(None)
        case hears.Choice(["leave"]):
            await points.leave_ranking()
            talk.toast(_("You are not shown any more."))
            return {"on": "ranking"}
    return IGNORED


async def _redeem(
    talk: Talk, reward: str, station: str | None, points: PointDesk, stations: StationDesk
) -> Reaction:
    got = await points.redeem(reward, station)
    if isinstance(got, Redeemed):
        talk.show(says.Text(_code(got, points, stations)))
        return HOME
    gone = _("The last one is gone. Your points are all there.")
    few = _("Not enough points yet.")
    talk.toast(gone if got is Refused.GONE else few)
    return {"on": "rewards"}


def _code(got: Redeemed, points: PointDesk, stations: StationDesk) -> Phrase:
    text = _(
        "🎁 **{reward}**\n\nYour code: **{code}**\n\nShow it {place} by {day}; it works once. Whoever "
        "has the code gets the reward, so keep this message."
    )
    return text.format(
        reward=reward_name(got.reward, points.book),
        code=f"{got.code[:3]} {got.code[3:]}",
        place=_at(got.station, stations),
        day=day_and_month(got.expires_at.date()),
    )


def _at(station: str | None, stations: StationDesk) -> Phrase:
    """Where a reward is picked up."""
    there = stations.get(station) if station else None
    return _("at **{station}**").format(station=name_of(there)) if there else _("at a station")


async def _home(_state: State, points: PointDesk) -> says.Screen:
    had = await points.balance()
    lines = [ngettext("⭐ **{n} point**", "⭐ **{n} points**", had)]
    if had < 0:
        lines.append(below_nothing(had))
    for one in await points.waiting():
        waiting = _("🎁 {reward}: pick it up by {day}, with the code I gave you.")
        day = day_and_month(one.expires_at.date())
        lines.append(waiting.format(reward=reward_name(one.reward, points.book), day=day))
    latest = await points.history(MOST_LATEST)
    if latest:
        lines.append(join([moved(move, points.book) for move in latest]))
    else:
        lines.append(_("A lesson of three minutes is a beginning."))
    rows: Rows = [
        [
            says.Option(_("🎁 Exchange"), ["on", "rewards"]),
            says.Option(_("📜 Where from"), ["on", "history"]),
        ],
        [
            says.Option(_("➕ How to get some"), ["on", "how"]),
            says.Option(_("🏆 Ranking"), ["on", "ranking"]),
        ],
    ]
    return says.Screen(join(lines, "\n\n"), rows)


async def _how(_state: State, points: PointDesk) -> says.Screen:
    line = _("· {what}: {points}, {per_day} a day at most")
    told = [
        line.format(what=named(one.names), points=one.points, per_day=one.per_day)
        for one in points.book.earnings.values()
    ]
    rows: Rows = [[says.Action(_("📚 Today's lesson"), "learn"), says.Option(_("‹ Back"), ["on", "home"])]]
    return says.Screen(join([_("What gives points:"), *told]), rows)


async def _history(state: State, points: PointDesk) -> says.Screen:
    moves = await points.history(MOST_MOVES + 1, state.get("before"))
    shown = moves[:MOST_MOVES]
    lines = [_("📜 **Where your points came from**"), *(moved(move, points.book) for move in shown)]
    if not shown:
        lines.append(_("A lesson of three minutes is a beginning."))
    ways: list[says.Button] = [says.Option(_("‹ Back"), ["on", "home"])]
    if len(moves) > MOST_MOVES:
        ways.append(says.Option(_("Earlier ›"), ["before", shown[-1].id]))
    return says.Screen(join(lines), [ways])


async def _rewards(_state: State, points: PointDesk) -> says.Screen:
    left = await points.left()
    had = await points.balance()
    rows: Rows = []
    lines = [ngettext("🎁 **Rewards.** You have {n} point.", "🎁 **Rewards.** You have {n} points.", had)]
    for reward in points.book.rewards.values():
        few = ngettext("{n} left", "{n} left", left[reward.id]) if left[reward.id] else _("all gone")
        lines.append(
            _("{reward} · {points} points · {left}").format(
                reward=named(reward.names), points=reward.points, left=few
            )
        )
        if left[reward.id] and had >= reward.points:
            rows.append([says.Option(named(reward.names), ["reward", reward.id])])
    rows.append([says.Option(_("‹ Back"), ["on", "home"])])
    return says.Screen(join(lines), rows)


async def _reward(state: State, points: PointDesk, stations: StationDesk) -> says.Screen:
    reward = points.book.rewards.get(state["reward"])
    if reward is None:
        return await _rewards(state, points)
    question = _("Exchange {points} points for **{reward}**?")
    lines = [question.format(points=reward.points, reward=named(reward.names))]
    back = says.Option(_("‹ Back"), ["on", "rewards"])
    # One that closed meanwhile gives nothing out; if all did, any other station does.
    there = [one for name in reward.stations if (one := stations.get(name)) and not one.retired]
    if not there:
        return says.Screen(join(lines), [[says.Option(_("✓ Exchange"), ["redeem", None]), back]])
    lines.append(_("Where will you pick it up?"))
    rows: Rows = [[says.Option(f"🏠 {name_of(one)}", ["redeem", one.id])] for one in there]
    return says.Screen(join(lines), [*rows, [back]])


async def _ranking(_state: State, points: PointDesk) -> says.Screen:
    found = await points.ranking()
    lines = [_("🏆 **Most points in thirty days**, of those who like to be seen")]
    for place, one in enumerate(found, 1):
        row = _("{place}. **{name}** · {points} (you)") if one.is_me else _("{place}. {name} · {points}")
        lines.append(row.format(place=place, name=one.called, points=one.points))
    if not found:
        lines.append(_("Nobody yet."))
    mine = (
        says.Option(_("Leave the ranking"), ["leave"])
        if await points.is_ranked()
        else says.Option(_("Show me, too"), ["join"])
    )
    return says.Screen(join(lines), [[mine, says.Option(_("‹ Back"), ["on", "home"])]])


_SCREENS: Final = {
    "home": _home,
    "how": _how,
    "history": _history,
    "rewards": _rewards,
    "ranking": _ranking,
}


# -- A name for the ranking ---------------------------------------------------------------------


async def join_ranking(talk: Talk, points: PointDesk) -> Go:
    """Ask under which name they want to be shown."""
    question = _(
        "🏆 Under which name? Any name will do, better not your own. Others see it with your points."
    )
    sorry = _("🙏 Everybody reads it: please no real name and no number. Make one up.")
    called = await talk.ask("called", question, Nameless(1, LONGEST_NAME, sorry))
    await talk.once("joined", points.join_ranking, called)
    shown = _("✓ In the ranking you are **{name}**. Nobody sees more than that and your points.")
    await talk.say("shown", shown.format(name=called))
    return Go(POINTS)


# -- Giving rewards out -------------------------------------------------------------------------


async def hand_out(talk: Talk, pickups: PickupDesk, points: PointDesk, stations: StationDesk) -> None:
    """Take the code that somebody shows, say what it is good for, and use it up on a yes."""
    if not await pickups.may_hand_out():
        await talk.say("not_yours", _("Rewards are given out by those who look after a station."))
        return
    code = await talk.given("asked", "")
    if not code:
        code = await talk.ask("code", _("🎁 Which code do they show? Six digits."), line(20))
    code = "".join(str(code).split())
    found = await talk.once("look", _look, code, pickups)
    if found["outcome"] != GOOD:
        rows = [[says.Action(_("🎁 Another code"), HAND_OUT)]] if found["outcome"] != WAIT else []
        await talk.say("no", says.Text(_not_given(found, points, stations), rows))
        return
    lines = [Phrase("🎁 **{reward}**").format(reward=reward_name(found["reward"], points.book))]
    if found["station"] is not None:
        lines.append(_("To be picked up {place}.").format(place=_at(found["station"], stations)))
    if not await talk.confirm("sure", join(lines), yes=_("🎁 Give it out"), no=_("Not now")):
        await talk.say("kept", _("Nothing is given out. The code stays good."))
        return
    if await talk.once("give", _give, code, pickups):
        text = _("✓ Give them: **{reward}**. The code is used up.")
        await talk.say("handed", text.format(reward=reward_name(found["reward"], points.book)))
    else:
        await talk.say("late", _("✗ This code is not good (any more). Nothing is given out."))


async def _look(code: str, pickups: PickupDesk) -> dict[str, str | None]:
    """What a code is good for, with an outcome: GOOD, ELSEWHERE, WRONG or WAIT."""
    try:
        found = await pickups.look(code)
    except TooMany:
        return {"outcome": WAIT}
    if found is None:
        return {"outcome": WRONG}
    outcome = GOOD if await pickups.serves_at(found.station) else ELSEWHERE
    return {"outcome": outcome, "reward": found.reward, "station": found.station}


async def _give(code: str, pickups: PickupDesk) -> bool:
    return await pickups.hand_out(code) is not None


def _not_given(found: dict[str, str | None], points: PointDesk, stations: StationDesk) -> Phrase:
    """Why nothing is given out."""
    if found["outcome"] == WAIT:
        return _("✗ Too many codes that are none. Try again in an hour.")
    if found["outcome"] == WRONG:
        return _("✗ This code is not good (any more). Nothing is given out.")
    text = _("✗ **{reward}** is to be picked up {place}, not with you. The code stays good.")
    reward = reward_name(str(found["reward"]), points.book)
    return text.format(reward=reward, place=_at(found["station"], stations))


async def show(aside: Aside, _argument: str) -> None:
    """Open the screen of points."""
    aside.go(POINTS)


DIALOGS = (
    Dialog(
        POINTS,
        points,
        title=lambda: _("My points"),
        command=POINTS,
        summary=lambda: _("My points: where from, what for"),
        parks=False,
    ),
    Dialog(RANKING, join_ranking, title=lambda: _("A name for the ranking"), parks=False),
    Dialog(HAND_OUT, hand_out, title=lambda: _("Give out a reward"), command=HAND_OUT, parks=False),
)
ACTIONS = (Answerer(POINTS, show), opener(HAND_OUT))
