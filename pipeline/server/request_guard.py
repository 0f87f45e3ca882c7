"""Who may talk to the server: known hosts, no foreign pages, and a token beyond this machine."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COOKIE = "lecture-token"
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?", re.IGNORECASE)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def is_loopback(host: str) -> bool:
    """True for names and addresses that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class RequestGuard:
    """Wraps an application; refuses what a browser elsewhere could have been tricked into.

    Args:
        hosts: the names in Host headers that are answered (without port); others get 421, so that
            a foreign name that resolves to this machine reaches nothing (DNS rebinding).
        token: what a browser must give once as ``?token=`` (a cookie remembers it); None: nothing.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], token: str | None) -> None:
        self._app = app
        self._hosts = frozenset(host.lower().strip("[]") for host in hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        named = headers.getlist("host")
        host = named[0] if len(named) == 1 else ""
        if _name(host) not in self._hosts:
            return PlainTextResponse(
                f"This server is not called {host!r} (see the setting serve.allowed_hosts).", 421
            )
        changes = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if not _from_here(headers, host) if changes else _is_embedded_elsewhere(headers):
            return PlainTextResponse("Refused: the request comes from another page.", 403)
        if self._token is None or _same(_cookie(headers), self._token):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"))
        if not _same(dict(query).get("token", ""), self._token):
            return PlainTextResponse("Add ?token=... (serve.token) to the address.", 401)
        rest = urlencode([pair for pair in query if pair[0] != "token"])
        here = "/" + scope["path"].lstrip("/\\")  # two slashes would begin another host's address
        answer = RedirectResponse(here + (f"?{rest}" if rest else ""), 303)
        answer.set_cookie(_COOKIE, self._token, httponly=True, samesite="strict")
        return answer


def _name(host: str) -> str:
    """The name in a Host header, without its port; empty when it is none."""
    match = _HOST.fullmatch(host)
    return match[1].strip("[]").lower() if match else ""


def _from_here(headers: Headers, host: str) -> bool:
    """Whether a changing request comes from our own pages, or from no browser at all."""
    origins = headers.getlist("origin")
    if origins:
        return all(origin.partition("://")[2].lower() == host.lower() for origin in origins)
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _is_embedded_elsewhere(headers: Headers) -> bool:
    """Whether a page of another site wants something of ours as its script, picture or data; a link
    that leads here is welcome."""
    foreign = headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")
    return foreign and headers.get("sec-fetch-mode", "navigate") != "navigate"


def _cookie(headers: Headers) -> str:
    try:
        cookies: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[_COOKIE].value if _COOKIE in cookies else ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _with_headers(send: Send) -> Callable[[Message], Any]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for key, value in _HEADERS.items():
                headers.setdefault(key, value)
        await send(message)

    return sending
