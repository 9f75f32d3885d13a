"""What an author writes later: more about an appeal, why it is not solved, how to reach them."""

from __future__ import annotations

from typing import Final

from bot.dialogs import appeal_danger, consenting, desk_words
from bot.dialogs import appeal_words as words
from bot.dialogs.appeal_inputs import DONE, More
from bot.i18n import _, join
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.model import ABOUT_HEALTH, LONGEST_CONTACT, LONGEST_WORDS, MOST_ATTACHMENTS
from bot.services.appeals.moves import NotPossible
from bot.services.appeals.posting import AppealPost
from bot.services.appeals.unmasking import Unmasking
from bot.services.attachments import Attachments
from bot.services.privacy.consents import HEALTH, Consents
from bot.services.refusals import NotThere, TooMany
from bot.talk.dialog import Dialog
from bot.talk.engine import Go, Talk
from bot.talk.inputs import LongText, Sent, line
from bot.talk.says import Json

LIST: Final = "appeals"
ADD: Final = "appeal_add"
REOPEN: Final = "appeal_reopen"
NAME: Final = "appeal_name"

# -- Adding something -------------------------------------------------------------------


async def add(
    talk: Talk, appeals: MyAppeals, appeal_post: AppealPost, attachments: Attachments, consents: Consents
) -> Go | None:
    """Say or send more; each message goes to the desk at once."""
    number = await talk.given("appeal", 0)
    enough = _("✓ That's all")
    early: list[Json] = []
    only_words = not await _may_keep_health(talk, number, appeals, consents, early)
    question = _("✍️ What shall the desk know? Write it, or send a photo, a file or a voice message.")
    if only_words:
        question = _("✍️ What shall the desk know? Write it, and leave the injury itself out.")
    kind = More(str(enough), only_words=only_words)
    for turn in range(MOST_ATTACHMENTS):
        told = early.pop() if early else None
        said: Json = told or await talk.ask(f"said{turn}", question, kind, quick=[(enough, DONE)])
        if said == DONE:
            break
        if told is None:
            await appeal_danger.answer(talk, f"danger{turn}", said.get("text", ""), appeals)

        async def pass_on(said: Json = said) -> bool:
            return await _pass_on(number, said, appeals, appeal_post, attachments)

        if not await talk.once(f"passed{turn}", pass_on):
            await talk.say("over", _("It is over, or not there: nothing was passed on. /appeals"))
            return None
        question = _("✓ Passed on. More? Send it, or tap “That's all”.")
    return Go(LIST, {"card": number})


async def _may_keep_health(
    talk: Talk, number: int, appeals: MyAppeals, consents: Consents, early: list[Json]
) -> bool:
    """Whether more of an injury may be kept; of other matters there is nothing to ask.

    What somebody says before they decide is added to `early`, unless they would rather not have it kept.
    """
    try:
        mine = await appeals.get(number)
    except NotThere:
        return True
    if mine.appeal.kind not in ABOUT_HEALTH:
        return True

    async def take(said: Json) -> None:
        early.append(said)
        # DONE is no words.
        if said != DONE:
            await appeal_danger.answer(talk, "danger.early", said.get("text", ""), appeals)

    meanwhile = consenting.Meanwhile(More(str(_("✓ That's all"))), take)
    agreed = await consenting.agrees(talk, "health", HEALTH, consents, meanwhile)
    if not agreed:
        early.clear()
    return agreed


async def _pass_on(
    number: int, said: Json, appeals: MyAppeals, post: AppealPost, attachments: Attachments
) -> bool:
    text, files = said.get("text", ""), []
    if "sent" in said:
        heard = Sent().read(said["sent"])
        text = getattr(heard, "caption", "")[:LONGEST_WORDS]
        files = [await attachments.take(heard, "appeal")]
    try:
        changed = await appeals.add(number, text, files)
    except (NotThere, NotPossible):
        return False
    await post.send(changed.news, desk_words.worded)
    return True


# -- Not solved -------------------------------------------------------------------------


async def reopen(talk: Talk, appeals: MyAppeals, appeal_post: AppealPost) -> None:
    """It is not solved: one step up, with a word why."""
    number = await talk.given("appeal", 0)
    question = _("What is still missing? One sentence helps whoever takes it now.")
    why = await talk.ask("why", question, LongText(1, LONGEST_WORDS), optional=True)

    async def up() -> str:
        try:
            changed = await appeals.reopen(number, why or "")
        except TooMany:
            return "too_often"
        except (NotThere, NotPossible):
            return "changed"
        await appeal_post.send(changed.news, desk_words.worded)
        return "up"

    done = await talk.once("up", up)
    if done == "up":
        mine = await appeals.get(number)
        parts = [_("🔁 It goes on. Now with: **{owner}**").format(owner=mine.owner)]
        upcoming = words.next_line(mine.case)
        await talk.say("told", join([*parts, *([upcoming] if upcoming else [])]))
    elif done == "too_often":
        text = _("It went round often enough. 12345 (city), 12351 (union) and 12348 (law) can go further.")
        await talk.say("told", text)
    else:
        await talk.say("told", _("That has changed meanwhile. /appeals shows how it stands."))


# -- How to reach me ---------------------------------------------------------------------


async def give_name(talk: Talk, unmasking: Unmasking, appeal_post: AppealPost) -> None:
    """The desk asked how to reach them, and they want to say it."""
    number = await talk.given("appeal", 0)
    question = _("👤 How can they reach you? A phone number, or a name in a chat. Only this desk reads it.")
    contact = await talk.ask("contact", question, line(LONGEST_CONTACT))

    async def tell() -> bool:
        try:
            changed = await unmasking.consent(number, contact)
        except (NotThere, NotPossible):
            return False
        await appeal_post.send(changed.news, desk_words.worded)
        return True

    if await talk.once("tell", tell):
        await talk.say("told", _("✓ They know now. It stands in the history of your appeal."))
    else:
        await talk.say("told", _("Nobody waits for it any more: nothing was told."))


DIALOGS = (
    Dialog(ADD, add, title=lambda: _("More about your appeal"), lasts=True),
    Dialog(REOPEN, reopen, title=lambda: _("What is still missing")),
    Dialog(NAME, give_name, title=lambda: _("How to reach you"), parks=False),
)
