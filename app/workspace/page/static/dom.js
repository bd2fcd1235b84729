// Building elements. Text only ever becomes a text node, so nothing that people or apps write can act.

const PROPERTIES = new Set(["value", "checked", "disabled", "open", "hidden", "selected", "multiple", "required"]);

function setOne(node, name, value) {
  if (name === "class") node.className = Array.isArray(value) ? value.filter(Boolean).join(" ") : value;
  else if (name === "on") Object.entries(value).forEach(([event, run]) => node.addEventListener(event, run));
  else if (name === "data") Object.assign(node.dataset, value);
  else if (PROPERTIES.has(name)) node[name] = value;
  else if (value === true) node.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
}

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setOne(node, name, value);
  put(node, ...children);
  return node;
}

// Append what there is: nodes as they are, everything else as text; null, false and undefined are left out.
export function put(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren();
  return put(node, ...children);
}

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

// The address if a browser may follow it, else null: `javascript:` and its like never become links.
export function safeAddress(address) {
  return SAFE_LINK.test(String(address).trim()) ? String(address).trim() : null;
}

export function outsideLink(address, ...children) {
  const href = safeAddress(address);
  if (!href) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
