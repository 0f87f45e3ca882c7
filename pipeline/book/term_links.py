"""Linking terms in a finished page to where an earlier chapter introduces them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from pipeline.book.term_keys import is_unspaced, keys_in

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*+)[^<>]*+(?<=(/)|.)>|<!--(?:(?!<!--).)*?-->", re.DOTALL)
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
_READ = frozenset({"p", "li", "dd", "td"})
_CLOSED = frozenset({
    "a", "pre", "samp", "figure", "figcaption", "details", "summary", "button", "nav", "header",
    "footer", "script", "style", "math", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "aside",
})  # fmt: skip


def link_terms(html: str, links: Mapping[str, tuple[str, str]]) -> str:
    """``html`` with the first mention of each term in running text as a link.

    Args:
        html: a page or fragment whose attributes hold no bare ``>``.
        links: by the term's key: the address it leads to, and the link's title.
    """
    left = dict(links)
    unspaced = [key for key in sorted(left, key=len, reverse=True) if is_unspaced(key)]
    out: list[str] = []
    open_tags: list[str] = []
    at = 0
    for tag in _TAG.finditer(html):
        text = html[at : tag.start()]
        readable = left and text.strip() and _is_running(open_tags)
        out.append(_linked(text, left, unspaced) if readable else text)
        out.append(tag[0])
        at = tag.end()
        _follow(open_tags, tag)
    out.append(html[at:])
    return "".join(out)


def _follow(open_tags: list[str], tag: re.Match[str]) -> None:
    name = (tag[2] or "").lower()
    if not name or name in _VOID or tag[3]:
        return
    if not tag[1]:
        open_tags.append(name)
    elif name in open_tags:
        while open_tags.pop() != name:
            pass


def _is_running(open_tags: list[str]) -> bool:
    return any(tag in _READ for tag in open_tags) and not any(tag in _CLOSED for tag in open_tags)


def _linked(html: str, left: dict[str, tuple[str, str]], unspaced: list[str]) -> str:
    """One run of text; the terms it links are taken out of ``left``."""
    text = unescape(html)
    spots: list[tuple[int, int, str]] = []
    end_of_last = 0
    for key, start, end in keys_in(text):
        if start >= end_of_last and key in left:
            spots.append((start, end, key))
            end_of_last = end
            if len({spot[2] for spot in spots}) < len(spots):
                spots.pop()
    if not spots:
        for key in unspaced:
            if key in left and (start := text.find(key)) >= 0:
                spots.append((start, start + len(key), key))
                break
    if not spots:
        return html
    parts = []
    at = 0
    for start, end, key in spots:
        address, title = left.pop(key)
        parts.append(escape(text[at:start], quote=False))
        parts.append(
            f'<a class="term" href="{escape(address)}" title="{escape(title)}">'
            f"{escape(text[start:end], quote=False)}</a>"
        )
        at = end
    parts.append(escape(text[at:], quote=False))
    return "".join(parts)
