// Inline keyboards below a message, and reply keyboards below the composer.

import { copy, draft, follow, pressButton, send, shareContact } from "./deeds.js";
import { bdi, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { chooseChat } from "./people.js";
import { pickLocation } from "./picker.js";
import { isPrivate, me, theBot } from "./state.js";
import { toast } from "./toast.js";

const STYLES = new Set(["primary", "success", "danger"]);

/** The inline keyboard of a message. */
export function inlineKeyboard(message) {
  const rows = message.reply_markup.inline_keyboard;
  return el(
    "div",
    { class: "inline-keys" },
    ...rows.map((row) =>
      el("div", { class: "key-row" }, ...row.map((button) => inlineButton(message, button))),
    ),
  );
}

function inlineButton(message, button) {
  const { mark, run } = deedOf(message, button);
  const style = STYLES.has(button.style) ? button.style : "";
  const node = el("button", { type: "button", class: `key ${style}` }, bdi(button.text), mark && icon(mark));
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-busy")) return;
    node.setAttribute("aria-busy", "true");
    await run();
    node.removeAttribute("aria-busy");
  });
  return node;
}

function deedOf(message, button) {
  if (button.callback_data !== undefined) return { run: () => pressButton(message, button) };
  if (button.url) return { mark: "out", run: () => follow(button.url) };
  if (button.copy_text) return { mark: "copy", run: () => copy(button.copy_text.text) };
  if (button.switch_inline_query_current_chat !== undefined) {
    return { mark: "search", run: () => draft(inlineDraft(button.switch_inline_query_current_chat)) };
  }
  const query = button.switch_inline_query ?? button.switch_inline_query_chosen_chat?.query;
  if (query !== undefined) return { mark: "swap", run: () => switchInline(query) };
  return { run: async () => toast(t("unsupported")) };
}

const inlineDraft = (query) => `@${theBot().username} ${query}`;

async function switchInline(query) {
  const chatId = await chooseChat();
  if (chatId !== null) draft(inlineDraft(query), chatId);
}

/** What the newest reply markup in a chat says for the persona: {keyboard} or {force: message} or {}. */
export function replyMarkupFor(log) {
  for (const message of [...log.messages].reverse()) {
    const markup = message.reply_markup;
    if (!markup || markup.inline_keyboard || (markup.selective && !isMeant(message))) continue;
    if (markup.keyboard) return { keyboard: markup, message };
    if (markup.force_reply) return { force: message, placeholder: markup.input_field_placeholder };
    return {};
  }
  return {};
}

// Bot API: a selective keyboard is for those mentioned in the text and for whom the message replies to.
function isMeant(message) {
  if (isPrivate(message.chat.id)) return true;
  const person = me();
  const named = person.username && message.text?.includes(`@${person.username}`);
  const mentioned = message.entities?.some((entity) => entity.user?.id === person.id);
  return Boolean(named || mentioned || message.reply_to_message?.from?.id === person.id);
}

/** The reply keyboard; `used` is called after a button was pressed. */
export function replyKeyboard(markup, used) {
  const rows = markup.keyboard.map((row) =>
    el("div", { class: "key-row" }, ...row.map((button) => replyButton(button, used))),
  );
  return el("div", { class: `reply-keys ${markup.resize_keyboard ? "" : "tall"}` }, ...rows);
}

function replyButton(given, used) {
  const button = typeof given === "string" ? { text: given } : given;
  const style = STYLES.has(button.style) ? button.style : "";
  const click = async () => {
    if (await runReply(button)) used();
  };
  return el("button", { type: "button", class: `key ${style}`, on: { click } }, bdi(button.text));
}

async function runReply(button) {
  if (button.request_location) {
    const location = await pickLocation();
    return location ? send({ location }) : false;
  }
  if (button.request_contact) return shareContact();
  if (Object.keys(button).some((name) => name.startsWith("request_") || name === "web_app")) {
    toast(t("unsupported"));
    return false;
  }
  return send({ text: button.text });
}
