"""The server hears no more connections than it has room for, and waits for none for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from pipeline.server.slow_clients import SlowClientProtocol, connection_limit

ROOM = 3


class Hasty(SlowClientProtocol):
    """Waits for a second only."""

    timeout_s = 1.0


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    """A server with room for three that waits for a second."""
    config = uvicorn.Config(
        PlainTextResponse("hello"),
        port=0,
        log_level="critical",
        http=Hasty,
        lifespan="off",
        limit_concurrency=ROOM,
        timeout_keep_alive=600,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join()


def ask(connection: socket.socket) -> bytes:
    """The status line of the answer to a whole request."""
    connection.settimeout(60)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    answer = b""
    while not answer.endswith((b"hello", b"Service Unavailable")):
        answer += connection.recv(1000)
    return answer


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has closed it; waits for it."""
    connection.settimeout(60)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_half_a_request_is_not_waited_for(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHos")
        assert is_closed(connection)


def test_a_byte_now_and_then_wins_no_time(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        assert ask(connection).startswith(b"HTTP/1.1 200")
        connection.settimeout(0.05)
        with pytest.raises(OSError):
            for _ in range(1200):
                connection.sendall(b"G")
                try:
                    if connection.recv(1) == b"":
                        raise ConnectionResetError
                except TimeoutError:
                    continue


def test_silence_from_the_start_is_not_waited_for(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        assert is_closed(connection)


def test_a_connection_in_use_is_kept(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        for _ in range(3):
            assert ask(connection).startswith(b"HTTP/1.1 200")
            time.sleep(0.6)


def test_beyond_its_room_it_says_so_and_far_beyond_it_closes(address: tuple[str, int]) -> None:
    others = [socket.create_connection(address) for _ in range(ROOM)]
    with socket.create_connection(address) as connection:
        assert ask(connection).startswith(b"HTTP/1.1 503")
    others += [socket.create_connection(address) for _ in range(ROOM)]
    with socket.create_connection(address) as connection:
        assert is_closed(connection)
    for other in others:
        other.close()


def test_there_is_room_for_two_hundred_readers() -> None:
    assert connection_limit() >= 400
