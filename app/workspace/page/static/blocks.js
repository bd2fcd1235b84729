// Block Kit blocks as nodes. See elements.js for what a surface is.

import { el, outsideLink, safeAddress } from "./dom.js";
import { words } from "./dialogs.js";
import { element, fieldId, isUsed } from "./elements.js";
import { withEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

function text(object) {
  if (!object) return null;
  if (object.type === "plain_text") return el("div", { class: "text plain" }, withEmoji(object.text));
  return el("div", { class: "text" }, ...mrkdwn(object.text));
}

// Pictures of this workspace are shown; anything from elsewhere is only named, since the page loads nothing from outside.
export function picture(block, small = false) {
  const address = block.image_url || block.slack_file?.url || "";
  const local = Boolean(address) && URL.canParse(address, location.origin) && new URL(address, location.origin).origin === location.origin;
  if (local) return el("img", { src: address, alt: block.alt_text || "", class: small ? "picture-small" : "picture" });
  if (small) return el("span", { class: "picture-small picture-away", title: block.alt_text || "picture" }, icon("eye"));
  const name = block.alt_text || "picture";
  return el("div", { class: "picture-away" }, icon("eye"), safeAddress(address) ? outsideLink(address, name) : name);
}

function accessory(one, block, surface) {
  if (!one) return null;
  return el("div", { class: "accessory" }, one.type === "image" ? picture(one, true) : element(one, block, surface));
}

function section(block, surface) {
  const fields = (block.fields || []).map((field) => el("div", { class: "field" }, text(field)));
  const body = el("div", { class: "section-body" }, text(block.text), fields.length ? el("div", { class: "fields" }, ...fields) : null);
  return el("div", { class: "block-section" }, body, accessory(block.accessory, block, surface));
}

function context(block) {
  const parts = block.elements.map((one) => (one.type === "image" ? picture(one, true) : text(one)));
  return el("div", { class: "block-context" }, ...parts);
}

function input(block, surface) {
  const one = block.element;
  const error = surface.errors?.[block.block_id];
  const optional = block.optional ? el("small", { class: "optional" }, " (optional)") : null;
  const labelled = el("label", { for: fieldId(surface, block, one) }, words(block.label), optional);
  const hint = block.hint && el("small", { class: "hint" }, words(block.hint));
  const wrong = error && el("div", { class: "field-error", role: "alert" }, error);
  return el("div", { class: ["block-input", error && "has-error"] }, labelled, element(one, block, surface), wrong, hint);
}

function image(block) {
  return el("figure", { class: "block-image" }, block.title && el("figcaption", {}, words(block.title)), picture(block));
}

function cell(one, tag) {
  const inside = one.type === "rich_text" ? richText(one) : withEmoji(String(one.text?.text ?? one.text ?? one.value ?? ""));
  return el(tag, {}, inside);
}

function table(block) {
  const [head, ...rows] = block.rows || [];
  const aligned = (row, tag) => {
    const cells = row.map((one) => cell(one, tag));
    cells.forEach((node, column) => node.classList.add(`align-${block.column_settings?.[column]?.align || "left"}`));
    return el("tr", {}, ...cells);
  };
  const body = el("tbody", {}, ...rows.map((row) => aligned(row, "td")));
  return el("div", { class: "table-wrap" }, el("table", {}, head && el("thead", {}, aligned(head, "th")), body));
}

function alert(block) {
  return el("div", { class: `block-alert alert-${block.level || "default"}` }, text(block.text));
}

function unshown(block) {
  return el("div", { class: "unshown" }, `(a ${block.type} block is not shown here)`);
}

const MAKERS = {
  section,
  header: (block) => el("div", { class: "block-header", role: "heading", "aria-level": "3" }, words(block.text)),
  divider: () => el("hr"),
  context,
  actions: (block, surface) => el("div", { class: "block-actions" }, ...block.elements.map((one) => element(one, block, surface))),
  input,
  image,
  markdown: (block) => markdown(block.text),
  rich_text: richText,
  table,
  data_table: table,
  alert,
  container: (block, surface) =>
    el("div", { class: "block-container" }, block.title && el("div", { class: "block-header" }, words(block.title)), ...blocks(block.child_blocks, surface)),
};

export function blocks(list, surface) {
  return (list || []).map((block) => el("div", { class: `block block-of-${block.type}` }, (MAKERS[block.type] || unshown)(block, surface)));
}

export function hasControls(list) {
  const parts = (block) => [block.accessory, block.element, ...(block.elements || [])];
  return (list || []).some((block) => parts(block).some((one) => one && isUsed(one)));
}
