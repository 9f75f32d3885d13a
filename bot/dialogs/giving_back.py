"""What somebody gives back before they are forgotten: so that others hear of it, and nobody waits in vain."""

from __future__ import annotations

from bot.dialogs import desk_words, events, tracks, wishes
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.posting import AppealPost
from bot.services.events.desk import EventDesk
from bot.services.notices import Notices
from bot.services.tracks.desk import TrackDesk
from bot.services.wishes.desk import WishDesk
from bot.services.wishes.model import State


async def withdraw_appeals(appeals: MyAppeals, post: AppealPost) -> None:
    """Take every open appeal back."""
    for mine in await appeals.all():
        if mine.appeal.is_open:
            changed = await appeals.withdraw(mine.appeal.id)
            await post.send(changed.news, desk_words.worded)


async def give_wishes_back(desk: WishDesk, notices: Notices) -> None:
    """Wish for nothing more, and let others make true what was taken on."""
    for wish in await desk.mine():
        if wish.state in (State.POSTED, State.OPEN, State.CLAIMED):
            await wishes.tell(await desk.take_back(wish.id), notices)
    for wish, _claim in await desk.taken_on():
        if wish.state is State.CLAIMED:
            await wishes.tell(await desk.give_back(wish.id), notices)


async def give_places_back(event_desk: EventDesk, track_desk: TrackDesk, notices: Notices) -> None:
    """Let others have the places at events and in courses."""
    for event in await event_desk.places():
        await events.give_up(event, event_desk, notices)
    for name in await track_desk.enrolled():
        lucky = await track_desk.leave(name)
        await tracks.tell_of_places(lucky, track_desk.track(name), notices)
