// The open chat: its heading and its messages, kept in step with the log.

import { avatar } from "./avatar.js";
import { bubble, pendingBubble, serviceText } from "./bubble.js";
import { send } from "./deeds.js";
import { bdi, el } from "./dom.js";
import { dayName, t } from "./i18n.js";
import { setBlocked } from "./api.js";
import { openMenu } from "./menu.js";
import { membersSheet } from "./people.js";
import { refreshWorld } from "./sync.js";
import {
  chatTitle,
  findChat,
  fullName,
  isBot,
  isPresent,
  isPrivate,
  logOf,
  me,
  on,
  state,
  theBot,
} from "./state.js";
import { attempt } from "./toast.js";

const SHOWN_AT_FIRST = 120;
const RUN_SECONDS = 300; // messages of one sender within five minutes form a run
const NEAR_BOTTOM_PX = 80;

const list = document.getElementById("messages");
const scroller = document.getElementById("scroller");
const toBottom = document.getElementById("to-bottom");

let shown = SHOWN_AT_FIRST;
let atBottom = true;
let lastTop = 0;
let nodes = new Map(); // key → {signature, node}, so that only what changed is made anew

/** Wire the chat up. */
export function startChat() {
  on("chat", () => {
    shown = SHOWN_AT_FIRST;
    nodes = new Map();
    list.replaceChildren();
    atBottom = true;
    drawChat();
  });
  on("log", (chatId) => chatId === state.chat && drawMessages());
  on("world", drawChat);
  on("action", drawChat);
  scroller.addEventListener("scroll", noteScroll, { passive: true });
  toBottom.addEventListener("click", () => scrollDown("smooth"));
  // Pictures that load and a composer that grows must not push the newest message out of sight.
  const keep = new ResizeObserver(() => atBottom && scrollDown());
  keep.observe(list);
  keep.observe(scroller);
  document.getElementById("chat-menu").addEventListener("click", (event) => chatMenu(event.currentTarget));
}

// Only scrolling up leaves the bottom: a keyboard that opens also makes the end of the list disappear.
function noteScroll() {
  const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM_PX;
  if (near) atBottom = true;
  else if (scroller.scrollTop < lastTop) atBottom = false;
  lastTop = scroller.scrollTop;
  toBottom.hidden = atBottom;
}

function scrollDown(behavior = "instant") {
  scroller.scrollTo({ top: scroller.scrollHeight, behavior });
}

/** Redraw heading and messages, as after a change of language. */
export function redrawChat() {
  nodes = new Map();
  drawChat();
}

function drawChat() {
  drawHead();
  drawMessages();
}

function drawHead() {
  const head = document.getElementById("chat-who");
  const open = state.chat !== null && Boolean(me());
  document.getElementById("talk").classList.toggle("closed", !open);
  if (!open) return;
  const id = isPrivate(state.chat) ? theBot()?.id : state.chat;
  const title = chatTitle(state.chat);
  head.replaceChildren(
    avatar({ id, name: title }, "small"),
    el(
      "span",
      { class: "who" },
      bdi(title, "title"),
      el("small", { class: state.action ? "busy" : "" }, standing()),
    ),
  );
}

function standing() {
  if (state.action) return `${t(state.action === "upload_photo" ? "sendingPhoto" : "typing")}…`;
  if (isPrivate(state.chat)) return t("bot");
  const chat = findChat(state.chat);
  return t("members", { n: chat?.members?.filter((member) => isPresent(chat, member.user.id)).length ?? 0 });
}

function drawMessages() {
  if (state.chat === null || !me()) return;
  const log = logOf(state.chat);
  const items = [...messageItems(log), ...log.pending.map(pendingItem), ...tailItems(log)];
  reconcile(items);
  // Who says something wants to see it, wherever they were reading.
  if (log.pending.length) atBottom = true;
  if (atBottom) scrollDown();
  else noteScroll();
}

function messageItems(log) {
  const visible = log.messages.slice(-shown);
  const hidden = log.messages.length > visible.length;
  const lastByBot = log.messages.findLast((message) => isBot(message.from?.id))?.message_id ?? 0;
  const items = hidden ? [{ key: "earlier", signature: "", make: earlierButton }] : [];
  const groups = albums(visible);
  groups.forEach((group, index) => {
    const previous = groups[index - 1]?.[0];
    const message = group[0];
    const newDay = !previous || dayName(previous.date) !== dayName(message.date);
    if (newDay) items.push(pill(`day ${dayName(message.date)}`, dayName(message.date), "day"));
    const place = {
      first: newDay || !sameRun(previous, message),
      last: !sameRun(message, groups[index + 1]?.[0]),
      answered: lastByBot > message.message_id,
    };
    items.push(messageItem(group, place));
  });
  return items;
}

