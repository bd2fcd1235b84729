// The app's Home tab, as the chosen person sees it.

import { avatar } from "./avatars.js";
import { blocks } from "./blocks.js";
import { write } from "./address.js";
import { el, fill } from "./dom.js";
import { Form } from "./form.js";
import { act } from "./server.js";
import { session } from "./session.js";

export class Home {
  constructor(opener) {
    this.opener = opener;
    this.node = el("section", { class: "home", "aria-label": "App home" });
    this.form = new Form();
    this.shown = null;
  }

  surface(view) {
    this.form.keepOnly(view.state);
    this.form.learn(view.state);
    return {
      id: `v${view.id}`,
      form: this.form,
      errors: {},
      press: (block, element, value) => act("press", { view: view.id, block_id: block.block_id, action_id: element.action_id, value: value ?? element.value ?? null, values: this.form.values() }),
      suggest: (block, element, query) => act("suggest", { view: view.id, block_id: block.block_id, action_id: element.action_id, query }),
    };
  }

  show({ view, direct }) {
    const key = JSON.stringify([session.me, view?.id, view?.hash, session.utc]);
    if (key === this.shown && this.node.isConnected) return;
    this.shown = key;
    const tabs = el("nav", { class: "tabs", "aria-label": "App" }, el("a", { class: "tab current", "aria-current": "page", href: write({ person: session.me, place: "home" }) }, "Home"), direct && el("a", { class: "tab", href: write({ person: session.me, place: direct }) }, "Messages"));
    const head = el("header", { class: "pane-head" }, this.opener(), avatar(session.app.user), el("div", { class: "pane-title" }, el("h1", {}, session.app.name)));
    const empty = el("p", { class: "empty" }, "The app has not drawn its Home yet.");
    const body = view ? blocks(view.blocks, this.surface(view)) : [empty];
    fill(this.node, head, tabs, el("div", { class: "home-body" }, el("div", { class: "home-page" }, ...body)));
  }
}
