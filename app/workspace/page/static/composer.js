// The box one writes in. Enter sends, Shift+Enter starts a new line, a first / runs a command.

import { el } from "./dom.js";
import { Completions } from "./completions.js";
import { notice } from "./dialogs.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { chooseEmoji } from "./reactions.js";
import { act } from "./server.js";
import { session } from "./session.js";

const LARGEST_FILE_BYTES = 600_000;
const drafts = new Map();

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

// A #name of a channel that everybody may see becomes a link to it.
function withChannels(text) {
  const ids = new Map([...session.channels.values()].filter((one) => one.kind === "public").map((one) => [one.name, one.id]));
  return text.replace(/(^|[\s(])#([\w-]+)/g, (whole, before, name) => (ids.has(name) ? `${before}<#${ids.get(name)}|${name}>` : whole));
}

export class Composer {
  // `sent` is called when something is on its way to the channel.
  constructor(sent = () => {}) {
    this.sent = sent;
    this.place = null;
    this.files = [];
    this.area = el("textarea", { rows: "1", "aria-label": "Message" });
    this.offers = new Completions(this.area);
    this.status = el("div", { class: "composer-status", role: "status", hidden: true });
    this.attached = el("div", { class: "chips", hidden: true });
    this.also = el("input", { type: "checkbox" });
    this.alsoLabel = el("label", { class: "tick also", hidden: true }, this.also, el("span", {}, "Also send to the channel"));
    this.node = el("form", { class: "composer" }, this.offers.node, this.status, el("div", { class: "composer-box" }, this.attached, this.area, this.alsoLabel, this.bar()));
    this.listen();
  }

  bar() {
    const chooser = el("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files" });
    chooser.addEventListener("change", () => {
      this.attach([...chooser.files]);
      chooser.value = "";
    });
    const bolt = this.tool("bolt", "Shortcuts", (anchor) => this.shortcuts(anchor));
    const clip = this.tool("clip", "Attach a file", () => chooser.click());
    const smile = this.tool("smile", "Emoji", (anchor) => chooseEmoji(anchor, (name) => this.insert(`:${name}: `)));
    this.send = el("button", { type: "submit", class: "icon-button send", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
    return el("div", { class: "composer-bar" }, bolt, clip, smile, chooser, el("span", { class: "grow" }), el("small", { class: "muted keys" }, "Enter sends · Shift+Enter for a new line"), this.send);
  }

  tool(name, label, run) {
    const node = el("button", { type: "button", class: "icon-button", "aria-label": label, title: label });
    node.append(icon(name));
    node.addEventListener("click", () => run(node));
    return node;
  }

  shortcuts(anchor) {
    const use = (one) => () => act("shortcut", { callback_id: one.callback_id }).catch((refusal) => notice(refusal.message));
    const items = session.app.shortcuts.filter((one) => one.kind === "global").map((one) => ({ label: one.name, hint: session.app.name, icon: icon("bolt"), run: use(one) }));
    const slash = session.app.commands.map((one) => ({ label: one, hint: "Slash command", icon: icon("send"), run: () => this.insert(`${one} `) }));
    menu(anchor, [{ heading: "Shortcuts" }, ...items, ...slash], "Shortcuts");
  }

  listen() {
    this.area.addEventListener("input", () => {
      this.grow();
      this.offers.look();
    });
    this.area.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (this.offers.key(event)) event.preventDefault();
      else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.node.requestSubmit();
      }
    });
    this.area.addEventListener("paste", (event) => this.attach([...(event.clipboardData?.files || [])]));
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  grow() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, 220)}px`;
    this.send.classList.toggle("ready", Boolean(this.area.value.trim() || this.files.length));
  }

  insert(text) {
    this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.focus();
    this.grow();
  }

  attach(files) {
    for (const file of files) {
      if (file.size > LARGEST_FILE_BYTES) notice(`${file.name} is too large for the local workspace (600 KB at most).`);
      else this.files.push(file);
    }
    this.drawFiles();
  }

  drawFiles() {
    const remove = (file) => () => {
      this.files = this.files.filter((one) => one !== file);
      this.drawFiles();
    };
    const chips = this.files.map((file) => el("span", { class: "chip" }, icon("file"), file.name, el("button", { type: "button", "aria-label": `Remove ${file.name}`, on: { click: remove(file) } }, icon("close"))));
    this.attached.replaceChildren(...chips);
    this.attached.hidden = chips.length === 0;
    this.grow();
  }

  // Turn to a place: {channel, thread?, name}; what was begun at the place before is kept.
  at(place) {
    const key = (one) => one && `${session.me} ${one.channel} ${one.thread || ""}`;
    if (key(place) !== this.key) {
      if (this.key) drafts.set(this.key, this.area.value);
      this.key = key(place);
      this.area.value = drafts.get(this.key) || "";
      this.tell("");
      this.also.checked = false;
    }
    this.place = place;
    this.area.placeholder = place.thread ? "Reply…" : `Message ${place.name}`;
    this.alsoLabel.hidden = !place.thread || place.direct;
    this.grow();
  }

  tell(words, kind = "") {
    this.status.textContent = words;
    this.status.hidden = !words;
    this.status.className = `composer-status ${kind}`;
  }

  async submit() {
    const text = this.area.value.trim();
    if (!text && !this.files.length) return;
    const [files, place] = [this.files, this.place];
    this.area.value = "";
    this.files = [];
    this.drawFiles();
    this.offers.hide();
    this.tell("");
    this.sent();
    try {
      await (this.isCommand(text) ? this.run(text, place) : this.say(text, files, place));
    } catch (refusal) {
      this.tell(refusal.message, "error");
      if (!this.area.value && place === this.place) this.area.value = text;
      this.files = files;
      this.drawFiles();
    }
  }

  isCommand(text) {
    return /^\/[a-z][\w-]*(\s|$)/.test(text);
  }

  async run(text, place) {
    const [name] = text.split(/\s/, 1);
    if (place.thread) throw new Error("Slash commands don't work in threads. Use the channel's message box.");
    const waiting = setTimeout(() => this.tell(`${name} is on its way…`), 400);
    try {
      await act("command", { channel: place.channel, name, text: text.slice(name.length).trim() });
    } finally {
      clearTimeout(waiting);
    }
    this.tell("");
  }

  async say(text, files, place) {
    const packed = await Promise.all(files.map(async (file) => ({ name: file.name, content: await base64(file) })));
    const broadcast = Boolean(place.thread && this.also.checked);
    this.also.checked = false;
    await act("say", { channel: place.channel, text: withChannels(text), thread_ts: place.thread || null, files: packed, broadcast });
  }
}
