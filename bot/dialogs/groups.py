"""/group: what a group is to Wayside, and how its administrators want it spoken to."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogs import group_words as words
from bot.dialogs import joining
from bot.dialogs.branch_words import place_of
from bot.dialogs.broadcast_words import topic_words
from bot.dialogs.language import NAMES
from bot.i18n import LOCALES, _, current_locale, join, speaking
from bot.services.branches.desk import BranchDesk
from bot.services.branches.tree import Branch
from bot.services.groups.desk import GroupDesk, NotAdministrator
from bot.services.groups.quiet import MINUTES_A_DAY, NIGHT, QuietHours
from bot.services.groups.rows import Group, chat_from
from bot.services.hearing import TOPICS
from bot.talk import says
from bot.talk.dialog import Answerer, Aside

Rows = list[list[says.Button]]

QUIETS: Final = (NIGHT, QuietHours(21 * 60, 8 * 60), QuietHours(23 * 60, 6 * 60))
"""What is offered with a tap; any other hours can be typed after the command."""
_HOURS: Final = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～到至]\s*(\d{1,2})[:：](\d{2})")
_MINUTES: Final = re.compile(r"(\d{1,4})-(\d{1,4})")
# Screens below the first one, by what their button carries.
QUIET, UNBINDING, TOPICS_WANTED = "quiet", "unbinding", "topics"
MUTE, HEAR = "mute", "hear"


async def show(aside: Aside, argument: str, groups: GroupDesk, branches: BranchDesk) -> None:
    """The command: in a group what it is set to, in private how to bring Wayside into one."""
    if aside.private:
        text = _(
            "Bring me into a group of yours, and people there find stations without leaving it. "
            "Organizers can bind it to their branch; then its news come there too."
        )
        aside.say(says.Text(text, [[says.Link(_("➕ Choose a group"), "startgroup:hello")]]))
        return
    if argument and not await _type_hours(aside, argument, groups):
        return
    group = await groups.here()
    with speaking(group.locale or current_locale()):
        aside.say(await _panel(group, groups, branches))


async def _type_hours(aside: Aside, argument: str, groups: GroupDesk) -> bool:
    """`/group 21:30-8:00` sets the quiet hours; False where it says why not."""
    match = _HOURS.fullmatch(argument.strip())
    quiet = _hours(*(int(part) for part in match.groups())) if match else None
    if quiet is None:
        aside.say(says.Text(_("Quiet hours are written like this: /group 22:00-7:00")))
        return False
    try:
        await groups.keep_quiet(quiet)
    except NotAdministrator:
        aside.say(says.Text(_only_administrators()))
        return False
    return True


def _hours(from_hour: int, from_minute: int, to_hour: int, to_minute: int) -> QuietHours | None:
    if max(from_minute, to_minute) >= words.MINUTES_AN_HOUR:
        return None
    return _quiet(
        from_hour * words.MINUTES_AN_HOUR + from_minute, to_hour * words.MINUTES_AN_HOUR + to_minute
    )


def _quiet(start: int, end: int) -> QuietHours | None:
    """Quiet hours from one minute to another; 24:00 is 0:00. None for what is none."""
    try:
        return QuietHours(start % MINUTES_A_DAY if start == MINUTES_A_DAY else start, end % MINUTES_A_DAY)
    except ValueError:
        return None


# -- Screens ----------------------------------------------------------------------------


async def _panel(group: Group, groups: GroupDesk, branches: BranchDesk) -> says.Text:
    branch = await branches.get(group.branch) if group.branch else None
    lines = [_("👥 **{group}**").format(group=words.title_of(group))]
    place = await place_of(branch.id, branches) if branch else _("bound to none")
    lines.append(_("Branch: {branch}").format(branch=place))
    lines.append(_("Language: {language}").format(language=NAMES[current_locale()]))
    hours = words.hours_of(group.quiet) if group.quiet else _("none")
    lines.append(_("Quiet hours: {hours}").format(hours=hours))
    if group.muted:
        words_of = topic_words()
        muted = join([words_of[name] for name in TOPICS if name in group.muted], ", ")
        lines.append(_("Not wanted here: {topics}").format(topics=muted))
    if group.topic is not None:
        lines.append(_("News: in a topic of their own"))
    rows: Rows = [[words.join_link(group)]] if branch and branch.is_joinable else []
    if groups.is_administrator:
        rows += _settings(group, branch, groups.topic)
    else:
        lines.append(_("Administrators of the group can change this with /group."))
    return says.Text(join(lines), rows)


def _settings(group: Group, branch: Branch | None, topic: int | None) -> Rows:
    other = next(locale for locale in LOCALES if locale != current_locale())
    rows: Rows = [
        [
            says.Action(f"🌐 {NAMES[other]}", "group", f"speak.{other}"),
            says.Action(_("🌙 Quiet hours"), "group", QUIET),
        ],
        [says.Action(_("🔔 What comes here"), "group", TOPICS_WANTED)],
    ]
    if topic is not None and topic != group.topic:
        rows.append([says.Action(_("📌 News into this topic"), "group", "topic.here")])
    if group.topic is not None:
        rows.append([says.Action(_("📌 News into the group itself"), "group", "topic.all")])
    if branch is None:
        rows.append([words.bind_link(group)])
    else:
        rows.append([says.Action(_("✂ Unbind from the branch"), "group", UNBINDING)])
    return rows


def _quiet_screen(group: Group) -> says.Text:
    text = _(
        "🌙 When should the group be left alone? What comes meanwhile waits for the morning.\n"
        "Other hours: /group 21:30-8:00"
    )
    chosen = [
        says.Action(_mark(words.hours_of(quiet), quiet == group.quiet), "group", _set_quiet(quiet))
        for quiet in QUIETS
    ]
    none = says.Action(_mark(_("No quiet hours"), group.quiet is None), "group", "quiet.none")
    return says.Text(text, [*says.in_columns([*chosen, none], 2), [_home()]])


def _topics_screen(group: Group) -> says.Text:
    text = _("🔔 Which news of the branch shall come here? Tap to have them or not:")
    topics = [
        says.Action(f"☐ {word}", "group", f"{HEAR}.{name}")
        if name in group.muted
        else says.Action(f"☑ {word}", "group", f"{MUTE}.{name}")
        for name, word in topic_words().items()
    ]
    rows = [topics[start : start + 2] for start in range(0, len(topics), 2)]
    return says.Text(text, [*rows, [_home()]])


def _set_quiet(quiet: QuietHours) -> str:
    return f"quiet.{quiet.start}-{quiet.end}"


def _mark(label: str, is_chosen: bool) -> str:
    return f"✓ {label}" if is_chosen else label


async def _unbinding_screen(group: Group, branches: BranchDesk) -> says.Text:
    text = _(
        "Unbind this group from **{branch}**? Its news don't come here any more. Nobody leaves the branch."
    )
    place = await place_of(group.branch, branches)
    row = [says.Action(_("✂ Unbind"), "group", "unbind"), _home()]
    return says.Text(text.format(branch=place), [row])


def _home() -> says.Action:
    return says.Action(_("‹ Back"), "group")


# -- Taps ---------------------------------------------------------------------------------


async def tapped(aside: Aside, argument: str, groups: GroupDesk, branches: BranchDesk) -> None:
    """A button of the settings: change something, and show how it is now."""
    if aside.private or not groups.is_administrator:
        aside.toast(_only_administrators())
        return
    await _change(argument, groups)
    group = await groups.here()
    with speaking(group.locale or current_locale()):
        if argument == QUIET:
            screen = _quiet_screen(group)
        elif argument.partition(".")[0] in (TOPICS_WANTED, MUTE, HEAR):
            screen = _topics_screen(group)
        elif argument == UNBINDING and group.branch is not None:
            screen = await _unbinding_screen(group, branches)
        else:
            screen = await _panel(group, groups, branches)
    aside.redraw(screen)


async def _change(argument: str, groups: GroupDesk) -> None:
    what, _dot, value = argument.partition(".")
    match what, value:
        case "speak", str(locale) if locale in LOCALES:
            await groups.speak(locale)
        case "quiet", "none":
            await groups.keep_quiet(None)
        case "quiet", str(hours) if match := _MINUTES.fullmatch(hours):
            quiet = _quiet(*(int(minute) for minute in match.groups()))
            if quiet is not None:
                await groups.keep_quiet(quiet)
        case (("mute" | "hear"), str(topic)) if topic in TOPICS:
            await groups.hear(topic, what == HEAR)
        case "topic", "here":
            await groups.bring_news(groups.topic)
        case "topic", "all":
            await groups.bring_news(None)
        case "unbind", "":
            await groups.unbind()


def _only_administrators() -> str:
    return _("Only administrators of this group can do that. If you are one, try again in a moment.")


# -- Joining ------------------------------------------------------------------------------


async def join_here(aside: Aside, chat: str, groups: GroupDesk) -> None:
    """A member of a group wants to join its branch, in private."""
    number = chat_from(chat)
    branch = await groups.branch_of(number) if number is not None else None
    if branch is None:
        aside.say(says.Text(_("That group belongs to no branch any more. Find yours here: /branches")))
        return
    aside.go(joining.DIALOG.name, branch=branch)


async def hello(aside: Aside, _argument: str) -> None:
    """The bot was put in by a link: the greeting comes by itself."""


COMMANDS = (
    Answerer(
        "group",
        show,
        lambda: _("This group: branch, language, quiet hours"),
        in_groups=True,
        for_administrators=True,
    ),
)
ACTIONS = (Answerer("group", tapped, in_groups=True, for_administrators=True),)
LINKS = (Answerer("ingroup", join_here), Answerer("hello", hello, in_groups=True))
