"""Groups: privacy mode, joining and leaving, upgrade to a supergroup, topics."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.driver import Driver, Refusal

Json = dict[str, Any]


async def _heard(driver: Driver) -> list[str]:
    return [update["message"]["text"] for update in await driver.updates() if "message" in update]


async def test_privacy_mode_lets_commands_mentions_and_replies_through(driver: Driver) -> None:
    ann, bo = await driver.started("Ann"), await driver.started("Bo")
    chat = await driver.group(ann, bo)
    me = await driver.bot("getMe")
    hello = await driver.bot("sendMessage", chat_id=chat, text="hello")
    for text in (
        "chatting",
        "/stations",
        f"/stations@{me['username']}",
        "/stations@other_bot",
        "ask @wayside_bot",
    ):
        await driver.say(ann, text, chat)
    await driver.say(bo, "an answer", chat, reply_to=hello["message_id"])
    assert await _heard(driver) == ["/stations", "/stations@wayside_bot", "ask @wayside_bot", "an answer"]


async def test_an_administrator_hears_everything(driver: Driver) -> None:
    ann = await driver.started()
    chat = await driver.group(ann)
    await driver.client("members", chat=chat, user=await driver.me(), status="administrator")
    await driver.updates()
    await driver.say(ann, "chatting", chat)
    assert await _heard(driver) == ["chatting"]


async def test_joining_and_leaving_are_told(driver: Driver) -> None:
    ann = await driver.started()
    bo = await driver.person("Bo")
    me = await driver.me()
    chat = (await driver.client("chats", type="supergroup", title="Riders", members=[ann]))["id"]
    await driver.client("members", chat=chat, user=me, status="member")
    await driver.client("members", chat=chat, user=bo, status="member")
    await driver.client("members", chat=chat, user=me, status="kicked")
    updates = await driver.updates()
    told = [next(iter(update.keys() - {"update_id"})) for update in updates]
    assert told == ["my_chat_member", "message", "message", "message", "my_chat_member"]
    assert updates[2]["message"]["new_chat_members"][0]["id"] == bo
    with pytest.raises(Refusal, match="403 Forbidden: bot was kicked from the supergroup chat"):
        await driver.bot("sendMessage", chat_id=chat, text="x")


async def test_chat_member_comes_to_administrators_who_ask_for_it(driver: Driver) -> None:
    ann, bo = await driver.started(), await driver.person("Bo")
    chat = await driver.group(ann)
    await driver.client("members", chat=chat, user=await driver.me(), status="administrator")
    await driver.bot("getUpdates", allowed_updates=["chat_member"])
    await driver.client("members", chat=chat, user=bo, status="member")
    changes = [
        update["chat_member"]["new_chat_member"]
        for update in await driver.updates()
        if "chat_member" in update
    ]
    assert [(change["user"]["id"], change["status"]) for change in changes] == [(bo, "member")]


async def test_leaving_by_itself(driver: Driver) -> None:
    chat = await driver.group(await driver.started())
    assert await driver.bot("getChatMemberCount", chat_id=chat) == 2
    await driver.bot("leaveChat", chat_id=chat)
    with pytest.raises(Refusal, match="403 Forbidden: bot is not a member of the supergroup chat"):
        await driver.bot("sendMessage", chat_id=chat, text="x")


async def test_a_group_becomes_a_supergroup(driver: Driver) -> None:
    ann = await driver.started()
    old = await driver.group(ann, kind="group")
    new = (await driver.client("chats", id=old, type="supergroup"))["id"]
    assert new < -1_000_000_000_000
    messages = [update["message"] for update in await driver.updates()]
    assert [message.get("migrate_to_chat_id") for message in messages] == [new, None]
    assert [message.get("migrate_from_chat_id") for message in messages] == [None, old]
    with pytest.raises(Refusal) as caught:
        await driver.bot("sendMessage", chat_id=old, text="x")
    assert caught.value.text == "Bad Request: group chat was upgraded to a supergroup chat"
    assert caught.value.parameters == {"migrate_to_chat_id": new}
    await driver.bot("sendMessage", chat_id=new, text="x")


async def test_an_upgrade_takes_no_other_chats_id(driver: Driver) -> None:
    """The new id used to be made from the old one even where a supergroup had it, which then was gone."""
    ann = await driver.started()
    other = await driver.group(ann, id=-1_000_000_000_005, title="Other")
    await driver.group(ann, id=-5, kind="group")
    new = (await driver.client("chats", id=-5, type="supergroup"))["id"]
    assert new != other
    assert (await driver.bot("getChat", chat_id=other))["title"] == "Other"


async def test_topics_live_and_die(driver: Driver) -> None:
    ann = await driver.started()
    chat = await driver.group(ann, forum=True)
    with pytest.raises(Refusal, match="not enough rights to create a topic"):
        await driver.bot("createForumTopic", chat_id=chat, name="Appeals")
    await driver.client("members", chat=chat, user=await driver.me(), status="administrator")
    topic = await driver.bot("createForumTopic", chat_id=chat, name="Appeals")
    thread = topic["message_thread_id"]
    sent = await driver.bot("sendMessage", chat_id=chat, message_thread_id=thread, text="x")
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread, True)
    said = await driver.say(ann, "in the topic", chat, thread=thread)
    assert said["message_thread_id"] == thread
    await driver.bot("editForumTopic", chat_id=chat, message_thread_id=thread, name="Solved")
    with pytest.raises(Refusal, match="TOPIC_NOT_MODIFIED"):
        await driver.bot("reopenForumTopic", chat_id=chat, message_thread_id=thread)
    await driver.bot("closeForumTopic", chat_id=chat, message_thread_id=thread)
    with pytest.raises(Refusal, match="no open topic"):
        await driver.say(ann, "too late", chat, thread=thread)
    await driver.bot("deleteForumTopic", chat_id=chat, message_thread_id=thread)
    with pytest.raises(Refusal, match="400 Bad Request: message thread not found"):
        await driver.bot("sendMessage", chat_id=chat, message_thread_id=thread, text="x")
    shown = await driver.look(f"chats/{chat}/messages")
    assert all(message.get("message_thread_id") != thread for message in shown)


async def test_who_is_who(driver: Driver) -> None:
    ann, bo = await driver.started("Ann"), await driver.started("Bo")
    chat = await driver.group(ann)
    assert (await driver.bot("getChatMember", chat_id=chat, user_id=ann))["status"] == "creator"
    assert (await driver.bot("getChatMember", chat_id=chat, user_id=bo))["status"] == "left"
    administrators = await driver.bot("getChatAdministrators", chat_id=chat)
    assert [entry["user"]["id"] for entry in administrators] == [ann]
    with pytest.raises(Refusal, match="user not found"):
        await driver.bot("getChatMember", chat_id=chat, user_id=777)


async def test_who_is_restricted_reads_and_writes_nothing(driver: Driver) -> None:
    chat = await driver.group(await driver.started())
    await driver.client("members", chat=chat, user=await driver.me(), status="restricted")
    (update,) = await driver.updates()
    assert update["my_chat_member"]["new_chat_member"]["can_send_messages"] is False
    with pytest.raises(Refusal, match="400 Bad Request: not enough rights to send text messages to the chat"):
        await driver.bot("sendMessage", chat_id=chat, text="x")
    await driver.client("members", chat=chat, user=await driver.me(), status="member")
    await driver.bot("sendMessage", chat_id=chat, text="x")


async def test_where_members_may_not_write_administrators_do(driver: Driver) -> None:
    chat = await driver.group(await driver.started())
    await driver.client("chats", id=chat, may_write=False)
    with pytest.raises(Refusal, match="not enough rights to send venues to the chat"):
        await driver.bot("sendVenue", chat_id=chat, latitude=1, longitude=1, title="a", address="b")
    assert await driver.updates() == []
    await driver.client("members", chat=chat, user=await driver.me(), status="administrator")
    await driver.bot("sendMessage", chat_id=chat, text="x")


async def test_people_make_close_and_delete_topics(driver: Driver) -> None:
    chat = await driver.group(await driver.started(), forum=True)
    thread = (await driver.client("topics", chat=chat, name="News"))["message_thread_id"]
    await driver.bot("sendMessage", chat_id=chat, message_thread_id=thread, text="x")
    await driver.client("topics", chat=chat, thread=thread, closed=True)
    with pytest.raises(Refusal, match="TOPIC_CLOSED"):
        await driver.bot("sendMessage", chat_id=chat, message_thread_id=thread, text="x")
    heard = [update["message"] for update in await driver.updates()]
    assert [next(iter(m.keys() & {"forum_topic_created", "forum_topic_closed"})) for m in heard] == [
        "forum_topic_created",
        "forum_topic_closed",
    ]
    await driver.client("topics", chat=chat, thread=thread, deleted=True)
    assert await driver.updates() == []
    with pytest.raises(Refusal, match="message thread not found"):
        await driver.bot("sendMessage", chat_id=chat, message_thread_id=thread, text="x")
