// The modals of one person: the topmost of the stack in a dialog, kept in step with the workspace.

import { blocks } from "./blocks.js";
import { el, fill } from "./dom.js";
import { notice, words } from "./dialogs.js";
import { Form } from "./form.js";
import { icon } from "./icons.js";
import { act } from "./server.js";
import { session } from "./session.js";

function trouble(refusal) {
  return `${refusal.message} What you entered is still here; you can try again.`;
}

export class Modals {
  constructor(refresh) {
    this.refresh = refresh;
    this.forms = new Map();
    this.shown = null;
    this.busy = false;
    this.dialog = el("dialog", { class: "dialog modal" });
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    // A link that leads elsewhere on the page leaves a modal in which nothing can be lost.
    this.dialog.addEventListener("click", (event) => event.target.closest('a[href^="#"]') && !this.view?.submit && this.close());
    // Browsers let a second Escape close a dialog whatever the page says.
    this.dialog.addEventListener("close", () => this.view && this.close());
    document.body.append(this.dialog);
  }

  // Show the stack as the workspace has it, bottom first.
  show(views) {
    const open = new Set(views.map((one) => one.id));
    for (const id of [...this.forms.keys()]) if (!open.has(id)) this.forms.delete(id);
    const top = views.at(-1);
    if (!top) return this.hide();
    const key = JSON.stringify([session.me, top.id, top.hash, top.errors]);
    if (key === this.shown) return undefined;
    const fresh = this.view?.id !== top.id;
    this.shown = key;
    this.view = top;
    this.depth = views.length;
    this.draw(top.errors);
    if (!this.dialog.open) this.dialog.showModal();
    if (fresh) this.focusFirst();
    return undefined;
  }

  hide() {
    this.shown = null;
    this.view = null;
    if (this.dialog.open) this.dialog.close();
  }

  form(view) {
    if (!this.forms.has(view.id)) this.forms.set(view.id, new Form());
    const form = this.forms.get(view.id);
    form.keepOnly(view.state);
    form.learn(view.state);
    return form;
  }

  surface(view, errors) {
    const form = this.form(view);
    const where = { view: view.id };
    return {
      id: `v${view.id}`,
      form,
      errors,
      press: (block, element, value) => act("press", { ...where, block_id: block.block_id, action_id: element.action_id, value: value ?? element.value ?? null, values: form.values() }),
      suggest: (block, element, query) => act("suggest", { ...where, block_id: block.block_id, action_id: element.action_id, query }),
    };
  }

  draw(errors) {
    const view = this.view;
    const refocus = this.rememberFocus();
    const scroll = this.body?.scrollTop || 0;
    this.body = el("div", { class: "modal-body" }, ...blocks(view.blocks, this.surface(view, errors)));
    this.notices = el("div", { class: "modal-notices" });
    const form = el("form", { class: "modal-form", novalidate: true }, this.head(view), this.notices, this.body, this.foot(view));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    fill(this.dialog, form);
    this.dialog.setAttribute("aria-label", words(view.title));
    this.body.scrollTop = scroll;
    refocus();
    if (Object.keys(errors).length) this.dialog.querySelector(".has-error")?.scrollIntoView({ block: "nearest" });
  }

  // Give the focus, and the place in the text, back to the same field after it is drawn again.
  rememberFocus() {
    const active = document.activeElement;
    const field = this.dialog.contains(active) ? active.closest("[data-field]")?.dataset.field : null;
    if (!field) return () => {};
    const { selectionStart: from, selectionEnd: to } = active;
    return () => {
      const again = this.dialog.querySelector(`[data-field="${CSS.escape(field)}"]`);
      again?.focus();
      if (again?.matches("textarea, input[type=text]")) again.setSelectionRange(from, to);
    };
  }

  head(view) {
    const back = this.depth > 1 && el("button", { type: "button", class: "icon-button", "aria-label": "Back", on: { click: () => this.close() } }, icon("left"));
    const close = el("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => this.close() } }, icon("close"));
    return el("header", { class: "modal-head" }, back, el("span", { class: "avatar avatar-app" }, session.app.name.slice(0, 1)), el("h2", {}, words(view.title), el("small", {}, session.app.name)), close);
  }

  foot(view) {
    const cancel = el("button", { type: "button", class: "button", on: { click: () => this.close() } }, words(view.close, view.submit ? "Cancel" : "Close"));
    this.submitButton = view.submit && el("button", { type: "submit", class: "button button-primary", disabled: Boolean(view.submit_disabled) }, el("span", { class: "button-words" }, words(view.submit)));
    return el("footer", { class: "modal-foot" }, cancel, this.submitButton);
  }

  focusFirst() {
    const first = this.body.querySelector("input:not([type=hidden]), textarea, select") || this.submitButton || this.dialog.querySelector("footer .button");
    first?.focus();
  }

  tell(message) {
    fill(this.notices, el("div", { class: "notice notice-error", role: "alert" }, message));
  }

  async submit() {
    if (this.busy || !this.submitButton || this.submitButton.disabled) return;
    const view = this.view;
    this.wait(true);
    try {
      await act("submit", { view: view.id, values: this.form(view).values() });
      this.shown = null;
      await this.refresh();
    } catch (refusal) {
      this.refused(view, refusal);
    } finally {
      this.wait(false);
    }
  }

  refused(view, refusal) {
    if (this.view?.id !== view.id) return;
    const errors = refusal.errors || {};
    this.draw(errors);
    if (Object.keys(errors).length) this.dialog.querySelector(".has-error :is(input, textarea, select)")?.focus();
    else this.tell(trouble(refusal));
  }

  wait(busy) {
    this.busy = busy;
    this.dialog.classList.toggle("is-waiting", busy);
    if (busy) this.submitButton?.setAttribute("aria-busy", "true");
    else this.submitButton?.removeAttribute("aria-busy");
  }

  async close() {
    const view = this.view;
    if (!view || this.closing) return;
    this.closing = true;
    let refusal = null;
    try {
      await act("close", { view: view.id });
    } catch (refused) {
      refusal = refused;
    }
    this.closing = false;
    this.shown = null;
    await this.refresh();
    if (refusal && refusal.status !== 404) this.dialog.open ? this.tell(refusal.message) : notice(refusal.message);
  }
}
