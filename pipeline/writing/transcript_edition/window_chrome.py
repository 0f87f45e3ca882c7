"""What on a screen belongs to the windows, not to the lecture: menus, tabs, addresses, footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.models import Frame
from pipeline.text.window_lines import SITE, is_menu
from pipeline.text.words import bare

_WINDOW = re.compile(
    r"https?://|www\.|\blocalhost\b|last checkpoint|\(?autosaved\)?|unsaved changes"
    r"|\d match|begins with",
    re.IGNORECASE,
)
_TOP_LINES = 4
_HEAD = 0.12  # of the height of the picture
_BESIDE = 30  # letters around an address
_CERTAIN = 0.97  # confidence: addresses that were misread ("gitnub.com") had up to 0.96


class WindowChrome:
    """Knows the window lines of one lecture.

    Args:
        frames: all its frames: a line that begins alike on a tenth of them is no content.
    """

    def __init__(self, frames: Sequence[Frame]) -> None:
        seen: Counter[str] = Counter()
        for frame in frames:
            seen.update({key for line in _lines(frame) if (key := _beginning(line))})
        least = max(4, len(frames) // 10)
        self._repeated = {key for key, count in seen.items() if count >= least}
        hosts = [host for frame in frames if (host := self.host(frame))]
        self._named = Counter(map(_name, hosts))
        others = (line for frame in frames for line in _lines(frame) if not _is_site(line))
        self._written = "\n".join(others).casefold()

    def content(self, frame: Frame) -> list[str]:
        """The lines of ``frame`` that are not chrome, top to bottom, spaces evened out."""
        window = self.in_window(frame)
        return [line for line in _lines(frame) if not self.is_chrome(line, window)]

    def in_window(self, frame: Frame) -> bool:
        """Whether the frame shows a program's window with its menu, not a slide."""
        return any(is_menu(line) for line in _lines(frame)[: 2 * _TOP_LINES])

    def host(self, frame: Frame) -> str | None:
        """The site in a browser's address bar (``en.wikipedia.org``), or None."""
        for line in _head(frame) if self.in_window(frame) else ():
            if (match := SITE.search(line)) and _is_site(line):
                return match[1]
        return None

    def web_page(self, frame: Frame) -> str | None:
        """The site of a page in a browser; None for a notebook in it, which runs what it shows."""
        host = self.host(frame)
        return None if host is None or "colab" in host else host

    def sure_host(self, frame: Frame) -> str | None:
        """The site, if its address was read well enough to name it: surely, and its name stands on
        another frame or elsewhere on a screen (a lost dot makes another name, read as surely)."""
        host = self.host(frame)
        if host is None or not frame.lines:
            return host
        name = _name(host)
        if self._named[name] < 2 and name not in self._written:
            return None
        sure = any(host in line.text and line.confidence >= _CERTAIN for line in frame.lines)
        return host if sure else None

    def is_chrome(self, line: str, window: bool) -> bool:
        """Whether a line, of a frame that shows a ``window`` or not, is no content."""
        return (
            is_menu(line)
            or bool(_WINDOW.search(line))
            or (window and _is_site(line))
            or _beginning(line) in self._repeated
        )


def _head(frame: Frame) -> list[str]:
    """The lines among which an address bar is; columns below it may cut it off from the top of the
    text."""
    if not frame.lines:
        return _lines(frame)[:_TOP_LINES]
    head = [line for line in frame.lines if line.box.bottom <= _HEAD * frame.height]
    return [line.text for line in sorted(head, key=lambda line: (line.box.y, line.box.x))]


def _is_site(line: str) -> bool:
    """Whether a line holds the address of a site and little else."""
    match = SITE.search(line)
    return match is not None and len(line) < len(match[1]) + _BESIDE


def _name(host: str) -> str:
    """What a site is called: "wikipedia" of "en.wikipedia.org"."""
    return host.split(".")[-2]


def _lines(frame: Frame) -> list[str]:
    lines = (" ".join(text.split()) for text in frame.text.splitlines())
    return [line for line in lines if len(bare(line)) > 1]


def _beginning(line: str) -> str:
    """The first words of a line, by which it is known again; "" for a line of one word."""
    words = [key for word in line.split() if (key := bare(word)) and not key.isdigit()]
    return " ".join(words[:3]) if len(words) > 1 else ""
