// What pops up above the composer while one types: the bot's commands, or the results of an inline query.

import { askInline, fileUrl } from "./api.js";
import { send, sendCommand } from "./deeds.js";
import { bdi, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { lastPlace } from "./places.js";
import { findChat, isPrivate, me, memberStatus, state, theBot } from "./state.js";
import { attempt } from "./toast.js";

const INLINE_PAUSE_MS = 350; // ask when the typing rests, not at every letter
const MOST_RESULTS = 50; // Bot API, answerInlineQuery

const panel = document.getElementById("suggestions");

let timer = null;
let asked = "";

/** Hide whatever pops up. */
export function closeSuggestions() {
  clearTimeout(timer);
  asked = "";
  panel.hidden = true;
  panel.replaceChildren();
}

function show(...children) {
  panel.replaceChildren(...children);
  panel.hidden = children.length === 0;
}

/** Look at what is being typed; `done` clears the composer after a choice. */
export function suggest(text, done) {
  const query = inlineQuery(text);
  if (query !== null) return suggestInline(query, done);
  if (/^\/\w*$/.test(text)) return showCommands(text.slice(1), done);
  return closeSuggestions();
}

function inlineQuery(text) {
  const name = theBot()?.username;
  if (!name || !text.toLowerCase().startsWith(`@${name.toLowerCase()} `)) return null;
  return text.slice(name.length + 2);
}

// Bot API, "Determining list of commands": the narrowest scope that has a list wins.
const PRIVATE_SCOPES = ["chat", "all_private_chats", "default"];
const GROUP_SCOPES = [
  "chat_member",
  "chat_administrators",
  "chat",
  "all_chat_administrators",
  "all_group_chats",
  "default",
];
const ADMIN_SCOPES = new Set(["chat_administrators", "all_chat_administrators"]);

/** The bot's commands as this persona, in this chat, has them: [{command, description}]. */
export function commandsHere() {
  const language = me()?.language_code?.slice(0, 2) ?? "";
  const lists = (theBot()?.commands ?? []).filter(({ scope }) => isForHere(scope));
  for (const type of isPrivate(state.chat) ? PRIVATE_SCOPES : GROUP_SCOPES) {
    const ofType = lists.filter(({ scope }) => scope.type === type);
    const best =
      ofType.find((one) => one.language_code === language) ?? ofType.find((one) => !one.language_code);
    if (best?.commands.length) return best.commands;
  }
  return [];
}

function isForHere(scope) {
  if (scope.chat_id !== undefined && scope.chat_id !== state.chat) return false;
  if (scope.user_id !== undefined && scope.user_id !== state.person) return false;
  return !ADMIN_SCOPES.has(scope.type) || isAdmin();
}

const isAdmin = () =>
  ["creator", "administrator"].includes(memberStatus(findChat(state.chat) ?? {}, state.person));

/** List the commands that begin with `prefix`. → whether there are any. */
export function showCommands(prefix, done) {
  const found = commandsHere().filter(({ command }) => command.startsWith(prefix.toLowerCase()));
  const pick = (command) => {
    closeSuggestions();
    done();
    sendCommand(`/${command}`);
  };
  show(...found.map((one) => commandRow(one, () => pick(one.command))));
  return found.length > 0;
}

const commandRow = ({ command, description }, click) =>
  el(
    "button",
    { type: "button", class: "row command-row", on: { click } },
    el("b", { text: `/${command}` }),
    bdi(description),
  );

function suggestInline(query, done) {
  if (query === asked && !panel.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(() => runInline(query, done), INLINE_PAUSE_MS);
}

async function runInline(query, done) {
  asked = query;
  show(el("p", { class: "empty busy", text: t("inlineAsk") }));
  const { latitude, longitude } = lastPlace(state.person);
  const answer = await attempt(() => askInline(state.person, query, { latitude, longitude }));
  // Somebody typed on meanwhile: the newer question shows its own answer.
  if (query !== asked) return;
  if (!answer) {
    closeSuggestions();
    return;
  }
  const results = answer.results.slice(0, MOST_RESULTS);
  if (!results.length) show(el("p", { class: "empty", text: t("inlineNone") }));
  else show(...results.map((result) => inlineRow(result, () => pick(result, done))));
}

function pick(result, done) {
  closeSuggestions();
  done();
  return send({ inline_result: { inline_query_id: result.inline_query_id, id: result.id } });
}

function inlineRow(result, click) {
  const thumb = result.photo_file_id
    ? el("img", { src: fileUrl(result.photo_file_id), alt: "" })
    : icon(result.type === "venue" || result.type === "location" ? "pin" : "file");
  return el(
    "button",
    { type: "button", class: "row inline-row", on: { click } },
    el("span", { class: "thumb" }, thumb),
    el(
      "span",
      { class: "who" },
      bdi(result.title ?? result.id),
      el("small", { dir: "auto", text: result.description ?? result.address ?? "" }),
    ),
  );
}
