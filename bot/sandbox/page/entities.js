// Formatted text: Bot API entities (offsets in UTF-16 units, as in JavaScript strings) to elements.

import { el } from "./dom.js";
import { t } from "./i18n.js";

/**
 * Render text with its entities. `act` offers what a tap does: command(text), mention(name), hashtag(text),
 * link(url, shown), user(user), copy(text). Entities out of range or overlapping wrongly are clipped.
 */
export function renderText(text, entities, act) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return render(text, 0, text.length, sorted, act);
}

function render(text, from, to, entities, act) {
  const out = document.createDocumentFragment();
  let at = from;
  for (let i = 0; i < entities.length;) {
    const entity = entities[i++];
    const begin = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (begin >= end) continue;
    const inner = [];
    while (i < entities.length && entities[i].offset < end) inner.push(entities[i++]);
    const content = render(text, begin, end, inner, act);
    out.append(text.slice(at, begin), wrap(entity, text.slice(begin, end), content, act));
    at = end;
    // A block already ends its line; its own line feed would leave an empty one.
    if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
  }
  out.append(text.slice(at, to));
  return out;
}

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };

function wrap(entity, text, content, act) {
  const tag = TAGS[entity.type];
  if (tag) return el(tag, {}, content);
  const make = SPECIAL[entity.type];
  return make ? make(content, { entity, text, act }) : el("span", {}, content);
}

// A tappable run inside text. A real button, so that the keyboard reaches it.
const tap = (content, className, click) =>
  el("button", { type: "button", class: `tap ${className}`, on: { click } }, content);

const SPECIAL = {
  spoiler: (content) => spoiler(content),
  code: (content, { text, act }) =>
    el("code", { title: t("code"), on: { click: () => act.copy(text) } }, content),
  pre: (content, { entity, text, act }) => codeBlock(content, entity.language, () => act.copy(text)),
  blockquote: (content) => el("blockquote", {}, content),
  expandable_blockquote: (content) => foldedQuote(content),
  bot_command: (content, { text, act }) => tap(content, "command", () => act.command(text)),
  hashtag: (content, { text, act }) => tap(content, "hashtag", () => act.hashtag(text)),
  cashtag: (content, { text, act }) => tap(content, "hashtag", () => act.hashtag(text)),
  mention: (content, { text, act }) => tap(content, "mention", () => act.mention(text.slice(1))),
  text_mention: (content, { entity, act }) => tap(content, "mention", () => act.user(entity.user)),
  url: (content, { text, act }) => tap(content, "link", () => act.link(text, text)),
  text_link: (content, { entity, text, act }) => tap(content, "link", () => act.link(entity.url, text)),
  email: (content, { text, act }) => tap(content, "link", () => act.copy(text)),
  phone_number: (content, { text, act }) => tap(content, "link", () => act.copy(text)),
};

function spoiler(content) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("hidden") });
  node.append(el("span", {}, content));
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (node.classList.contains("open")) return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  // In the capture phase, so that a link under the cover doesn't open by the tap that lifts it.
  node.addEventListener("click", reveal, true);
  node.addEventListener("keydown", reveal);
  return node;
}

function codeBlock(content, language, copy) {
  const head = el(
    "button",
    { type: "button", class: "pre-head", on: { click: copy } },
    language || t("copyText"),
  );
  return el("span", { class: "pre" }, head, el("pre", {}, content));
}

function foldedQuote(content) {
  const quote = el("blockquote", { class: "folded" }, content);
  quote.addEventListener("click", () => quote.classList.toggle("folded"));
  return quote;
}
