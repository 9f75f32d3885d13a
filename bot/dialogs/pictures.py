"""A photo that nobody asked for: what it is for is asked, and the photo goes along."""

from __future__ import annotations

from typing import Final

from bot.dialogs.appeals import APPEAL
from bot.dialogs.hazard_words import HAZARD
from bot.dialogs.hazards import Picture
from bot.i18n import _
from bot.talk import hears
from bot.talk.dialog import Dialog, Scene, Way
from bot.talk.engine import Go, Talk
from bot.talk.inputs import Sent

PICTURE: Final = "picture"


def route(photo: hears.Photo, scene: Scene) -> Way | None:
    """Ask what a photo is for where nothing is open, or only a screen that has no use for it."""
    is_asked_for = scene.dialog and not (scene.browsing and scene.refused)
    if is_asked_for or not scene.private:
        return None
    return Way(Go(PICTURE, {"sent": Sent().hear(photo)}))


async def sort_out(talk: Talk) -> Go:
    """A hazard or an appeal: either begins with the photo."""
    sent = await talk.given("sent")
    question = _("📷 I have your photo. What is it about?")
    ways = [(_("⚠️ Something dangerous on the way"), HAZARD), (_("📮 Something done to me"), APPEAL)]
    way = await talk.choose("way", question, ways, columns=1)
    photo = Sent().read(sent)
    if way == HAZARD:
        return Go(HAZARD, answers={"seen": Picture().hear(photo)})
    told = photo.caption if isinstance(photo, hears.Photo) else ""
    return Go(APPEAL, {"asked": told} if told else {}, {"file0": {"sent": sent}})


DIALOG = Dialog(PICTURE, sort_out, title=lambda: _("Your photo"), parks=False)
