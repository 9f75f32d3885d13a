// Sending what isn't text: pictures, files, sound, a place, a contact.

import { send, shareContact } from "./deeds.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { pickLocation } from "./picker.js";
import { state } from "./state.js";
import { toast } from "./toast.js";

const MOST_IN_ALBUM = 10; // Bot API, sendMediaGroup

/** Open the attach menu; `extra` gives the fields every message gets (reply, caption) and clears them. */
export function attachMenu(anchor, extra) {
  const files = (kind, options) => pickFiles(options, (chosen) => sendFiles(kind, chosen, extra()));
  openMenu(anchor, [
    { icon: "pin", label: t("location"), run: () => sendLocation(extra) },
    { icon: "photo", label: t("photo"), run: () => files("photo", { accept: "image/*", multiple: true }) },
    {
      icon: "camera",
      label: t("camera"),
      run: () => files("photo", { accept: "image/*", capture: "environment" }),
    },
    { icon: "file", label: t("document"), run: () => files("document", {}) },
    { icon: "voice", label: t("voice"), run: () => files("voice", { accept: "audio/*" }) },
    { icon: "person", label: t("contact"), run: shareContact },
  ]);
}

/** Choose a place and send it. */
export async function sendLocation(extra = () => ({})) {
  const location = await pickLocation();
  if (location) await send({ location, ...extra() });
}

function pickFiles(options, chosen) {
  const input = el("input", { type: "file", class: "offscreen", "aria-hidden": "true", ...options });
  input.addEventListener("change", () => chosen([...input.files]));
  input.addEventListener("change", () => input.remove());
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

/** Send files: pictures as one message, an album if there are several; others one by one. */
export async function sendFiles(kind, chosen, extra = {}) {
  const chatId = state.chat;
  if (chosen.length > MOST_IN_ALBUM) toast(t("albumLimit"));
  const files = chosen.slice(0, MOST_IN_ALBUM);
  const batches = kind === "photo" ? [files] : files.map((file) => [file]);
  for (const [index, batch] of batches.entries())
    await send({ kind, files: batch, ...(index ? {} : extra) }, chatId);
}
