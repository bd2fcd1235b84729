// One message as it stands in a channel or thread.

import { write } from "./address.js";
import { avatar } from "./avatars.js";
import { blocks } from "./blocks.js";
import { el } from "./dom.js";
import { notice } from "./dialogs.js";
import { Form } from "./form.js";
import { icon } from "./icons.js";
import { inline, link, mention, mrkdwn, plain } from "./mrkdwn.js";
import { tools } from "./message_tools.js";
import { reactionRow } from "./reactions.js";
import { act } from "./server.js";
import { nameOf, person, session } from "./session.js";
import { ago, clock, full, ofTs } from "./times.js";

const dismissed = new Set();

export function isDismissed(message) {
  return message.ephemeral && dismissed.has(message.ts);
}

function surfaceOf(message, inThread) {
  const form = new Form();
  form.learn(message.touched);
  for (const [block, one] of usable(message.blocks)) {
    if (form.get(block.block_id, one.action_id) === null) form.set(block.block_id, one.action_id, initial(one));
  }
  const where = { channel: message.channel, ts: message.ts };
  return {
    id: `m${message.ts}${inThread ? "t" : ""}`,
    form,
    press: (block, element, value) => act("press", { ...where, block_id: block.block_id, action_id: element.action_id, value: value ?? element.value ?? null }),
    suggest: (block, element, query) => act("suggest", { ...where, block_id: block.block_id, action_id: element.action_id, query }),
  };
}

function usable(list) {
  return (list || []).flatMap((block) => [block.accessory, ...(block.elements || [])].filter((one) => one?.action_id).map((one) => [block, one]));
}

function initial(element) {
  const key = Object.keys(element).find((name) => name.startsWith("initial_"));
  const value = key ? element[key] : null;
  if (Array.isArray(value)) return value.map((one) => one?.value ?? one);
  return value?.value ?? value;
}

function authorName(message) {
  return message.username || nameOf(message.user);
}

function attachment(one, message, surface) {
  const heading = one.title && el("strong", {}, one.title_link ? link(one.title_link, one.title) : one.title);
  const fields = (one.fields || []).map((field) => el("div", { class: "field" }, el("strong", {}, field.title), el("div", {}, ...mrkdwn(String(field.value ?? "")))));
  const words = one.text || (!one.blocks && !heading && one.fallback) || "";
  return el("div", { class: "attachment" }, one.pretext && el("div", { class: "text" }, ...mrkdwn(one.pretext)), heading, el("div", { class: "text" }, ...mrkdwn(words)), fields.length > 0 && el("div", { class: "fields" }, ...fields), ...blocks(one.blocks, surface), one.footer && el("small", { class: "muted" }, one.footer));
}

const PICTURES = ["image/png", "image/jpeg", "image/gif"];

function fileBox(file) {
  if (PICTURES.includes(file.mimetype)) {
    const name = file.title || file.name;
    const shown = el("a", { href: file.url, target: "_blank", rel: "noopener" }, el("img", { src: file.url, alt: name, class: "picture" }));
    return el("figure", { class: "block-image" }, el("figcaption", {}, name), shown);
  }
  const size = file.size < 1024 ? `${file.size} bytes` : `${Math.round(file.size / 1024)} KB`;
  const kind = el("small", {}, `${file.mimetype} · ${size}`);
  return el("a", { class: "file", href: file.url, target: "_blank", rel: "noopener" }, icon("file"), el("span", {}, el("strong", {}, file.title || file.name), kind));
}

function threadLink(message) {
  if (!message.replies) return null;
  const { count, users, last } = message.replies;
  const href = write({ person: session.me, place: message.channel, thread: message.ts });
  const faces = users.slice(0, 4).map((id) => avatar(id, "avatar-small"));
  const words = el("span", { class: "thread-count" }, count === 1 ? "1 reply" : `${count} replies`);
  return el("a", { class: "thread-link", href }, ...faces, words, el("small", {}, `Last reply ${ago(ofTs(last))}`));
}

function body(message, inThread) {
  const surface = surfaceOf(message, inThread);
  const edited = message.edited && !(message.app && message.blocks.length) && el("small", { class: "edited" }, "(edited)");
  const words = message.blocks.length ? blocks(message.blocks, surface) : [el("div", { class: "text" }, ...mrkdwn(message.text))];
  const lastLine = edited && !message.blocks.length && words[0].lastElementChild;
  if (lastLine?.className === "para") lastLine.append(" ", edited);
  return el("div", { class: "message-body" }, ...words, edited?.parentNode ? null : edited, ...message.attachments.map((one) => attachment(one, message, surface)), ...message.files.map(fileBox));
}

