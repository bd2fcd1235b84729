// Where the page stands, kept in the part of the address after `#`: `#/PERSON/CHANNEL/thread/TS` and so on.

export function read(hash = location.hash) {
  const [person, place, ...rest] = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const extra = {};
  for (let at = 0; at + 1 < rest.length; at += 2) extra[rest[at]] = rest[at + 1];
  return { person: person || null, place: place || null, thread: extra.thread || null, at: extra.at || null };
}

export function write({ person, place, thread = null, at = null }) {
  const parts = [person, place];
  if (thread) parts.push("thread", thread);
  if (at) parts.push("at", at);
  return `#/${parts.filter(Boolean).map(encodeURIComponent).join("/")}`;
}

export function go(change) {
  const next = write({ ...read(), thread: null, at: null, ...change });
  if (next === location.hash) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = next;
}

const PERMALINK = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?(.*))?$/;

// What a message's permalink of this workspace points at, or null for any other address.
export function ofPermalink(link, bases) {
  if (!bases.some((base) => link.startsWith(`${base}/archives/`))) return null;
  const found = PERMALINK.exec(link);
  if (!found) {
    const channel = /\/archives\/([A-Z0-9]+)\/?$/.exec(link);
    return channel ? { place: channel[1] } : null;
  }
  const ts = `${found[2]}.${found[3]}`;
  const thread = new URLSearchParams(found[4] || "").get("thread_ts");
  return { place: found[1], thread, at: ts };
}
