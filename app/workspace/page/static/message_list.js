// A list of messages kept in step with the workspace: only what changed is drawn again.

import { el } from "./dom.js";
import { isDismissed, messageItem } from "./messages.js";
import { plain } from "./mrkdwn.js";
import { nameOf, session } from "./session.js";
import { day, dayKey, ofTs } from "./times.js";

const TOGETHER_SECONDS = 300;
const NEAR_END_PIXELS = 80;

function follows(previous, message) {
  if (!previous || previous.system || message.system || previous.ephemeral !== message.ephemeral) return false;
  if (previous.tombstone || message.pinned || message.broadcast || message.ephemeral || previous.replies) return false;
  const near = Number(message.ts) - Number(previous.ts) < TOGETHER_SECONDS;
  return near && previous.user === message.user && previous.username === message.username;
}

function divider(words, kind) {
  return el("li", { class: `divider divider-${kind}`, role: "separator" }, el("span", {}, words));
}

const SETTLED = ["channel_topic", "channel_purpose"];

// Of what Slack itself notes, people who joined one after the other share a line, and of several new topics in a
// row the last stands.
function fold(messages) {
  const out = [];
  for (const message of messages) {
    const last = out.at(-1);
    const joins = message.system === "channel_join";
    if (joins && last?.joiners) last.joiners.push(message.user);
    else if (SETTLED.includes(message.system) && last?.system === message.system && last.user === message.user) out.splice(-1, 1, message);
    else out.push(joins ? { ...message, joiners: [message.user] } : message);
  }
  return out;
}

// The rows to show, each {key, draw}; a row is drawn again when its key changes.
function rows(messages, { inThread, unreadAfter }) {
  const out = [];
  let previous = null;
  let marked = inThread || !unreadAfter;
  for (const message of fold(messages.filter((one) => !isDismissed(one)))) {
    const date = ofTs(message.ts);
    if (!inThread && (!previous || dayKey(ofTs(previous.ts)) !== dayKey(date))) {
      out.push({ key: `day ${day(date)}`, draw: () => divider(day(date), "day") });
      previous = null;
    }
    if (!marked && !message.system && message.ts > unreadAfter && message.user !== session.me) {
      out.push({ key: "new", draw: () => divider("New", "new") });
      marked = true;
      previous = null;
    }
    const joined = follows(previous, message);
    const key = JSON.stringify([message, joined, session.utc, session.me]);
    out.push({ key, ts: message.ts, draw: () => messageItem(message, { joined, inThread }) });
    previous = message;
  }
  return out;
}

export class MessageList {
  constructor(label) {
    this.node = el("ol", { class: "messages", "aria-label": label, tabindex: "0" });
    this.drawn = new Map();
    this.following = false;
    this.newest = null;
    this.announcer = el("div", { class: "unseen", role: "status" });
    this.pill = el("button", { type: "button", class: "to-end", hidden: true, on: { click: () => this.toEnd() } }, "New messages ↓");
    this.node.addEventListener("scroll", () => this.nearEnd() && (this.pill.hidden = true), { passive: true });
  }

  // Go to the end with the next thing that comes: the reader has just said or asked something.
  follow() {
    this.following = true;
  }

  nearEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END_PIXELS;
  }

  clear() {
    this.newest = null;
    this.pill.hidden = true;
    this.drawn.clear();
    this.node.replaceChildren();
  }

  show(messages, options = {}) {
    const newest = messages.at(-1)?.ts;
    const arrived = newest !== this.newest;
    const stick = this.nearEnd() || (this.following && arrived);
    const refocus = this.rememberFocus();
    const editing = this.node.querySelector(".is-editing");
    const next = new Map();
    for (const row of rows(messages, options)) {
      const edited = editing && row.ts === editing.dataset.ts ? editing : null;
      next.set(row.key, edited || this.drawn.get(row.key) || row.draw());
    }
    this.arrange([...(options.before ? [options.before] : []), ...next.values()]);
    this.drawn = next;
    refocus();
    if (arrived && this.newest && newest > this.newest) this.announce(messages.at(-1), stick);
    if (stick) this.toEnd();
    this.newest = newest;
  }

  // Something came while the list was open: say it to those who don't see it, point to it where it is out of sight.
  announce(message, inSight) {
    this.pill.hidden = inSight;
    this.announcer.textContent = `${nameOf(message.user)}: ${plain(message.text).slice(0, 200)}`;
  }

  // A message that is drawn again gives the focus back to the same control.
  rememberFocus() {
    const active = document.activeElement;
    const holder = active && this.node.contains(active) ? active.closest("[data-ts]") : null;
    if (!holder) return () => {};
    const controls = (node) => [...node.querySelectorAll("button, a, input, select, textarea")];
    const at = controls(holder).indexOf(active);
    return () => {
      const again = holder.isConnected ? null : this.node.querySelector(`[data-ts="${CSS.escape(holder.dataset.ts)}"]`);
      if (again) controls(again)[at]?.focus();
    };
  }

  // Put the nodes in order with as few moves as can be, so that focus and what is being typed stay.
  arrange(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.node.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (this.node.children[index] !== node) this.node.insertBefore(node, this.node.children[index] || null);
    });
  }

  toEnd() {
    this.following = false;
    this.pill.hidden = true;
    this.node.scrollTop = this.node.scrollHeight;
  }

  // Bring a message into view and let it glow for a moment; false when it is not in the list.
  point(ts) {
    const node = this.node.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("pointed");
    setTimeout(() => node.classList.remove("pointed"), 2500);
    return true;
  }
}
