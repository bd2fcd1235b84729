// The parts of blocks that people use. Each maker takes (element, block, surface) and gives a node.
//
// A surface says where the blocks stand: `form` holds what was entered, `press(block, element, value)` sends an act
// to the app, `id` sets names apart when one page shows the same block twice.

import { el } from "./dom.js";
import { confirm, notice, words } from "./dialogs.js";
import { icon } from "./icons.js";
import { closeMenu, menu, popover } from "./menus.js";
import { nameOf, session } from "./session.js";

const STYLES = { primary: "button button-primary", danger: "button button-danger" };

function acts(block) {
  return block.type !== "input" || block.dispatch_action === true;
}

// Send an act, asking first where the app wants that; resolves to false when the person thought better of it.
export async function press(surface, block, element, value, node) {
  if (element.confirm && !(await confirm(element.confirm))) return false;
  node?.setAttribute("aria-busy", "true");
  try {
    await surface.press(block, element, value);
  } catch (refusal) {
    notice(refusal.message);
  } finally {
    node?.removeAttribute("aria-busy");
  }
  return true;
}

// Keep what was entered and, where the app listens, tell it. `restore` undoes the choice on the screen.
async function choose(surface, block, element, value, node, restore) {
  const before = surface.form.get(block.block_id, element.action_id);
  surface.form.set(block.block_id, element.action_id, value);
  if (!acts(block) || (await press(surface, block, element, value, node))) return;
  surface.form.set(block.block_id, element.action_id, before);
  restore?.(before);
}

function label(element, block) {
  return words(block.label) || words(element.placeholder) || element.accessibility_label || element.action_id;
}

function held(surface, block, element) {
  return surface.form.get(block.block_id, element.action_id);
}

function named(surface, block, element) {
  return { "data-field": `${block.block_id}\n${element.action_id}`, id: fieldId(surface, block, element), "aria-label": block.type === "input" ? null : label(element, block) };
}

export function fieldId(surface, block, element) {
  return `${surface.id}-${block.block_id}-${element.action_id}`;
}

function button(element, block, surface) {
  const shown = words(element.text);
  const go = (event) => {
    if (event.currentTarget.getAttribute("aria-busy") === "true") return;
    if (element.url) window.open(element.url.match(/^https?:/i) ? element.url : "about:blank", "_blank", "noopener");
    press(surface, block, element, null, event.currentTarget);
  };
  const props = { type: "button", class: STYLES[element.style] || "button", on: { click: go }, "aria-label": element.accessibility_label || null };
  return el("button", props, el("span", { class: "button-words" }, shown), element.url && icon("link"));
}

function overflow(element, block, surface) {
  const anchor = el("button", { type: "button", class: "button button-icon", "aria-label": element.accessibility_label || "More", "aria-haspopup": "menu" }, icon("dots"));
  const items = element.options.map((option) => ({
    label: words(option.text),
    hint: option.description && words(option.description),
    run: () => press(surface, block, element, option.value, anchor),
  }));
  anchor.addEventListener("click", () => menu(anchor, items, "More"));
  return anchor;
}

function optionNodes(element, current) {
  const one = (option) => el("option", { value: option.value, selected: option.value === current }, words(option.text));
  const groups = (element.option_groups || []).map((group) => {
    const node = el("optgroup", {}, ...group.options.map(one));
    node.label = words(group.label);
    return node;
  });
  return [...(element.options || []).map(one), ...groups];
}

function select(element, block, surface, options) {
  const node = el("select", { class: "select", ...named(surface, block, element) });
  const current = held(surface, block, element);
  node.append(el("option", { value: "", disabled: acts(block), selected: !current }, words(element.placeholder, "Choose…")), ...options(current));
  const restore = (before) => (node.value = before ?? "");
  node.addEventListener("change", () => choose(surface, block, element, node.value || null, node, restore));
  return el("span", { class: "select-wrap" }, node, icon("down"));
}

function staticSelect(element, block, surface) {
  return select(element, block, surface, (current) => optionNodes(element, current));
}

function peopleOptions() {
  return [...session.people.values()].map((one) => ({ id: one.id, name: nameOf(one.id) + (one.is_bot ? " (app)" : "") }));
}

function channelOptions() {
  return [...session.channels.values()].filter((one) => !one.archived).map((one) => ({ id: one.id, name: one.kind === "im" ? nameOf(one.with) : `#${one.name}` }));
}

function pickOne(choices) {
  return (element, block, surface) =>
    select(element, block, surface, (current) => choices().map((one) => el("option", { value: one.id, selected: one.id === current }, one.name)));
}

function staticChoices(element) {
  const options = [...(element.options || []), ...(element.option_groups || []).flatMap((group) => group.options)];
  return options.map((option) => ({ id: option.value, name: words(option.text) }));
}

function pickMany(choices) {
  return (element, block, surface) => {
    const box = el("div", { class: "many", ...named(surface, block, element), role: "group" });
    const chosen = () => held(surface, block, element) || [];
    const change = (value) => {
      draw(value);
      choose(surface, block, element, value, box, draw);
    };
    const draw = (value) => {
      const all = choices(element);
      const add = el("select", { class: "select", "aria-label": words(element.placeholder, "Add") });
      add.append(el("option", { value: "" }, words(element.placeholder, "Add…")));
      add.append(...all.filter((one) => !value.includes(one.id)).map((one) => el("option", { value: one.id }, one.name)));
      add.addEventListener("change", () => change([...value, add.value]));
      const full = element.max_selected_items && value.length >= element.max_selected_items;
      const chips = value.map((id) => chip(all.find((one) => one.id === id)?.name || id, () => change(value.filter((one) => one !== id))));
      box.replaceChildren(...chips, ...(full ? [] : [el("span", { class: "select-wrap" }, add, icon("down"))]));
    };
    draw(chosen());
    return box;
  };
}

