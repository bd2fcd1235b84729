// Talking with the workspace: read a screen, act as a person, hear of changes.

import { session } from "./session.js";

export class Refusal extends Error {
  constructor(status, body) {
    super(body.message || "The workspace did not accept this.");
    this.status = status;
    this.code = body.code || "refused";
    this.errors = body.errors || {};
  }
}

const GONE = { code: "workspace_gone", message: "The local workspace does not answer. Is it still running?" };

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refusal(0, GONE);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, body);
  return body;
}

export function start() {
  return call("/page/start");
}

export function look(screen) {
  return call(`/page/as/${session.me}/${screen}`);
}

export function act(deed, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return call(`/page/as/${session.me}/${deed}`, { method: "POST", headers, body: JSON.stringify(body) });
}

const RETRY_MS = [200, 500, 1000, 2000];

// Calls `heard(change)` for each change, `connected()` at each (re)connection and `lost()` when the line breaks.
export class Line {
  constructor({ heard, connected, lost }) {
    Object.assign(this, { heard, connected, lost, socket: null, failures: 0, timer: null });
  }

  open(person) {
    this.close();
    this.person = person;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/page/as/${this.person}/changes`);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.failures = 0;
      this.connected();
    });
    socket.addEventListener("message", (event) => this.heard(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      if (this.socket === socket) this.again();
    });
  }

  again() {
    this.lost();
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.connect(), wait);
  }

  close() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
