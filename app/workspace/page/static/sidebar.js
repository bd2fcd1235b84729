// The left side: who one is, where one can go, what waits.

import { write } from "./address.js";
import { avatar } from "./avatars.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { newChannel } from "./new_channel.js";
import { humans, nameOf, session, setUtc } from "./session.js";

function badge(channel) {
  if (channel.mentions) return el("span", { class: "badge", "aria-label": `${channel.mentions} for you` }, channel.mentions);
  return channel.unread ? el("span", { class: "badge badge-quiet", "aria-label": `${channel.unread} unread` }, channel.unread) : null;
}

function entry(channel) {
  const current = session.place === channel.id;
  const kind = ["entry", current && "current", channel.unread > 0 && "unread", channel.archived && "archived", !channel.member && "outside"];
  const sign = channel.kind === "im" ? avatar(channel.with, "avatar-small") : icon(channel.kind === "private" ? "lock" : "hash");
  const name = channel.kind === "im" ? nameOf(channel.with) : channel.name;
  const app = channel.with === session.app.user ? el("span", { class: "badge-app" }, "APP") : null;
  return el("a", { class: kind, href: write({ person: session.me, place: channel.id }), "aria-current": current ? "page" : null }, sign, el("span", { class: "entry-name", title: name }, name), app, badge(channel));
}

function group(title, channels, { folded = false, extra = null } = {}) {
  if (!channels.length && !extra) return null;
  const holdsCurrent = channels.some((one) => one.id === session.place);
  const list = channels.map(entry);
  if (!folded) return el("section", {}, el("div", { class: "group-head" }, el("h2", {}, title), extra), ...list);
  return el("details", { open: holdsCurrent || opened.has(title), on: { toggle: (event) => (event.currentTarget.open ? opened.add(title) : opened.delete(title)) } }, el("summary", {}, icon("down"), `${title} (${channels.length})`), ...list);
}

// The folded groups that stand open; a new incident of somebody else is among the channels to join.
const TO_JOIN = "Channels to join";
const opened = new Set([TO_JOIN]);

export class Sidebar {
  constructor({ changePerson, redraw }) {
    this.changePerson = changePerson;
    this.redraw = redraw;
    this.node = el("nav", { class: "sidebar", "aria-label": "Workspace" });
    this.waiting = {};
  }

  switcher() {
    const others = Object.entries(this.waiting).some(([id, count]) => id !== session.me && count > 0);
    const dot = others ? el("span", { class: "waiting-dot", title: "Something waits for somebody else" }) : null;
    const words = el("span", { class: "switch-words" }, el("small", {}, "You are"), el("strong", {}, nameOf(session.me)), el("small", { class: "switch-role" }, session.people.get(session.me)?.title || ""));
    const anchor = el("button", { type: "button", class: "switcher", "aria-haspopup": "menu", title: "Act as somebody else" }, avatar(session.me), words, dot, icon("down"));
    anchor.addEventListener("click", () => this.choosePerson(anchor));
    return anchor;
  }

  choosePerson(anchor) {
    const items = humans().map((one) => {
      const count = this.waiting[one.id] || 0;
      const waits = count ? `${count} waiting` : "";
      return { label: nameOf(one.id), hint: [one.title, waits].filter(Boolean).join(" · "), icon: avatar(one.id, "avatar-small"), current: one.id === session.me, run: () => this.changePerson(one.id) };
    });
    menu(anchor, [{ heading: "Act as" }, ...items], "Act as");
  }

  times() {
    const choice = (utc, label) => el("button", { type: "button", class: ["seg", session.utc === utc && "current"], "aria-pressed": session.utc === utc, on: { click: () => this.setTimes(utc) } }, label);
    return el("div", { class: "times", role: "group", "aria-label": "Times" }, el("span", {}, "Times"), choice(false, "Local"), choice(true, "UTC"));
  }

  setTimes(utc) {
    setUtc(utc);
    this.redraw();
  }

  newChannel() {
    return el("button", { type: "button", class: "icon-button", "aria-label": "New channel", title: "New channel", on: { click: newChannel } }, icon("plus"));
  }

  show({ channels, waiting }) {
    this.waiting = waiting;
    const byName = (one, other) => one.name.localeCompare(other.name);
    const rooms = channels.filter((one) => one.kind !== "im").sort(byName);
    const live = rooms.filter((one) => one.member && !one.archived);
    const home = el("a", { class: ["entry", "entry-home", session.place === "home" && "current"], href: write({ person: session.me, place: "home" }), "aria-current": session.place === "home" ? "page" : null }, icon("home"), el("span", { class: "entry-name" }, session.app.name), el("span", { class: "badge-app" }, "APP"));
    const focused = this.node.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const scroll = this.list?.scrollTop || 0;
    this.list = el(
      "div",
      { class: "sidebar-list" },
      home,
      group("Channels", live, { extra: this.newChannel() }),
      group("Direct messages", channels.filter((one) => one.kind === "im")),
      group(TO_JOIN, rooms.filter((one) => !one.member && !one.archived), { folded: true }),
      group("Archived", rooms.filter((one) => one.archived), { folded: true }),
    );
    fill(this.node, el("header", { class: "sidebar-head" }, el("strong", {}, session.workspace.name), el("small", {}, "local workspace")), this.switcher(), this.list, this.times());
    this.list.scrollTop = scroll;
    if (focused) this.node.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }
}
