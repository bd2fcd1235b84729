// Short questions and notices over the page.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { withEmoji } from "./emoji.js";

export function words(object, fallback = "") {
  return withEmoji(object?.text || fallback);
}

// Ask what a Block Kit confirmation object asks; resolves to true when the person agrees.
export function confirm(question) {
  return new Promise((resolve) => {
    const agree = el(
      "button",
      { type: "submit", value: "yes", class: question.style === "danger" ? "button button-danger" : "button button-primary" },
      words(question.confirm, "Yes"),
    );
    const deny = el("button", { type: "submit", value: "no", class: "button" }, words(question.deny, "Cancel"));
    const text = question.text?.type === "plain_text" ? words(question.text) : mrkdwn(question.text?.text || "");
    const dialog = el(
      "dialog",
      { class: "dialog dialog-small", "aria-label": words(question.title, "Are you sure?") },
      el("form", { method: "dialog" }, el("h2", {}, words(question.title, "Are you sure?")), el("div", { class: "text" }, text), el("div", { class: "dialog-buttons" }, deny, agree)),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    agree.focus();
  });
}

const NOTICE_MS = 9000;

// Tell something at the lower edge of the screen; it goes by itself or when it is dismissed.
export function notice(message, kind = "error") {
  const area = document.querySelector("#notices");
  const close = el("button", { class: "icon-button", "aria-label": "Dismiss" }, icon("close"));
  const box = el("div", { class: `notice notice-${kind}`, role: kind === "error" ? "alert" : "status" }, el("span", {}, message), close);
  close.addEventListener("click", () => box.remove());
  setTimeout(() => box.remove(), NOTICE_MS);
  (document.querySelector("dialog[open]:last-of-type .modal-notices") || area).append(box);
}
