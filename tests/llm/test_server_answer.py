"""Whether a model's server answers, and whether it has the model."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from pipeline.llm.server_answer import ask_server
from pipeline.llm.servers import Server
from tests.servers.chat import ChatServer, good_writer


def test_a_server_that_lists_the_model_has_it() -> None:
    with ChatServer(good_writer, models=("small", "large")) as server:
        answer = ask_server(Server(server.base_url, "none"), wait_s=60)
    assert answer.answers and answer.describe("large") == "answers and has the model"
    assert "does not list the model; it has: small, large" in answer.describe("huge")


def test_a_server_without_a_list_answers_all_the_same() -> None:
    with ChatServer(good_writer) as server:
        answer = ask_server(Server(server.base_url, "none"), wait_s=60)
    assert answer.answers and answer.describe("any") == "answers, and lists no models"


def test_nobody_at_the_address_is_no_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        answer = ask_server(Server(address, "none"), wait_s=60)
    assert not answer.answers and answer.detail.startswith("does not answer")


def test_an_error_without_end_is_not_read() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(60)

        def fail_without_end() -> None:
            connection, _ = listening.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 500 no\r\nContent-Type: text/plain\r\n\r\n")
                for _ in range(600):  # a minute
                    connection.sendall(b"and so on ")
                    time.sleep(0.1)
                told.append("to the end")

        told: list[str] = []
        thread = threading.Thread(target=fail_without_end)
        thread.start()
        answer = ask_server(
            Server(f"http://127.0.0.1:{listening.getsockname()[1]}/v1", "none"), wait_s=60
        )
        thread.join()
    assert (answer.answers, answer.detail, told) == (False, "answers with status 500", [])
