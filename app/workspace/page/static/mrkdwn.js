// Slack's mrkdwn, turned into nodes. Nothing here makes markup from text: see dom.js.

import { ofPermalink, write } from "./address.js";
import { el, outsideLink } from "./dom.js";
import { emoji } from "./emoji.js";
import { person, session } from "./session.js";
import { full, ofPattern } from "./times.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

export function plain(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

export function mention(id, label) {
  const mine = id === session.me ? "mention mention-me" : "mention";
  const known = session.people.get(id);
  return el("span", { class: mine, title: known?.title || null }, `@${known ? known.real_name : label || id}`);
}

export function channelLink(id, label) {
  const channel = session.channels.get(id);
  const name = channel ? channel.name : label;
  if (!channel) return el("span", { class: "mention" }, name ? `#${name}` : "a private channel");
  return el("a", { class: "mention", href: write({ person: session.me, place: id }) }, `#${name}`);
}

export function link(address, ...children) {
  const inside = ofPermalink(address, [session.workspace.base_url, location.origin]);
  const words = children.length ? children : [address];
  if (inside) return el("a", { href: write({ person: session.me, ...inside }) }, ...words);
  return outsideLink(address, ...words);
}

function date(token) {
  const [head, fallback = ""] = token.split("|");
  const [, seconds, pattern = "", target] = head.split("^");
  const words = ofPattern(seconds, pattern) ?? plain(fallback);
  const title = /^\d+$/.test(seconds) ? full(new Date(Number(seconds) * 1000)) : null;
  const time = el("time", { title }, words);
  return target ? link(plain(target), time) : time;
}

function special(token) {
  const [name, label] = token.split("|");
  if (name.startsWith("date^")) return date(token);
  const shown = label || `@${name.split("^")[0]}`;
  return el("span", { class: "mention mention-all" }, plain(shown.startsWith("@") ? shown : `@${shown}`));
}

// One `<…>` token of Slack's, without the brackets.
function token(inside) {
  const [target, label] = [inside.split("|")[0], inside.split("|").slice(1).join("|")];
  if (target.startsWith("@")) return mention(target.slice(1), plain(label));
  if (target.startsWith("#")) return channelLink(target.slice(1), plain(label));
  if (target.startsWith("!")) return special(inside.slice(1));
  return label ? link(plain(target), ...inline(label, { links: false })) : link(plain(target), plain(target));
}

const STYLES = { "*": "strong", _: "em", "~": "s" };
const URL_AT = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"\]]/;
const EMOJI_AT = /^:([a-z0-9_+'-]+(?:::[a-z0-9-]+)?):/;
const WORD = /[\p{L}\p{N}]/u;

const LONGEST_STYLED = 1200;

function styledEnd(text, at) {
  const mark = text[at];
  const before = text[at - 1] || " ";
  const after = text[at + 1] || " ";
  if (WORD.test(before) || /\s/.test(after) || after === mark) return -1;
  for (let end = at + 2; end < Math.min(text.length, at + LONGEST_STYLED) && text[end] !== "\n"; end += 1) {
    if (text[end] !== mark || /\s/.test(text[end - 1])) continue;
    if (!WORD.test(text[end + 1] || " ")) return end;
  }
  return -1;
}

// Each reader looks at one place: it returns [node, length] if its construct starts there, else null.
const READERS = {
  "<": (text, at) => {
    const end = text.indexOf(">", at);
    if (end < 0 || text.slice(at + 1, end).includes("<") || end === at + 1) return null;
    return [token(text.slice(at + 1, end)), end - at + 1];
  },
  "`": (text, at) => {
    const end = text.indexOf("`", at + 1);
    if (end <= at + 1 || text.slice(at, end).includes("\n")) return null;
    return [el("code", {}, plain(text.slice(at + 1, end))), end - at + 1];
  },
  ":": (text, at) => {
    const found = EMOJI_AT.exec(text.slice(at, at + 60));
    const character = found && emoji(found[1]);
    return character ? [el("span", { class: "emoji", title: found[0] }, character), found[0].length] : null;
  },
  h: (text, at, options) => {
    if (!options.links || WORD.test(text[at - 1] || " ")) return null;
    const found = URL_AT.exec(text.slice(at, at + 2000));
    return found ? [link(plain(found[0])), found[0].length] : null;
  },
};
for (const mark of Object.keys(STYLES)) {
  READERS[mark] = (text, at, options) => {
    const end = styledEnd(text, at);
    return end < 0 ? null : [el(STYLES[mark], {}, ...inline(text.slice(at + 1, end), options)), end - at + 1];
  };
}

// A run of text within one paragraph, as nodes; line breaks become <br>.
export function inline(text, options = { links: true }) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push(document.createTextNode(plain(words)));
    words = "";
  };
  for (let at = 0; at < text.length; ) {
    const read = READERS[text[at]]?.(text, at, options);
    if (read || text[at] === "\n") {
      flush();
      nodes.push(read ? read[0] : el("br"));
      at += read ? read[1] : 1;
    } else {
      words += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const ITEM = /^(\s*)([•◦▪*-]|\d{1,3}[.)])\s+(.*)$/;

function lines(text) {
  const nodes = [];
  let run = [];
  const flush = () => {
    const words = run.join("\n").replace(nodes.length ? /^\n+|\n+$/g : /\n+$/, "");
    if (words) nodes.push(el("div", { class: "para" }, ...inline(words)));
    run = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const item = ITEM.exec(line);
    if (!quote && !item) {
      run.push(line);
      continue;
    }
    flush();
    if (quote) nodes.push(quoteLine(nodes.at(-1), quote[1]));
    else nodes.push(itemLine(item));
  }
  flush();
  return nodes.filter(Boolean);
}

function quoteLine(previous, words) {
  if (previous?.tagName !== "BLOCKQUOTE") return el("blockquote", {}, ...inline(words));
  previous.append(el("br"), ...inline(words));
  return null;
}

function itemLine([, indent, mark, words]) {
  const depth = indent.length >= 2 ? "item item-deep" : "item";
  const sign = /\d/.test(mark) ? mark : "•";
  return el("div", { class: depth }, el("span", { class: "item-sign" }, sign), el("span", {}, ...inline(words)));
}

// A whole text: paragraphs, quotes, list lines and ```preformatted``` parts.
export function mrkdwn(text) {
  const parts = String(text).split("```");
  if (parts.length % 2 === 0) {
    const tail = parts.pop();
    parts[parts.length - 1] += `\`\`\`${tail}`;
  }
  return parts.flatMap((part, index) => {
    if (index % 2) return [el("pre", {}, plain(part.replace(/^\n|\n$/g, "")))];
    const trimmed = index ? part.replace(/^\n/, "") : part;
    return trimmed ? lines(trimmed.replace(/\n$/, index < parts.length - 1 ? "" : "\n").replace(/\n$/, "")) : [];
  });
}
