// What a message carries besides text: pictures, files, sound, places, contacts.

import { fileUrl } from "./api.js";
import { avatar } from "./avatar.js";
import { bdi, el, icon } from "./dom.js";
import { fileSize, t } from "./i18n.js";
import { mapCard, viewLocation } from "./picker.js";
import { sheet } from "./toast.js";

/** The media part of a message, or null. */
export function mediaOf(message) {
  const kind = Object.keys(MEDIA).find((name) => message[name]);
  return kind ? MEDIA[kind](message[kind], message) : null;
}

/** Pictures sent together, as one mosaic. */
export const album = (messages) =>
  el(
    "div",
    { class: `album of-${Math.min(messages.length, 4)}` },
    ...messages.map((one) => picture(one.photo, one)),
  );

// A venue also has a location and an animation a document: the more telling one comes first.
const MEDIA = {
  venue: (venue) => placeCard(venue.location, venue.title, venue.address),
  location: (location) => placeCard(location),
  photo: picture,
  animation: (file) => clip(file, { autoplay: true, loop: true, muted: true }),
  video: (file) => clip(file, { controls: true }),
  video_note: (file) => clip(file, { controls: true }),
  voice: (file) => sound(file, t("voiceWord")),
  audio: (file) => sound(file, file.title ?? file.file_name ?? t("audioWord")),
  sticker: (sticker) => el("div", { class: "sticker", text: sticker.emoji ?? "🖼" }),
  dice: (dice) => el("div", { class: "sticker", text: `${dice.emoji} ${dice.value}` }),
  document: fileCard,
  contact: contactCard,
};

function picture(sizes, message) {
  const largest = sizes.at(-1);
  const source = fileUrl(largest.file_id);
  const image = el("img", {
    src: source,
    alt: message.caption ?? t("photoWord"),
    loading: "lazy",
    decoding: "async",
  });
  // The room is kept while the picture loads, so that the list doesn't jump.
  if (largest.width && largest.height) image.style.aspectRatio = `${largest.width} / ${largest.height}`;
  image.addEventListener("error", () =>
    image.replaceWith(el("span", { class: "broken", text: t("brokenPhoto") })),
  );
  const click = () => sheet(t("photoWord"), () => el("img", { src: source, alt: image.alt }), "viewer");
  return el("button", { type: "button", class: "photo", "aria-label": image.alt, on: { click } }, image);
}

const clip = (file, options) =>
  el("video", { src: fileUrl(file.file_id), playsinline: true, preload: "metadata", ...options });

function sound(file, title) {
  const player = el("audio", {
    src: fileUrl(file.file_id),
    controls: true,
    preload: "none",
    "aria-label": title,
  });
  return el(
    "div",
    { class: "sound" },
    el("span", { class: "sound-title" }, icon("voice"), bdi(title)),
    player,
  );
}

function fileCard(file) {
  const name = file.file_name ?? t("fileWord");
  return el(
    "a",
    { class: "file", href: fileUrl(file.file_id), download: name, "aria-label": `${t("download")} ${name}` },
    el("span", { class: "file-mark" }, icon("file")),
    el("span", { class: "who" }, bdi(name), el("small", { text: fileSize(file.file_size) })),
  );
}

function placeCard(point, title, address) {
  const click = () => viewLocation(point, title);
  const words =
    title && el("span", { class: "who" }, bdi(title), el("small", { dir: "auto", text: address ?? "" }));
  const label = title || t("locationWord");
  return el(
    "button",
    { type: "button", class: "place", "aria-label": label, on: { click } },
    mapCard(point),
    words,
  );
}

function contactCard(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return el(
    "div",
    { class: "contact" },
    avatar({ id: contact.user_id ?? 0, name }),
    el("span", { class: "who" }, bdi(name), el("small", { text: contact.phone_number })),
  );
}

/** A message in a few words, for lists and replies. */
export function gist(message) {
  if (!message) return "";
  const words = message.text ?? message.caption;
  if (words) return words.slice(0, 120);
  const [, label] = GISTS.find(([name]) => message[name]) ?? [];
  return label ? label(message) : t("unknownWord");
}

const GISTS = [
  ["venue", (message) => `📍 ${message.venue.title}`],
  ["location", () => `📍 ${t("locationWord")}`],
  ["photo", () => `🖼 ${t("photoWord")}`],
  ["voice", () => `🎙 ${t("voiceWord")}`],
  ["audio", () => `🎵 ${t("audioWord")}`],
  ["video", () => `🎬 ${t("videoWord")}`],
  ["animation", () => "GIF"],
  ["sticker", (message) => message.sticker.emoji ?? t("stickerWord")],
  ["document", (message) => `📄 ${message.document.file_name ?? t("fileWord")}`],
  ["contact", () => `👤 ${t("contactWord")}`],
  ["poll", (message) => `📊 ${message.poll.question}`],
];
