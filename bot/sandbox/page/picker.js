// The location picker, and the same map for looking at a place that somebody sent.

import { bdi, el, icon, iconButton, svg } from "./dom.js";
import { distance, t } from "./i18n.js";
import { drawMap, View } from "./map.js";
import { lastPlace, nearestLandmark, placeName, reachOf, rememberPlace, searchLandmarks } from "./places.js";
import { state } from "./state.js";
import { actions, primary, sheet } from "./toast.js";

const OPENING_NEIGHBOURS = 5; // so many other landmarks are in sight when the map opens
const FALLBACK_ZOOM = 13;
const CARD_NEIGHBOURS = 2;
const TAP_SLOP_PX = 6; // a finger that moved less than this has tapped
const NUDGE_PX = 24;
const LISTED = 40;

/** Let the persona say where they are. → {latitude, longitude}, or null. */
export async function pickLocation() {
  const start = lastPlace(state.person);
  const picked = await sheet(t("choosePlace"), (close) => pickerBody(start, close), "tall picker");
  if (picked) rememberPlace(state.person, picked);
  return picked;
}

/** Look at a place on the big map. */
export const viewLocation = (point, title) =>
  sheet(title || t("viewPlace"), () => viewerBody(point), "tall picker");

const viewerBody = (point) =>
  el(
    "div",
    { class: "picker-body viewing" },
    liveMap(point, {}).node,
    el("footer", {}, el("p", { class: "where", text: describe(point) })),
  );

function pickerBody(start, close) {
  let pin = start;
  const where = el("p", { class: "where", "aria-live": "polite" });
  const place = (point) => {
    pin = point;
    where.textContent = describe(point);
  };
  const map = liveMap(start, { moved: place });
  const choose = (landmark) => {
    place(landmark);
    map.showPin(landmark);
  };
  place(start);
  const send = () => close({ latitude: round6(pin.latitude), longitude: round6(pin.longitude) });
  const list = landmarkList(() => pin, choose);
  const foot = el("footer", {}, where, actions(primary(t("sendPlace"), send)));
  return el("div", { class: "picker-body" }, map.node, list, foot);
}

const round6 = (degrees) => Math.round(degrees * 1e6) / 1e6; // about ten centimetres

/** A point in words: its coordinates, and the landmark it is near. */
function describe(point) {
  const figures = `${point.latitude.toFixed(5)}, ${point.longitude.toFixed(5)}`;
  const near = nearestLandmark(point);
  if (!near || near.metres > 20_000) return figures;
  const words = t("near", { place: placeName(near.place) });
  return near.metres < 60
    ? `${placeName(near.place)} · ${figures}`
    : `${words} (${distance(near.metres)}) · ${figures}`;
}

function landmarkList(from, choose) {
  const search = el("input", {
    type: "search",
    placeholder: t("searchPlace"),
    "aria-label": t("searchPlace"),
  });
  const list = el("div", { class: "choices landmarks" });
  const draw = () => {
    const found = searchLandmarks(search.value, from()).slice(0, LISTED);
    list.replaceChildren(...found.map((place) => landmarkRow(place, choose)));
    if (!found.length) list.append(el("p", { class: "empty", text: t("noPlace") }));
  };
  search.addEventListener("input", draw);
  draw();
  return el("div", { class: "picker-list" }, el("label", { class: "search" }, icon("search"), search), list);
}

const landmarkRow = (place, choose) =>
  el(
    "button",
    { type: "button", class: "row", on: { click: () => choose(place) } },
    icon("pin"),
    el("span", { class: "who" }, bdi(placeName(place)), el("small", { text: areaOf(place) })),
  );

const areaOf = ({ district, region }) => [...new Set([district, region])].filter(Boolean).join(" · ");

/** A map one can move. With `moved` a tap drops the pin and reports it; without, the pin stays. */
function liveMap(start, { moved }) {
  const drawing = svg("svg", { class: "map" });
  const node = el("div", {
    class: "map-frame",
    tabindex: "0",
    role: "application",
    "aria-label": t("mapLabel"),
  });
  const view = new View(start, FALLBACK_ZOOM, 600, 400);
  let opened = false;
  let pin = start;
  const draw = () => drawMap(drawing, view, { pin, scale: true });
  const drop = (pixel) => {
    if (!moved) return;
    pin = view.unproject(pixel);
    moved(pin);
    draw();
  };
  const zoom = (levels, pixel) => {
    view.zoomBy(levels, pixel);
    draw();
  };
  const pan = (dx, dy) => {
    view.pan(dx, dy);
    draw();
  };
  const tools = el(
    "div",
    { class: "map-tools" },
    iconButton("plus", t("zoomIn"), () => zoom(1)),
    iconButton("minus", t("zoomOut"), () => zoom(-1)),
  );
  node.append(drawing, tools, el("span", { class: "map-credit", text: t("sketch") }));
  listenToFingers(drawing, { pan, zoom, drop });
  node.addEventListener("keydown", (event) => onKey(event, { view, pin, drop, pan, zoom }));
  new ResizeObserver(() => {
    view.width = node.clientWidth || view.width;
    view.height = node.clientHeight || view.height;
    if (!opened) view.reach(reachOf(start, OPENING_NEIGHBOURS));
    opened = true;
    draw();
  }).observe(node);
  const showPin = (point) => {
    pin = point;
    view.centre = { latitude: point.latitude, longitude: point.longitude };
    view.reach(reachOf(point, OPENING_NEIGHBOURS));
    draw();
  };
  return { node, showPin };
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event, { view, pin, drop, pan, zoom }) {
  if (event.key === "+" || event.key === "=") zoom(1);
  else if (event.key === "-") zoom(-1);
  else if (ARROWS[event.key]) nudge(ARROWS[event.key], { view, pin, drop, pan });
  else return;
  event.preventDefault();
}

// The pin moves and the map follows, so that it never leaves the window.
function nudge([x, y], { view, pin, drop, pan }) {
  const at = view.project(pin);
  drop({ x: at.x + x * NUDGE_PX, y: at.y + y * NUDGE_PX });
  pan(-x * NUDGE_PX, -y * NUDGE_PX);
}

/** One finger pans, two pinch, a short touch taps, the wheel zooms. Pixels are those of the drawing. */
function listenToFingers(node, { pan, zoom, drop }) {
  const fingers = new Map();
  let travelled = 0;
  const pixel = (event) => {
    const box = node.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  node.addEventListener("pointerdown", (event) => {
    node.setPointerCapture(event.pointerId);
    if (fingers.size === 0) travelled = 0;
    fingers.set(event.pointerId, pixel(event));
  });
  node.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = pixel(event);
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) zoom(Math.log2(apart(now, other) / apart(before, other)), middle(now, other));
    else if (travelled > TAP_SLOP_PX) pan(now.x - before.x, now.y - before.y);
    fingers.set(event.pointerId, now);
  });
  node.addEventListener("pointerup", (event) => {
    if (fingers.size === 1 && travelled <= TAP_SLOP_PX) drop(pixel(event));
    fingers.delete(event.pointerId);
  });
  node.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  node.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(-event.deltaY / 300, pixel(event));
  });
}

const apart = (a, b) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** The small map of a location bubble. */
export function mapCard(point) {
  const drawing = svg("svg", { class: "map", "aria-hidden": "true" });
  const view = new View(point, FALLBACK_ZOOM, 280, 150);
  view.reach(reachOf(point, CARD_NEIGHBOURS));
  drawMap(drawing, view, { pin: point });
  return drawing;
}
