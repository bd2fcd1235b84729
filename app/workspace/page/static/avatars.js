// Coloured initials for people, a square glyph for apps.

import { el } from "./dom.js";
import { nameOf, person } from "./session.js";

const HUES = 10;

function hue(id) {
  return [...id].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 9973, 7) % HUES;
}

function initials(name) {
  const parts = name.trim().split(/\s+/);
  const letters = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return letters.map((part) => [...part][0] || "").join("").toUpperCase();
}

export function avatar(id, size = "") {
  const one = person(id);
  const kind = one.is_bot ? "avatar-app" : `hue-${hue(id)}`;
  return el("span", { class: ["avatar", kind, size], "aria-hidden": "true" }, initials(nameOf(id)) || "?");
}
