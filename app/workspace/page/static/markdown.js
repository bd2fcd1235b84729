// Markdown blocks: headings, lists, quotes, code, tables and the usual inline marks, as nodes.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { inline as slackInline, link } from "./mrkdwn.js";

const INLINE = [
  [/^`([^`\n]+)`/, ([, code]) => el("code", {}, code)],
  [/^!?\[([^\]\n]*)\]\(([^)\s]+)(?:\s+"[^"\n]*")?\)/, ([, words, address]) => link(address, ...(words ? inline(words) : [address]))],
  [/^<((?:[@#!]|https?:|mailto:)[^>\n]*)>/, ([whole]) => el("span", {}, ...slackInline(whole))],
  [/^\*\*(?=\S)([^\n]+?)\*\*/, ([, words]) => el("strong", {}, ...inline(words))],
  [/^__(?=\S)([^\n]+?)__/, ([, words]) => el("strong", {}, ...inline(words))],
  [/^~~(?=\S)([^\n]+?)~~/, ([, words]) => el("s", {}, ...inline(words))],
  [/^\*(?=\S)([^*\n]+)\*/, ([, words]) => el("em", {}, ...inline(words))],
  [/^_(?=\S)([^_\n]+)_(?![\p{L}\p{N}])/u, ([, words]) => el("em", {}, ...inline(words))],
  [/^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"\]]/, ([address]) => link(address)],
  [/^:([a-z0-9_+'-]+):/, ([whole, name]) => (emoji(name) ? el("span", { class: "emoji" }, emoji(name)) : whole)],
  [/^\\([\\`*_{}[\]()#+.!~|>-])/, ([, character]) => character],
];
const PLAIN = /^(?:[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)*|\s+|[^])/u;

function inline(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const rule = /^[\p{L}\p{N}]/u.test(rest) && !/^https?:/.test(rest) ? null : INLINE.find(([pattern]) => pattern.test(rest));
    const found = (rule ? rule[0] : PLAIN).exec(rest);
    nodes.push(rule ? rule[1](found) : found[0]);
    rest = rest.slice(found[0].length);
  }
  return nodes;
}

const CELL_EDGE = /(?<!\\)\|/;

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(CELL_EDGE).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function table(lines) {
  const row = (line, tag) => el("tr", {}, ...cells(line).map((cell) => el(tag, {}, ...inline(cell))));
  const body = lines.slice(2).map((line) => row(line, "td"));
  return el("div", { class: "table-wrap" }, el("table", {}, el("thead", {}, row(lines[0], "th")), el("tbody", {}, ...body)));
}

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;

function list(lines) {
  const first = ITEM.exec(lines[0]);
  const root = el(/\d/.test(first[2]) ? "ol" : "ul", { class: "rich-list" });
  const open = [{ indent: first[1].length, list: root }];
  for (const line of lines) {
    const [, space, mark, tick, words] = ITEM.exec(line);
    while (open.length > 1 && space.length < open.at(-1).indent) open.pop();
    if (space.length > open.at(-1).indent + 1 && open.at(-1).list.lastChild) {
      const inner = el(/\d/.test(mark) ? "ol" : "ul", { class: "rich-list" });
      open.at(-1).list.lastChild.append(inner);
      open.push({ indent: space.length, list: inner });
    }
    const box = tick === undefined ? "" : tick === " " ? "☐ " : "☑ ";
    open.at(-1).list.append(el("li", {}, box, ...inline(words)));
  }
  return root;
}

function paragraph(lines) {
  return el("div", { class: "para" }, ...lines.flatMap((line, index) => (index ? [el("br"), ...inline(line)] : inline(line))));
}

function heading(line) {
  const [, marks, words] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  return el("div", { class: `heading heading-${Math.min(marks.length, 3)}`, role: "heading", "aria-level": marks.length + 2 }, ...inline(words));
}

const starts = {
  fence: (line) => /^\s*```/.test(line),
  heading: (line) => /^#{1,6}\s/.test(line),
  rule: (line) => /^\s*([-*_])(\s*\1){2,}\s*$/.test(line),
  quote: (line) => /^\s*>/.test(line),
  item: (line) => ITEM.test(line),
  table: (line, next) => line.includes("|") && /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/.test(next || "") && next.includes("|"),
};

function kindOf(lines, at) {
  if (!lines[at].trim()) return "blank";
  return Object.keys(starts).find((kind) => starts[kind](lines[at], lines[at + 1])) || "text";
}

// How many lines belong to the construct that starts at `at`.
function extent(lines, at, kind) {
  if (["heading", "rule", "blank"].includes(kind)) return 1;
  if (kind === "fence") {
    const end = lines.findIndex((line, index) => index > at && starts.fence(line));
    return (end < 0 ? lines.length - 1 : end) - at + 1;
  }
  let end = at + (kind === "table" ? 2 : 1);
  const goesOn = kind === "table" ? (line) => line.includes("|") : (line, index) => kindOf(lines, index) === kind;
  while (end < lines.length && goesOn(lines[end], end)) end += 1;
  return end - at;
}

const MAKERS = {
  blank: () => null,
  fence: (lines) => el("pre", {}, lines.slice(1, starts.fence(lines.at(-1)) && lines.length > 1 ? -1 : undefined).join("\n")),
  heading: (lines) => heading(lines[0]),
  rule: () => el("hr"),
  quote: (lines) => el("blockquote", {}, ...blocksOf(lines.map((line) => line.replace(/^\s*> ?/, "")))),
  item: list,
  table,
  text: paragraph,
};

function blocksOf(lines) {
  const nodes = [];
  for (let at = 0; at < lines.length; ) {
    const kind = kindOf(lines, at);
    const length = extent(lines, at, kind);
    nodes.push(MAKERS[kind](lines.slice(at, at + length)));
    at += length;
  }
  return nodes;
}

export function markdown(text) {
  return el("div", { class: "text markdown" }, ...blocksOf(String(text).split("\n")));
}
