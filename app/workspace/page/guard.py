"""Who may use the page's routes: a browser on this machine that shows the page itself."""

from urllib.parse import urlsplit

from aiohttp import web

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def check(request: web.Request) -> None:
    """Refuse, with 403, what another site or another name for this machine's address sent.

    A foreign `Host` means that somebody made their own name point here; a foreign `Origin` or
    `Sec-Fetch-Site` means that another site's page is asking.
    """
    if urlsplit(f"//{request.host}").hostname not in LOCAL_HOSTS:
        raise web.HTTPForbidden(text="This page answers on 127.0.0.1 and localhost only.")
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin != f"{request.url.scheme}://{request.host}"
    if foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise web.HTTPForbidden(text="Only the page itself may ask this.")


async def harden(request: web.Request, response: web.StreamResponse) -> None:
    """Send the page with its own policy, and uploaded files with one that lets nothing in them run."""
    if request.path.startswith("/page"):
        response.headers.update(HEADERS)
    elif request.path.startswith("/files/"):
        response.headers["Content-Security-Policy"] = FILE_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
