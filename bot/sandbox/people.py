"""Who there is: users, bots and their membership in chats."""

from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.updates import UpdateQueue

Json = dict[str, Any]

IN_CHAT: Final = frozenset({"creator", "administrator", "member", "restricted"})
ADMINS: Final = frozenset({"creator", "administrator"})
# Bot API, ChatMemberAdministrator: the rights that every administrator entry names.
ADMIN_RIGHTS: Final[Json] = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_pin_messages": True,
    "can_manage_topics": True,
    "can_send_welcome_messages": False,
}

# Bot API, ChatMemberRestricted: here somebody restricted is one who may read and nothing else.
RESTRICTED_RIGHTS: Final[Json] = {
    "is_member": True,
    "can_send_messages": False,
    "can_send_audios": False,
    "can_send_documents": False,
    "can_send_photos": False,
    "can_send_videos": False,
    "can_send_video_notes": False,
    "can_send_voice_notes": False,
    "can_send_polls": False,
    "can_send_other_messages": False,
    "can_add_web_page_previews": False,
    "can_react_to_messages": True,
    "can_edit_tag": False,
    "can_change_info": False,
    "can_invite_users": False,
    "can_pin_messages": False,
    "can_manage_topics": False,
    "until_date": 0,
}


@dataclass(slots=True)
class User:
    """A person. `started` and `blocked` hold bot ids."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    deactivated: bool = False
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)

    def profile(self) -> Json:
        """The Bot API's User object."""
        profile: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            profile["username"] = self.username
        if self.language_code:
            profile["language_code"] = self.language_code
        return profile


@dataclass(slots=True, frozen=True)
class Scope:
    """For whom a command list is meant: a BotCommandScope, flattened so that it can be a key."""

    type: str
    chat: int = 0
    user: int = 0


@dataclass(slots=True)
class Bot:
    """A bot and what it told about itself. Texts are kept by language code, "" for everyone."""

    id: int
    token: str
    first_name: str
    username: str
    queue: UpdateQueue
    privacy: bool = True
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    def profile(self) -> Json:
        """The Bot API's User object."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def me(self) -> Json:
        """What getMe answers."""
        return {
            **self.profile(),
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }


def member_entry(profile: Json, status: str) -> Json:
    """The Bot API's ChatMember object for somebody with this status."""
    entry: Json = {"user": profile, "status": status}
    if status == "administrator":
        entry.update(ADMIN_RIGHTS)
    elif status == "creator":
        entry["is_anonymous"] = False
    elif status == "kicked":
        entry["until_date"] = 0
    elif status == "restricted":
        entry.update(RESTRICTED_RIGHTS)
    return entry
