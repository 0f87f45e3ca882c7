r"""A formula as LaTeX that TeX takes: what is maths, and nothing else.

TeX is a programming language that reads and writes files: ``\input{/etc/passwd}`` in a formula
would put that file into the PDF of whoever compiles the chapter. And it stops at a formula that is
not whole: a ``\left`` without ``\right``, a second exponent, a ``&`` outside a table. So a formula
is read by a grammar of what is allowed (``tex_names``) and written out again; what does not fit is
shown as it stands.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.render.formats.tex_names import (
    ARGUMENTS,
    CHARACTERS,
    ENVIRONMENTS,
    FENCES,
    OPERATORS,
    OPTIONAL,
    REPEATED,
    SIZES,
    SYMBOLS,
    TEXTS,
)
from pipeline.render.formats.tex_row import DIVIDED, AtomList, NoMathsError, Place
from pipeline.render.formats.tex_tokens import (
    LENGTH,
    PRIMES,
    REFUSED,
    TexTokens,
    is_of_the_text,
    kind_of_script,
)

_LONGEST = 5000  # characters; the longest formula that we saw in lecture notes has 900
# Each level takes up to three of TeX's 255 groups and one of its 500 lists.
_DEEPEST = 24
_MOST_REPEATED = 3  # nested; see REPEATED
_MARKS = frozenset("{}|,;:!>%#&$_ ")  # what may follow a backslash and is no letter
_IN_TEXT = frozenset("{}%#&$_ ")
_ARRAY = re.compile(r"[|\s]*([lcr][|\s]*)+")


def tex_of(latex: str) -> str | None:
    r"""The formula for TeX, to stand between ``\(`` and ``\)`` or ``\[`` and ``\]``; None where it
    is no formula, is not whole, or holds more than maths.

    >>> tex_of(r"\frac12 50%"), tex_of(r"\begin{align}a &= b\end{align}"), tex_of(r"\input{x}")
    ('\\frac{1}{2} 50\\%', '\\begin{aligned}a &= b\\end{aligned}', None)
    """
    if len(latex) > _LONGEST:
        return None
    try:
        return _Formula(latex).whole()
    except NoMathsError:
        return None


_TOP = Place("", rows=True)
_GROUP = Place("}")
_STACK = Place("}", rows=True)
_FENCED = Place(r"\right", middle=True)
_IN_BRACKETS = Place("]")
_IN_TEXT_FORMULA = Place("$")


class _Formula:
    """Reads the tokens of one formula once, from the left."""

    def __init__(self, latex: str) -> None:
        self._tokens = TexTokens(latex)
        self._depth = 0
        self._repeated = 0

    def whole(self) -> str:
        """All of it, written for TeX."""
        return self._list(_TOP).strip()

    def _list(self, place: Place) -> str:
        """The atoms up to the end of the list, which is passed."""
        self._enter()
        made = AtomList(place)
        while (token := self._tokens.next()) != place.end:
            if token in DIVIDED:
                made.divide(token)
            else:
                self._take(token, made)
        self._depth -= 1
        return made.text()

    def _take(self, token: str, made: AtomList) -> None:
        """One token of a list, with all that belongs to it."""
        token = CHARACTERS.get(token, token)
        if token.isspace():
            made.space()
        elif script := self._script(token):
            made.script(*script)
        elif token == "&":
            made.column()
        elif token == r"\\":
            self._tokens.skip_length()
            made.row()
        elif token == r"\hline":
            made.line()
        elif token == r"\middle":
            made.middle(self._tokens.delimiter())
        elif token in (r"\limits", r"\nolimits"):
            made.limits(token)
        elif token in (r"\label", r"\nonumber", r"\notag"):
            made.space()  # nothing refers to it, nothing is numbered
            if token == r"\label":
                self._tokens.raw()
        else:
            made.atom(self._atom(token), operator=token[1:] in OPERATORS)

    def _script(self, token: str) -> tuple[str, str] | None:
        """``^`` or ``_`` with what stands there, whatever characters say it; None: it is none."""
        if token in ("^", "_"):
            return token, self._argument(braces=False)
        if token in PRIMES:
            count = PRIMES[token]
            while (after := self._tokens.peek()) in PRIMES:
                count += PRIMES[after]
                self._tokens.next_word()
            if after != "^":
                return "^", "'" * count
            self._tokens.next_word()
            return "^", "{" + r"\prime" * count + self._argument() + "}"
        if not (kind := kind_of_script(token)):
            return None
        while kind_of_script(self._tokens.ahead()) == kind:
            token += self._tokens.next()
        return kind, "{" + _Formula(unicodedata.normalize("NFKC", token)).whole() + "}"

    def _atom(self, token: str) -> str:
        name = token[1:]
        if not token:
            raise NoMathsError
        if token == "{":
            return "{" + self._list(_GROUP) + "}"
        if not token.startswith("\\"):
            return self._character(token)
        if name.isspace():
            return "~"
        if name in SYMBOLS or name in OPERATORS or name in _MARKS:
            return token if not name.isalpha() else self._tokens.apart(token)
        if name in ARGUMENTS:
            return self._command(name)
        if name in TEXTS:
            return token + self._text()
        if name in SIZES:
            return token + self._tokens.apart(self._tokens.delimiter())
        if token == r"\left":
            before = self._tokens.apart(self._tokens.delimiter())
            inside = self._list(_FENCED)
            return rf"\left{before}{inside}\right{self._tokens.apart(self._tokens.delimiter())}"
        if token == r"\begin":
            return self._environment()
        if token == r"\not":
            return token + self._negated()
        if token == r"\tag":
            return r"\qquad(\text" + self._text() + ")"
        if token == r"\hspace" and LENGTH.fullmatch(length := self._tokens.raw()):
            return rf"\hspace{{{length}}}"
        raise NoMathsError

    def _character(self, token: str) -> str:
        if token in "}$&^_" or unicodedata.category(token) in REFUSED:
            raise NoMathsError
        if token in "%#":
            return "\\" + token
        if not is_of_the_text(token):
            return token
        while is_of_the_text(self._tokens.ahead()):
            token += self._tokens.next()
        return rf"\text{{{token}}}"

    def _command(self, name: str) -> str:
        made = "\\" + name
        with_repeats = name in REPEATED
        self._repeated += with_repeats
        if self._repeated > _MOST_REPEATED:
            raise NoMathsError
        if name in OPTIONAL and self._tokens.peek() == "[":
            self._tokens.next_word()
            made += "[{" + self._list(_IN_BRACKETS) + "}]"
        if name == "substack":
            if self._tokens.next_word() != "{":
                raise NoMathsError
            made += "{" + self._list(_STACK) + "}"
        else:
            made += "".join(self._argument() for _ in range(ARGUMENTS[name]))
        self._repeated -= with_repeats
        return made

    def _argument(self, braces: bool = True) -> str:
        """What a command or script takes: a group, or one atom, in braces where TeX wants them."""
        token = self._tokens.next_word()
        token = CHARACTERS.get(token, token)
        if token in (r"\left", r"\begin", r"\tag") or token in PRIMES or kind_of_script(token):
            raise NoMathsError
        atom = self._atom(token)
        bare = len(atom) == 1 and atom.isascii() and not braces
        return atom if bare or token == "{" else "{" + atom + "}"

    def _text(self) -> str:
        """The words of ``\\text``, in which marks that mean something to TeX are letters."""
        if self._tokens.next_word() != "{":
            raise NoMathsError
        self._repeated += 1
        self._enter()
        made = "{"
        while (token := self._tokens.next()) != "}":
            made += self._word(token)
        self._depth -= 1
        self._repeated -= 1
        return made + "}"

    def _word(self, token: str) -> str:
        if token == "{":
            self._tokens.back()
            return self._text()
        if token in ("_", "&", "%", "#"):
            return "\\" + token
        if token == "$" and self._repeated < _MOST_REPEATED:
            return "$" + self._list(_IN_TEXT_FORMULA) + "$"
        if token[:1] == "\\":
            if token[1:].isspace():
                return "~"
            if token[1:] in _IN_TEXT:
                return token
            if token[1:] in TEXTS:
                return token + self._text()
            if token in (r"\ldots", r"\dots"):
                return token + "{}"
            raise NoMathsError
        if not token.isspace() and (
            not token or token in "^$" or unicodedata.category(token) in REFUSED
        ):
            raise NoMathsError
        return " " if token.isspace() else token

    def _environment(self) -> str:
        whole = self._tokens.raw()
        name = whole.removesuffix("*")
        if name not in ENVIRONMENTS:
            raise NoMathsError
        written, columns = ENVIRONMENTS[name]
        if whole != name and "matrix" in name:
            raise NoMathsError  # the starred ones take options and come from another package
        begin = rf"\begin{{{written}}}"
        if name == "array":
            letters = self._tokens.raw()
            if not _ARRAY.fullmatch(letters):
                raise NoMathsError
            begin += f"{{{letters}}}"
            columns = sum(map(letters.count, "lcr"))
        elif name == "eqnarray":
            begin += "{rcl}"
        elif name in ("alignat", "alignedat"):
            self._tokens.raw()
        inside = self._list(Place(r"\end", columns, rows=True, lines=written == "array"))
        if self._tokens.raw() != whole:
            raise NoMathsError
        guard = "{}" if inside.lstrip().startswith("[") else ""
        before, after = FENCES.get(name, ("", ""))
        return rf"{before}{begin}{guard}{inside}\end{{{written}}}{after}"

    def _negated(self) -> str:
        token = self._tokens.next_word()
        if token in ("=", "<", ">"):
            return token
        if token[:1] == "\\" and token[1:] in SYMBOLS:
            return self._tokens.apart(token)
        raise NoMathsError

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST or self._repeated > _MOST_REPEATED:
            raise NoMathsError
