"""The pages of an installation: short, and without anything that a link could smuggle in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from aiohttp import web

_STYLE = (
    "body{font:17px/1.55 system-ui,sans-serif;max-width:34rem;margin:14vh auto;padding:0 1.5rem;color:#1f2937;"
    "background:#fff}h1{font-size:1.5rem;line-height:1.25}a.do{display:inline-block;margin-top:.75rem;padding:.65rem "
    "1.2rem;border-radius:.5rem;background:#1f2937;color:#fff;text-decoration:none}a.do:focus{outline:3px solid "
    "#60a5fa;outline-offset:2px}code{font-size:.95em}@media(prefers-color-scheme:dark){body{color:#e5e7eb;background:#111827}"
    "a.do{background:#e5e7eb;color:#111827}}"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
}
AGAIN = ("Start again", "/slack/install")
_CODE = re.compile(r"[a-z0-9_]{1,60}")


@dataclass(frozen=True)
class Page:
    """A page as plain text. `link` is a label and an address of our own or Slack's; `status` is the HTTP status."""

    title: str
    lines: tuple[str, ...]
    link: tuple[str, str] | None = None
    status: int = 200

    def response(self) -> web.Response:
        """The page as an answer, with everything escaped."""
        words = "".join(f"<p>{escape(line)}</p>" for line in self.lines)
        link = f'<p><a class="do" href="{escape(self.link[1])}">{escape(self.link[0])}</a></p>' if self.link else ""
        text = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>AI Incident</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<style>{_STYLE}</style></head><body><main><h1>{escape(self.title)}</h1>{words}{link}</main></body></html>"
        )
        return web.Response(text=text, status=self.status, content_type="text/html", headers=_HEADERS)


def offer(address: str) -> Page:
    """Before: what will happen, and the way to Slack."""
    return Page(
        "Install AI Incident",
        (
            "AI Incident runs the response when an AI system fails: it opens a channel, keeps the timeline and drafts "
            "what can be said.",
            "Slack will show what the app may do and ask for your consent. The link works for ten minutes.",
        ),
        ("Add to Slack", address),
    )


def installed(team_name: str, team_url: str, channel: str) -> Page:
    """After: it worked, and what to do next."""
    return Page(
        f"AI Incident is installed in {team_name}",
        (
            f"To announce incidents, invite it: write /invite @AI Incident in #{channel}.",
            "Then write /ai-incident in any channel to declare an incident.",
        ),
        (f"Open {team_name}", team_url) if team_url.startswith(("https://", "http://")) else None,
    )


def denied() -> Page:
    """The person said no."""
    return Page("Nothing was installed", ("You, or your workspace, did not agree. That is all.",), AGAIN)


def refused(why: str) -> Page:
    """What we refuse, in words that are already plain."""
    return Page("That did not work", (why,), AGAIN, 400)


def slack_refused(code: str) -> Page:
    """Slack refused; its word for why helps whoever runs the app."""
    said = code if _CODE.fullmatch(code) else "no reason given"
    return refused(f"Slack refused the installation ({said}). Nothing was installed; please start again.")


def organisation() -> Page:
    """Installed for a whole organisation."""
    return refused(
        "The app was approved for a whole organisation, which it does not support. "
        "Nothing was kept; please start again and choose one workspace."
    )


def silent() -> Page:
    """Slack did not answer."""
    why = "Slack did not answer in time. Nothing was kept here; please start again in a moment."
    return Page("Slack can't be reached", (why,), AGAIN, 502)


def broken(reference: str) -> Page:
    """The fault is ours."""
    why = (
        "The fault is ours. Please try again; if it happens again, give whoever runs this app "
        f"the reference {reference}."
    )
    return Page("That did not work", (why,), AGAIN, 500)
