"""Addresses that a lecture names: in its description, and on its screens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.document.dialect import is_address
from pipeline.models import Frame, Link

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
_TWICE = 2  # screens: letters that are read wrongly are seldom read wrongly the same way again


def lecture_links(description: str, frames: Sequence[Frame]) -> tuple[Link, ...]:
    """The addresses in order, each once: of the description, with the words before them on their
    line as title, and those that stand on two screens at least."""
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
    for url in _on_screens(frames):
        found.setdefault(_key(url), Link(title=_bare(url), url=url))
    return tuple(found.values())


def _on_screens(frames: Sequence[Frame]) -> list[str]:
    seen: Counter[str] = Counter()
    first: dict[str, str] = {}
    for frame in frames:
        if frame.same_as is None:
            shown = {_key(one[0]): one[0] for one in _SHOWN.finditer(frame.text)}
            seen.update(shown.keys())
            first = shown | first
    urls = (first[key] for key, count in seen.items() if count >= _TWICE)
    return [url if "://" in url else f"https://{url}" for url in urls]


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _key(url: str) -> str:
    bare = url.partition("://")[2] or url
    return bare.casefold().removeprefix("www.").rstrip("/")
