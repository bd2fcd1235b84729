// Menus that open beside a button: arrow keys move, Enter picks, Escape closes.

import { el } from "./dom.js";

let openMenu = null;

export function closeMenu() {
  openMenu?.close();
}

function place(panel, anchor) {
  const box = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), innerWidth - size.width - 8);
  const below = box.bottom + 4;
  const top = below + size.height > innerHeight - 8 ? Math.max(8, box.top - size.height - 4) : below;
  panel.style.left = `${left}px`;
  panel.style.top = `${top}px`;
}

function move(panel, step) {
  const items = [...panel.querySelectorAll("[role^=menuitem]:not([disabled])")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function listen(panel, close) {
  const keys = (event) => {
    if (event.key === "Escape") close(true);
    else if (event.key === "ArrowDown") move(panel, 1);
    else if (event.key === "ArrowUp") move(panel, -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const outside = (event) => {
    if (!panel.contains(event.target)) close(false);
  };
  panel.addEventListener("keydown", keys);
  setTimeout(() => document.addEventListener("pointerdown", outside), 0);
  return () => document.removeEventListener("pointerdown", outside);
}

// Show `content` beside `anchor`; returns a function that closes it. A second press on the anchor closes it too.
export function popover(anchor, content, { role = "dialog", label = "" } = {}) {
  const again = openMenu?.anchor === anchor;
  closeMenu();
  if (again) return () => {};
  const panel = el("div", { class: "popover", role, "aria-label": label }, content);
  const host = anchor.closest("dialog") || document.body;
  host.append(panel);
  place(panel, anchor);
  anchor.setAttribute("aria-expanded", "true");
  const close = (refocus) => {
    forget();
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    openMenu = null;
    if (refocus) anchor.focus();
  };
  const forget = listen(panel, close);
  openMenu = { anchor, close };
  (panel.querySelector("input, [role^=menuitem], button") || panel).focus();
  return close;
}

// `items`: {label, hint?, icon?, danger?, current?, run} or {heading}.
export function menu(anchor, items, label) {
  let close = () => {};
  const rows = items.filter(Boolean).map((item) => {
    if (item.heading) return el("div", { class: "menu-heading" }, item.heading);
    const pick = () => {
      close(true);
      item.run();
    };
    const props = { class: ["menu-item", item.danger && "menu-danger"], role: "menuitem", type: "button", on: { click: pick } };
    if (item.current) props["aria-current"] = "true";
    return el("button", props, item.icon, el("span", { class: "menu-words" }, el("span", {}, item.label), item.hint && el("small", {}, item.hint)));
  });
  close = popover(anchor, el("div", { class: "menu" }, ...rows), { role: "menu", label });
}
