// What the page knows at this moment: who is acting, who else there is, where it stands.

export const session = {
  me: null,
  workspace: { name: "", base_url: "" },
  app: { user: null, name: "", commands: [], shortcuts: [] },
  people: new Map(),
  channels: new Map(),
  place: null,
  thread: null,
  aheadMs: 0,
  utc: localStorage.getItem("times") === "utc",
};

export function learn(start) {
  session.workspace = start.workspace;
  session.app = start.app;
  session.people = new Map(start.people.map((one) => [one.id, one]));
}

export function person(id) {
  return session.people.get(id) || { id, name: id, real_name: id, title: "", is_bot: false };
}

export function humans() {
  return [...session.people.values()].filter((one) => !one.is_bot);
}

export function nameOf(id) {
  const one = person(id);
  return one.real_name || one.name;
}

// The workspace keeps its own time, which a demo may move on faster than the browser's.
export function now() {
  return new Date(Date.now() + session.aheadMs);
}

export function learnTime(unixSeconds) {
  const ahead = unixSeconds * 1000 - Date.now();
  session.aheadMs = Math.abs(ahead) > 2000 ? ahead : 0;
}

export function setUtc(utc) {
  session.utc = utc;
  localStorage.setItem("times", utc ? "utc" : "local");
}
