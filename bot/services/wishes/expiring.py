"""What the clock does with claims: reminds of them, and lets what nobody brought go back to the list."""

from __future__ import annotations

from datetime import datetime

from bot.services.due import Due
from bot.services.wishes import book
from bot.services.wishes.model import News, State, Tiding
from bot.store.work import Work


async def strike(work: Work, thing: Due) -> list[News]:
    """A claim ends, or will soon; one that was overtaken does nothing."""
    wish = await book.get(work, int(thing.what["wish"]))
    if wish is None or wish.state is not State.CLAIMED or wish.claims != thing.what["number"]:
        return []
    claim = await book.claim_of(work, wish)
    told = await book.recipient(work, await book.claimer(work, wish))
    if claim is not None and claim.until != datetime.fromisoformat(thing.what["until"]):
        return []
    if thing.what.get("before"):
        # Nobody ran the clock for days: what ended by now is told right after.
        ended = claim is not None and claim.until <= work.now
        return [] if ended else [News(to, Tiding.ENDS_SOON, wish, claim) for to in told]
    again = await book.turn(work, wish.id, (State.CLAIMED,), State.OPEN)
    if again is None:
        return []
    if claim is not None:
        await book.change_claim(work, claim, outcome="expired")
    wisher = await book.recipient(work, await book.owner(work, wish.id))
    return [
        *(News(to, Tiding.EXPIRED, again) for to in told),
        *(News(to, Tiding.BACK, again) for to in wisher),
    ]
