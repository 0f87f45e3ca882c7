"""HTML as well-formed XHTML, for EPUB: void elements closed, entities as characters."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img"})
# Hints for browsers that EPUB's schema does not know, and what only the page's script reads.
_DROPPED = re.compile(r"loading|decoding|fetchpriority|translate|tabindex|data-.*")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_xhtml(html: str) -> str:
    """A sanitised fragment as XHTML; every element that was opened is closed."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return "".join(writer.out) + "".join(f"</{tag}>" for tag in reversed(writer.open))


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, value or "") for name, value in attrs if not _DROPPED.fullmatch(name)]
        if tag == "math":
            kept.insert(0, ("xmlns", "http://www.w3.org/1998/Math/MathML"))
        written = "".join(f' {name}="{_text(value)}"' for name, value in dict(kept).items())
        if tag in _VOID:
            self.out.append(f"<{tag}{written}/>")
            return
        self.out.append(f"<{tag}{written}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.open:
            return
        while self.open:
            top = self.open.pop()
            self.out.append(f"</{top}>")
            if top == tag:
                return

    def handle_data(self, data: str) -> None:
        self.out.append(_text(data))


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
