"""The tokens of a formula, read once from the left, and what its characters are to TeX."""

from __future__ import annotations

import re
import unicodedata

from pipeline.render.formats.tex_names import ALIASES, DELIMITERS
from pipeline.render.formats.tex_row import NoMathsError

_TOKEN = re.compile(r"\\operatorname\*|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
LENGTH = re.compile(r"-?\d{0,2}(\.\d{1,3})?(pt|em|ex|mm|cm|mu)")
PRIMES = {"'": 1, "\u2019": 1, "\u2032": 1, "\u2033": 2, "\u2034": 3, "\u2057": 4}
# Characters that have no place in a line of TeX, or none in a formula.
REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SCRIPTS = {"<super>": "^", "<sub>": "_"}
_SIGNS = frozenset("…·°§¶†‡•‖⟨⟩⌈⌉⌊⌋⟦⟧⋯⋮⋱∎")


class TexTokens:
    """Hands out the tokens of one formula; "" behind the last."""

    def __init__(self, latex: str) -> None:
        found = _TOKEN.findall(latex)
        self._tokens = [one for token in found for one in ALIASES.get(token, (token,))]
        self._at = 0

    def next(self) -> str:
        """The next token, which is passed."""
        token = self.ahead()
        self._at += 1
        return token

    def next_word(self) -> str:
        """The next token that is not space, which is passed."""
        token = self.next()
        return self.next() if token.isspace() else token

    def back(self) -> None:
        """Hand out the last token again."""
        self._at -= 1

    def ahead(self) -> str:
        """The next token, which stays."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def peek(self) -> str:
        """The next token that is not space, which stays."""
        at = self._at + self.ahead().isspace()
        return self._tokens[at] if at < len(self._tokens) else ""

    def apart(self, token: str) -> str:
        """The token with a space where the next letter would become part of its name."""
        return token + " " if token[-1:].isalpha() and self.ahead()[:1].isalpha() else token

    def delimiter(self) -> str:
        """The delimiter that comes next.

        Raises:
            NoMathsError: what comes next is none.
        """
        token = self.next_word()
        if token not in DELIMITERS:
            raise NoMathsError
        return token

    def raw(self) -> str:
        """The plain characters of a group, such as a name.

        Raises:
            NoMathsError: no group comes next, or it holds more.
        """
        if self.next_word() != "{":
            raise NoMathsError
        made = ""
        while (token := self.next()) != "}":
            if not token or token in "{%#&$~^" or token.startswith("\\"):
                raise NoMathsError
            made += token
        return made.strip()

    def skip_length(self) -> None:
        """Pass the distance to the next row, where one is given: ``\\\\[2pt]``."""
        rest = "".join(self._tokens[self._at : self._at + 12])
        if found := re.match(rf"\*?\[\s*{LENGTH.pattern}\s*\]", rest):
            left = len(found[0])
            while left > 0:
                left -= len(self.next())


def kind_of_script(token: str) -> str:
    """Whether this character is written raised (``^``) or lowered (``_``), or neither."""
    if len(token) != 1:
        return ""
    return _SCRIPTS.get(unicodedata.decomposition(token).partition(" ")[0], "")


def is_of_the_text(token: str) -> bool:
    """Whether this is a character that the fonts for maths are not sure to have.

    Where TeX's old fonts stand in for them, XeTeX crashes at an accent; some are programs.
    """
    if len(token) != 1 or token.isascii() or token in _SIGNS:
        return False
    kind, name = unicodedata.category(token), unicodedata.name(token, "")
    form = unicodedata.decomposition(token)
    if kind[0] == "L":
        is_greek = "\u0391" <= token <= "\u03c9" and not form
        is_styled = form.startswith("<font>") and not name.startswith("ARABIC")
        return not (is_greek or is_styled)
    return kind != "Sm" or "N-ARY" in name or "INTEGRAL" in name or "RADICAL" in name
