"""`wayside invite`: the operator's part in who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.working import username, work

if TYPE_CHECKING:
    from bot.store.work import Work


def invite(
    role: Annotated[
        Literal["member", "shop", "desk", "organizer", "admin"], typer.Option(help="What to become.")
    ],
    branch: Annotated[
        str, typer.Option(help="A branch's id; without it the role is for the whole city.")
    ] = "",
    days: Annotated[int | None, typer.Option(min=1, help="How long the role lasts; without it, on.")] = None,
    name: Annotated[
        str, typer.Option("--username", help="The bot's name in Telegram, without @; else it is asked.")
    ] = "",
) -> None:
    """Print an invitation link, good for a week. A role counts once an admin confirmed it; the first admin's
    counts at once."""
    from bot.services.audit import OPERATOR
    from bot.services.invitations import Links, Made, Offer, make
    from bot.services.roles.rules import Role

    try:
        offer = Offer(branch or None, None if role == "member" else Role(role))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    links = Links(name or username())
    token = links.new_token()

    async def deed(opened: Work) -> Made:
        ends_at = opened.now + timedelta(days=days) if days else None
        return await make(opened, replace(offer, role_expires_at=ends_at), OPERATOR, token)

    made = work(deed)
    typer.echo(links.invitation(token))
    typer.echo(f"Good until {made.expires_at:%Y-%m-%d %H:%M} UTC.", err=True)
