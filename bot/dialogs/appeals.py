"""Filing an appeal: what happened and what shows it; every point can be changed before it goes."""

from __future__ import annotations

from typing import Final

from bot.dialogs import appeal_danger, consenting, desk_words
from bot.dialogs import appeal_words as words
from bot.dialogs.appeal_inputs import DONE, SHORTEST_STORY, About, Amount, Day, More, Somewhere, Story
from bot.dialogs.appeal_summary import Told, draft_of, points_to_change, summary
from bot.dialogs.opening import BELOW
from bot.i18n import Phrase, _, current_locale, join, ngettext
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.model import (
    ABOUT_HEALTH,
    FEWEST_TOLD,
    LONGEST_CONTACT,
    LONGEST_STORY,
    LONGEST_WISH,
    MOST_ATTACHMENTS,
)
from bot.services.appeals.posting import AppealPost
from bot.services.attachments import Attachments
from bot.services.points.desk import PointDesk
from bot.services.privacy.consents import HEALTH, Consents
from bot.services.stations.desk import StationDesk
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Go, Talk
from bot.talk.inputs import LongText, Sent, line
from bot.talk.says import Json

APPEAL: Final = "appeal"
FEWEST_CHOICES: Final = 2


async def file_appeal(
    talk: Talk,
    appeals: MyAppeals,
    appeal_post: AppealPost,
    attachments: Attachments,
    stations: StationDesk,
    consents: Consents,
    points: PointDesk,
) -> Go | None:
    """Ask what is needed, show all of it, file it, give the receipt."""
    asked, kind = await talk.given("asked", ""), await talk.given("kind")
    if not (await talk.given("safe", False) or await _safe_first(talk, asked, appeals)):
        return None
    told: Told = {"sent": [], "contact": ""}
    kinds = [(words.kind_name(one.id, appeals.book), one.id) for one in appeals.book.kinds]
    if appeals.book.kind(kind or "") is None:
        kind = await _ask_kind(talk, told, kinds, appeals)
    told["kind"] = kind
    if await _may_keep_health(talk, told, "health", consents, appeals):
        await _tell(talk, told, asked, appeals)
        await _collect(talk, told, "file", appeals, _noted(asked, kind, appeals))
    else:
        await _tell_without_health(talk, told, "story_without", appeals)
    whose = await talk.note("whose", appeals.knows_whose)
    for point in _asked(kind, appeals, whose):
        if point == "points":
            await _offer_points(talk, told, points)
        else:
            await _ask_point(talk, told, point, point, stations)
    if not whose and _is_lost(told, appeals):
        await _ask_district(talk, told, appeals)
    joins = await _offer_to_join(talk, told, appeals)
    await _settle(talk, told, appeals, stations, consents, kinds)

    async def file() -> Json:
        return await _file(told, joins, appeals, appeal_post, attachments)

    number = await talk.once("filed", file)
    if number is None:
        await talk.say("too_many", _("You have so many open appeals that no more fit. /appeals shows them."))
        return None
    await _give_receipt(talk, number, told, appeals, is_lost=not whose and _is_lost(told, appeals))
    return None


# -- Danger comes first -----------------------------------------------------------------


async def _safe_first(talk: Talk, text: str, appeals: MyAppeals) -> bool:
    """Answer acute danger before any form; False where they don't want to write any further now."""
    if not await appeal_danger.answer(talk, "danger", text, appeals):
        return True
    question = _("First look after yourself. Do you want to write an appeal now, too?")
    if await talk.confirm("go_on", question, yes=_("✍️ Write it"), no=_("Not now")):
        return True
    await talk.say("later", _("All right, people first. I'm here any time; the numbers are above."))
    return False


# -- What is asked ----------------------------------------------------------------------


async def _ask_kind(talk: Talk, told: Told, kinds: list[tuple[str, str]], appeals: MyAppeals) -> Json:
    """What it is about. Who tells the story instead of tapping has told it, and taps then."""
    question = _("📮 What is it about? Tap, or just tell it.")
    said = await talk.ask("about", question, About(kinds), quick=kinds)
    if isinstance(said, str):
        return said
    await _take_story(talk, told, "about", said, appeals)
    return await talk.choose("about_then", _("📝 Got it. And what is it about?"), kinds)


async def _tell(talk: Talk, told: Told, asked: str, appeals: MyAppeals) -> None:
    """The story, unless it came with the sentence that opened this."""
    parts = [part for part in (asked.strip(), told.get("text", "")) if len(part) >= SHORTEST_STORY]
    if parts or told["sent"]:
        told["text"] = "\n".join(parts)[:LONGEST_STORY]
        return
    question = _("📝 What happened? Write it in your own words, or hold 🎤 and say it. No names needed.")
    await _hear_story(talk, told, "story", question, appeals)


async def _tell_without_health(talk: Talk, told: Told, key: str, appeals: MyAppeals) -> None:
    """The story anew, of somebody who would rather have nothing kept of their injury."""
    told["text"], told["sent"] = "", []
    question = _(
        "📝 All right, then leave the injury itself out, papers too: what happened, and what do you need? "
        "It goes its way all the same."
    )
    await _hear_story(talk, told, key, question, appeals)


