"""The web edge: whatever goes wrong inside becomes a short JSON answer, and the log has the rest."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from app.domain.errors import Conflict, IncidentError, Invalid, NotAllowed, NotFound
from app.web.problems import problem

log = structlog.get_logger(__name__)

_STATUS: Mapping[type[IncidentError], int] = {NotFound: 404, Invalid: 400, NotAllowed: 403, Conflict: 409}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every exception into a problem document; an unexpected one gets a reference that the log has too."""
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        return refusal if refusal.status < 400 else _refused(refusal)
    except IncidentError as error:
        return problem(_STATUS.get(type(error), 503), str(error))
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("request_failed", method=request.method, path=request.path, reference=reference)
        return problem(500, "Something went wrong here; the log has it under this reference.", reference=reference)


def _refused(refusal: web.HTTPException) -> web.Response:
    kept = {name: refusal.headers[name] for name in ("Allow", "Retry-After") if name in refusal.headers}
    return problem(refusal.status, refusal.reason, headers=kept)


async def say_little(_request: web.Request, response: web.StreamResponse) -> None:
    """Leave the server's make out of the answer, and forbid guessing at its type."""
    response.headers.pop("Server", None)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
