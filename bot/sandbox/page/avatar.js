// Round, colourful portraits: a gradient picked by id, the first letter of the name on it.

import { el, svg } from "./dom.js";
import { fullName, isBot } from "./state.js";

const COLOURS = 8; // classes hue-0 … hue-7 in base.css

const firstLetter = (name) => (Array.from(name.trim())[0] ?? "?").toUpperCase();

/** The portrait of a user or group; bots wear the milestone. */
export function avatar({ id, name }, size = "") {
  if (isBot(id)) return el("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, milestone());
  const hue = Math.abs(id) % COLOURS;
  return el("span", { class: `avatar hue-${hue} ${size}`, "aria-hidden": "true" }, firstLetter(name));
}

export const userAvatar = (user, size) => avatar({ id: user.id, name: fullName(user) }, size);

/** Wayside's sign: a milestone at the edge of a road with a dashed line. */
export function milestone() {
  return svg(
    "svg",
    { viewBox: "0 0 40 40", "aria-hidden": "true" },
    svg("path", { class: "stone", d: "M12 31V17a8 8 0 0 1 16 0v14z" }),
    svg("path", { class: "cap", d: "M12 18v-1a8 8 0 0 1 16 0v1z" }),
    svg("path", { class: "notch", d: "M16.5 23h7M16.5 26.5h7" }),
    svg("path", { class: "road", d: "M5 33.5h5M15 33.5h10M30 33.5h5" }),
  );
}
