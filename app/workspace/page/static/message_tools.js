// What can be done with a message: the bar that shows beside it, and its menu.

import { go } from "./address.js";
import { el } from "./dom.js";
import { confirm, notice } from "./dialogs.js";
import { emoji, QUICK } from "./emoji.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { chooseEmoji, toggle } from "./reactions.js";
import { act } from "./server.js";
import { session } from "./session.js";

function attempt(deed, body) {
  return act(deed, body).catch((refusal) => notice(refusal.message));
}

const FAREWELL = {
  title: { text: "Delete this message?" },
  text: { type: "plain_text", text: "It disappears for everybody. This can't be undone." },
  confirm: { text: "Delete" },
  deny: { text: "Keep" },
  style: "danger",
};

async function remove(message) {
  if (await confirm(FAREWELL)) attempt("delete", { channel: message.channel, ts: message.ts });
}

function shortcuts(message) {
  return session.app.shortcuts
    .filter((one) => one.kind === "message")
    .map((one) => ({
      label: one.name,
      hint: session.app.name,
      icon: icon("bolt"),
      run: () => attempt("message_shortcut", { callback_id: one.callback_id, channel: message.channel, ts: message.ts }),
    }));
}

function items(message, edit) {
  const where = { channel: message.channel, ts: message.ts };
  const mine = message.user === session.me && !message.app;
  const copy = () => navigator.clipboard?.writeText(message.permalink).then(() => notice("Link copied.", "quiet"), () => notice("The link could not be copied."));
  return [
    ...shortcuts(message),
    { label: "Copy link", icon: icon("link"), run: copy },
    !message.pinned && { label: "Pin to channel", icon: icon("pin"), run: () => attempt("pin", where) },
    mine && { label: "Edit message", icon: icon("pencil"), run: edit },
    mine && { label: "Delete message", icon: icon("trash"), danger: true, run: () => remove(message) },
  ];
}

function tool(name, label, run) {
  const node = el("button", { type: "button", class: "icon-button", "aria-label": label, title: label }, icon(name));
  node.addEventListener("click", () => run(node));
  return node;
}

function quick(message, name) {
  const props = { type: "button", class: "icon-button", "aria-label": `React with ${name}`, title: `:${name}:` };
  return el("button", { ...props, on: { click: () => toggle(message, name) } }, el("span", { class: "emoji" }, emoji(name)));
}

// `edit` starts editing in place; `inThread` leaves out what leads into the thread.
export function tools(message, { edit, inThread }) {
  if (message.tombstone || message.ephemeral) return null;
  const react = tool("smile", "Add a reaction", (anchor) => chooseEmoji(anchor, (name) => toggle(message, name)));
  const reply = inThread || message.system ? null : tool("reply", "Reply in thread", () => go({ place: message.channel, thread: message.thread_ts || message.ts }));
  const more = tool("dots", "More actions", (anchor) => menu(anchor, items(message, edit), "Message actions"));
  more.setAttribute("aria-haspopup", "menu");
  return el("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" }, ...QUICK.map((name) => quick(message, name)), react, reply, more);
}
