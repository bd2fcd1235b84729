// Offers while one types: people after @, channels after #, emoji after :, commands after a first /.

import { avatar } from "./avatars.js";
import { el } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { nameOf, session } from "./session.js";

const MOST = 8;

function people(part) {
  const wanted = part.toLowerCase();
  const fits = (one) => one.name.toLowerCase().includes(wanted) || nameOf(one.id).toLowerCase().includes(wanted);
  return [...session.people.values()].filter(fits).map((one) => ({ insert: `@${one.name} `, sign: avatar(one.id, "avatar-small"), label: nameOf(one.id), hint: one.title || (one.is_bot ? "app" : "") }));
}

function channels(part) {
  const fits = (one) => one.kind !== "im" && !one.archived && one.name.includes(part.toLowerCase());
  return [...session.channels.values()].filter(fits).map((one) => ({ insert: `#${one.name} `, sign: icon(one.kind === "public" ? "hash" : "lock"), label: one.name, hint: "" }));
}

function emoji(part) {
  return findEmoji(part, MOST).map(([name, character]) => ({ insert: `:${name}: `, sign: el("span", { class: "emoji" }, character), label: `:${name}:`, hint: "" }));
}

function commands(part) {
  return session.app.commands.filter((one) => one.startsWith(`/${part}`) && one !== `/${part}`).map((one) => ({ insert: `${one} `, sign: icon("bolt"), label: one, hint: session.app.name }));
}

const KINDS = [
  [/(?:^|[\s(])@([\w.-]*)$/u, people],
  [/(?:^|[\s(])#([\w-]*)$/u, channels],
  [/(?:^|[\s(]):([a-z0-9_+-]{2,})$/u, emoji],
  [/^\/(\S*)$/u, commands],
];

export class Completions {
  constructor(area) {
    this.area = area;
    this.node = el("div", { class: "completions", role: "listbox", hidden: true });
    this.offers = [];
    this.at = 0;
    area.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
  }

  hide() {
    this.offers = [];
    this.node.hidden = true;
  }

  look() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    for (const [pattern, find] of KINDS) {
      const found = pattern.exec(before);
      if (!found) continue;
      this.length = found[1].length + 1;
      this.offers = find(found[1]).slice(0, MOST);
      this.at = 0;
      this.draw();
      return;
    }
    this.hide();
  }

  draw() {
    this.node.hidden = this.offers.length === 0;
    const rows = this.offers.map((one, index) => {
      const props = { class: ["menu-item", index === this.at && "chosen"], role: "option", "aria-selected": index === this.at };
      const row = el("div", props, one.sign, el("span", { class: "menu-words menu-line" }, el("span", {}, one.label), one.hint && el("small", {}, one.hint)));
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.take(index);
      });
      return row;
    });
    this.node.replaceChildren(...rows);
  }

  take(index = this.at) {
    const end = this.area.selectionStart;
    this.area.setRangeText(this.offers[index].insert, end - this.length, end, "end");
    this.hide();
    this.area.dispatchEvent(new Event("input"));
  }

  // True when the key was meant for the offers.
  key(event) {
    if (!this.offers.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.offers.length) % this.offers.length;
      this.draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.take();
    else if (event.key === "Escape") this.hide();
    else return false;
    return true;
  }
}
