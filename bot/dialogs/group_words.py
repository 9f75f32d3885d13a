"""Groups in words: what is said to all of one, and to those who look after it."""

from __future__ import annotations

from typing import Final

from bot.dialogs.branch_words import name_of
from bot.i18n import Phrase, _, plain
from bot.services.branches.tree import Branch
from bot.services.groups.news import BACK, GREETING, REMOVED, News
from bot.services.groups.quiet import QuietHours
from bot.services.groups.rows import Group
from bot.talk import says

MINUTES_AN_HOUR: Final = 60


def title_of(group: Group) -> Phrase:
    """What a group is called."""
    return plain(group.title) if group.title else _("this group")


def clock_of(minute: int) -> str:
    """A minute of the day: `7:00`."""
    return f"{minute // MINUTES_AN_HOUR}:{minute % MINUTES_AN_HOUR:02d}"


def hours_of(quiet: QuietHours) -> str:
    """Quiet hours: `22:00–7:00`."""
    return f"{clock_of(quiet.start)}–{clock_of(quiet.end)}"


def bind_link(group: Group) -> says.Link:
    """To the private chat, where an organizer chooses the branch."""
    return says.Link(_("🔗 Organizers: bind to a branch"), f"start:group_{group.chat}")


def join_link(group: Group) -> says.Link:
    """To the private chat, where somebody joins the group's branch."""
    return says.Link(_("🏠 Join the branch"), f"start:ingroup_{group.chat}")


def said_of(news: News, branch: Branch | None) -> says.Text:
    """What happened to a group, in words."""
    if news.what == GREETING:
        return greeting(news.group, branch)
    if news.what == BACK:
        return back(news.group, branch)
    return _removed(news.group, branch) if news.what == REMOVED else _silenced(news.group, branch)


def greeting(group: Group, branch: Branch | None) -> says.Text:
    """The bot's first word in a group."""
    text = _(
        "👋 Hello everybody! Between two orders I find you a place to rest, charge or heat a meal: "
        "/stations Lijiatuo\n\n"
        "I read only commands, what names me with @, and answers to me; nothing else that is said here. "
        "What is personal we settle in private.\n\n"
        "Administrators: /group sets language, quiet hours and topic."
    )
    return says.Text(text, [_branch_row(group, branch), [_private()]])


def back(group: Group, branch: Branch | None) -> says.Text:
    """The bot's word when it was put in again."""
    if branch is None:
        return says.Text(_("👋 I'm back, and everything is as it was."), [_branch_row(group, branch)])
    text = _("👋 I'm back, and everything is as it was. This group still belongs to **{branch}**.")
    return says.Text(text.format(branch=name_of(branch)), [_branch_row(group, branch)])


def bound(group: Group, branch: Branch) -> says.Text:
    """To all of a group: which branch it belongs to from now on."""
    text = _("🔗 This group now belongs to **{branch}**: its news come here.").format(branch=name_of(branch))
    if group.quiet is not None:
        text = text + _(" Quiet hours: {hours}.").format(hours=hours_of(group.quiet))
    return says.Text(text, [[join_link(group)]] if branch.is_joinable else [])


def _removed(group: Group, branch: Branch | None) -> says.Text:
    text = _(
        "ℹ️ **{group}** ({branch}) has removed me: news don't reach it any more. Put me in again, and "
        "everything is as it was."
    )
    return says.Text(_of(text, group, branch))


def _silenced(group: Group, branch: Branch | None) -> says.Text:
    text = _(
        "🔇 I may not write in **{group}** ({branch}): news don't reach it. Ask an administrator there to "
        "let me send messages, or to make me an administrator."
    )
    return says.Text(_of(text, group, branch))


def _of(text: Phrase, group: Group, branch: Branch | None) -> Phrase:
    return text.format(group=title_of(group), branch=name_of(branch) if branch else "–")


def _branch_row(group: Group, branch: Branch | None) -> list[says.Button]:
    if branch is None:
        return [bind_link(group)]
    return [join_link(group)] if branch.is_joinable else []


def _private() -> says.Link:
    return says.Link(_("💬 Private chat"), "start:menu")
