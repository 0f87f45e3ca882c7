"""Addresses that a lecture names: in its description, and on its screens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document.dialect import is_address
from pipeline.document.outline import Link
from pipeline.models import Frame

_ADDRESS = re.compile(r"https?://[^\s<>\"'(){}|\\^`\[\]]+", re.IGNORECASE)
# What a browser shows of an address: no scheme, but a host and a path. Hosts alone ("github.com")
# stand on many screens and say nothing; "self.x/self.y" is code, so only endings of hosts count.
_ENDINGS = (
    "com|org|net|edu|gov|int|info|io|ai|dev|app|co|me|tv|ly|xyz|eu|uk|de|fr|ch|at|nl|be|it|es|pt|se|no"
    "|fi|dk|pl|cz|gr|ie|ca|us|au|nz|jp|cn|kr|tw|hk|sg|br|mx|za|il|tr|ru|ua"
)
_SHOWN = re.compile(
    rf"(?<![\w@./:-])(?:https?://(?:[a-z0-9-]+\.)+[a-z]{{2,}}|(?:[a-z0-9-]+\.)+(?:{_ENDINGS}))"
    r"/[\w./~%?=&#:+-]*\w",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[\s\-*•·]*(?P<label>[^:\s\-*•·][^:\n]{1,78}[^:\s–—-])\s*(?:[:–—-]\s*)?$")
_CUT_OFF = re.compile(r"\S*(?:…|\.\.\.)")
_TWICE = 2  # screens
_CERTAIN = 0.97  # confidence: addresses that were misread ("gitnub.com") had up to 0.96
_BAR = 0.2  # of the height of the picture: an address bar stands above
_ICONS = 6  # letters that the signs beside an address in its bar are read as


@dataclass(frozen=True)
class ShownAddress:
    """An address on a screen, and when it is shown first."""

    at_ms: int
    link: Link


def lecture_links(description: str, frames: Sequence[Frame]) -> tuple[Link, ...]:
    """The addresses in order, each once: of the description, with the words before them on their
    line as title, and those of the screens (``shown_addresses``)."""
    found: dict[str, Link] = {}
    for line in description.splitlines():
        end = 0
        for match in _ADDRESS.finditer(line):
            url = match[0].rstrip(".,;:!?…")
            label = _LABEL.match(line[end : match.start()])
            end = match.end()
            if is_address(url):
                title = label["label"].strip() if label else ""
                found.setdefault(_key(url), Link(title=title or _bare(url), url=url))
    for shown in shown_addresses(frames):
        found.setdefault(_key(shown.link.url), shown.link)
    return tuple(found.values())


def with_shown_addresses(links: Sequence[Link], frames: Sequence[Frame]) -> tuple[Link, ...]:
    """The links, then those addresses of the screens (``shown_addresses``) that are not among
    them."""
    known = {_key(link.url) for link in links}
    shown = (one.link for one in shown_addresses(frames))
    return (*links, *(link for link in shown if _key(link.url) not in known))


def shown_addresses(frames: Sequence[Frame]) -> tuple[ShownAddress, ...]:
    """The addresses that are read surely, in order of time, each once.

    One that stands whole on two screens at least, or alone in the bar of a browser; lines that are
    not read certainly do not count.
    """
    seen: Counter[str] = Counter()
    first: dict[str, tuple[int, str]] = {}
    for frame in frames:
        if frame.same_as is not None:
            continue
        shown: dict[str, str] = {}
        for line, in_bar in _sure_lines(frame):
            for match in _SHOWN.finditer(line):
                if _CUT_OFF.match(line, match.end()):
                    continue
                alone = in_bar and len(line) - len(match[0]) <= _ICONS
                shown.setdefault(_key(match[0]), match[0])
                seen[_key(match[0])] += _TWICE if alone else 0
        seen.update(shown.keys())
        for key, url in shown.items():
            first.setdefault(key, (frame.at_ms, url if "://" in url else f"https://{url}"))
    return tuple(
        ShownAddress(at_ms, Link(title=_bare(url), url=url))
        for key, (at_ms, url) in first.items()
        if seen[key] >= _TWICE
    )


def _sure_lines(frame: Frame) -> list[tuple[str, bool]]:
    """The lines of a screen, and whether each stands where a browser has its bar."""
    if not frame.lines:
        return [(line, False) for line in frame.text.splitlines()]
    bar = _BAR * frame.height
    return [(line.text, line.box.y < bar) for line in frame.lines if line.confidence >= _CERTAIN]


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _key(url: str) -> str:
    bare = url.partition("://")[2] or url
    return bare.casefold().removeprefix("www.").rstrip("/")
