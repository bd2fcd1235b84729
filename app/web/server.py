"""The HTTP server of the process."""

from __future__ import annotations

import asyncio
import errno
from contextlib import suppress

from aiohttp import web

from app.domain.errors import BadSetup

# How many connections the system holds until they are taken: a burst of events arrives over as many as Slack likes.
BACKLOG = 128
# Of the event loop: in the first an accepted connection is made, in the second it begins to wait for its request.
TURNS = 2


class Server:
    """Serves one application on one address; `port` is the real one once it listens, also where 0 was asked for."""

    def __init__(self, application: web.Application, host: str, port: int, *, patience_seconds: float = 2.0) -> None:
        self._runner = web.AppRunner(
            application, handle_signals=False, access_log=None, shutdown_timeout=patience_seconds
        )
        self._host = host
        self._listening: asyncio.Server | None = None
        self.port = port

    async def start(self) -> None:
        """Listen. Raises BadSetup when the address can't be had."""
        await self._runner.setup()
        assert self._runner.server is not None
        loop = asyncio.get_running_loop()
        try:
            self._listening = await loop.create_server(self._runner.server, self._host, self.port, backlog=BACKLOG)
        except OSError as error:
            await self._runner.cleanup()
            raise BadSetup([_refusal(error, self._host, self.port)]) from None
        self.port = self._listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and let requests under way finish, as long as patience lasts."""
        if self._listening is not None:
            await _stop_listening(self._listening)
            self._listening = None
        await self._runner.cleanup()


async def _stop_listening(listening: asyncio.Server) -> None:
    """Take no more connections, and lose none that was just taken.

    One that is accepted and not yet a connection when asyncio's server closes would be answered by nobody and
    closed by nobody: accepting ends first, some turns of the loop before the server.
    """
    loop = asyncio.get_running_loop()
    # Where a loop does not wait for sockets in this way, as on Windows, there is nothing to take back.
    with suppress(NotImplementedError):
        for socket in listening.sockets:
            loop.remove_reader(socket.fileno())
    for _ in range(TURNS):
        await asyncio.sleep(0)
    listening.close()


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"PORT: {port} is in use on {host}. Stop what listens there, or choose another. For example: PORT=3001"
    if error.errno == errno.EACCES:
        return f"PORT: {port} may not be opened by this user. For example: PORT=3000"
    return f"HOST: can't listen on {host} ({error.strerror or 'no such address'}). For example: HOST=127.0.0.1"
