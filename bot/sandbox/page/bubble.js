// One message as an element.

import { userAvatar } from "./avatar.js";
import { textDeeds } from "./deeds.js";
import { bdi, el, icon, iconButton } from "./dom.js";
import { renderText } from "./entities.js";
import { clockTime, t } from "./i18n.js";
import { inlineKeyboard } from "./keyboards.js";
import { album, gist, mediaOf } from "./media.js";
import { messageMenu } from "./menu.js";
import { pollOf } from "./poll.js";
import { findChat, fullName, isBot, isPrivate, state } from "./state.js";

const LONG_PRESS_MS = 450;
const HUES = 8;

/**
 * The bubble of a message, or of an album (several messages). `first` and `last` tell its place in a run of
 * messages by one sender; `answered` whether the bot wrote after it.
 */
export function bubble(messages, { first, last, answered }) {
  const message = messages[0];
  const newest = messages.at(-1);
  const mine = message.from?.id === state.person;
  const body = el(
    "div",
    { class: "bubble" },
    ...parts(messages, first && !mine),
    meta(newest, mine, answered),
  );
  const column = el("div", { class: "column" }, body);
  if (newest.reply_markup?.inline_keyboard?.length) column.append(inlineKeyboard(newest));
  const row = el("article", {
    class: `message ${mine ? "mine" : "theirs"}`,
    data: { id: message.message_id },
  });
  row.classList.toggle("first", first);
  row.classList.toggle("last", last);
  if (!mine && !isPrivate(message.chat.id)) row.append(portrait(message, last));
  row.append(column, menuButton(newest));
  pressLong(body, newest);
  return row;
}

const portrait = (message, last) =>
  last ? userAvatar(message.from ?? message.chat, "tiny") : el("span", { class: "avatar tiny blank" });

function parts(messages, named) {
  const message = messages[0];
  const captioned = messages.find((one) => one.caption) ?? message;
  const media = messages.length > 1 ? album(messages) : mediaOf(message);
  const text = message.text ?? captioned.caption;
  const entities = message.entities ?? captioned.caption_entities;
  return [
    named && !isPrivate(message.chat.id) && senderName(message),
    topicLabel(message),
    message.forward_origin && el("div", { class: "origin", text: t("forwarded") }),
    message.via_bot && el("div", { class: "origin", text: t("via", { name: message.via_bot.username }) }),
    message.reply_to_message && !message.reply_to_message.forum_topic_created && replyQuote(message),
    message.show_caption_above_media ? null : media,
    message.poll && pollOf(message),
    text !== undefined && el("div", { class: "text", dir: "auto" }, renderText(text, entities, textDeeds)),
    message.show_caption_above_media ? media : null,
  ];
}

function senderName(message) {
  const hue = Math.abs(message.from?.id ?? 0) % HUES;
  const badge = isBot(message.from?.id) && el("small", { class: "badge", text: t("bot") });
  return el("div", { class: `sender ink-${hue}` }, bdi(fullName(message.from)), badge);
}

function topicLabel(message) {
  if (!message.is_topic_message) return null;
  const created = message.reply_to_message?.forum_topic_created ?? topicOf(message);
  return el("div", { class: "topic", text: `# ${created?.name ?? message.message_thread_id}` });
}

const topicOf = (message) =>
  findChat(message.chat.id)?.topics?.find((topic) => topic.message_thread_id === message.message_thread_id);

function replyQuote(message) {
  const original = message.reply_to_message;
  const click = () =>
    document.querySelector(`[data-id="${original.message_id}"]`)?.scrollIntoView({ block: "center" });
  return el(
    "button",
    { type: "button", class: "reply", on: { click } },
    bdi(fullName(original.from)),
    el("span", { dir: "auto", text: message.quote?.text ?? gist(original) }),
  );
}

function meta(message, mine, answered) {
  const edited = message.edit_date && el("span", { class: "edited", text: t("edited") });
  const standing = t(answered ? "answered" : "sent");
  const tick = mine && el("span", { class: "tick", role: "img", "aria-label": standing, title: standing });
  if (tick) tick.append(icon(answered ? "ticks" : "tick"));
  const time = el("time", { text: clockTime(message.date) });
  return el("span", { class: "meta" }, edited, time, tick);
}

function menuButton(message) {
  const button = iconButton("more", t("messageMenu"), () => messageMenu(message, button), "more");
  button.setAttribute("aria-haspopup", "menu");
  return button;
}

// Touch screens have no hover: a long press opens the menu there, a right click everywhere.
function pressLong(body, message) {
  let timer = null;
  const giveUp = () => clearTimeout(timer);
  body.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    timer = setTimeout(() => messageMenu(message, body), LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) body.addEventListener(name, giveUp);
  body.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    giveUp();
    messageMenu(message, body);
  });
}

/** A message that is still on its way. */
export function pendingBubble(pending) {
  const words =
    pending.text ?? pending.caption ?? pending.files?.map((file) => file.name).join("\n") ?? gist(pending);
  const clock = el("span", { class: "meta", role: "img", "aria-label": t("sending") }, icon("clock"));
  const body = el("div", { class: "bubble" }, el("div", { class: "text", dir: "auto", text: words }), clock);
  return el("article", { class: "message mine pending first last" }, el("div", { class: "column" }, body));
}

const SERVICE = {
  new_chat_members: (members) => t("joined", { names: members.map(fullName).join(", ") }),
  left_chat_member: (member) => t("left", { name: fullName(member) }),
  group_chat_created: () => t("created"),
  supergroup_chat_created: () => t("created"),
  migrate_to_chat_id: () => t("upgraded"),
  migrate_from_chat_id: () => t("upgraded"),
  pinned_message: (message) => t("pinned", { what: gist(message) }),
  new_chat_title: (title) => t("renamed", { name: title }),
  forum_topic_created: (topic) => t("topicMade", { name: topic.name }),
  forum_topic_edited: (topic) => t("topic", { name: topic.name ?? "" }),
  forum_topic_closed: () => t("topicClosed"),
};

/** The words of a service message, or null when it is an ordinary one. */
export function serviceText(message) {
  const kind = Object.keys(SERVICE).find((name) => message[name] !== undefined);
  return kind ? SERVICE[kind](message[kind]) : null;
}