function chip(name, remove) {
  return el("span", { class: "chip" }, name, el("button", { type: "button", "aria-label": `Remove ${name}`, on: { click: remove } }, icon("close")));
}

function ticks(type) {
  return (element, block, surface) => {
    const many = type === "checkbox";
    const current = held(surface, block, element) || (many ? [] : null);
    const group = el("div", { class: "ticks", role: many ? "group" : "radiogroup", "aria-label": label(element, block), "data-field": `${block.block_id}\n${element.action_id}` });
    const read = () => {
      const values = [...group.querySelectorAll("input:checked")].map((box) => box.value);
      return many ? values : (values[0] ?? null);
    };
    const show = (value) => group.querySelectorAll("input").forEach((box) => (box.checked = many ? (value || []).includes(box.value) : value === box.value));
    for (const option of element.options || []) {
      const box = el("input", { type, name: fieldId(surface, block, element), value: option.value, checked: many ? current.includes(option.value) : current === option.value });
      box.addEventListener("change", () => choose(surface, block, element, read(), group, show));
      const hint = option.description && el("small", {}, words(option.description));
      group.append(el("label", { class: "tick" }, box, el("span", {}, optionWords(option), hint)));
    }
    return group;
  };
}

function optionWords(option) {
  return words(option.text).replace(/[*_~](\S[^*_~]*)[*_~]/g, "$1");
}

function picker(type, toValue = (text) => text || null, toText = (value) => value ?? "") {
  return (element, block, surface) => {
    const node = el("input", { type, class: "input input-short", ...named(surface, block, element), value: toText(held(surface, block, element)) });
    const restore = (before) => (node.value = toText(before));
    node.addEventListener("change", () => choose(surface, block, element, toValue(node.value), node, restore));
    return node;
  };
}

function localMinutes(seconds) {
  if (!seconds) return "";
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

// What the app wants to be told while a person types: nothing unless it asks, then Enter or each character.
function listens(element, block, event) {
  if (!acts(block)) return false;
  const on = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  return event === "enter" ? on.includes("on_enter_pressed") : on.includes("on_character_entered");
}

function typed(type) {
  return (element, block, surface) => {
    const tag = element.multiline ? "textarea" : "input";
    const node = el(tag, { class: "input", ...named(surface, block, element), placeholder: words(element.placeholder) || null });
    if (tag === "input") node.type = type;
    node.value = held(surface, block, element) ?? "";
    if (tag === "textarea") node.rows = Math.min(Math.max(4, node.value.split("\n").length + 1), 12);
    if (element.max_length) node.maxLength = element.max_length;
    if (type === "number") Object.assign(node, { step: element.is_decimal_allowed ? "any" : "1", min: element.min_value ?? "", max: element.max_value ?? "" });
    const send = () => press(surface, block, element, node.value || null, node);
    node.addEventListener("input", () => {
      surface.form.set(block.block_id, element.action_id, node.value || null);
      if (listens(element, block, "character")) send();
    });
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !element.multiline && listens(element, block, "enter")) send();
    });
    return node;
  };
}

// A select whose options the app gives while one types.
function external(element, block, surface) {
  const current = held(surface, block, element);
  const anchor = el("button", { type: "button", class: "select select-button", ...named(surface, block, element) }, words(current?.text) || words(element.placeholder, "Search…"));
  const list = el("div", { class: "menu" });
  const pick = (option) => {
    closeMenu();
    anchor.firstChild.textContent = words(option.text);
    choose(surface, block, element, option, anchor);
  };
  const search = async (text) => {
    const found = await surface.suggest(block, element, text).catch((refusal) => notice(refusal.message));
    const rows = (found?.options || []).map((option) =>
      el("button", { type: "button", class: "menu-item", role: "menuitem", on: { click: () => pick(option) } }, words(option.text)),
    );
    list.replaceChildren(...(rows.length ? rows : [el("div", { class: "menu-heading" }, "Nothing found")]));
  };
  const least = element.min_query_length ?? 3;
  const input = el("input", { class: "input", "aria-label": "Search", placeholder: "Type to search" });
  input.addEventListener("input", () => input.value.length >= least && search(input.value));
  anchor.addEventListener("click", () => {
    popover(anchor, el("div", { class: "search" }, input, list), { label: label(element, block) });
    if (least === 0) search("");
  });
  return el("span", { class: "select-wrap" }, anchor, icon("down"));
}

const MAKERS = {
  button,
  workflow_button: button,
  overflow,
  static_select: staticSelect,
  external_select: external,
  users_select: pickOne(peopleOptions),
  conversations_select: pickOne(channelOptions),
  channels_select: pickOne(channelOptions),
  multi_static_select: pickMany(staticChoices),
  multi_users_select: pickMany(peopleOptions),
  multi_conversations_select: pickMany(channelOptions),
  multi_channels_select: pickMany(channelOptions),
  radio_buttons: ticks("radio"),
  checkboxes: ticks("checkbox"),
  datepicker: picker("date"),
  timepicker: picker("time"),
  datetimepicker: picker("datetime-local", (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null), localMinutes),
  plain_text_input: typed("text"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("number"),
};

export function isUsed(element) {
  return element.type in MAKERS;
}

export function element(one, block, surface) {
  return MAKERS[one.type] ? MAKERS[one.type](one, block, surface) : el("span", { class: "unshown" }, `(${one.type} is not shown here)`);
}
