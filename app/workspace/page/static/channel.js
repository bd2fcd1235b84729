// The middle: a channel's head, its messages, and the box to write in.

import { go, write } from "./address.js";
import { avatar } from "./avatars.js";
import { Composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { notice } from "./dialogs.js";
import { emojiOrName } from "./emoji.js";
import { icon } from "./icons.js";
import { menu, popover } from "./menus.js";
import { MessageList } from "./message_list.js";
import { inline, link } from "./mrkdwn.js";
import { act } from "./server.js";
import { nameOf, person, session } from "./session.js";
import { day, clock, ofTs } from "./times.js";

export function channelName(channel) {
  if (channel.kind === "im") return nameOf(channel.with);
  return channel.kind === "private" ? channel.name : `#${channel.name}`;
}

function attempt(deed, body) {
  return act(deed, body).catch((refusal) => notice(refusal.message));
}

function pinRow(channel, pin, close) {
  const words = pin.text.length > 180 ? `${pin.text.slice(0, 180)}…` : pin.text;
  const show = () => {
    close();
    go({ place: channel.id, at: pin.ts });
  };
  const head = el("span", {}, el("strong", {}, nameOf(pin.user)), el("small", {}, ` ${day(ofTs(pin.ts))}, ${clock(ofTs(pin.ts))}`));
  return el("button", { type: "button", class: "menu-item pin-row", role: "menuitem", on: { click: show } }, el("span", { class: "menu-words" }, head, el("span", { class: "pin-text" }, ...inline(words, { links: false }))));
}

export class ChannelPane {
  constructor(opener, moreEarlier) {
    this.opener = opener;
    this.moreEarlier = moreEarlier;
    this.head = el("header", { class: "pane-head" });
    this.extra = el("div", { class: "pane-extra" });
    this.list = new MessageList("Messages");
    this.composer = new Composer(() => this.list.follow());
    this.foot = el("div", { class: "pane-foot" });
    this.node = el("section", { class: "channel" }, this.head, this.extra, this.list.node, this.foot);
  }

  show(channel, { unreadAfter }) {
    const fresh = this.key !== `${session.me} ${channel.id}`;
    this.key = `${session.me} ${channel.id}`;
    if (fresh) this.list.clear();
    this.drawHead(channel);
    this.drawExtra(channel);
    this.drawFoot(channel);
    const shown = channel.messages.filter((one) => !one.reply || one.broadcast);
    const before = channel.earlier ? this.earlier(channel) : this.beginning(channel);
    this.list.show(shown, { unreadAfter, before });
    if (fresh) this.list.toEnd();
    return fresh;
  }

  earlier(channel) {
    const more = el("button", { type: "button", class: "button", on: { click: this.moreEarlier } }, `Show earlier messages (${channel.earlier})`);
    return el("li", { class: "earlier" }, more);
  }

  beginning(channel) {
    if (channel.kind === "im") return el("li", { class: "beginning" }, avatar(channel.with, "avatar-large"), el("h2", {}, nameOf(channel.with)), el("p", { class: "muted" }, person(channel.with).title || "The beginning of your conversation."));
    const purpose = channel.purpose ? el("p", { class: "muted" }, ...inline(channel.purpose)) : null;
    return el("li", { class: "beginning" }, el("h2", {}, channelName(channel)), purpose || el("p", { class: "muted" }, `The beginning of ${channelName(channel)}.`));
  }

  drawHead(channel) {
    const sign = channel.kind === "im" ? avatar(channel.with, "avatar-small") : icon(channel.kind === "private" ? "lock" : "hash");
    const title = el("h1", {}, sign, el("span", {}, channel.kind === "im" ? nameOf(channel.with) : channel.name));
    const topic = channel.topic ? el("div", { class: "topic", title: channel.topic }, ...inline(channel.topic)) : null;
    const tabs = channel.with === session.app.user ? el("a", { class: "head-button", href: write({ person: session.me, place: "home" }) }, icon("home"), "Home") : null;
    fill(this.head, this.opener(), el("div", { class: "pane-title" }, title, topic), tabs, this.pins(channel), this.members(channel));
  }

  pins(channel) {
    if (!channel.pins.length) return null;
    const anchor = el("button", { type: "button", class: "head-button", "aria-haspopup": "dialog", "aria-label": `${channel.pins.length} pinned` }, icon("pin"), channel.pins.length);
    anchor.addEventListener("click", () => {
      const close = popover(anchor, el("div", { class: "menu menu-wide" }, el("div", { class: "menu-heading" }, "Pinned here"), ...channel.pins.map((pin) => pinRow(channel, pin, () => close(false)))), { label: "Pinned messages" });
    });
    return anchor;
  }

  members(channel) {
    if (channel.kind === "im") return null;
    const anchor = el("button", { type: "button", class: "head-button", "aria-haspopup": "menu", "aria-label": `${channel.members.length} members` }, icon("people"), channel.members.length);
    anchor.addEventListener("click", () => menu(anchor, this.memberItems(channel), "Members"));
    return anchor;
  }

  memberItems(channel) {
    const row = (id, run) => ({ label: nameOf(id), hint: person(id).title || (person(id).is_bot ? "app" : ""), icon: avatar(id, "avatar-small"), run });
    const invite = (id) => () => attempt("invite", { channel: channel.id, user: id });
    const outside = channel.member && !channel.archived ? [...session.people.keys()].filter((id) => !channel.members.includes(id)) : [];
    const leave = channel.member && channel.members.length > 1 ? [{ label: "Leave channel", danger: true, icon: icon("left"), run: () => attempt("leave", { channel: channel.id }) }] : [];
    return [{ heading: "Members" }, ...channel.members.map((id) => row(id, () => {})), outside.length > 0 && { heading: "Invite" }, ...outside.map((id) => row(id, invite(id))), ...leave];
  }

  drawExtra(channel) {
    const marks = channel.bookmarks.map((one) => el("span", { class: "bookmark" }, one.emoji ? el("span", { class: "emoji" }, emojiOrName(one.emoji.replaceAll(":", ""))) : icon("bookmark"), link(one.link, one.title)));
    fill(this.extra, marks.length ? el("div", { class: "bookmarks", role: "group", "aria-label": "Bookmarks" }, ...marks) : null);
  }

  drawFoot(channel) {
    const state = channel.archived ? "archived" : channel.member ? "open" : "outside";
    this.composer.at({ channel: channel.id, name: channelName(channel), direct: channel.kind === "im" });
    if (this.footState === `${this.key} ${state}`) return;
    this.footState = `${this.key} ${state}`;
    const join = el("button", { type: "button", class: "button button-primary", on: { click: () => attempt("join", { channel: channel.id }) } }, "Join channel");
    const feet = {
      archived: el("p", { class: "foot-note" }, "This channel is archived. It can be read, not written to."),
      outside: el("div", { class: "foot-note" }, el("span", {}, `You are looking at ${channelName(channel)}. `), join),
      open: this.composer.node,
    };
    fill(this.foot, this.list.pill, this.list.announcer, feet[state]);
  }
}

