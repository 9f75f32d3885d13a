"""The screen of a branch's groups: which are bound to it, and letting one go."""

from __future__ import annotations

from bot.dialogs import branch_words, group_words
from bot.i18n import Phrase, _, join
from bot.services.branches.desk import BranchDesk
from bot.services.branches.tree import Branch
from bot.services.groups.rows import Group
from bot.talk import says

MOST = 20


async def draw(branch: Branch, branches: BranchDesk) -> says.Screen:
    """The groups, with a button to unbind each. Raises NotAllowed for who may not bind any."""
    found = (await branches.groups(branch.id))[:MOST]
    lines = [_("💬 **Groups** of {branch}").format(branch=branch_words.name_of(branch))]
    lines += [_line(group) for group in found] or [_("None yet. Bind one with the button below.")]
    rows: list[list[says.Button]] = [
        [
            says.Option(
                _("✂ Unbind: {group}").format(group=group_words.title_of(group)), ["unbind", group.chat]
            )
        ]
        for group in found
    ]
    rows.append([says.Link(_("🔗 Bind a group"), f"startgroup:bind_{branch.id}")])
    rows.append([says.Option(_("‹ Back"), ["at", branch.id])])
    return says.Screen(join(lines), rows)


def _line(group: Group) -> Phrase:
    if group.silent:
        return _("• {group} (🔇 I may not write there)").format(group=group_words.title_of(group))
    return Phrase("• {group}").format(group=group_words.title_of(group))
