"""The HTTP server of the process."""

from __future__ import annotations

import errno

from aiohttp import web

from app.domain.errors import BadSetup


class Server:
    """Serves one application on one address; `port` is the real one once it listens, also where 0 was asked for."""

    def __init__(self, application: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(application, handle_signals=False, access_log=None, shutdown_timeout=2.0)
        self._host = host
        self.port = port

    async def start(self) -> None:
        """Listen. Raises BadSetup when the address can't be had."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise BadSetup([_refusal(error, self._host, self.port)]) from None
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and let requests under way finish, for two seconds at most."""
        await self._runner.cleanup()


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"PORT: {port} is in use on {host}. Stop what listens there, or choose another. For example: PORT=3001"
    if error.errno == errno.EACCES:
        return f"PORT: {port} may not be opened by this user. For example: PORT=3000"
    return f"HOST: can't listen on {host} ({error.strerror or 'no such address'}). For example: HOST=127.0.0.1"
