"""The screen in a browser: one process of the screen per page, served on this machine only.

textual-serve has no logins and asks no page where it comes from. So this
listens on the loopback address alone, answers only to its own name (against
names that a stranger points at this machine), and lets only its own page open
the socket (against other pages in the same browser).
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from textual_serve.server import Server

HOST = "127.0.0.1"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebScreens(Server):
    """Serves screens of one command.

    Args:
        words: Words of ``termdesk`` that open one screen.
        port: Port on the loopback address.
        public_url: Address under which a proxy shows it; empty is the loopback address itself.
    """

    def __init__(self, words: Sequence[str], port: int, public_url: str = "") -> None:
        command = shlex.join([sys.executable, "-m", "termdesk", *words])
        super().__init__(command, host=HOST, port=port, title="termdesk", public_url=public_url or None)
        self._origins = {self.public_url.rstrip("/"), f"http://{HOST}:{port}", f"http://localhost:{port}"}
        self._names = {origin.partition("://")[2].partition("/")[0] for origin in self._origins}

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guarded(request, handler)

        app.middlewares.append(guarded)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say where it is; the framework's own banner stays out."""
        self.console.print(f"termdesk at {self.public_url} (Ctrl+C ends it)", highlight=False)

    def initialize_logging(self) -> None:
        """Log nothing: a page's address and sizes are no news."""

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Give a screen to our own page.

        Raises:
            HTTPForbidden: Another page asks.
        """
        if request.headers.get("Origin", "").rstrip("/") not in self._origins:
            raise web.HTTPForbidden(text="only termdesk's own page may open a screen")
        return await super().handle_websocket(request)

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host not in self._names:
            raise web.HTTPForbidden(text=f"expected one of {', '.join(sorted(self._names))} as host")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = self._policy()
        return response

    def _policy(self) -> str:
        """Allow this server and nothing else; the framework's page would load a font from elsewhere."""
        own = " ".join(sorted(self._origins))
        sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in self._origins))
        return (
            f"default-src {own}; script-src {own} 'unsafe-inline'; style-src {own} 'unsafe-inline'; "
            f"connect-src {own} {sockets}; img-src {own} data:; font-src {own} data:; frame-ancestors 'none'"
        )