/** Neighbouring messages of one album belong in one bubble. */
function albums(messages) {
  const groups = [];
  for (const message of messages) {
    const group = message.media_group_id && groups.at(-1);
    if (group && group[0].media_group_id === message.media_group_id) group.push(message);
    else groups.push([message]);
  }
  return groups;
}

function sameRun(a, b) {
  if (!a || !b || serviceText(a) || serviceText(b)) return false;
  return a.from?.id === b.from?.id && b.date - a.date < RUN_SECONDS;
}

function messageItem(group, place) {
  const message = group[0];
  const service = serviceText(message);
  if (service) return pill(`m${message.message_id}`, service, "service");
  const make = () => bubble(group, place);
  // Polls also show the persona's own vote, which the message doesn't carry.
  const vote = message.poll && localStorage.getItem(`wayside.vote.${state.person}.${message.poll.id}`);
  return { key: `m${message.message_id}`, signature: JSON.stringify([group, place, vote]), make };
}

const pendingItem = (pending) => ({ key: pending.key, signature: "", make: () => pendingBubble(pending) });

const pill = (key, text, className) => ({
  key,
  signature: text,
  make: () => el("div", { class: `pill ${className}` }, bdi(text)),
});

function earlierButton() {
  const more = () => {
    shown += SHOWN_AT_FIRST;
    atBottom = false;
    const before = scroller.scrollHeight;
    drawMessages();
    scroller.scrollTop += scroller.scrollHeight - before;
  };
  return el("button", { type: "button", class: "pill earlier", on: { click: more }, text: t("earlier") });
}

function tailItems(log) {
  if (state.action) return [{ key: "typing", signature: "", make: typingBubble }];
  if (log.loaded && !log.messages.length && !log.pending.length) {
    return [{ key: "welcome", signature: String(theBot()?.id), make: welcome }];
  }
  return [];
}

const typingBubble = () =>
  el(
    "article",
    { class: "message theirs first last typing", "aria-label": t("typing") },
    el("div", { class: "bubble" }, el("i"), el("i"), el("i")),
  );

function welcome() {
  const bot = theBot();
  if (!bot || !isPrivate(state.chat)) return el("div", { class: "pill", text: bot ? t("hint") : t("noBot") });
  return el(
    "section",
    { class: "welcome" },
    avatar({ id: bot.id, name: "" }, "huge"),
    el("h2", { text: t("welcomeTitle") }),
    el("p", { text: t("welcomeText", { bot: fullName(bot), name: fullName(me()) }) }),
    el("p", { class: "hint", text: t("hint") }),
  );
}

/** Bring the list's children in line with `items`, touching only what changed. */
function reconcile(items) {
  const focus = focusedKey();
  const next = new Map();
  let cursor = list.firstChild;
  for (const { key, signature, make } of items) {
    const old = nodes.get(key);
    const node = old?.signature === signature ? old.node : make();
    next.set(key, { signature, node });
    if (node === cursor) cursor = cursor.nextSibling;
    else list.insertBefore(node, cursor);
  }
  const kept = new Set([...next.values()].map(({ node }) => node));
  for (const child of [...list.children]) if (!kept.has(child)) child.remove();
  nodes = next;
  restoreFocus(focus);
}

// An edit replaces the button one has just pressed; whoever works by keyboard stays at its successor.
function focusedKey() {
  const node = document.activeElement?.closest?.("#messages .key");
  const message = node?.closest(".message");
  if (!message) return null;
  return { id: message.dataset.id, index: [...message.querySelectorAll(".key")].indexOf(node), node };
}

function restoreFocus(focus) {
  if (!focus || focus.node.isConnected) return;
  const keys = list.querySelectorAll(`[data-id="${focus.id}"] .key`);
  keys[Math.min(focus.index, keys.length - 1)]?.focus({ preventScroll: true });
}

function chatMenu(anchor) {
  if (!isPrivate(state.chat)) {
    const chatId = state.chat;
    return openMenu(anchor, [{ icon: "people", label: t("showMembers"), run: () => membersSheet(chatId) }]);
  }
  const { blocked } = me();
  const toggle = () => toggleBlocked(!blocked);
  return openMenu(anchor, [
    { icon: "send", label: t("restart"), run: () => send({ text: "/start" }) },
    { icon: "stop", label: t(blocked ? "unblockBot" : "blockBot"), run: toggle, danger: !blocked },
  ]);
}

/** Block the bot as the persona, or let it in again. */
export async function toggleBlocked(blocked) {
  await attempt(async () => {
    await setBlocked(state.person, blocked);
    await refreshWorld();
  });
}
