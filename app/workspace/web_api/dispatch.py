"""From an HTTP request to a method and back: authentication, scopes, limits, faults, the log."""

import asyncio
import base64
import json
import time
from collections.abc import Iterable

from aiohttp import web

from app.workspace.errors import SlackError
from app.workspace.faults import Fault
from app.workspace.model import Json
from app.workspace.scopes import SCOPES
from app.workspace.state import State
from app.workspace.web_api import auth, chat, conversations, files, marks, modals, reading, users
from app.workspace.web_api.invocation import METHODS, Invocation, missing_scope
from app.workspace.web_api.tiers import Meter

FAMILIES = (auth, chat, conversations, files, marks, modals, reading, users)
_OPEN_TO_ALL = frozenset({"oauth.v2.access"})
_SECRETS = frozenset({"token", "client_secret", "refresh_token"})
_FOR_APP_TOKENS = frozenset({"apps.connections.open"})


class WebApi:
    """Answers `/api/{method}` for the workspaces whose tokens it knows."""

    def __init__(self, workspaces: Iterable[State]) -> None:
        self._workspaces = list(workspaces)
        self._meters = {id(one): Meter() for one in self._workspaces}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        method = request.match_info["method"]
        args = await _arguments(request)
        token = _token(request, args)
        state = self._workspace(token, args)
        shown = {name: value for name, value in args.items() if name not in _SECRETS}
        fault = state.faults.strike(method, shown)
        if state.latency_seconds:
            await asyncio.sleep(state.latency_seconds)
        if fault is not None and fault.name != "lost_answer":
            stopped = await self._stop(request, state, fault, (method, shown))
            if stopped is not None:
                return stopped
        response = self._answer(state, token, method, args)
        outcome = response.headers.get("X-Outcome", "ok")
        del response.headers["X-Outcome"]
        if fault is not None and fault.name == "lost_answer":
            state.record(method, shown, "lost_answer")
            return _cut(request)
        state.record(method, shown, outcome)
        return response

    def _workspace(self, token: str, args: Json) -> State:
        for state in self._workspaces:
            ours = token == state.app.app_token or state.tokens.is_bot(token)
            if ours or args.get("code") in state.oauth_codes or state.tokens.renews(args.get("refresh_token")):
                return state
        return self._workspaces[0]

    async def _stop(
        self, request: web.Request, state: State, fault: Fault, call: tuple[str, Json]
    ) -> web.StreamResponse | None:
        if fault.name == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        state.record(*call, fault.code or fault.name)
        if fault.name == "dropped":
            return _cut(request)
        if fault.name == "http_500":
            return web.Response(status=500, text="internal server error")
        if fault.name == "ratelimited":
            return _ratelimited(int(fault.seconds))
        return _refusal(SlackError(fault.code))

    def _answer(self, state: State, token: str, method: str, args: Json) -> web.Response:
        headers = {
            "X-OAuth-Scopes": ",".join(sorted(state.app.scopes)),
            "X-Accepted-OAuth-Scopes": ",".join(sorted(SCOPES.get(method, ()))),
        }
        try:
            wait = self._wait(state, method, args)
            if wait:
                response, outcome = _ratelimited(wait), "ratelimited"
            else:
                answer = {"ok": True} | _call(state, token, method, args)
                response, outcome = web.json_response(answer), "ok"
        except SlackError as refused:
            response, outcome = _refusal(refused), refused.code
        response.headers.update(headers | {"X-Outcome": outcome})
        return response

    def _wait(self, state: State, method: str, args: Json) -> int:
        if not state.rate_limited:
            return 0
        meter = self._meters[id(state)]
        return meter.wait_seconds(method, str(args.get("channel")), time.monotonic())


def _call(state: State, token: str, method: str, args: Json) -> Json:
    handler = METHODS.get(method)
    if handler is None:
        raise SlackError("unknown_method", req_method=method)
    if method not in _OPEN_TO_ALL:
        _check_token(state, token, method)
    return handler(Invocation(state, method, args))


def _check_token(state: State, token: str, method: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token != state.app.app_token and not state.tokens.is_bot(token):
        raise SlackError("invalid_auth")
    if (token == state.app.app_token) is not (method in _FOR_APP_TOKENS):
        raise SlackError("not_allowed_token_type")
    if token == state.app.app_token:
        # It is the app's own, whoever has installed it.
        return
    if not state.app.installed:
        raise SlackError("account_inactive")
    state.tokens.check(token)
    needed = SCOPES[method]
    if needed and not needed & state.app.scopes:
        raise missing_scope(state, needed)


def _token(request: web.Request, args: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else str(args.get("token") or "")


def _credentials(request: web.Request) -> Json:
    """The client id and secret, where they come as HTTP basic authentication."""
    scheme, _, coded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, client_secret = base64.b64decode(coded).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": client_secret}


async def _arguments(request: web.Request) -> Json:
    args: Json = dict(request.query) | _credentials(request)
    if request.content_type == "application/json":
        try:
            sent = json.loads(await request.text() or "{}")
        except ValueError:
            return args
        return args | sent if isinstance(sent, dict) else args
    return args | dict(await request.post())


def _refusal(refused: SlackError) -> web.Response:
    return web.json_response({"ok": False, "error": refused.code} | refused.details)


def _ratelimited(seconds: int) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
