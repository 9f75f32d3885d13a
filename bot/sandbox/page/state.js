// What the page knows: the world (people, chats, bots), who we play, and a log per chat.

import { recall, remember } from "./prefs.js";

export const state = {
  users: [],
  chats: [],
  bots: [],
  person: null, // id of the persona we play
  chat: null, // id of the open chat, null when only the list shows
  online: true,
  action: null, // what the bot is doing in the open chat
};

const listeners = new Map();

/** Call `listener(detail)` whenever `topic` changes: world, person, chat, log, online, action. */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

/** Tell everybody who listens to `topic`. */
export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** The messages of one chat in order, with those still on their way. */
class Log {
  messages = [];
  pending = [];
  changes = 0;
  loaded = false;

  get lastId() {
    return this.messages.at(-1)?.message_id ?? 0;
  }

  /** Take in new and edited messages; `fresh` replaces everything known before. */
  apply({ messages, changes = this.changes, deleted = [] }, fresh = false) {
    const known = new Map(fresh ? [] : this.messages.map((message) => [message.message_id, message]));
    for (const message of messages) known.set(message.message_id, message);
    for (const id of deleted) known.delete(id);
    this.messages = [...known.values()].sort((a, b) => a.message_id - b.message_id);
    this.changes = changes;
    this.loaded = true;
  }
}

const logs = new Map();

/** The log of a chat, empty at first. */
export function logOf(chatId) {
  if (!logs.has(chatId)) logs.set(chatId, new Log());
  return logs.get(chatId);
}

/** After the server came back nothing we know is certain: every log is loaded anew. */
export function distrustLogs() {
  for (const log of logs.values()) log.loaded = false;
}

export const findUser = (id) => state.users.find((user) => user.id === id);
export const findChat = (id) => state.chats.find((chat) => chat.id === id);
export const me = () => findUser(state.person);
export const theBot = () => state.bots[0];
export const isPrivate = (chatId) => chatId > 0;
export const isBot = (id) => state.bots.some((bot) => bot.id === id);

/** First and last name of a user, or their id where even that is missing. */
export const fullName = (user) =>
  [user?.first_name, user?.last_name].filter(Boolean).join(" ") || String(user?.id ?? "?");

/** How somebody stands in a group: creator, administrator, member … or "left". */
export function memberStatus(chat, userId) {
  return chat.members?.find((member) => member.user.id === userId)?.status ?? "left";
}

const PRESENT = new Set(["creator", "administrator", "member", "restricted"]);
export const isPresent = (chat, userId) => PRESENT.has(memberStatus(chat, userId));

/** The groups the persona is in. */
export const groupsOf = (userId) =>
  state.chats.filter((chat) => chat.id < 0 && !chat.migrated_to && isPresent(chat, userId));

/** Ids of the persona's chats: the private one with the bot first. */
export function chatIdsOf(userId) {
  const groups = groupsOf(userId).map((chat) => chat.id);
  return state.bots.length ? [userId, ...groups] : groups;
}

/** The heading of a chat as the persona sees it. */
export const chatTitle = (chatId) =>
  isPrivate(chatId) ? fullName(theBot()) : (findChat(chatId)?.title ?? String(chatId));

/** Play another persona; the open chat follows to where that persona was last. */
export function playAs(userId, chatId = null) {
  state.person = userId;
  remember("person", userId);
  emit("person");
  openChat(chatId);
}

/** Open a chat of the current persona, or none. */
export function openChat(chatId) {
  state.chat = chatId;
  state.action = null;
  if (chatId !== null) markRead(chatId);
  emit("chat");
}

const readKey = (userId, chatId) => `read.${userId}.${chatId}`;

/** Remember that the persona has seen everything in a chat. */
export function markRead(chatId) {
  remember(readKey(state.person, chatId), logOf(chatId).lastId);
}

/** How many messages of others a persona has not seen in a chat. */
export function unread(userId, chatId) {
  const seen = recall(readKey(userId, chatId), 0);
  const last = logOf(chatId).lastId;
  // A restarted sandbox counts from one again; what was read before says nothing then.
  const from = seen > last ? 0 : seen;
  return logOf(chatId).messages.filter((m) => m.message_id > from && m.from?.id !== userId).length;
}