async def _hear_story(talk: Talk, told: Told, key: str, question: Phrase, appeals: MyAppeals) -> None:
    await _take_story(talk, told, key, await talk.ask(key, question, Story()), appeals)


async def _take_story(talk: Talk, told: Told, key: str, story: Told, appeals: MyAppeals) -> None:
    """Keep a story, and answer danger in it."""
    told["text"] = story["text"]
    if story["sent"] is not None:
        told["sent"] = [*told["sent"], story["sent"]]
    await appeal_danger.answer(talk, f"danger.{key}", story["text"], appeals)


def _noted(asked: str, kind: str, appeals: MyAppeals) -> Phrase | None:
    """As what the sentence that opened this was taken; None where it told no story."""
    if len(asked.strip()) < SHORTEST_STORY:
        return None
    return _("📮 **{kind}**: your words are noted.").format(kind=words.kind_name(kind, appeals.book))


async def _collect(talk: Talk, told: Told, key: str, appeals: MyAppeals, noted: Phrase | None = None) -> None:
    """Photos, files, voice messages, more words, until it is enough."""
    kind = appeals.book.kind(told["kind"])
    hints = kind.hints(current_locale()) if kind else ()
    question = _(
        "📎 Have you got photos or screenshots? Send them, or go on without. What helps most:\n{hints}"
    ).format(hints=join([Phrase("· {hint}").format(hint=hint) for hint in hints]))
    if noted is not None:
        question = join([noted, question], "\n\n")
    turn = 0
    while len(told["sent"]) < MOST_ATTACHMENTS:
        enough = _("✓ That's all") if told["sent"] else _("None, go on")
        more = await talk.ask(f"{key}{turn}", question, More(str(enough)), quick=[(enough, DONE)])
        if more == DONE:
            return
        if "text" in more:
            told["text"] = f"{told['text']}\n{more['text']}".strip()[:LONGEST_STORY]
            await appeal_danger.answer(talk, f"danger.{key}{turn}", more["text"], appeals)
            question = _("📝 Added. Anything else? Send it, or tap below.")
        else:
            told["sent"] = [*told["sent"], more["sent"]]
            question = ngettext(
                "📎 {n} received. More? Send it, or tap “That's all”.",
                "📎 {n} received. More? Send it, or tap “That's all”.",
                len(told["sent"]),
            )
        turn += 1


async def _may_keep_health(talk: Talk, told: Told, key: str, consents: Consents, appeals: MyAppeals) -> bool:
    """Nothing of an injury is asked before somebody agrees to have it kept; they go on all the same.

    Who tells it at once has told it: it waits for their answer.
    """

    async def take(story: Told) -> None:
        await _take_story(talk, told, f"{key}_told", story, appeals)

    is_about_health = told["kind"] in ABOUT_HEALTH
    meanwhile = consenting.Meanwhile(Story(), take)
    agreed = not is_about_health or await consenting.agrees(talk, key, HEALTH, consents, meanwhile)
    told["healthless"] = not agreed
    return agreed


def _asked(kind: str, appeals: MyAppeals, whose: bool) -> list[str]:
    """What is worth asking besides the story; where, too, as long as nobody knows which desk is theirs."""
    found = appeals.book.kind(kind)
    asks: list[str] = list(found.asks) if found else []
    return asks if whose or "place" in asks else ["place", *asks]


async def _ask_district(talk: Talk, told: Told, appeals: MyAppeals) -> None:
    """Which of the districts that have desks of their own."""
    question = _("🏙 Which district is it in? Then it goes straight to the right desk.")
    choices = [(one, one) for one in appeals.book.districts]
    told["district"] = await talk.choose("district", question, choices, optional=True)


def _is_lost(told: Told, appeals: MyAppeals) -> bool:
    """Whether nothing that was told says which of several districts it is in."""
    districts = appeals.book.districts
    return (
        len(districts) >= FEWEST_CHOICES and appeals.book.district(draft_of(told).district) not in districts
    )


async def _ask_point(talk: Talk, told: Told, point: str, key: str, stations: StationDesk) -> None:
    """One of the points besides the story; each can be skipped."""
    match point:
        case "place":
            question = _("📍 Where? Share the location, or write a place or a station.")
            told["place"] = await talk.ask(key, question, Somewhere(stations), optional=True)
        case "since":
            quick = [str(one) for one in (_("today"), _("yesterday"), _("last week"), _("last month"))]
            question = _("🗓 Since when? Tap, or write it: “3 weeks ago”, “April 20”.")
            told["since"] = await talk.ask(
                key,
                question,
                Day(lambda: stations.now),
                quick=[(one, one) for one in quick],
                optional=True,
            )
        case "amount":
            question = _("💰 How much money is it about? For example 3200.")
            told["amount"] = await talk.ask(key, question, Amount(), optional=True)
        case "wish":
            question = _("🙏 What would solve it for you?")
            told["wish"] = await talk.ask(key, question, LongText(1, LONGEST_WISH), optional=True)
        case "contact":
            question = _(
                "👤 The desk sees a pseudonym. If you want them to reach you directly, write how: a phone "
                "number, or a name in a chat. Skip to stay unnamed."
            )
            told["contact"] = await talk.ask(key, question, line(LONGEST_CONTACT), optional=True) or ""


