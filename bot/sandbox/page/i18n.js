// The page's own two languages. What bots and people say is never translated here.

import { recall, remember } from "./prefs.js";
import { WORDS } from "./words.js";

let language = recall("language", navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

/** "zh" or "en". */
export const currentLanguage = () => language;

/** Switch the page's language, remember it and relabel the static markup. */
export function setLanguage(next) {
  language = next;
  remember("language", next);
  labelStatic();
}

/** The words for `key`; {name} is replaced from `values`. An unknown key shows itself, so that it is noticed. */
export function t(key, values = {}) {
  const words = WORDS[language][key] ?? WORDS.en[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Fill every element marked data-t (text) or data-t-label (aria-label and tooltip). */
export function labelStatic() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    node.title = t(node.dataset.tLabel);
  }
}

const locale = () => (language === "zh" ? "zh-CN" : "en-GB");

/** Clock time of a Unix time in seconds, such as 09:41. */
export const clockTime = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });

/** Day of a Unix time in seconds: today, yesterday, or a date. */
export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const days = Math.round((startOfDay(new Date()) - startOfDay(day)) / 86_400_000);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  return day.toLocaleDateString(locale(), { year: "numeric", month: "long", day: "numeric" });
}

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** Metres as people say them. */
export function distance(metres) {
  if (metres < 1000) return t("metres", { n: Math.round(metres) });
  return t("kilometres", { n: Number((metres / 1000).toFixed(metres < 10_000 ? 1 : 0)) });
}

/** Bytes as people say them. */
export function fileSize(bytes) {
  if (!bytes) return "";
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
