// A small form that makes a channel.

import { go } from "./address.js";
import { el } from "./dom.js";
import { act } from "./server.js";

export function newChannel() {
  const name = el("input", { class: "input", id: "new-channel-name", required: true, maxlength: "80", placeholder: "e.g. model-quality" });
  const hidden = el("input", { type: "checkbox" });
  const wrong = el("div", { class: "field-error", role: "alert" });
  const cancel = el("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Cancel");
  const make = el("button", { type: "submit", class: "button button-primary" }, "Create");
  const field = el("div", { class: "block-input" }, el("label", { for: "new-channel-name" }, "Name"), name, wrong);
  const form = el("form", {}, el("h2", {}, "New channel"), field, el("label", { class: "tick" }, hidden, el("span", {}, "Private", el("small", {}, "Only people who are invited see it"))), el("div", { class: "dialog-buttons" }, cancel, make));
  const dialog = el("dialog", { class: "dialog dialog-small", "aria-label": "New channel" }, form);
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const made = await act("create_channel", { name: name.value.trim().replace(/^#/, ""), private: hidden.checked });
      dialog.close();
      go({ place: made.channel });
    } catch (refusal) {
      wrong.textContent = refusal.message;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}
