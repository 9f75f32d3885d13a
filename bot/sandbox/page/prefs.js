// What this browser remembers between visits. Private windows may refuse storage; then nothing is remembered.

const PREFIX = "wayside.";

/** Read a remembered value, or the fallback. */
export function recall(key, fallback) {
  try {
    const stored = localStorage.getItem(PREFIX + key);
    return stored === null ? fallback : JSON.parse(stored);
  } catch {
    return fallback;
  }
}

/** Remember a JSON value. */
export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage only costs the convenience.
  }
}
