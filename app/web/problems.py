"""Errors as JSON problem documents."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: str) -> web.Response:
    """A response with `status` and `{type, title, status, detail}`, and `more` members; `detail` is for a person."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return web.json_response(body, status=status, headers=headers, content_type="application/problem+json")
