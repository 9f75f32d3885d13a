// The people one can play, and the chats of the one being played.

import { avatar, userAvatar } from "./avatar.js";
import { bdi, el, icon } from "./dom.js";
import { clockTime, t } from "./i18n.js";
import { gist } from "./media.js";
import { serviceText } from "./bubble.js";
import { newGroupSheet, newPersonSheet } from "./people.js";
import {
  chatIdsOf,
  chatTitle,
  fullName,
  isPrivate,
  logOf,
  me,
  on,
  openChat,
  playAs,
  state,
  theBot,
  unread,
} from "./state.js";

const MOST_PEOPLE = 200;

const people = document.getElementById("people");
const chats = document.getElementById("chats");

/** Wire the side list up. */
export function startSidebar() {
  for (const topic of ["world", "person", "chat", "log"]) on(topic, drawSidebar);
  document.getElementById("new-group").addEventListener("click", newGroupSheet);
}

/** Redraw people and chats. */
export function drawSidebar() {
  keepingFocus(people, () =>
    people.replaceChildren(...state.users.slice(0, MOST_PEOPLE).map(personButton), addPerson()),
  );
  const person = me();
  document.getElementById("new-group").hidden = !person;
  document.getElementById("playing").replaceChildren(...headline(person));
  const ids = person ? chatIdsOf(person.id) : [];
  keepingFocus(chats, () => chats.replaceChildren(...ids.map(chatButton)));
  if (person && !theBot()) chats.append(el("p", { class: "empty", text: t("noBot") }));
}

function headline(person) {
  if (!person) return [t("noPeople")];
  const code = person.language_code?.split("-")[0];
  const language =
    code && new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(code);
  return [
    bdi(t("playAs", { name: fullName(person) })),
    language && el("small", { text: ` · ${language}` }),
  ].filter(Boolean);
}

// The lists are small and redrawn whole; the focus goes back to where it was by its place.
function keepingFocus(list, redraw) {
  const index = [...list.children].indexOf(document.activeElement);
  const { scrollTop, scrollLeft } = list;
  redraw();
  Object.assign(list, { scrollTop, scrollLeft });
  if (index >= 0) list.children[index]?.focus({ preventScroll: true });
}

function personButton(user) {
  const current = user.id === state.person;
  const waiting = theBot() && !current ? unread(user.id, user.id) : 0;
  // On a wide window the persona's private chat is open at once; on a phone the list comes first.
  const click = () => playAs(user.id, isWide() ? firstChat(user.id) : null);
  return el(
    "button",
    {
      type: "button",
      class: "person",
      "aria-pressed": String(current),
      title: fullName(user),
      data: { user: user.id },
      on: { click },
    },
    el("span", { class: "face" }, userAvatar(user), badge(waiting)),
    // "Name · what they do" reads better on two lines.
    bdi(fullName(user).replace(" · ", "\n"), "name"),
  );
}

const firstChat = (userId) => chatIdsOf(userId)[0] ?? null;

/** Whether list and chat are shown side by side; the same width as in panes.css. */
export const isWide = () => matchMedia("(min-width: 760px)").matches;

const addPerson = () =>
  el(
    "button",
    {
      type: "button",
      class: "person add",
      id: "new-person",
      "aria-label": t("newPerson"),
      on: { click: newPersonSheet },
    },
    el("span", { class: "face" }, el("span", { class: "avatar blank" }, icon("plus"))),
    el("span", { class: "name", text: t("add") }),
  );

function badge(count) {
  if (!count) return null;
  return el("span", {
    class: "badge-count",
    "aria-label": t("unread", { n: count }),
    text: count > 99 ? "99+" : count,
  });
}

function chatButton(chatId) {
  const title = chatTitle(chatId);
  const last = logOf(chatId).messages.at(-1);
  const count = chatId === state.chat ? 0 : unread(state.person, chatId);
  return el(
    "button",
    {
      type: "button",
      class: "chat",
      "aria-current": chatId === state.chat ? "true" : false,
      data: { chat: chatId },
      on: { click: () => openChat(chatId) },
    },
    avatar({ id: isPrivate(chatId) ? theBot().id : chatId, name: title }),
    el(
      "span",
      { class: "who" },
      bdi(title, "title"),
      el("small", { dir: "auto", text: lastWords(chatId, last) }),
    ),
    el("span", { class: "side" }, last && el("time", { text: clockTime(last.date) }), badge(count)),
  );
}

function lastWords(chatId, last) {
  if (!last) return isPrivate(chatId) ? t("hint") : "";
  const service = serviceText(last);
  if (service) return service;
  if (last.from?.id === state.person) return `${t("you")}: ${gist(last)}`;
  return isPrivate(chatId) ? gist(last) : `${fullName(last.from)}: ${gist(last)}`;
}