async def _offer_points(talk: Talk, told: Told, points: PointDesk) -> None:
    """Where places are few the desk may see what somebody did for others, if they want it to."""
    had = await talk.note("had", points.balance)
    if had <= 0:
        return
    question = ngettext(
        "⭐ You have {n} point. Let the desk see it with this appeal? For information only: it decides "
        "nothing.",
        "⭐ You have {n} points. Let the desk see them with this appeal? For information only: they decide "
        "nothing.",
        had,
    )
    if await talk.confirm("points", question, yes=_("⭐ Let it see them"), no=_("Rather not")):
        told["points"] = had


async def _offer_to_join(talk: Talk, told: Told, appeals: MyAppeals) -> int | None:
    """Whether to add one's voice where many told the same; gives their case's number."""
    same = await talk.note("same", appeals.same, draft_of(told))
    if same is None or same["count"] < FEWEST_TOLD:
        return None
    question = ngettext(
        "👥 {n} person told us the same. Add your voice? You hear each answer; nobody sees who you are.",
        "👥 {n} people told us the same. Add your voice? You hear each answer; nobody sees who you are.",
        same["count"],
    )
    if await talk.confirm("join", question, yes=_("✋ Add mine"), no=_("On its own")):
        case: int | None = same["case"]
        return case
    return None


# -- The summary ------------------------------------------------------------------------


async def _settle(
    talk: Talk,
    told: Told,
    appeals: MyAppeals,
    stations: StationDesk,
    consents: Consents,
    kinds: list[tuple[str, str]],
) -> None:
    """Show all of it until it is right: a tap on a point changes it."""
    turn = 0
    while True:
        way = await talk.choose(f"sure{turn}", summary(told, appeals), points_to_change(told), leading=1)
        if way == "send":
            return
        turn += 1
        match way:
            case "kind":
                told["kind"] = await talk.choose(f"kind.{turn}", _("📮 What is it about?"), kinds)
                if not await _may_keep_health(talk, told, f"health.{turn}", consents, appeals):
                    await _tell_without_health(talk, told, f"story.{turn}", appeals)
            case "story" if told["healthless"]:
                await _tell_without_health(talk, told, f"story.{turn}", appeals)
            case "story":
                await _hear_story(talk, told, f"story.{turn}", _("📝 What happened?"), appeals)
            case "points":
                told["points"] = None
            case "files":
                told["sent"] = []
                await _collect(talk, told, f"file.{turn}.", appeals)
            case point:
                await _ask_point(talk, told, str(point), f"{point}.{turn}", stations)


# -- Filing -------------------------------------------------------------------------------


async def _file(
    told: Told,
    joins: int | None,
    appeals: MyAppeals,
    post: AppealPost,
    attachments: Attachments,
) -> Json:
    """File it and let its desk know; gives its number, None where no more fit."""
    if not await appeals.has_room():
        return None
    sent = [await attachments.take(Sent().read(one), "appeal") for one in told["sent"]]
    changed = await appeals.file(draft_of(told, tuple(sent)), joins)
    await post.send(changed.news, desk_words.worded)
    return changed.appeal.id


async def _give_receipt(talk: Talk, number: int, told: Told, appeals: MyAppeals, *, is_lost: bool) -> None:
    mine = await appeals.get(number)
    kind = appeals.book.kind(told["kind"])
    text = words.receipt(mine)
    if is_lost:
        text = join([text, _("🏙 No district was said, so this desk has it first and passes it on.")], "\n\n")
    if kind is not None and kind.hotlines:
        calls = join([Phrase("📞 {number}").format(number=one) for one in kind.hotlines], "  ")
        text = join([text, _("Meanwhile: {calls}").format(calls=calls)], "\n\n")
    rows = [[says.Action(_("☰ My appeals"), "appeals", BELOW)]]
    if kind is not None and kind.guides:
        rows[0].append(says.Action(_("❓ What I can do myself"), "guide", kind.guides[0]))
    await talk.say("receipt", says.Text(text, rows))


# -- Ways in ------------------------------------------------------------------------------


async def open_appeal(aside: Aside, kind: str) -> None:
    """A new appeal, perhaps of a kind; whatever advice the button stood under stays readable."""
    aside.keep()
    aside.go(APPEAL, **({"kind": kind} if kind else {}))


DIALOG = Dialog(
    APPEAL,
    file_appeal,
    title=lambda: _("Your appeal"),
    command="appeal",
    summary=lambda: _("Something is wrong: tell us, get an answer in time"),
    resumes=True,
    lasts=True,
)
ACTIONS = (Answerer(APPEAL, open_appeal),)
LINKS = (Answerer(APPEAL, open_appeal),)
