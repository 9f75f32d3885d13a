"""“We solved it”: an organizer words it, its author agrees or not, and then there is a card to pass on."""

from __future__ import annotations

from typing import Final

from bot.dialogs.appeal_words import kind_name
from bot.i18n import Phrase, _, join, ngettext, shortened, speaking
from bot.services.appeals.model import Appeal
from bot.services.appeals.solved import LONGEST_STORY, SHORTEST_STORY, Decided, SolvedStories, Story
from bot.services.lessons.posters import ShareCard
from bot.services.notices import Notices
from bot.services.presses import long, short
from bot.services.refusals import NotThere
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, Dialog
from bot.talk.engine import Go, Talk
from bot.talk.inputs import LongText

LEDGER: Final = "ledger"
SOLVED: Final = "solved_story"
AGREE: Final = "story_yes"
REFUSE: Final = "story_no"
EXCERPT: Final = 24


async def tell(talk: Talk, solved_stories: SolvedStories, notices: Notices) -> Go | None:
    """Choose a solved appeal, word it for everybody, see the card, ask the author."""
    found = await solved_stories.candidates()
    if not found:
        await talk.say("none", _("🎉 Nothing to tell of yet: no appeal was called solved, or all are told."))
        return Go(LEDGER)
    choices = [(_label(appeal, solved_stories), appeal.id) for appeal in found]
    question = _("🎉 **We solved it.** Which one shall people hear of? Its author is asked first.")
    number = await talk.choose("which", question, choices, columns=1)
    wanted = _("✍️ What was it, what was done? One or two sentences for everybody, without names or places.")
    text = await talk.ask("text", wanted, LongText(SHORTEST_STORY, LONGEST_STORY))

    async def draw() -> str:
        return await _card(await solved_stories.preview(number, text), solved_stories)

    picture = await talk.once(f"card.{text}", draw)
    await talk.say(f"seen.{text}", says.Photo(picture))
    sure = _("Shall I ask the author? They see exactly this, and nobody learns who they are.")
    if not await talk.confirm("ask", sure, yes=_("✓ Ask them"), no=_("No")):
        return Go(LEDGER)

    async def ask() -> bool:
        return await _ask(number, text, solved_stories, notices)

    if await talk.once("asked", ask):
        await talk.say("done", _("✓ Asked. As soon as they agree, you get the card to pass on."))
    else:
        await talk.say("gone", _("Its author can't be asked any more, or somebody else did."))
    return Go(LEDGER)


def _label(appeal: Appeal, stories: SolvedStories) -> str:
    excerpt = shortened(" ".join(appeal.story.split()), EXCERPT)
    return f"{kind_name(appeal.kind, stories.book)} · {excerpt}"


async def _ask(number: int, text: str, stories: SolvedStories, notices: Notices) -> bool:
    try:
        asked = await stories.propose(number, text)
    except NotThere:
        return False
    with speaking(asked.author.locale):
        picture = await _card(asked.story, stories)
        row: list[says.Button] = [
            says.Action(_("✓ Tell it"), AGREE, short(asked.story.id)),
            says.Action(_("Rather not"), REFUSE, short(asked.story.id)),
        ]
        caption = _(
            "🎉 Your branch would like to tell others that this was solved, exactly like this. "
            "Nobody learns who you are. Is that all right?"
        )
        await notices.tell(asked.author, says.Photo(picture, caption, [row]))
    return True


async def _card(story: Story, stories: SolvedStories) -> str:
    """The card of a story, in the language being spoken."""
    kind = stories.book.kind(story.kind)
    above = [_("✓ We solved it")]
    if kind is not None:
        above.append(Phrase(kind_name(story.kind, stories.book)))
    took = ngettext("Solved in {n} day", "Solved in {n} days", story.days)
    card = ShareCard(str(join(above, " · ")), str(took), story.text, "", stories.username)
    return await stories.draw(story, card)


# -- What the author says ----------------------------------------------------------------


async def agree(aside: Aside, argument: str, solved_stories: SolvedStories, notices: Notices) -> None:
    """The author lets it be told."""
    await _decide(aside, argument, solved_stories, notices, yes=True)


async def refuse(aside: Aside, argument: str, solved_stories: SolvedStories, notices: Notices) -> None:
    """The author would rather not."""
    await _decide(aside, argument, solved_stories, notices, yes=False)


async def _decide(
    aside: Aside, argument: str, stories: SolvedStories, notices: Notices, *, yes: bool
) -> None:
    decided = await stories.decide(long(argument) or 0, yes=yes)
    if decided is None:
        aside.toast(_("You said so already."))
        return
    thanks = _("🎉 Thank you. Others will see that it is worth asking.") if yes else _("✓ It stays untold.")
    aside.say(says.Text(thanks))
    await _tell_organizer(decided, stories, notices)


async def _tell_organizer(decided: Decided, stories: SolvedStories, notices: Notices) -> None:
    if decided.organizer is None:
        return
    with speaking(decided.organizer.locale):
        if not decided.approved:
            sorry = _("The author would rather not have it told: “{story}”. Please don't use it.")
            await notices.tell(decided.organizer, says.Text(sorry.format(story=decided.story.text)))
            return
        caption = _("🎉 The author agrees. Forward this card to any group.")
        picture = await _card(decided.story, stories)
        await notices.tell(decided.organizer, says.Photo(picture, caption))


DIALOG = Dialog(SOLVED, tell, title=lambda: _("A solved appeal to tell of"))
ACTIONS = (Answerer(AGREE, agree), Answerer(REFUSE, refuse))
