// What the persona does: every tap that reaches the server goes through here.

import * as api from "./api.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { classify, readable } from "./links.js";
import { emit, findUser, fullName, isPrivate, logOf, me, openChat, state, theBot } from "./state.js";
import { chooseChat } from "./people.js";
import { alertSheet, attempt, confirmSheet, toast } from "./toast.js";

/** Send a message into a chat; it shows at once and waits for the server. → whether it was sent. */
export async function send(content, chatId = state.chat) {
  const log = logOf(chatId);
  const pending = { ...content, key: crypto.randomUUID?.() ?? String(Math.random()) };
  log.pending.push(pending);
  emit("log", chatId);
  const sent = await attempt(() => deliver({ from: state.person, chat: chatId, ...content }), "notSent");
  log.pending = log.pending.filter((one) => one !== pending);
  // Later messages may already be here by poll; these only fill their own places.
  if (sent) log.apply({ messages: [sent].flat() });
  emit("log", chatId);
  return sent !== undefined;
}

function deliver({ files, kind, ...message }) {
  return files ? api.sendFiles(kind, files, message) : api.sendMessage(message);
}

/** Send a command; in a group it names the bot, as Telegram's menu does. */
export function sendCommand(command) {
  const needsName = !isPrivate(state.chat) && !command.includes("@") && theBot()?.username;
  return send({ text: needsName ? `${command}@${theBot().username}` : command });
}

/** Press an inline button that carries data. */
export async function pressButton(message, button) {
  const chatId = message.chat.id;
  const answer = await attempt(() =>
    api.press(state.person, chatId, message.message_id, button.callback_data),
  );
  if (!answer) return;
  if (!answer.answered) toast(t("noAnswer"));
  else if (answer.url) await follow(answer.url);
  else if (answer.text && answer.show_alert) await alertSheet(answer.text);
  else if (answer.text) toast(answer.text);
}

/** Copy to the clipboard. */
export async function copy(text) {
  await attempt(async () => {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyByHand(text);
    toast(t("copied"));
  });
}

// Without https the clipboard API is missing on other machines than this one; the old way still works there.
function copyByHand(text) {
  const area = el("textarea", { class: "offscreen" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Follow a link. What differs from the text shown is shown before the page is left. */
export async function follow(link, shown = null) {
  const target = classify(link);
  const go = { start, startgroup, share, user: showUser, web: leave, none: () => toast(t("badLink")) };
  await go[target.kind]({ ...target, shown });
}

async function start({ bot, payload }) {
  if (!isOurBot(bot)) return toast(t("onlyHere", { name: bot }));
  openChat(state.person);
  if (payload !== null) await send({ text: payload ? `/start ${payload}` : "/start" });
  return undefined;
}

async function startgroup({ bot, payload }) {
  if (!isOurBot(bot)) return toast(t("onlyHere", { name: bot }));
  const chatId = await chooseChat({ groupsOnly: true });
  if (chatId === null) return undefined;
  await attempt(() => api.setMember(chatId, theBot().id, "member"));
  openChat(chatId);
  if (payload) await send({ text: `/start@${theBot().username} ${payload}` });
  return undefined;
}

async function share({ text }) {
  const chatId = await chooseChat();
  if (chatId !== null) draft(text, chatId);
}

function showUser({ id }) {
  const user = findUser(id);
  toast(user ? fullName(user) : t("badLink"));
}

async function leave({ href, shown }) {
  const plain = shown && (shown === href || `https://${shown}/` === href || `${shown}/` === href);
  if (!plain && !(await confirmSheet(t("openLink"), readable(href), t("open")))) return;
  window.open(href, "_blank", "noopener,noreferrer");
}

const isOurBot = (name) => theBot()?.username?.toLowerCase() === name.toLowerCase();

/** Put text into the composer of a chat. */
export function draft(text, chatId = state.chat) {
  if (chatId !== state.chat) openChat(chatId);
  emit("draft", text);
}

/** A mention was tapped: the bot's opens the private chat, a person's writes to them. */
function tapMention(name) {
  if (isOurBot(name)) openChat(state.person);
  else emit("draft", `@${name} `);
}

/** What a tap inside formatted text does. */
export const textDeeds = {
  command: sendCommand,
  mention: tapMention,
  hashtag: (text) => emit("draft", text),
  link: follow,
  user: (user) => toast(fullName(user)),
  copy,
};

/** The number a persona shares: invented from its id, in the range that is never given out. */
const phoneOf = (user) => `+86000${String(Math.abs(user.id)).padStart(8, "0").slice(-8)}`;

/** Ask, then share the persona's contact. */
export async function shareContact() {
  const user = me();
  if (!(await confirmSheet(t("shareContact", { name: fullName(user) }), phoneOf(user), t("share"))))
    return false;
  return send({ contact: { phone_number: phoneOf(user), first_name: user.first_name, user_id: user.id } });
}
