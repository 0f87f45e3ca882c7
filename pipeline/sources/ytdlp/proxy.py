"""A forward proxy inside this process that lets nothing through to a private address.

Everything that loads a video is told to use it: yt-dlp with all its extractors, its downloaders and
the ffmpeg that it starts. So one place sees each connection, after every redirect and for every
address inside a page or a playlist. A name is resolved here, once, and the connection is made to
the address that was checked: a name that changes its address in between (DNS rebinding) gains
nothing.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator

from pipeline.sources.address_guard import (
    Exempt,
    PrivateAddressError,
    Resolve,
    permitted,
    resolve,
)
from pipeline.sources.ytdlp.proxy_protocol import (
    BadRequestError,
    RequestHead,
    ResponseHead,
    read_head,
    refusal,
    relay,
)

_BACKLOG = 64  # yt-dlp has a few connections at a time
_CONNECT_S = 20.0  # yt-dlp's own default (--socket-timeout)


class AddressProxy:
    """The proxy; for use in a ``with`` block.

    Args:
        exempt: what may be reached although it is private.
        connect_s: seconds after which an address that does not answer is given up.
        ask: the addresses of a name (tests give their own).
    """

    def __init__(
        self, exempt: Exempt, connect_s: float = _CONNECT_S, ask: Resolve = resolve
    ) -> None:
        self._exempt = exempt
        self._connect_s = connect_s
        self._ask = ask
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._refusal: str | None = None
        self._problem: str | None = None

    def __enter__(self) -> AddressProxy:
        threading.Thread(target=self._accept, name="gate", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            waiting = [self._listener, *self._open]
        for one in waiting:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def url(self) -> str:
        """The address to be used as a proxy."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def take_refusal(self) -> str | None:
        """Why a private address was refused since the last call, if one was."""
        with self._lock:
            reason, self._refusal = self._refusal, None
        return reason

    @property
    def problem(self) -> str | None:
        """Why the newest connection could not be made; None when it could."""
        return self._problem

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._handle, args=(client,), daemon=True).start()

    def _handle(self, client: socket.socket) -> None:
        with client, self._known(client), contextlib.suppress(OSError):
            try:
                head = read_head(client)
            except BadRequestError as error:
                client.sendall(refusal(400, str(error)))
                return
            try:
                upstream = self._dial(head.host, head.port)
            except PrivateAddressError as error:
                self._refusal = str(error)
                client.sendall(refusal(403, str(error)))
                return
            except OSError as error:
                self._problem = str(error)
                client.sendall(refusal(502, str(error)))
                return
            self._problem = None
            with upstream, self._known(upstream):
                self._pass_on(client, upstream, head)

    def _pass_on(self, client: socket.socket, upstream: socket.socket, head: RequestHead) -> None:
        if head.tunnel:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        upstream.sendall(head.forward)
        try:
            relay(client, upstream, None if head.tunnel else ResponseHead())
        except ConnectionError:
            # A break must look like one, not like an answer that has ended.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _dial(self, host: str, port: int) -> socket.socket:
        """A connection to the first address that is permitted and answers."""
        problem: OSError | None = None
        for address in permitted(host, port, self._exempt, self._ask):
            try:
                made = socket.create_connection((address, port), timeout=self._connect_s)
            except OSError as error:
                problem = error
                continue
            made.settimeout(None)
            return self._not_ourselves(made, host)
        raise OSError(f"cannot connect to {host}:{port}: {problem}") from problem

    def _not_ourselves(self, made: socket.socket, host: str) -> socket.socket:
        """Refuse the public address of this very machine: its services trust it as their own."""
        own, other = made.getsockname()[0], made.getpeername()[0]
        if own == other and not self._exempt.permits(host, other):
            made.close()
            raise PrivateAddressError(f"{host} is this machine itself ({other})")
        return made

    @contextlib.contextmanager
    def _known(self, one: socket.socket) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise OSError("closed")
            self._open.add(one)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(one)
