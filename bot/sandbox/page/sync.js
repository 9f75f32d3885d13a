// Keeping up with the server: one long poll for the open chat, a light round for all others, and the return
// after an interruption.

import { fetchAction, fetchMessages, fetchState, Refused } from "./api.js";
import { chatIdsOf, distrustLogs, emit, findChat, isBot, logOf, markRead, state } from "./state.js";

const LONG_POLL_S = 25;
const ROUND_MS = 4000;
const RETRY_MS = 1500;
const ACTION_MS = 1200;
// Unread badges of people we don't play: only while the cast is small enough to ask for each.
const CAST_WITH_BADGES = 12;

let following = null;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function setOnline(online) {
  if (state.online === online) return;
  state.online = online;
  emit("online");
}

/** Fetch people, chats and bots anew. */
export async function refreshWorld() {
  const world = await fetchState();
  setOnline(true);
  const before = JSON.stringify([state.users, state.chats, state.bots]);
  Object.assign(state, { users: world.users, chats: world.chats, bots: world.bots });
  if (JSON.stringify([world.users, world.chats, world.bots]) !== before) emit("world");
}

/** Load what is new in a chat that nobody looks at, if its counter says that there is anything. */
async function glance(chatId) {
  const log = logOf(chatId);
  const changes = findChat(chatId)?.changes ?? 0;
  if (log.loaded && log.changes === changes) return;
  const known = log.loaded ? { after: log.lastId, changed: log.changes } : {};
  take(chatId, await fetchMessages(chatId, known), !log.loaded);
}

function take(chatId, answer, fresh) {
  const log = logOf(chatId);
  // A smaller counter than ours: the server began anew, so load everything.
  if (!fresh && answer.changes < log.changes) {
    log.loaded = false;
    return;
  }
  const changed = fresh || answer.messages.length > 0 || answer.deleted.length > 0;
  log.apply(answer, fresh);
  if (chatId === state.chat) onNews(chatId, answer.messages);
  if (changed) emit("log", chatId);
}

// Service messages that tell of a change in who is where.
const WORLDLY = ["new_chat_members", "left_chat_member", "migrate_to_chat_id", "new_chat_title"];

function onNews(chatId, messages) {
  const worldly = messages.some((message) => WORLDLY.some((kind) => kind in message));
  if (worldly) refreshWorld().catch(() => undefined);
  if (document.visibilityState === "visible") markRead(chatId);
  // A message ends the typing at once, without waiting for the next look.
  if (state.action === null || !messages.some((message) => isBot(message.from?.id))) return;
  state.action = null;
  emit("action");
}

/** Follow the open chat until another one is opened. */
export async function followOpenChat() {
  following?.abort();
  const chatId = state.chat;
  if (chatId === null) return;
  following = new AbortController();
  const { signal } = following;
  while (!signal.aborted) await followOnce(chatId, signal);
}

async function followOnce(chatId, signal) {
  const log = logOf(chatId);
  const wanted = log.loaded ? { after: log.lastId, changed: log.changes, wait: LONG_POLL_S } : {};
  try {
    const answer = await fetchMessages(chatId, wanted, signal);
    setOnline(true);
    take(chatId, answer, wanted.wait === undefined);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Refused)) await comeBack();
    else await pause(RETRY_MS);
  }
}

/** Wait until the server answers again, then trust nothing learnt before. */
async function comeBack() {
  setOnline(false);
  distrustLogs();
  await pause(RETRY_MS);
  await refreshWorld().catch(() => undefined);
}

/** Forever: who exists, and what came in elsewhere. */
export async function makeRounds() {
  for (;;) {
    await pause(roundPause());
    try {
      await refreshWorld();
      for (const chatId of chatsToGlanceAt()) await glance(chatId).catch(ignoreRefusal);
    } catch {
      setOnline(false);
      distrustLogs();
    }
  }
}

function roundPause() {
  if (!state.online) return RETRY_MS;
  return document.visibilityState === "visible" ? ROUND_MS : ROUND_MS * 4;
}

/** Look once at every chat with a badge, so that the list is right from the start. */
export async function glanceAround() {
  for (const chatId of chatsToGlanceAt()) await glance(chatId).catch(() => undefined);
}

function chatsToGlanceAt() {
  const others = state.users.length <= CAST_WITH_BADGES && state.bots.length ? state.users : [];
  const ids = new Set([...(state.person ? chatIdsOf(state.person) : []), ...others.map((user) => user.id)]);
  ids.delete(state.chat);
  return ids;
}

function ignoreRefusal(error) {
  if (!(error instanceof Refused)) throw error;
}

/** Forever: is the bot typing in the open chat? */
export async function watchActions() {
  for (;;) {
    await pause(ACTION_MS);
    if (state.chat === null || !state.online || document.visibilityState !== "visible") continue;
    const chatId = state.chat;
    const action = await fetchAction(chatId).catch(() => null);
    if (chatId !== state.chat || action === state.action) continue;
    state.action = action;
    emit("action");
  }
}
