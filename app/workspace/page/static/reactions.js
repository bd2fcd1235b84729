// Reactions under a message, and the table to choose one from.

import { el, fill } from "./dom.js";
import { notice } from "./dialogs.js";
import { emojiOrName, findEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { closeMenu, popover } from "./menus.js";
import { act } from "./server.js";
import { nameOf, session } from "./session.js";

export function toggle(message, name) {
  const given = message.reactions.find((one) => one.name === name)?.users.includes(session.me);
  const where = { channel: message.channel, ts: message.ts, name };
  return act(given ? "unreact" : "react", where).catch((refusal) => notice(refusal.message));
}

export function chooseEmoji(anchor, picked) {
  const table = el("div", { class: "emoji-table" });
  const show = (part) => {
    const buttons = findEmoji(part).map(([name, character]) => {
      const pick = () => {
        closeMenu();
        picked(name);
      };
      return el("button", { type: "button", title: `:${name}:`, "aria-label": name, on: { click: pick } }, character);
    });
    fill(table, ...(buttons.length ? buttons : [el("p", { class: "muted" }, "No emoji by that name.")]));
  };
  const search = el("input", { class: "input", placeholder: "Find an emoji", "aria-label": "Find an emoji" });
  search.addEventListener("input", () => show(search.value));
  search.addEventListener("keydown", (event) => event.key === "Enter" && table.querySelector("button")?.click());
  show("");
  popover(anchor, el("div", { class: "search" }, search, table), { label: "Emoji" });
}

function who(users) {
  const names = users.map((id) => (id === session.me ? "you" : nameOf(id)));
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
}

export function reactionRow(message) {
  if (!message.reactions.length) return null;
  const chips = message.reactions.map((one) => {
    const mine = one.users.includes(session.me);
    const props = { type: "button", class: ["reaction", mine && "reaction-mine"], title: `${who(one.users)} reacted with :${one.name}:`, "aria-pressed": mine };
    props.on = { click: () => toggle(message, one.name) };
    return el("button", props, el("span", { class: "emoji" }, emojiOrName(one.name)), el("span", {}, one.users.length));
  });
  const add = el("button", { type: "button", class: "reaction reaction-add", "aria-label": "Add a reaction" }, icon("smile"));
  add.addEventListener("click", () => chooseEmoji(add, (name) => toggle(message, name)));
  return el("div", { class: "reactions" }, ...chips, add);
}
