r"""Which LaTeX of a formula may be handed to TeX: what is maths, and nothing else.

TeX is a programming language that reads and writes files: ``\input{/etc/passwd}`` in a formula
would put that file into the PDF of whoever compiles the chapter. So only commands and environments
that the page's converter knows as maths are let through, none that defines anything, and no ``^^``,
by which TeX takes any character for any other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pipeline.document.maths import is_balanced
from pipeline.render.html.formulas import mathml

_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([^{}]*)\}")
_BARE = re.compile(r"(?<!\\)((?:\\\\)*)([%#])")
_NOT_MATHS = frozenset({
    r"\def", r"\newcommand", r"\newenvironment", r"\renewcommand", r"\DeclareMathOperator",
    r"\href", r"\class", r"\style", r"\unicode", r"\verb",
})  # fmt: skip


def tex_of(latex: str) -> str | None:
    r"""The formula for TeX, with a backslash before the marks that mean something else there; None
    where it is no formula or holds more than maths.

    >>> tex_of(r"\frac{1}{2} 50%"), tex_of(r"\input{/etc/passwd}")
    ('\\frac{1}{2} 50\\%', None)
    """
    names = [*_COMMAND.findall(latex), *(f"\\{one}" for one in _ENVIRONMENT.findall(latex))]
    if "^^" in latex or not all(map(_is_maths, names)):
        return None
    if not is_balanced(latex) or mathml(latex, "block").startswith("<code"):
        return None
    return _BARE.sub(r"\1\\\2", latex)


def _is_maths(name: str) -> bool:
    from latex2mathml.symbols_parser import convert_symbol

    if name in _NOT_MATHS:
        return False
    plain = name.removesuffix("*")
    return not plain[1:].isalpha() or plain in _commands() or bool(convert_symbol(plain))


@functools.cache
def _commands() -> frozenset[str]:
    from latex2mathml import commands

    return frozenset(name for value in vars(commands).values() for name in _names_in(value))


def _names_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if value.startswith("\\") else []
    elif isinstance(value, (dict, tuple, list, set, frozenset)):
        for one in value:
            yield from _names_in(one)
