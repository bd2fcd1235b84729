// Instants in words, in the reader's own zone or in UTC as the reader chose.

import { now, session } from "./session.js";

function zone() {
  return session.utc ? "UTC" : undefined;
}

function format(date, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone(), ...options }).format(date);
}

export function ofTs(ts) {
  return new Date(Number(ts) * 1000);
}

export function clock(date) {
  return format(date, { hour: "2-digit", minute: "2-digit" });
}

export function clockSeconds(date) {
  return format(date, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function dayKey(date) {
  return format(date, { year: "numeric", month: "2-digit", day: "2-digit" });
}

export function day(date) {
  const today = now();
  if (dayKey(date) === dayKey(today)) return "Today";
  if (dayKey(date) === dayKey(new Date(today.getTime() - 86_400_000))) return "Yesterday";
  return format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

export function full(date) {
  return `${format(date, { dateStyle: "full" })}, ${clockSeconds(date)}${session.utc ? " UTC" : ""}`;
}

export function ago(date) {
  const seconds = Math.round((now().getTime() - date.getTime()) / 1000);
  const units = [["day", 86_400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) || ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-Math.trunc(seconds / size), unit);
}

function pretty(date, long) {
  const name = day(date);
  return name === "Today" || name === "Yesterday" ? name.toLowerCase() : format(date, long);
}

const SHORT = { day: "numeric", month: "short", year: "numeric" };
const MIDDLE = { day: "numeric", month: "long", year: "numeric" };
const LONG = { weekday: "long", ...MIDDLE };

const TOKENS = {
  date_num: (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
  date: (date) => format(date, MIDDLE),
  date_slash: (date) => dayKey(date),
  date_short: (date) => format(date, SHORT),
  date_long: (date) => format(date, LONG),
  date_pretty: (date) => pretty(date, MIDDLE),
  date_short_pretty: (date) => pretty(date, SHORT),
  date_long_pretty: (date) => pretty(date, LONG),
  day_divider_pretty: (date) => day(date),
  time: (date) => clock(date),
  time_secs: (date) => clockSeconds(date),
  ago: (date) => ago(date),
};

// A date as an app wrote it, such as "{date_short_pretty} at {time}"; null for a bad instant.
export function ofPattern(unixSeconds, pattern) {
  const date = new Date(Number(unixSeconds) * 1000);
  if (!/^\d+$/.test(unixSeconds) || Number.isNaN(date.getTime())) return null;
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (TOKENS[name] ? TOKENS[name](date) : whole));
}
