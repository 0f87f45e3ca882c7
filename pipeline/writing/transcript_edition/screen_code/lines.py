"""Lines of code as read from a picture: without the traces of the screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from types import FunctionType, ModuleType

# A cursor behind the last letter is read as a letter of its own.
_CURSOR = re.compile(r"(?<=[\])}:,'\"\w]) ?[|▌█]$|(?<=[\])}:,'\"]) ?I$|(?<=\S) {2,}[I|]$")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "−": "-", "\u00a0": " "})
# Python's special names, as far as its own objects have them, and some that classes add.
_SPECIAL = {
    name.strip("_")
    for one in (
        object,
        type,
        int,
        list,
        dict,
        str,
        BaseException,
        ModuleType,
        FunctionType,
        iter(()),
    )
    for name in dir(one)
    if name.startswith("__")
}
_ADDED = "all|await|call|enter|exit|file|get|main|missing|name|path|post_init|self|set|slots"
_DUNDER = re.compile(
    rf"(?<![A-Za-z0-9_])_{{1,3}} ?({'|'.join(sorted(_SPECIAL))}|{_ADDED}) ?_{{1,3}}(?![A-Za-z0-9_])"
)
# Underscores run together; where they do not, a reader sees spaces and dots between them.
_UNDERSCORES = re.compile(r"(?<!_)_+(?:[ ·]+_+)+")
# Beside quotes a space is lost, and found again behind the next point.
_KEYWORD_QUOTE = re.compile(r"\b(return|yield|in|and|or|not|if|else|assert)(?=[\"'])(?!'\w\b)")
_POINT_SPACE = re.compile(r"(?<=[\"'\])])\. (?=[a-z_]\w*\()")
# A name behind a point that a space was seen before, alone or called; and a value's sign.
_ATTRIBUTE = re.compile(r"(?<== )([A-Za-z_]\w*+)\. (?=[a-z_]\w*+(?:\(|$))")
_SET = re.compile(r"^([A-Za-z_][\w.]*+)= (?=\S)")
# Three quotes before the first word of a docstring, read as others or as dots.
_DOCSTRING = re.compile(r"^([rRuU]?)([\"'…·`*][ \"'…·`*]{0,4}[\"'…·`]) ?(?=[A-Z])")
# So three quotes before the first word of a value: two and a word are no Python.
_VALUE_QUOTES = re.compile(r"(?<== )([\"']) ?\1(?=[A-Z])")
# A head whose keyword has lost its space: no call ends in a colon.
_HEAD = re.compile(r"^(def|class)(?=_?[A-Za-z]\w*\(.*(?::|,)$)")
# A point read as a comma, which a space would follow.
_SELF = re.compile(r"^self,(?=[A-Za-z_]\w*+ ?[-+*/]?=)")
# The only line that has these two words, whatever is left of its marks.
_MAIN = re.compile(r"if\s+_*name(?:_*\W+)?_*main_*\W*$")
_CODE_LIKE = re.compile(r"[=()\[\]{}:'\"]|^\s*(?:return|import|from|pass|break|continue)\b")
_PAGE = re.compile(r"\d+")


@lru_cache(maxsize=1 << 16)
def code_text(text: str) -> str:
    """A line of code as it is typed: quotes straight, double underscores of Python's special
    methods double, no cursor behind it; "" when nothing is left."""
    line = text.translate(_QUOTES).replace("→>", "->").strip()
    if _MAIN.match(line):
        return 'if __name__ == "__main__":'
    line = _SELF.sub("self.", line)
    line = _SET.sub(r"\1 = ", _ATTRIBUTE.sub(r"\1.", line))
    line = _VALUE_QUOTES.sub(r"\1\1\1", line)
    line = _POINT_SPACE.sub(".", _KEYWORD_QUOTE.sub(r"\1 ", line))
    line = _DOCSTRING.sub(_three_quotes, _UNDERSCORES.sub("__", _HEAD.sub(r"\1 ", line)))
    return _CURSOR.sub("", _DUNDER.sub(r"__\1__", line))


def _three_quotes(read: re.Match[str]) -> str:
    if set(read[2]) == set("'\"") and len(read[2]) == 2:
        return read[0]  # a string that begins with a quote
    single = set(read[2]) <= set("' `")
    return read[1] + ("'''" if single else '"""')


def looks_like_code(line: str) -> bool:
    """Whether ``line`` has the marks or the words of code."""
    return bool(_CODE_LIKE.search(line))


def repeated_lines(texts: Sequence[str]) -> frozenset[str]:
    """The first and last lines that three or more screens share, numbers taken out.

    Page footers and tab names; what looks like code is none.
    """
    seen: Counter[str] = Counter()
    for text in texts:
        lines = [line for line in text.splitlines() if line.strip()]
        seen.update({line_shape(line) for line in (*lines[:1], *lines[-1:])})
    return frozenset(
        shape for shape, count in seen.items() if count >= 3 and not _CODE_LIKE.search(shape)
    )


def line_shape(line: str) -> str:
    """``line`` without its numbers and spacing, to recognise it on another screen."""
    return " ".join(_PAGE.sub("#", line).split())
