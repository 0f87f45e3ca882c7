"""Lines that belong to a program's window, not to what it shows: menus, addresses, status bars."""

from __future__ import annotations

import re

from pipeline.text.english import ARTICLES, AUXILIARIES, CONJUNCTIONS, PREPOSITIONS, word_set
from pipeline.text.words import bare

_MENUS = word_set(
    "file edit view history bookmarks develop window help insert cell kernel widgets run tools"
    " format terminal selection go runtime navigate code refactor build settings options"
)
# They stand in the same bar, and in headings beside each other as often: the program, its buttons.
_BESIDE = word_set("python markdown safari chrome firefox git trusted share comment connect logout")
_RIBBON = word_set(
    "home layout page formulas data review draw design transitions animations references mailings"
)
# How many words of a line, and which share of them. Of 15.2 million lines of text and code of
# Python packages 2 count as a menu, of 34,029 lines of captions none.
_LEAST_MENUS, _MENU_SHARE = 3, 0.5
_LEAST_TABS, _TAB_SHARE = 5, 0.7
# Not single letters: icons are read as such.
_SMALL_WORDS = {
    word for word in ARTICLES | AUXILIARIES | CONJUNCTIONS | PREPOSITIONS if len(word) > 1
}
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

_BUTTON = re.compile(
    r"(?:Add|Apply|Browse|Cancel|Choose|Clear|Close|Copy|Create|Delete|Download|Edit|Hide|Insert"
    r"|Learn|Load|New|Open|Read|Remove|Reset|Save|Search|Select|Send|Share|Show|Sign|Submit|Try"
    r"|Upload|View)(?: [a-z]+){1,2}"
)


def is_button(line: str) -> bool:
    """Whether ``line`` may be what stands on a button: what to do, in two or three words."""
    return _BUTTON.fullmatch(line) is not None


def is_menu(line: str) -> bool:
    """Whether most words of ``line`` are names of menus, or of an office program's tabs.

    A bar names each menu once, with a capital, and has none of the small words that join others.
    """
    words = [word for word in line.split() if bare(word)]
    keys = [bare(word) for word in words]
    if not _SMALL_WORDS.isdisjoint(keys):
        return False
    named = {key for word, key in zip(words, keys, strict=True) if not word[0].islower()}
    menus = len(named & _MENUS)
    beside = sum(key in _BESIDE for key in keys)
    tabs = menus + beside + len(named & _RIBBON)
    is_office = tabs >= _LEAST_TABS and tabs >= _TAB_SHARE * len(keys)
    return is_office or (menus >= _LEAST_MENUS and menus + beside >= _MENU_SHARE * len(keys))


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
