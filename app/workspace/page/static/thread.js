// The right side: one thread.

import { go } from "./address.js";
import { Composer } from "./composer.js";
import { channelName } from "./channel.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./message_list.js";
import { session } from "./session.js";

export class ThreadPane {
  constructor() {
    this.head = el("header", { class: "pane-head" });
    this.list = new MessageList("Thread");
    this.composer = new Composer(() => this.list.follow());
    this.foot = el("div", { class: "pane-foot" });
    this.node = el("aside", { class: "thread", "aria-label": "Thread", hidden: true }, this.head, this.list.node, this.foot);
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && go({}));
  }

  hide() {
    this.node.hidden = true;
    this.key = null;
  }

  show(channel, ts) {
    const key = `${session.me} ${channel.id} ${ts}`;
    const fresh = this.key !== key;
    this.key = key;
    if (fresh) this.list.clear();
    const inside = channel.messages.filter((one) => one.ts === ts || one.thread_ts === ts);
    this.node.hidden = false;
    const close = el("button", { type: "button", class: "icon-button", "aria-label": "Close thread", on: { click: () => go({}) } }, icon("close"));
    fill(this.head, el("div", { class: "pane-title" }, el("h1", {}, "Thread"), el("div", { class: "topic" }, channelName(channel))), close);
    this.list.show(inside, { inThread: true });
    const gone = channel.archived || !inside.length;
    this.composer.at({ channel: channel.id, thread: ts, name: channelName(channel), direct: channel.kind === "im" });
    const note = el("p", { class: "foot-note" }, inside.length ? "This channel is archived." : "This message is no longer here.");
    if (fresh || gone) fill(this.foot, this.list.pill, this.list.announcer, gone ? note : this.composer.node);
    this.composer.grow();
    if (fresh) {
      this.list.toEnd();
      if (!gone) this.composer.area.focus();
    }
  }
}
