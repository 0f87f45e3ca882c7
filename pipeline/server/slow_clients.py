"""How long, and for how many connections, the server waits for requests that do not come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

# Ample for the 200 readers at a time of tests/load; many systems give a process 1,024.
_WANTED_HANDLES = 8192
_OWN_HANDLES = 64  # of the server itself: its log, its jobs, its libraries


def connection_limit() -> int:
    """How many connections are answered at a time; raises the process's limit of open files.

    A connection takes a handle, and one more while a file is sent to it. From this many on they are
    told to come back (503), from twice as many on they are closed unheard.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return _WANTED_HANDLES // 3
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED_HANDLES if hard == resource.RLIM_INFINITY else min(hard, _WANTED_HANDLES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    handles = _WANTED_HANDLES if soft == resource.RLIM_INFINITY else min(soft, _WANTED_HANDLES)
    return max(8, (handles - _OWN_HANDLES) // 3)


class SlowClientProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1 that closes connections on which no whole request comes in time.

    Attributes:
        timeout_s: for the head of a request, the first and every further one on a connection.
            Uvicorn itself waits for ever once a byte has come. A browser sends the head at once;
            ten seconds leave room for lost packets, sent again after 1, 2 and 4 s (RFC 6298).
    """

    timeout_s = 10.0

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait, unless there are far too many already."""
        super().connection_made(transport)
        if self.limit_concurrency and len(self.connections) > 2 * self.limit_concurrency:
            transport.abort()
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting while no answer is under way: a byte now and then is no request."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        else:
            self._wait_no_longer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.timeout_s, self.transport.abort)

    def _wait_no_longer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
