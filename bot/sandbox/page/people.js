// Dialogs about who is where: a new person, a new group, members, choosing a chat.

import { createChat, createUser, setMember } from "./api.js";
import { avatar, userAvatar } from "./avatar.js";
import { bdi, el } from "./dom.js";
import { currentLanguage, t } from "./i18n.js";
import {
  chatIdsOf,
  chatTitle,
  findChat,
  fullName,
  groupsOf,
  isBot,
  isPresent,
  me,
  memberStatus,
  openChat,
  playAs,
  state,
} from "./state.js";
import { refreshWorld } from "./sync.js";
import { actions, attempt, primary, secondary, sheet } from "./toast.js";

const MOST_LISTED = 200;
// What Telegram sends as language_code; zh-hans is what its Chinese apps say.
const LANGUAGES = { "zh-hans": "中文", en: "English" };

function field(label, control) {
  return el("label", { class: "field" }, el("span", { text: label }), control);
}

function select(options, chosen) {
  const node = el("select", {});
  for (const [value, text] of Object.entries(options)) {
    node.append(el("option", { value, selected: value === chosen, text }));
  }
  return node;
}

/** Create a person and play them. */
export async function newPersonSheet() {
  await sheet(t("newPerson"), (close) => {
    const name = el("input", { required: true, maxlength: "64", autocomplete: "off", name: "first_name" });
    const username = el("input", {
      maxlength: "32",
      pattern: "[A-Za-z]\\w{4,31}",
      autocomplete: "off",
      name: "username",
    });
    const language = select(LANGUAGES, currentLanguage() === "zh" ? "zh-hans" : "en");
    const create = async () => {
      const wish = { first_name: name.value.trim(), language_code: language.value };
      if (username.value) wish.username = username.value;
      const user = await attempt(() => createUser(wish));
      if (!user) return;
      await refreshWorld();
      close();
      playAs(user.id, state.bots.length ? user.id : null);
    };
    const fields = [
      field(t("firstName"), name),
      field(t("username"), username),
      field(t("personLanguage"), language),
    ];
    return form(fields, create, close);
  });
}

/** Create a group with the chosen people and open it. */
export async function newGroupSheet() {
  await sheet(t("newGroup"), (close) => {
    const title = el("input", { required: true, maxlength: "128", autocomplete: "off", name: "title" });
    const kind = select({ group: t("group"), supergroup: t("supergroup"), forum: t("forum") }, "group");
    // The first person in the list owns the group: the one we play.
    const others = state.users.filter((user) => user.id !== state.person);
    const boxes = [me(), ...state.bots, ...others].slice(0, MOST_LISTED).map(memberBox);
    const create = async () => {
      const members = boxes.filter(({ box }) => box.checked).map(({ id }) => id);
      const type = kind.value === "forum" ? "supergroup" : kind.value;
      const wish = { type, title: title.value.trim(), members, forum: kind.value === "forum" };
      const chat = await attempt(() => createChat(wish));
      if (!chat) return;
      await refreshWorld();
      close();
      openChat(chat.id);
    };
    const list = el(
      "div",
      { class: "choices", role: "group", "aria-label": t("addWhom") },
      ...boxes.map(({ row }) => row),
    );
    const who = el("div", { class: "field" }, el("span", { text: t("addWhom") }), list);
    return form([field(t("groupTitle"), title), field(t("groupKind"), kind), who], create, close);
  });
}

function memberBox(user) {
  const box = el("input", { type: "checkbox" });
  box.checked = user.id === state.person || isBot(user.id);
  box.disabled = user.id === state.person;
  return {
    id: user.id,
    box,
    row: el("label", { class: "row" }, box, userAvatar(user, "tiny"), bdi(fullName(user))),
  };
}

function form(fields, create, close) {
  const submit = async (event) => {
    event.preventDefault();
    await create();
  };
  const createButton = el("button", { type: "submit", class: "primary", text: t("create") });
  return el(
    "form",
    { class: "fields", on: { submit } },
    ...fields,
    actions(
      secondary(t("cancel"), () => close()),
      createButton,
    ),
  );
}

/** Who is in a group; add, remove, promote. */
export async function membersSheet(chatId) {
  await sheet(chatTitle(chatId), (close) => {
    const list = el("div", { class: "choices" });
    const draw = () => {
      const everybody = [...state.bots, ...state.users].slice(0, MOST_LISTED);
      list.replaceChildren(...everybody.map((user) => memberRow(findChat(chatId), user, draw)));
    };
    draw();
    return el("div", { class: "fields" }, list, actions(primary(t("ok"), () => close())));
  });
}

function memberRow(chat, user, redraw) {
  const status = memberStatus(chat, user.id);
  const change = (next) => async () => {
    await attempt(() => setMember(chat.id, user.id, next));
    await attempt(refreshWorld);
    redraw();
  };
  return el(
    "div",
    { class: "row" },
    userAvatar(user, "tiny"),
    el(
      "span",
      { class: "who" },
      bdi(fullName(user)),
      el("small", { text: t(STANDINGS[status] ?? "outside") }),
    ),
    ...memberButtons(chat, user, status, change),
  );
}

const STANDINGS = {
  creator: "owner",
  administrator: "administrator",
  member: "member",
  restricted: "member",
};

function memberButtons(chat, user, status, change) {
  if (!isPresent(chat, user.id)) return [primary(t("add"), change("member"))];
  const leave =
    user.id === state.person
      ? secondary(t("leave"), change("left"))
      : secondary(t("remove"), change("kicked"));
  if (status === "creator") return [leave];
  const promoted = status === "administrator";
  return [
    secondary(t(promoted ? "makeMember" : "makeAdmin"), change(promoted ? "member" : "administrator")),
    leave,
  ];
}

/** Let the persona choose one of their chats. → its id, or null. */
export function chooseChat({ groupsOnly = false } = {}) {
  const ids = groupsOnly ? groupsOf(state.person).map((chat) => chat.id) : chatIdsOf(state.person);
  return sheet(t("chooseChat"), (close) =>
    el(
      "div",
      { class: "choices" },
      ...ids.map((id) =>
        el(
          "button",
          { type: "button", class: "row", on: { click: () => close(id) } },
          avatar({ id: id > 0 ? state.bots[0]?.id : id, name: chatTitle(id) }, "tiny"),
          bdi(chatTitle(id)),
        ),
      ),
    ),
  );
}
