"""Show where the tokens are: neighbours in different colours, each with its id."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import cycle
from typing import Literal

Form = Literal["html", "terminal"]

# Five light backgrounds on which black text reads well (contrast above 12 to 1).
_COLOURS = ((198, 225, 247), (251, 226, 189), (205, 236, 205), (250, 210, 214), (228, 217, 245))


def visualise(tokens: Iterable[tuple[int, bytes]], form: Form = "html") -> str:
    """Return (id, bytes) tokens as one `<pre>` element, or as text with terminal colours.

    In HTML the id is in the `title`, so that it shows under the pointer. Bytes that are not whole
    characters, as when an emoji spans two tokens, are shown as `\\xNN`. Raises ValueError for
    another form.

    >>> visualise([(72, b"H"), (256, b"i\\n")])  # doctest: +NORMALIZE_WHITESPACE
    '<pre class="tokens"><span title="72" style="background:#c6e1f7;color:#000">H</span><span
    title="256" style="background:#fbe2bd;color:#000">i↵\\n</span></pre>'
    >>> visualise([(72, b"H")], "terminal")
    '\\x1b[48;2;198;225;247m\\x1b[30mH\\x1b[0m'
    """
    if form == "html":
        spans = (_span(idx, _text(token), colour) for (idx, token), colour in _coloured(tokens))
        return f'<pre class="tokens">{"".join(spans)}</pre>'
    if form == "terminal":
        return "".join(_ansi(_text(token), colour) for (_, token), colour in _coloured(tokens))
    raise ValueError(f"form is {form!r}; it must be 'html' or 'terminal'")


def _coloured(
    tokens: Iterable[tuple[int, bytes]],
) -> Iterable[tuple[tuple[int, bytes], tuple[int, int, int]]]:
    return zip(tokens, cycle(_COLOURS), strict=False)


def _span(idx: int, text: str, colour: tuple[int, int, int]) -> str:
    style = f"background:#{bytes(colour).hex()};color:#000"
    return f'<span title="{idx}" style="{style}">{escape(text)}</span>'


def _ansi(text: str, colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    on, off = f"\x1b[48;2;{red};{green};{blue}m\x1b[30m", "\x1b[0m"
    # A background that is still on at a line break would fill the rest of the terminal's line.
    return "\n".join(f"{on}{line}{off}" if line else "" for line in text.split("\n"))


def _text(token: bytes) -> str:
    text = token.decode("utf-8", errors="backslashreplace")
    return text.replace("\r", "␍").replace("\n", "↵\n")
