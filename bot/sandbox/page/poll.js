// Polls and quizzes.

import { vote } from "./api.js";
import { bdi, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { recall, remember } from "./prefs.js";
import { emit, state } from "./state.js";
import { attempt, toast } from "./toast.js";

// A message doesn't tell who voted for what, so this browser remembers the persona's own choice.
const voteKey = (poll) => `vote.${state.person}.${poll.id}`;

/** A poll with its options to vote for, or with its results once the persona has voted or it is closed. */
export function pollOf(message) {
  const { poll } = message;
  const mine = recall(voteKey(poll), null);
  const done = mine !== null || poll.is_closed;
  const options = done
    ? poll.options.map((option, index) => result(poll, option, index, mine ?? []))
    : ballot(message);
  const box = el("div", {
    class: poll.allows_multiple_answers ? "poll multi" : "poll",
    role: "group",
    "aria-label": poll.question,
  });
  box.append(
    el("strong", { dir: "auto", text: poll.question }),
    el("small", { text: kindOf(poll) }),
    ...options,
  );
  if (done && poll.explanation)
    box.append(el("p", { class: "explanation", dir: "auto", text: poll.explanation }));
  box.append(el("small", { class: "tally", text: tally(poll) }));
  return box;
}

function kindOf(poll) {
  if (poll.is_closed) return t("pollClosed");
  if (poll.type === "quiz") return t(poll.is_anonymous ? "anonymousQuiz" : "quiz");
  return t(poll.is_anonymous ? "anonymousPoll" : "poll");
}

function tally(poll) {
  const n = poll.total_voter_count ?? 0;
  if (n === 0) return t("noVotes");
  return n === 1 ? t("oneVote") : t("votes", { n });
}

function ballot(message) {
  const { poll } = message;
  const chosen = new Set();
  const cast = (ids) => castVote(message, ids);
  const options = poll.options.map((option, index) => {
    const node = el(
      "button",
      { type: "button", class: "option" },
      el("i", { class: "mark" }),
      bdi(option.text),
    );
    node.addEventListener("click", () => {
      if (!poll.allows_multiple_answers) return cast([index]);
      if (!chosen.delete(index)) chosen.add(index);
      node.setAttribute("aria-pressed", String(chosen.has(index)));
      submit.disabled = chosen.size === 0;
      return undefined;
    });
    return node;
  });
  const submit = el("button", { type: "button", class: "primary", disabled: true, text: t("vote") });
  submit.addEventListener("click", () => cast([...chosen].sort()));
  return poll.allows_multiple_answers ? [...options, submit] : options;
}

async function castVote(message, ids) {
  const { poll } = message;
  const answer = await attempt(() => vote(state.person, message.chat.id, message.message_id, ids));
  if (answer === undefined) return;
  remember(voteKey(poll), ids);
  const right = rightOptions(answer.poll ?? answer) ?? rightOptions(poll);
  if (right) toast(ids.every((id) => right.includes(id)) ? `🎉 ${t("rightAnswer")}` : t("wrongAnswer"));
  emit("log", message.chat.id);
}

const rightOptions = (poll) =>
  poll.correct_option_ids ?? (poll.correct_option_id === undefined ? undefined : [poll.correct_option_id]);

function result(poll, option, index, mine) {
  const total = Math.max(1, poll.total_voter_count ?? 0);
  const percent = Math.round((100 * option.voter_count) / total);
  const right = rightOptions(poll);
  const verdict = right?.includes(index) ? "right" : mine.includes(index) && right ? "wrong" : "";
  const bar = el("span", { class: "bar" });
  bar.style.setProperty("--share", `${percent}%`);
  const mark =
    mine.includes(index) || verdict === "right" ? icon(verdict === "wrong" ? "close" : "tick") : null;
  return el(
    "div",
    { class: `outcome ${verdict} ${mine.includes(index) ? "mine" : ""}` },
    el("span", { class: "percent", text: `${percent}%` }),
    el("span", { class: "who" }, bdi(option.text), bar),
    el("i", { class: "verdict" }, mark),
  );
}
