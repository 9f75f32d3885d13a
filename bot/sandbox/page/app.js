// The page's beginning: wire the parts, choose who to play, keep the address bar and the two panes in step.

import { startChat, redrawChat } from "./chat.js";
import { drawComposer, startComposer } from "./composer.js";
import { milestone } from "./avatar.js";
import { icon } from "./dom.js";
import { currentLanguage, labelStatic, setLanguage, t } from "./i18n.js";
import { loadLandmarks } from "./places.js";
import { recall, remember } from "./prefs.js";
import { drawSidebar, isWide, startSidebar } from "./sidebar.js";
import { chatIdsOf, findChat, findUser, on, openChat, playAs, state } from "./state.js";
import { followOpenChat, glanceAround, makeRounds, refreshWorld, watchActions } from "./sync.js";

const FIRST_TRY_MS = 1500;

const app = document.getElementById("app");
const banner = document.getElementById("banner");

function drawIcons() {
  for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
  document.getElementById("logo").append(milestone());
}

// Theme: the system's unless the person chose.
function startTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = recall("theme", dark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    document.getElementById("theme").replaceChildren(icon(theme === "dark" ? "sun" : "moon"));
  };
  dark.addEventListener("change", apply);
  document.getElementById("theme").addEventListener("click", () => {
    remember("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    apply();
  });
  apply();
}

function startLanguage() {
  const button = document.getElementById("language");
  const label = () => (button.textContent = currentLanguage() === "zh" ? "EN" : "中");
  button.addEventListener("click", () => {
    setLanguage(currentLanguage() === "zh" ? "en" : "zh");
    label();
    drawSidebar();
    redrawChat();
    document.getElementById("instead").dataset.label = "";
    drawComposer();
    drawBanner();
  });
  labelStatic();
  label();
}

function drawBanner() {
  banner.hidden = state.online;
  banner.textContent = state.online ? "" : t("reconnecting");
}

// The open chat stands in the address (#person/chat), so that reload and the phone's back button work.
function startAddress() {
  on("chat", () => {
    app.dataset.pane = state.chat === null ? "list" : "chat";
    const address = `#${state.person}${state.chat === null ? "" : `/${state.chat}`}`;
    if (location.hash !== address) history.pushState(null, "", address);
    followOpenChat();
  });
  addEventListener("popstate", goToAddress);
  document.getElementById("back").addEventListener("click", () => openChat(null));
}

function goToAddress() {
  const [person, chat] = location.hash.slice(1).split("/").map(Number);
  if (!findUser(person)) return chooseFirst();
  const known = chatIdsOf(person).includes(chat) ? chat : null;
  if (person === state.person) return openChat(known);
  return playAs(person, known);
}

// At first: whoever was played last, else the first one. On a phone the list comes first, with everybody in it.
function chooseFirst() {
  const person = findUser(recall("person", 0)) ?? state.users[0];
  if (person) playAs(person.id, isWide() ? (chatIdsOf(person.id)[0] ?? null) : null);
}

// People and bots may appear after the page, a group may move, the played one may be gone with the sandbox.
function keepSomebody() {
  const moved = findChat(state.chat)?.migrated_to;
  if (!findUser(state.person)) goToAddress();
  else if (moved) openChat(moved);
  else if (state.chat === null && isWide() && state.bots.length) openChat(state.person);
  else if (state.chat !== null && !chatIdsOf(state.person).includes(state.chat)) openChat(null);
}

async function firstWorld() {
  for (;;) {
    try {
      return await refreshWorld();
    } catch {
      state.online = false;
      drawBanner();
      await new Promise((resolve) => setTimeout(resolve, FIRST_TRY_MS));
    }
  }
}

async function begin() {
  drawIcons();
  startTheme();
  startLanguage();
  startSidebar();
  startChat();
  startComposer();
  startAddress();
  on("online", drawBanner);
  await firstWorld();
  await loadLandmarks();
  goToAddress();
  on("world", keepSomebody);
  document.body.dataset.ready = "true";
  await glanceAround();
  makeRounds();
  watchActions();
}

begin();