function editor(message, done) {
  const area = el("textarea", { class: "input editing", "aria-label": "Edit message", rows: "3" });
  area.value = plain(message.text.replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${person(id).name}`).replace(/<(https?:[^|>]+)>/g, "$1"));
  const save = () => act("edit", { channel: message.channel, ts: message.ts, text: area.value }).then(done, (refusal) => notice(refusal.message));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") done();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
  });
  const buttons = [el("button", { class: "button", type: "button", on: { click: done } }, "Cancel"), el("button", { class: "button button-primary", type: "button", on: { click: save } }, "Save")];
  return [el("div", { class: "editor" }, area, el("div", { class: "editor-buttons" }, ...buttons)), area];
}

function startEditing(node, message) {
  const shown = node.querySelector(".message-body");
  const [box, area] = editor(message, () => {
    box.replaceWith(shown);
    node.classList.remove("is-editing");
  });
  shown.replaceWith(box);
  node.classList.add("is-editing");
  node.scrollIntoView({ block: "nearest" });
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

function dismiss(node, message) {
  const go = () => {
    dismissed.add(message.ts);
    node.remove();
  };
  return el("button", { type: "button", class: "link-button", on: { click: go } }, "Dismiss");
}

function flags(message, node) {
  return [
    message.ephemeral && el("div", { class: "flag" }, icon("eye"), "Only visible to you", el("span", { class: "dot" }, "·"), dismiss(node, message)),
    message.pinned && el("div", { class: "flag flag-pin" }, icon("pin"), "Pinned"),
    message.broadcast && el("div", { class: "flag" }, icon("reply"), "Also sent from a thread"),
  ];
}

function stamp(message) {
  const date = ofTs(message.ts);
  const href = write({ person: session.me, place: message.channel, thread: message.reply ? message.thread_ts : null, at: message.ts });
  return el("a", { class: "stamp", href, title: full(date) }, el("time", { datetime: date.toISOString() }, clock(date)));
}

function systemLine(message) {
  const words = message.joiners ? joined(message.joiners) : inline(message.text);
  return el("li", { class: "message system", data: { ts: message.ts } }, el("div", { class: "gutter" }, avatar(message.user, "avatar-small")), el("div", { class: "content" }, el("div", { class: "text" }, ...words, " ", stamp(message))));
}

const NAMED_JOINERS = 3;

// Several people who joined one after the other, in one line.
function joined(ids) {
  const named = ids.length > NAMED_JOINERS + 1 ? ids.slice(0, NAMED_JOINERS) : ids;
  const rest = ids.length - named.length;
  const names = named.flatMap((id, index) => [index ? (index === named.length - 1 && !rest ? " and " : ", ") : "", mention(id)]);
  const others = rest ? [" and ", el("span", { class: "mention", title: ids.slice(named.length).map(nameOf).join(", ") }, `${rest} others`)] : [];
  return [...names, ...others, " joined the channel"];
}

function tombstone(message, inThread) {
  const words = el("div", { class: "text muted" }, "This message was deleted.");
  return el("li", { class: "message tombstone", data: { ts: message.ts } }, el("div", { class: "gutter" }, icon("trash")), el("div", { class: "content" }, words, inThread ? null : threadLink(message)));
}

// A message's list item. `joined`: it follows one of the same author, so the author is not named again.
export function messageItem(message, { joined = false, inThread = false } = {}) {
  if (message.system) return systemLine(message);
  if (message.tombstone) return tombstone(message, inThread);
  const node = el("li", { class: ["message", joined && "joined", message.ephemeral && "ephemeral", message.pinned && "pinned"], data: { ts: message.ts } });
  const badge = message.app ? el("span", { class: "badge-app" }, "APP") : null;
  const head = joined ? null : el("div", { class: "message-head" }, el("span", { class: "author", title: person(message.user).title || null }, authorName(message)), badge, stamp(message));
  const gutter = el("div", { class: "gutter" }, joined ? stamp(message) : avatar(message.user));
  const content = el("div", { class: "content" }, ...flags(message, node), head, body(message, inThread), reactionRow(message), inThread ? null : threadLink(message));
  const bar = tools(message, { inThread, edit: () => startEditing(node, message) });
  node.append(gutter, content, ...(bar ? [bar] : []));
  return node;
}
