// Short notices at the top, and small dialogs that ask or tell one thing.

import { el } from "./dom.js";
import { t } from "./i18n.js";

const SHOWN_MS = 3500;

/** Show a notice for a moment. */
export function toast(text, kind = "") {
  const node = el("div", { class: `toast ${kind}`, dir: "auto", text });
  document.getElementById("toasts").append(node);
  setTimeout(() => node.classList.add("leaving"), SHOWN_MS);
  setTimeout(() => node.remove(), SHOWN_MS + 300);
}

/** Run `work`; a refusal becomes a notice that names the reason. → its result, or undefined. */
export async function attempt(work, words = "failed") {
  try {
    return await work();
  } catch (error) {
    toast(t(words, { why: reason(error) }), "bad");
    return undefined;
  }
}

// What Telegram's own words for what can't be sent mean, by a part of them that stays the same.
const REASONS = {
  IMAGE_PROCESS_FAILED: "noPicture",
  PHOTO_INVALID_DIMENSIONS: "oddPicture",
  "too big": "tooBig",
  "must be non-empty": "emptyFile",
  "blocked by the user": "blockedBot",
  "not enough rights": "noRights",
};

/** Why something was refused, in the page's language where it is known. */
function reason(error) {
  const known = Object.keys(REASONS).find((part) => error.message.includes(part));
  if (known) return t(REASONS[known]);
  return error instanceof TypeError ? t("offline") : error.message;
}

/**
 * Open a modal sheet. `build(close)` makes its content; close(value) ends it. → the value, null when dismissed.
 * The browser's own dialog brings the focus trap and Escape.
 */
export function sheet(title, build, className = "") {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: `sheet ${className}`, "aria-label": title });
    let result = null;
    const close = (value = null) => {
      result = value;
      dialog.close();
    };
    const head = el("header", {}, el("h2", { text: title, dir: "auto" }), closeButton(close));
    dialog.append(head, build(close, dialog));
    dialog.addEventListener("click", (event) => event.target === dialog && close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

const closeButton = (close) =>
  el(
    "button",
    { type: "button", class: "round", "aria-label": t("close"), on: { click: () => close() } },
    "✕",
  );

/** Tell something that waits for a tap. */
export const alertSheet = (text) =>
  sheet(
    "Wayside",
    (close) =>
      el(
        "div",
        { class: "ask" },
        el("p", { dir: "auto", text }),
        actions(primary(t("ok"), () => close(true))),
      ),
    "small",
  );

/** Ask yes or no; `detail` is shown as data. → true or null. */
export const confirmSheet = (question, detail, yes) =>
  sheet(
    question,
    (close) =>
      el(
        "div",
        { class: "ask" },
        detail && el("p", { class: "detail", dir: "auto", text: detail }),
        actions(
          secondary(t("cancel"), () => close()),
          primary(yes, () => close(true)),
        ),
      ),
    "small",
  );

export const actions = (...buttons) => el("div", { class: "actions" }, ...buttons);
export const primary = (text, click) =>
  el("button", { type: "button", class: "primary", on: { click }, text });
export const secondary = (text, click) =>
  el("button", { type: "button", class: "secondary", on: { click }, text });
