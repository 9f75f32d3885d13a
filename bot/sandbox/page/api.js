// The sandbox's /client contract, one function a call. Nothing else in the page knows a path.

/** The server answered, but with a refusal. `message` is its own sentence. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, { body, form, signal } = {}) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const payload = form ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(path, { method, headers, body: payload, signal, cache: "no-store" });
  if (!response.ok) throw new Refused(response.status, await refusal(response));
  return response;
}

async function refusal(response) {
  const text = await response.text();
  try {
    const answer = JSON.parse(text);
    return answer.description ?? answer.error ?? text;
  } catch {
    return text || response.statusText;
  }
}

const get = async (path, signal) => (await call("GET", path, { signal })).json();
const post = async (path, body) => (await call("POST", path, { body })).json();

export const fetchState = () => get("/client/state");
export const fetchLandmarks = () => get("/page/landmarks.json");
export const createUser = (user) => post("/client/users", user);
export const createChat = (chat) => post("/client/chats", chat);
export const setMember = (chat, user, status) => post("/client/members", { chat, user, status });
export const setBlocked = (user, blocked) => post("/client/blocks", { user, blocked });
export const sendMessage = (message) => post("/client/messages", message);
export const press = (from, chat, messageId, data) =>
  post("/client/presses", { from, chat, message_id: messageId, data });
export const vote = (from, chat, messageId, optionIds) =>
  post("/client/votes", { from, chat, message_id: messageId, option_ids: optionIds });
export const askInline = (from, query, location) => post("/client/inline", { from, query, location });
export const fetchAction = async (chat) => (await get(`/client/chats/${chat}/actions`)).action;
export const fileUrl = (fileId) => `/client/files/${encodeURIComponent(fileId)}`;

/**
 * Send a message with files: `kind` is photo, voice or document, `fields` the message's other parts. Several files
 * become an album. → the message, or the list of them.
 */
export async function sendFiles(kind, files, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null) form.append(name, String(value));
  }
  // The server tells parts of one kind apart by a number after it.
  files.forEach((file, index) => form.append(index ? `${kind}${index}` : kind, file, file.name));
  return (await call("POST", "/client/messages", { form })).json();
}

/**
 * Messages of a chat as it shows them now. With `wait` (seconds) and `changed` the call answers as soon as
 * something is new or edited. → {messages, changes: the chat's counter, deleted: ids}
 */
export async function fetchMessages(chat, { after = 0, wait, changed } = {}, signal) {
  const query = new URLSearchParams({ after: String(after) });
  if (wait) query.set("wait", String(wait));
  if (changed !== undefined) query.set("changed", String(changed));
  const response = await call("GET", `/client/chats/${chat}/messages?${query}`, { signal });
  const deleted = (response.headers.get("X-Deleted") ?? "").split(",").map(Number).filter(Boolean);
  return {
    messages: await response.json(),
    changes: Number(response.headers.get("X-Changes") ?? 0),
    deleted,
  };
}
