"""Lines that belong to a program's window, not to what it shows: menus, addresses, status bars."""

from __future__ import annotations

import re

from pipeline.text.english import word_set
from pipeline.text.words import bare

_MENUS = word_set(
    "file edit view history bookmarks develop window help insert cell kernel widgets trusted run"
    " tools format terminal selection go runtime navigate code refactor build git markdown safari"
    " chrome firefox python share comment connect logout"
)
_RIBBON = word_set(
    "home layout page formulas data review draw design transitions animations references mailings"
)
# How many words of a line, and which share of them. Of 3,944 lines of captions none has as many;
# with two of a menu one has ("code code point is").
_LEAST_MENUS, _MENU_SHARE = 3, 0.5
_LEAST_TABS, _TAB_SHARE = 5, 0.7
SITE = re.compile(
    r"(?<![\w.-])[.-]*+((?:[a-z0-9-]+\.)+(?:com|org|net|io|app|ai|dev|edu|gov))\b(?!/?\w)"
)
_TYPED = re.compile(r"https?://\S+|\blocalhost(?::\d+)?(?:/\S*)?|\bfile:///\S+")
_DOMAIN = re.compile(
    r"(?<![a-z0-9-])(?<![a-z0-9-]\.)(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,10}(?:/\S*)?"
)
_STATUS = re.compile(
    r"\bLn \d+|\bCol \d+|\bUTF-8\b|\bSpaces: \d|\bPage \d+ of \d+\b|\bSlide \d+ of \d+\b"
    r"|\b\d+ words\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:\w{3} )?\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?", re.IGNORECASE)
_SIDE = re.compile(
    r"(?:v |> )?(?:EXPLORER|OPEN EDITORS|OUTLINE|TIMELINE|SOURCE CONTROL)\b|Project\b.?"
)


def is_menu(line: str) -> bool:
    """Whether most words of ``line`` are names of menus, or of an office program's tabs."""
    words = [bare(word) for word in line.split()]
    menus = sum(word in _MENUS for word in words)
    tabs = menus + sum(word in _RIBBON for word in words)
    count = len(words)
    is_office = tabs >= _LEAST_TABS and tabs >= _TAB_SHARE * count
    return is_office or (menus >= _LEAST_MENUS and menus >= _MENU_SHARE * count)


def is_address(line: str) -> bool:
    """Whether ``line`` is what an address bar holds: an address, with a few letters around it."""
    found = _TYPED.search(line)
    if found is None and (found := _DOMAIN.search(line)) is not None:
        # A name with a dot is not enough: "model.train" is code, "notes.md" a file.
        known = SITE.search(line) or "/" in found[0] or found[0].startswith("www.")
        found = found if known else None
    return found is not None and len(line) < len(found[0]) + 16


def is_status_bar(line: str) -> bool:
    """Whether ``line`` stands at the bottom of an editor or an office program."""
    return _STATUS.search(line) is not None


def is_clock(line: str) -> bool:
    """Whether ``line`` is a time of day and nothing else, as a task bar shows it."""
    return _CLOCK.fullmatch(line.strip()) is not None


def is_side_bar(line: str) -> bool:
    """Whether ``line`` heads a panel beside an editor."""
    return _SIDE.match(line.strip()) is not None
