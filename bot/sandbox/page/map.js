// A sketch map in SVG: grid, roads, landmarks and a pin. Knows where points fall, not what a tap means.

import { svg } from "./dom.js";
import { distance } from "./i18n.js";
import { allLandmarks, placeName, sketchRoads } from "./places.js";

const EARTH_CIRCUMFERENCE_M = 40_075_017;
const MIN_ZOOM = 7;
const MAX_ZOOM = 18;
const TILE_PX = 256; // Web Mercator: the world is 256 · 2^zoom pixels wide
const LABEL_ROOM = { width: 13, height: 20 }; // pixels a label takes per letter, and upwards
const MARGIN_PX = 60;
const REACH_MARGIN_PX = 24;
const NEAREST_REACH_M = 400;
const FARTHEST_OPENING = 10;

const worldSize = (zoom) => TILE_PX * 2 ** zoom;

function toWorld({ latitude, longitude }, zoom) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return {
    x: (longitude / 360 + 0.5) * worldSize(zoom),
    y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * worldSize(zoom),
  };
}

function fromWorld({ x, y }, zoom) {
  const angle = Math.PI * (1 - (2 * y) / worldSize(zoom));
  return {
    latitude: (Math.atan(Math.sinh(angle)) * 180) / Math.PI,
    longitude: (x / worldSize(zoom) - 0.5) * 360,
  };
}

/** A window on the map: `centre`, `zoom` (Web Mercator levels, fractions allowed), `width` and `height` in pixels. */
export class View {
  constructor(centre, zoom, width, height) {
    Object.assign(this, { centre, zoom, width, height });
  }

  /** Pixel of a point, from the window's top left. */
  project(point) {
    const middle = toWorld(this.centre, this.zoom);
    const { x, y } = toWorld(point, this.zoom);
    return { x: x - middle.x + this.width / 2, y: y - middle.y + this.height / 2 };
  }

  /** Point under a pixel. */
  unproject({ x, y }) {
    const middle = toWorld(this.centre, this.zoom);
    return fromWorld({ x: middle.x + x - this.width / 2, y: middle.y + y - this.height / 2 }, this.zoom);
  }

  /** Move what is shown by so many pixels. */
  pan(dx, dy) {
    this.centre = this.unproject({ x: this.width / 2 - dx, y: this.height / 2 - dy });
  }

  /** Zoom by so many levels, keeping the point under `pixel` where it is. */
  zoomBy(levels, pixel = { x: this.width / 2, y: this.height / 2 }) {
    const kept = this.unproject(pixel);
    this.zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, this.zoom + levels));
    const now = this.project(kept);
    this.pan(pixel.x - now.x, pixel.y - now.y);
  }

  /** Zoom so that a place `metres` away is still in sight; null leaves the zoom as it is. */
  reach(metres) {
    if (metres === null) return;
    const room = Math.min(this.width, this.height) / 2 - REACH_MARGIN_PX;
    const wanted = Math.log2((this.metresPerPixel * room) / Math.max(metres, NEAREST_REACH_M));
    this.zoomBy(Math.max(FARTHEST_OPENING - this.zoom, wanted));
  }

  get metresPerPixel() {
    const shrink = Math.cos((this.centre.latitude * Math.PI) / 180);
    return (EARTH_CIRCUMFERENCE_M * shrink) / worldSize(this.zoom);
  }

  shows({ x, y }) {
    return x > -MARGIN_PX && x < this.width + MARGIN_PX && y > -MARGIN_PX && y < this.height + MARGIN_PX;
  }
}

/** Draw the map into an SVG element. `pin` is a point or null; `scale` adds the scale bar. */
export function drawMap(node, view, { pin = null, scale = false } = {}) {
  node.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
  const layers = [gridLayer(view), roadLayer(view), placeLayer(view, pin)];
  if (scale) layers.push(scaleBar(view));
  if (pin) layers.push(pinMark(view.project(pin)));
  node.replaceChildren(...layers);
}

// Blocks of a town that isn't there: lines at round distances, finer as one comes nearer.
function gridLayer(view) {
  const step = 2 ** (Math.round(view.zoom) - view.zoom + 6);
  const origin = toWorld(view.centre, view.zoom);
  const paths = [];
  for (let x = -((origin.x - view.width / 2) % step); x < view.width; x += step)
    paths.push(`M${round(x)} 0V${view.height}`);
  for (let y = -((origin.y - view.height / 2) % step); y < view.height; y += step)
    paths.push(`M0 ${round(y)}H${view.width}`);
  return svg("path", { class: "map-grid", d: paths.join("") });
}

const round = (pixels) => Math.round(pixels * 10) / 10;

function roadLayer(view) {
  const lines = sketchRoads()
    .map((pair) => pair.map((place) => view.project(place)))
    .filter((ends) => ends.some((end) => view.shows(end)))
    .map(([a, b]) => `M${round(a.x)} ${round(a.y)}L${round(b.x)} ${round(b.y)}`)
    .join("");
  return svg(
    "g",
    {},
    svg("path", { class: "map-road", d: lines }),
    svg("path", { class: "map-dash", d: lines }),
  );
}

function placeLayer(view, pin) {
  const group = svg("g", {});
  const taken = pin ? [labelBox(view.project(pin), 2)] : [];
  for (const place of allLandmarks()) {
    const at = view.project(place);
    if (!view.shows(at)) continue;
    group.append(svg("circle", { class: "map-place", cx: round(at.x), cy: round(at.y), r: 4 }));
    const name = placeName(place);
    const box = labelBox(at, name.length);
    // A name that would lie on another one is left out until one zooms in.
    if (taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    group.append(svg("text", { class: "map-name", x: round(at.x), y: round(at.y - 9), text: name }));
  }
  return group;
}

function labelBox({ x, y }, letters) {
  const half = (letters * LABEL_ROOM.width) / 2;
  return { left: x - half, right: x + half, top: y - 9 - LABEL_ROOM.height, bottom: y + 6 };
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const pinMark = ({ x, y }) =>
  svg(
    "g",
    { class: "map-pin", transform: `translate(${round(x)} ${round(y)})` },
    svg("ellipse", { class: "shadow", rx: 7, ry: 3 }),
    svg("path", { d: "M0 0C-4-9-12-13-12-22a12 12 0 0 1 24 0C12-13 4-9 0 0z" }),
    svg("circle", { cy: -22, r: 4.5 }),
  );

function scaleBar(view) {
  const most = view.metresPerPixel * 110;
  const ten = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].find((times) => times * ten <= most) * ten;
  const width = metres / view.metresPerPixel;
  const y = view.height - 14;
  return svg(
    "g",
    { class: "map-scale" },
    svg("path", { d: `M14 ${y - 5}v5h${round(width)}v-5` }),
    svg("text", { x: 14 + width / 2, y: y - 8, text: distance(metres) }),
  );
}
