// Puts the page together: reads the address, fetches what it shows, and keeps it in step with the workspace.

import { go, read, write } from "./address.js";
import { ChannelPane } from "./channel.js";
import { el, fill } from "./dom.js";
import { notice } from "./dialogs.js";
import { Home } from "./home.js";
import { icon } from "./icons.js";
import { closeMenu } from "./menus.js";
import { Modals } from "./modals.js";
import { act, Line, look, start } from "./server.js";
import { humans, learn, learnTime, nameOf, session } from "./session.js";
import { Sidebar } from "./sidebar.js";
import { ThreadPane } from "./thread.js";

const PAGE_OF_MESSAGES = 200;

// Runs one thing at a time; asked again meanwhile, it runs once more afterwards.
function once(run) {
  let running = null;
  let again = false;
  const go = async () => {
    do {
      again = false;
      await run();
    } while (again);
    running = null;
  };
  return () => {
    if (running) again = true;
    else running = go().catch(failed);
    return running;
  };
}

function failed(refusal) {
  if (refusal.code !== "workspace_gone") notice(refusal.message);
}

function sidebarOpener() {
  return el("button", { type: "button", class: "icon-button opener", "aria-label": "Show channels", on: { click: () => document.body.classList.toggle("sidebar-open") } }, icon("menu"));
}

const seen = { channel: null, unreadAfter: null, limit: PAGE_OF_MESSAGES, at: null };

const channelPane = new ChannelPane(sidebarOpener, () => {
  seen.limit += PAGE_OF_MESSAGES;
  refresh.place();
});
const threadPane = new ThreadPane();
const home = new Home(sidebarOpener);
const sidebar = new Sidebar({ changePerson, redraw: () => everything() });
const main = el("main", { class: "main" });
const modals = new Modals(() => refresh.modals());

async function showSidebar() {
  const me = session.me;
  const screen = await look("sidebar");
  if (me !== session.me) return;
  learnTime(screen.now);
  session.channels = new Map(screen.channels.map((one) => [one.id, one]));
  sidebar.show(screen);
  const mine = screen.channels.reduce((sum, one) => sum + one.mentions, 0);
  document.title = `${mine ? `(${mine}) ` : ""}${nameOf(session.me)} · ${session.workspace.name}`;
}

async function showHome() {
  const screen = await look("home");
  if (session.place !== "home") return;
  threadPane.hide();
  home.show(screen);
  if (!home.node.isConnected) fill(main, home.node);
}

async function showChannel() {
  const key = `${session.me} ${session.place}`;
  const channel = await look(`channels/${session.place}?limit=${seen.limit}`);
  if (key !== `${session.me} ${session.place}`) return;
  if (seen.channel !== key) Object.assign(seen, { channel: key, unreadAfter: channel.unread ? channel.last_read : null });
  if (!channelPane.node.isConnected) fill(main, channelPane.node);
  const fresh = channelPane.show(channel, { unreadAfter: seen.unreadAfter });
  if (session.thread) threadPane.show(channel, session.thread);
  else threadPane.hide();
  point();
  if (fresh && !session.thread && matchMedia("(min-width: 720px)").matches && !modals.dialog.open) channelPane.composer.area.focus();
  if (channel.unread && document.visibilityState === "visible") await markRead(channel);
}

async function markRead(channel) {
  await act("read", { channel: channel.id });
  await refresh.sidebar();
}

// Show the message that the address names, once.
function point() {
  if (!seen.at) return;
  const list = session.thread ? threadPane.list : channelPane.list;
  if (list.point(seen.at) || channelPane.list.point(seen.at)) seen.at = null;
}

async function showPlace() {
  if (!session.place) return;
  await (session.place === "home" ? showHome() : showChannel());
}

const refresh = {
  sidebar: once(showSidebar),
  place: once(() =>
    showPlace().catch((refusal) => {
      if (refusal.status === 404) return elsewhere();
      throw refusal;
    }),
  ),
  modals: once(async () => modals.show((await look("modals")).views)),
};

// The person can't see this place: show the first channel they can.
function elsewhere() {
  const there = [...session.channels.values()].find((one) => one.member && one.kind !== "im" && !one.archived);
  go({ place: there && there.id !== session.place ? there.id : "home" });
}

function everything() {
  return Promise.all([refresh.sidebar(), refresh.place(), refresh.modals()]);
}

const HEARD = {
  message: (change) => [change.channel === session.place && "place", "sidebar"],
  channel: (change) => [change.channel === session.place && "place", "sidebar"],
  view: (change) => change.user === session.me && change.change !== "typed" && ["modals", session.place === "home" && "place"],
  home: (change) => change.user === session.me && session.place === "home" && ["place"],
  elsewhere: (change) => [change.left && change.channel === session.place && "place", "sidebar"],
};

function heard(change) {
  const stale = HEARD[change.kind]?.(change) || [];
  for (const part of stale) if (part) refresh[part]();
}

const banner = document.querySelector("#connection");

const line = new Line({
  heard,
  connected: () => {
    banner.hidden = true;
    everything();
  },
  lost: () => (banner.hidden = false),
});

function changePerson(id) {
  const place = session.place;
  const visible = place === "home" || session.channels.get(place)?.kind !== "im";
  go({ person: id, place: visible ? place : null, thread: visible ? session.thread : null });
}

function firstPlace() {
  const rooms = [...session.channels.values()].filter((one) => one.member && one.kind !== "im" && !one.archived);
  const busiest = rooms.sort((one, other) => (other.latest || "").localeCompare(one.latest || ""))[0];
  return busiest?.id || "home";
}

function knownPerson(wanted) {
  const found = humans().find((one) => one.id === wanted || one.name === wanted);
  const remembered = humans().find((one) => one.id === localStorage.getItem("person"));
  return (found || remembered || humans()[0])?.id;
}

async function become(id) {
  session.me = id;
  localStorage.setItem("person", id);
  modals.hide();
  await refresh.sidebar();
  line.open(id);
}

async function navigate() {
  closeMenu();
  document.body.classList.remove("sidebar-open");
  const wanted = read();
  const me = knownPerson(wanted.person);
  const changed = me !== session.me;
  if (changed) await become(me);
  if (me !== wanted.person || !wanted.place) {
    const place = wanted.place || firstPlace();
    history.replaceState(null, "", write({ ...wanted, person: me, place }));
  }
  const { place, thread, at } = read();
  if (place !== session.place) Object.assign(seen, { limit: PAGE_OF_MESSAGES, channel: null });
  Object.assign(session, { place, thread });
  seen.at = at;
  if (place === "home") act("open_home").catch(failed);
  await Promise.all([refresh.place(), refresh.sidebar(), changed && refresh.modals()]);
}

async function begin() {
  learn(await start());
  document.body.prepend(el("div", { class: "page" }, sidebar.node, main, threadPane.node));
  main.addEventListener("click", () => document.body.classList.remove("sidebar-open"), true);
  window.addEventListener("hashchange", () => navigate().catch(failed));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh.place());
  await navigate();
}

begin().catch((refusal) => notice(refusal.message));
