// Writing: the text field, replies and edits, the reply keyboard, dropped and pasted files.

import { attachMenu, sendFiles, sendLocation } from "./attach.js";
import { toggleBlocked } from "./chat.js";
import { send } from "./deeds.js";
import { bdi, el, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { replyKeyboard, replyMarkupFor } from "./keyboards.js";
import { gist } from "./media.js";
import { recall, remember } from "./prefs.js";
import { fullName, isPrivate, logOf, me, on, state, theBot } from "./state.js";
import { closeSuggestions, commandsHere, showCommands, suggest } from "./suggest.js";

const HIGHEST_PX = 160;
const HINTS_UNTIL = 3; // messages in the chat; then a newcomer has found the way

const form = document.getElementById("composer");
const input = document.getElementById("input");
const context = document.getElementById("context");
const keys = document.getElementById("keyboard");
const keysButton = document.getElementById("keys-button");
const commandsButton = document.getElementById("commands-button");
const hints = document.getElementById("hints");
const bottom = document.getElementById("bottom");

const drafts = new Map(); // what was typed but not sent, by persona and chat
let openDraft = null;
let replyTo = null;
let editing = null;
let drawnKeyboard; // chat and message whose keyboard shows, null for none, undefined before the first look

/** Wire the composer up. */
export function startComposer() {
  form.addEventListener("submit", submit);
  input.addEventListener("input", onInput);
  input.addEventListener("keydown", onKey);
  input.addEventListener("paste", (event) => takeFiles(event, event.clipboardData));
  const talk = document.getElementById("talk");
  talk.addEventListener("dragover", (event) => event.preventDefault());
  talk.addEventListener("drop", (event) => takeFiles(event, event.dataTransfer));
  document.getElementById("scroller").addEventListener("click", closeSuggestions);
  document.getElementById("attach").addEventListener("click", (event) => {
    closeSuggestions();
    attachMenu(event.currentTarget, takeContext);
  });
  document.getElementById("hint-place").addEventListener("click", () => sendLocation());
  document.getElementById("hint-word").addEventListener("click", () => send({ text: t("hintWord") }));
  commandsButton.addEventListener("click", toggleCommands);
  keysButton.addEventListener("click", () => showKeys(keys.hidden));
  on("chat", reset);
  on("world", drawComposer);
  on("log", (chatId) => chatId === state.chat && drawComposer());
  on("draft", (text) => write(text));
  on("reply", (message) => setContext({ reply: message }));
  on("edit", (message) => setContext({ edit: message }));
}

const draftKey = () => `${state.person}/${state.chat}`;

function reset() {
  if (!editing && input.value) drafts.set(openDraft, input.value);
  else drafts.delete(openDraft);
  openDraft = draftKey();
  replyTo = null;
  editing = null;
  drawnKeyboard = undefined;
  closeSuggestions();
  write(drafts.get(openDraft) ?? "", false);
  drawComposer();
}

/** Redraw what depends on the chat: keyboard, hints, start and unblock buttons. */
export function drawComposer() {
  const person = me();
  if (!person || state.chat === null) return;
  const log = logOf(state.chat);
  const inPrivate = isPrivate(state.chat);
  const empty = inPrivate && log.loaded && !log.messages.length && !log.pending.length && Boolean(theBot());
  const blocked = inPrivate && person.blocked;
  drawInstead(blocked, empty);
  hints.hidden = !inPrivate || blocked || !theBot() || log.messages.length >= HINTS_UNTIL;
  commandsButton.hidden = commandsHere().length === 0;
  drawContext();
  drawKeyboard(log);
}

// A blocked bot or a chat that hasn't begun has one big button where the writing would be.
function drawInstead(blocked, empty) {
  const instead = document.getElementById("instead");
  bottom.classList.toggle("no-composer", blocked || empty);
  instead.hidden = !blocked && !empty;
  const label = blocked ? t("unblockBot") : t("start");
  if (instead.hidden || instead.dataset.label === label) return;
  instead.dataset.label = label;
  const click = () => (blocked ? toggleBlocked(false) : send({ text: "/start" }));
  instead.replaceChildren(
    el("button", { type: "button", class: "primary wide", on: { click }, text: label }),
  );
}

function drawKeyboard(log) {
  const { keyboard, message, force, placeholder } = replyMarkupFor(log);
  input.placeholder = keyboard?.input_field_placeholder ?? placeholder ?? t("message");
  keysButton.hidden = !keyboard;
  if (force && stamp(force) !== recall(forcedKey(), "")) answerForce(force);
  const id = message ? `${state.chat}/${stamp(message)}` : null;
  if (id === drawnKeyboard) return;
  drawnKeyboard = id;
  keys.replaceChildren();
  if (keyboard) keys.append(replyKeyboard(keyboard, () => keyboard.one_time_keyboard && putAway(message)));
  showKeys(Boolean(keyboard) && !(keyboard.one_time_keyboard && wasPutAway(message)));
}

// A restarted sandbox counts its messages anew; with the date a message is not taken for an older one.
const stamp = (message) => `${message.message_id}@${message.date}`;
const forcedKey = () => `forced.${state.person}.${state.chat}`;
const awayKey = () => `away.${state.person}.${state.chat}`;
const wasPutAway = (message) => recall(awayKey(), "") === stamp(message);

function putAway(message) {
  remember(awayKey(), stamp(message));
  showKeys(false);
}

function showKeys(visible) {
  keys.hidden = !visible;
  keysButton.setAttribute("aria-pressed", String(visible));
}

// ForceReply acts as if the person had tapped Reply, once.
function answerForce(message) {
  remember(forcedKey(), stamp(message));
  setContext({ reply: message });
}

function setContext({ reply = null, edit = null }) {
  replyTo = reply;
  editing = edit;
  if (edit) write(edit.text);
  drawContext();
  input.focus();
}

function drawContext() {
  const message = replyTo ?? editing;
  context.hidden = !message;
  if (!message) return;
  const title = editing ? t("editing") : t("replyTo", { name: fullName(message.from) });
  const drop = () => {
    if (editing) write("", false);
    setContext({});
  };
  const words = el("span", { class: "who" }, bdi(title), el("small", { dir: "auto", text: gist(message) }));
  context.replaceChildren(words, iconButton("close", t("cancel"), drop));
}

/** The fields a reply adds to a message; used up by asking. */
function takeContext() {
  const fields = replyTo ? { reply_to: replyTo.message_id } : {};
  const thread = replyTo?.message_thread_id;
  if (thread) fields.thread = thread;
  replyTo = null;
  drawContext();
  return fields;
}

async function submit(event) {
  event?.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  const content = editing ? { edit: editing.message_id, text } : { text, ...takeContext() };
  editing = null;
  drawContext();
  write("");
  closeSuggestions();
  const chatId = state.chat;
  // Nothing typed is ever lost: what could not be sent comes back into the field.
  if (!(await send(content)) && chatId === state.chat && !input.value) write(text);
}

function write(text, focus = true) {
  input.value = text;
  onInput();
  if (focus) input.focus();
}

function onInput() {
  input.style.height = "auto";
  input.style.height = `${Math.min(HIGHEST_PX, input.scrollHeight)}px`;
  form.classList.toggle("has-text", input.value.trim() !== "");
  suggest(input.value, () => write(""));
}

function onKey(event) {
  // Enter that ends an input method's composition chooses a word and must not send.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  if (event.key === "Escape" && (replyTo || editing)) setContext({});
  else if (event.key === "Escape") closeSuggestions();
}

function toggleCommands() {
  const open = !document.getElementById("suggestions").hidden;
  if (open) closeSuggestions();
  else showCommands("", () => write("", false));
}

function takeFiles(event, data) {
  const files = [...(data?.files ?? [])];
  if (!files.length || state.chat === null) return;
  event.preventDefault();
  const pictures = files.filter((file) => file.type.startsWith("image/"));
  const others = files.filter((file) => !file.type.startsWith("image/"));
  if (pictures.length) sendFiles("photo", pictures, takeContext());
  if (others.length) sendFiles("document", others, takeContext());
}
