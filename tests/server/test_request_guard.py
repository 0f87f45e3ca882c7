"""Who may talk to the server."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pipeline.server.request_guard import RequestGuard, is_loopback


async def _hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


def client(token: str | None = None) -> TestClient:
    inner = Starlette(routes=[Route("/", _hello, methods=["GET", "POST"])])
    return TestClient(
        RequestGuard(inner, ("127.0.0.1", "localhost", "::1"), token), base_url="http://127.0.0.1:8000",
        follow_redirects=False,
    )  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "[::1]:8000"])
def test_its_own_names_are_answered_with_any_port(host: str) -> None:
    assert client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["LocalHost:8000", "[0:0:0:0:0:0:0:1]"])
def test_letters_of_either_size_are_one_name_but_other_spellings_are_not(host: str) -> None:
    expected = 200 if host.startswith("L") else 421
    assert client().get("/", headers={"Host": host}).status_code == expected


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "", "127.0.0.1@evil", "evil@127.0.0.1",
        "localhost.", "127.0.0.1.", "2130706433", "0x7f.1", "[::1", "::1]:80", "[::1]evil",
        "[::ffff:127.0.0.1]", "127.0.0.1:evil", "127.0.0.1:8000:9", "127.0.0.1/evil", "127.0.0.1 ",
        "localhost,evil.example",
    ],
)  # fmt: skip
def test_a_foreign_name_reaches_nothing(host: str) -> None:
    assert client().get("/", headers={"Host": host}).status_code == 421


def test_two_names_at_once_are_none() -> None:
    headers = [("Host", "127.0.0.1"), ("Host", "evil.example")]
    assert client().get("/", headers=headers).status_code == 421
    assert client().get("/", headers=headers[::-1]).status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://127.0.0.1:8000.evil.example"}, 403),
        ({"Origin": "http://evil.example/http://127.0.0.1:8000"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_only_our_own_pages_may_change_anything(headers: dict[str, str], status: int) -> None:
    assert client().post("/", headers=headers).status_code == status


def test_another_site_may_link_to_a_page_but_not_read_it_as_a_script() -> None:
    script = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client().get("/", headers=script).status_code == 403
    assert client().get("/", headers=link).status_code == 200
    policy = client().get("/").headers["Cross-Origin-Resource-Policy"]
    assert policy == "same-origin"


def test_the_way_back_after_the_token_stays_on_this_server() -> None:
    scope_path = "http://127.0.0.1:8000//evil.example/?token=s3cret"
    answer = client("s3cret").get(scope_path)
    assert answer.headers["location"] == "/evil.example/"


def test_a_token_is_asked_for_once_and_then_remembered() -> None:
    browser = client("s3cret")
    assert browser.get("/").status_code == 401
    assert browser.get("/?token=wrong").status_code == 401
    answer = browser.get("/?a=1&token=s3cret")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?a=1")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert browser.get("/").text == "hello"


def test_every_answer_forbids_guessing_types_and_framing() -> None:
    headers = client().get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("localhost", True), ("::1", True),
     ("0.0.0.0", False), ("192.168.1.5", False), ("lectures.lan", False)],
)  # fmt: skip
def test_loopback_is_told_from_the_rest(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
