// Rich text blocks: text that arrives already taken apart.

import { el } from "./dom.js";
import { emojiOrName } from "./emoji.js";
import { channelLink, link, mention } from "./mrkdwn.js";
import { full, ofPattern } from "./times.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", code: "code" };

function styled(node, style = {}) {
  return Object.entries(STYLE_TAGS).reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}

function withBreaks(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

const LEAVES = {
  text: (one) => el("span", {}, ...withBreaks(one.text)),
  link: (one) => link(one.url, one.text || one.url),
  user: (one) => mention(one.user_id),
  channel: (one) => channelLink(one.channel_id),
  emoji: (one) => el("span", { class: "emoji", title: `:${one.name}:` }, emojiOrName(one.name)),
  broadcast: (one) => el("span", { class: "mention mention-all" }, `@${one.range}`),
  usergroup: (one) => el("span", { class: "mention" }, `@${one.usergroup_id}`),
  color: (one) => el("code", {}, one.value),
  date: (one) => {
    const seconds = String(one.timestamp);
    const words = ofPattern(seconds, one.format || "") ?? one.fallback ?? seconds;
    return el("time", { title: full(new Date(Number(seconds) * 1000)) }, words);
  },
};

function leaves(elements = []) {
  return elements.map((one) => styled((LEAVES[one.type] || ((other) => el("span", {}, other.text || "")))(one), one.style));
}

function list(one) {
  const tag = one.style === "ordered" ? "ol" : "ul";
  const start = one.style === "ordered" && one.offset ? one.offset + 1 : null;
  const items = one.elements.map((item) => el("li", {}, ...leaves(item.elements)));
  return el(tag, { class: `rich-list indent-${Math.min(one.indent || 0, 4)}`, start }, ...items);
}

const PARTS = {
  rich_text_section: (one) => el("div", { class: "para" }, ...leaves(one.elements)),
  rich_text_list: list,
  rich_text_quote: (one) => el("blockquote", {}, ...leaves(one.elements)),
  rich_text_preformatted: (one) => el("pre", {}, ...leaves(one.elements)),
};

export function richText(block) {
  const parts = (block.elements || []).map((one) => PARTS[one.type]?.(one));
  return el("div", { class: "text" }, ...parts);
}
