// Where a link leads. Links to Telegram stay inside the sandbox; only http(s) may leave it.

const TELEGRAM_HOSTS = new Set(["t.me", "www.t.me", "telegram.me", "telegram.dog"]);

/**
 * Sort a link by what following it means:
 * {kind: "start", bot, payload} · {kind: "startgroup", bot, payload} · {kind: "share", text} ·
 * {kind: "user", id} · {kind: "web", href} · {kind: "none"} for anything that must not be followed.
 */
export function classify(link) {
  const url = parse(link);
  if (!url) return { kind: "none" };
  if (url.protocol === "tg:") return telegramScheme(url);
  if (url.protocol !== "https:" && url.protocol !== "http:") return { kind: "none" };
  if (TELEGRAM_HOSTS.has(url.hostname)) return telegramPage(url);
  return { kind: "web", href: url.href };
}

/** An address as people read it: Chinese as Chinese, unless it hides something that cannot be seen. */
export function readable(href) {
  try {
    const decoded = decodeURI(href);
    return /[\p{C}\p{Z}]/u.test(decoded) ? href : decoded;
  } catch {
    return href;
  }
}

function parse(link) {
  // People write t.me/bot without a scheme; an entity of type url carries it as written.
  const text = /^[a-z][a-z0-9+.-]*:/i.test(link) ? link : `https://${link}`;
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function telegramPage(url) {
  const name = url.pathname.split("/")[1] ?? "";
  if (name === "share") return shared(url.searchParams);
  return toBot(name, url.searchParams);
}

function telegramScheme(url) {
  // tg://user?id=1 — browsers differ in whether "user" becomes host or path.
  const verb = (url.host || url.pathname).replaceAll("/", "");
  if (verb === "user") return { kind: "user", id: Number(url.searchParams.get("id")) };
  if (verb === "resolve") return toBot(url.searchParams.get("domain") ?? "", url.searchParams);
  if (verb === "msg_url") return shared(url.searchParams);
  return { kind: "none" };
}

function toBot(name, query) {
  if (!/^\w{3,}$/.test(name)) return { kind: "none" };
  if (query.has("startgroup")) return { kind: "startgroup", bot: name, payload: query.get("startgroup") };
  return { kind: "start", bot: name, payload: query.get("start") };
}

function shared(query) {
  return { kind: "share", text: [query.get("url"), query.get("text")].filter(Boolean).join("\n") };
}
