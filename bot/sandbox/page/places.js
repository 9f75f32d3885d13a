// The landmarks of the demo area: loaded once, searched by name, asked for what is near.

import { fetchLandmarks } from "./api.js";
import { currentLanguage, t } from "./i18n.js";
import { recall, remember } from "./prefs.js";

// Where the map opens when the sandbox was started without landmarks.
const FALLBACK = { latitude: 29.4, longitude: 106.54 };
const FIRST_PLACES = 4;
const EARTH_RADIUS_M = 6_371_008.8;

let landmarks = [];

/** Load the landmarks; a sandbox without any only has an emptier map. */
export async function loadLandmarks() {
  const listed = await fetchLandmarks().catch(() => []);
  landmarks = listed.map((one) => ({ ...one, latitude: Number(one.lat), longitude: Number(one.lon) }));
  roads = null;
}

export const allLandmarks = () => landmarks;

/** A landmark's name in the page's language. */
export const placeName = (place) =>
  (currentLanguage() === "zh" ? place.name || place.name_en : place.name_en || place.name) ?? "";

/** Landmarks whose name, district or region contains the words, nearest to `from` first. */
export function searchLandmarks(words, from) {
  const wanted = words.trim().toLowerCase();
  const fits = ({ name, name_en, district, region }) =>
    [name, name_en, district, region].some((text) => text?.toLowerCase().includes(wanted));
  return landmarks.filter(fits).sort((a, b) => metresBetween(a, from) - metresBetween(b, from));
}

/** Great-circle distance in metres (haversine). */
function metresBetween(a, b) {
  const rad = Math.PI / 180;
  const half = (x) => Math.sin((x * rad) / 2) ** 2;
  const h =
    half(b.latitude - a.latitude) +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * half(b.longitude - a.longitude);
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The nearest landmark and how far it is, or null. */
export function nearestLandmark(point) {
  let best = null;
  for (const place of landmarks) {
    const metres = metresBetween(place, point);
    if (!best || metres < best.metres) best = { place, metres };
  }
  return best;
}

let roads = null;

/**
 * Pairs of landmarks to join by a line, so that the sketch reads as a map: the relative neighbourhood graph,
 * that is, two places are joined when no third one is nearer to both.
 */
export function sketchRoads() {
  roads ??= landmarks.length > MOST_FOR_ROADS ? [] : neighbourPairs(landmarks);
  return roads;
}

const MOST_FOR_ROADS = 300; // the graph takes cubic time
const LONGEST_ROAD_M = 30_000;

function neighbourPairs(places) {
  const far = places.map((a) => places.map((b) => metresBetween(a, b)));
  const pairs = [];
  for (let i = 0; i < places.length; i++) {
    for (let j = i + 1; j < places.length; j++) {
      if (far[i][j] > LONGEST_ROAD_M) continue;
      const between = places.some((_, k) => k !== i && k !== j && Math.max(far[i][k], far[j][k]) < far[i][j]);
      if (!between) pairs.push([places[i], places[j]]);
    }
  }
  return pairs;
}

/** Distance in metres to the landmark that has `rank` nearer ones, or null where there are too few. */
export function reachOf(point, rank) {
  const far = landmarks.map((place) => metresBetween(place, point)).sort((a, b) => a - b);
  return far[rank] ?? null;
}

/** Where a persona was last; at first around the place that the hint names, each persona elsewhere. */
export function lastPlace(userId) {
  const first = beginnings();
  const start = first[Math.abs(userId) % first.length] ?? FALLBACK;
  return recall(`place.${userId}`, { latitude: start.latitude, longitude: start.longitude });
}

// The landmarks around the hint's place; where the list has no such place, those that it begins with.
function beginnings() {
  const hinted = landmarks.find(({ name }) => name === t("hintWord"));
  return (hinted ? searchLandmarks("", hinted) : landmarks).slice(0, FIRST_PLACES);
}

/** Remember where a persona was. */
export const rememberPlace = (userId, { latitude, longitude }) =>
  remember(`place.${userId}`, { latitude, longitude });
