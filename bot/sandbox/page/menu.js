// Small menus: on a message, on the chat's heading, on the attach button.

import { copy } from "./deeds.js";
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { emit, state } from "./state.js";
import { sheet } from "./toast.js";

/** Open a menu by its anchor. `items`: {icon, label, run, danger?}, nothings are skipped. */
export function openMenu(anchor, items) {
  document.querySelector(".menu")?.remove();
  const menu = el("div", { class: "menu", role: "menu", popover: "auto" });
  for (const item of items.filter(Boolean)) menu.append(menuItem(item, menu));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    menu.remove();
    // An item may have moved the focus on purpose, into the composer or a dialog.
    if (document.activeElement === document.body) anchor.focus?.({ preventScroll: true });
  });
  menu.addEventListener("keydown", (event) => walk(event, menu));
  document.body.append(menu);
  menu.showPopover();
  place(menu, anchor.getBoundingClientRect());
  menu.firstElementChild?.focus();
}

function menuItem(item, menu) {
  const click = () => {
    menu.hidePopover();
    item.run();
  };
  const className = item.danger ? "danger" : "";
  const mark = icon(item.icon);
  return el(
    "button",
    { type: "button", role: "menuitem", class: className, on: { click } },
    mark,
    item.label,
  );
}

const EDGE_PX = 8;

function place(menu, anchor) {
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + height + EDGE_PX < innerHeight;
  const top = below ? anchor.bottom + 4 : Math.max(EDGE_PX, anchor.top - height - 4);
  const fits = anchor.left + width + EDGE_PX < innerWidth;
  const left = Math.max(EDGE_PX, fits ? anchor.left : Math.min(anchor.right, innerWidth - EDGE_PX) - width);
  Object.assign(menu.style, { top: `${Math.min(top, innerHeight - height - EDGE_PX)}px`, left: `${left}px` });
}

function walk(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.children];
  const next = items.indexOf(document.activeElement) + step;
  items.at(next % items.length).focus();
}

/** What one can do with a message. */
export function messageMenu(message, anchor) {
  const mine = message.from?.id === state.person;
  const text = message.text ?? message.caption;
  openMenu(anchor, [
    { icon: "reply", label: t("reply"), run: () => emit("reply", message) },
    text && { icon: "copy", label: t("copyText"), run: () => copy(text) },
    mine && message.text && { icon: "pencil", label: t("edit"), run: () => emit("edit", message) },
    { icon: "code", label: t("showJson"), run: () => showJson(message) },
  ]);
}

/** The message as the Bot API gives it: what people who write bots want to see. */
function showJson(message) {
  const text = JSON.stringify(message, null, 2);
  sheet("JSON", () => el("pre", { class: "json", text }));
}
