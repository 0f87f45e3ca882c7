"""The proxy that lets nothing through to a private address, over real sockets.

127.0.0.2 stands for the internet here (it is exempt), 127.0.0.1 for the server's own network.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from pipeline.sources.address_guard import Exempt, resolve
from pipeline.sources.ytdlp.proxy import AddressProxy
from tests.servers.broken import Answer, Ask, BrokenServer

OUTSIDE = Exempt.of(["127.0.0.2"])


@pytest.fixture
def outside() -> Iterator[BrokenServer]:
    with BrokenServer("127.0.0.2") as server:
        server.put("/a", b"from outside", "text/plain")
        yield server


@pytest.fixture
def inside() -> Iterator[BrokenServer]:
    with BrokenServer() as server:
        server.put("/a", b"secret", "text/plain")
        yield server


def through(gate: AddressProxy, url: str, method: str = "GET") -> tuple[int, bytes]:
    port = urlsplit(gate.url).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, url)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_what_is_outside_is_reached(outside: BrokenServer) -> None:
    with AddressProxy(OUTSIDE) as gate:
        assert through(gate, outside.url("/a?b=c")) == (200, b"from outside")
        assert gate.take_refusal() is None
    assert outside.asks[0].headers["host"] == f"127.0.0.2:{outside.port}"
    assert outside.asks[0].headers["connection"] == "close"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_what_is_inside_is_not(host: str, inside: BrokenServer) -> None:
    with AddressProxy(OUTSIDE) as gate:
        status, _ = through(gate, f"http://{host}:{inside.port}/a")
        assert status == 403
        assert "127.0.0.1" in (gate.take_refusal() or "")
        assert gate.take_refusal() is None
    assert inside.asks == []


def test_neither_through_a_tunnel(inside: BrokenServer, outside: BrokenServer) -> None:
    with AddressProxy(OUTSIDE) as gate:
        port = urlsplit(gate.url).port
        for server, status in ((outside, b"200"), (inside, b"403")):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(f"CONNECT {server.host}:{server.port} HTTP/1.1\r\n\r\n".encode())
                assert client.recv(12)[9:] == status
    assert inside.asks == []


def test_a_name_is_resolved_once_and_its_next_address_checked_again(
    inside: BrokenServer, outside: BrokenServer
) -> None:
    answers = [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1", "127.0.0.2"]]

    def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    address = f"http://rebinding.example:{outside.port}/a"
    with AddressProxy(OUTSIDE, ask=rebinding) as gate:
        assert through(gate, address)[0] == 200
        assert through(gate, address)[0] == 403
        assert through(gate, address)[0] == 200  # only at the address that may be reached
        assert answers == []
    assert inside.asks == []


def test_a_second_request_is_never_sent_to_the_first_ones_server(outside: BrokenServer) -> None:
    with AddressProxy(OUTSIDE) as gate, BrokenServer("127.0.0.2") as other:
        other.put("/b", b"the other", "text/plain")
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(gate.url).port, timeout=10)
        for url, body in ((outside.url("/a"), b"from outside"), (other.url("/b"), b"the other")):
            connection.request("GET", url)
            assert connection.getresponse().read() == body
    assert [ask.path for ask in outside.asks + other.asks] == ["/a", "/b"]


def test_a_broken_connection_looks_broken(outside: BrokenServer) -> None:
    def endless_and_cut(ask: Ask, body: bytes) -> Answer:
        return Answer(body=bytes(1_000_000), length=None, cut=50_000)

    outside.put("/cut", b"x", fault=endless_and_cut)
    with AddressProxy(OUTSIDE) as gate, pytest.raises(ConnectionResetError):
        through(gate, outside.url("/cut"))


@pytest.mark.parametrize("url", ["ftp://127.0.0.2/a", "file:///etc/passwd", "/a", "http:///a"])
def test_only_web_addresses_are_taken(url: str) -> None:
    with AddressProxy(OUTSIDE) as gate:
        assert through(gate, url)[0] == 400


def test_a_server_that_cannot_be_reached_is_named() -> None:
    with AddressProxy(OUTSIDE) as gate:
        assert through(gate, "http://127.0.0.2:9/a")[0] == 502
        assert "127.0.0.2:9" in (gate.problem or "")
        assert through(gate, "http://no-such-host.invalid/a")[0] == 502
        assert "Failed to resolve" in (gate.problem or "")


def test_this_machines_own_address_is_refused_even_if_it_is_a_public_one(
    inside: BrokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.sources.address_guard.is_public", lambda address: True)
    with AddressProxy(Exempt()) as gate:
        assert through(gate, inside.url("/a"))[0] == 403
        assert "this machine itself" in (gate.take_refusal() or "")
    assert inside.asks == []


def test_nothing_is_left_open(outside: BrokenServer) -> None:
    def silent(ask: Ask, body: bytes) -> Answer:
        return Answer(body=b"x" * 10, length=20, stall=10)

    outside.put("/silent", b"", fault=silent)
    with AddressProxy(OUTSIDE) as gate:
        port = urlsplit(gate.url).port or 0
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(f"GET {outside.url('/silent')} HTTP/1.1\r\n\r\n".encode())
        assert client.recv(100)
    client.settimeout(10)
    while client.recv(100):
        pass
    client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert threading.active_count() < 50


def test_names_are_resolved_by_the_system() -> None:
    assert "127.0.0.1" in resolve("localhost", 80)
    with pytest.raises(OSError, match="Failed to resolve"):
        resolve("a..b", 80)
