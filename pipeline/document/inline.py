"""The text of one block: inline Markdown in one canonical form, kept as a string.

A string is short in a file, readable in a prompt, and searchable as it stands. What it says is one
thing: ``canonical`` writes what ``runs`` reads, so texts that look alike are the same string, and a
canonical text holds nothing that is not allowed: no HTML but a few tags without attributes, no
pictures, no address that is not one of a page, no character that nobody sees.

Where Markdown cannot write a style as it stands (emphasis that ends inside a word beside a mark),
the style goes and the words stay.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from markdown_it.token import Token
from pydantic import AfterValidator

from pipeline.document.characters import clean_prose
from pipeline.document.dialect import inline_tokens, is_address
from pipeline.document.emphasis_edges import within_marks
from pipeline.document.inline_writer import PORTABLE, written
from pipeline.document.runs import Kind, Run, Style, tidied, words_in

_STYLES: dict[str, Style] = {
    "strong": "strong",
    "em": "emphasis",
    "s": "deleted",
    "sub": "subscript",
    "sup": "superscript",
    "kbd": "keyboard",
}
_KEPT = 8192  # texts whose runs are remembered: those of several chapters


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture found in a text: its address and what stands for it in words."""

    address: str
    caption: tuple[Run, ...]


@functools.lru_cache(_KEPT)
def runs(text: str) -> tuple[Run, ...]:
    """The runs of an inline Markdown text, in order; none for an empty one. Pictures are links."""
    return tidied(read_tokens(inline_tokens(clean_prose(text).strip()))[0])


@functools.lru_cache(_KEPT)
def canonical(text: str) -> str:
    """``text`` in the one form that says the same.

    >>> canonical("__so__ it  is [r](javascript:x) &amp; <b>")
    '**so** it is r & \\\\<b>'
    """
    return write(runs(text))


def one_line(text: str) -> str:
    """The same with spaces for line breaks, as headings and captions have it."""
    found = runs(text)
    if not any(one.kind == "break" for one in found):
        return write(found)
    return write(
        tidied(replace(one, kind="text", text=" ") if one.kind == "break" else one for one in found)
    )


Inline = Annotated[str, AfterValidator(canonical)]
InlineLine = Annotated[str, AfterValidator(one_line)]


def from_words(words: str) -> str:
    """The canonical text that shows exactly these words; no Markdown is read into them.

    >>> from_words("a*b* <|endoftext|> [[s0001]]")
    'a\\\\*b\\\\* <|endoftext|> &#91;[s0001]]'
    """
    return write(tidied([Run("text", words)]))


def words_of(text: str) -> str:
    """What a reader reads: no marks, no addresses, no citations; code and LaTeX as they stand.

    >>> words_of("The **token** `<|a|>` is $x_1$. [[s0001]]")
    'The token <|a|> is x_1.'
    """
    return words_in(runs(text))


def portable(text: str, entities: Mapping[str, str] = PORTABLE) -> str:
    """The same for readers of Markdown that take a backslash only before some marks, and emphasis
    only between spaces or letters.

    >>> portable("a \\\\<b> c"), portable("是**「重点」**吗")
    ('a &lt;b> c', '是「**重点**」吗')
    """
    return _first_good(
        within_marks(runs(text)), lambda found, safe: written(found, safe, "  \n", entities)
    )


def write(found: tuple[Run, ...]) -> str:
    """The canonical text of tidied runs."""
    return _first_good(found, written)


def _first_good(found: tuple[Run, ...], way: Callable[[Sequence[Run], bool], str]) -> str:
    """The first way of writing the runs that is read as the same."""
    for wanted, safe in _ways(found):
        text = way(wanted, safe)
        if runs(text) == wanted:
            return text
    raise AssertionError(f"no Markdown says {found!r}")  # plain text always can be written


def _ways(found: tuple[Run, ...]) -> Iterator[tuple[tuple[Run, ...], bool]]:
    yield found, False
    yield found, True
    yield tidied(replace(one, styles=frozenset()) for one in found), True
    yield tidied(replace(one, styles=frozenset(), link="") for one in found), True


def read_tokens(
    tokens: Sequence[Token], lift: re.Pattern[str] | None = None
) -> tuple[list[Run], list[Picture]]:
    """The runs of the parser's tokens as they come (see ``tidied``), and pictures taken out.

    Args:
        lift: pictures with an address that this matches are taken out; all others become links.
    """
    reader = _Reader(lift)
    closings = Counter(token.tag for token in tokens if token.type == "tag_close")
    for token in tokens:
        closings[token.tag] -= token.type == "tag_close"
        reader.take(token, closings[token.tag] > 0)
    return reader.runs, reader.pictures


class _Reader:
    def __init__(self, lift: re.Pattern[str] | None) -> None:
        self.runs: list[Run] = []
        self.pictures: list[Picture] = []
        self._lift = lift
        self._styles: list[Style] = []
        self._link = ""
        self._title = ""

    def take(self, token: Token, is_closed: bool) -> None:
        """Take up one token; ``is_closed``: its tag's other half is still to come."""
        match token.type:
            case "text" | "text_special":
                self._add("text", token.content)
            case "code_inline":
                self._add("code", token.content)
            case "formula":
                self._add("formula", token.content)
            case "citation":
                self._add("citation", token.content)
            case "note":
                self._add("note", token.content)
            case "softbreak":
                self._add("text", "\n")
            case "hardbreak":
                self._add("break", "\n")
            case "link_open":
                address = str(token.attrs.get("href", ""))
                self._link = address if is_address(address) else ""
                self._title = str(token.attrs.get("title", ""))
            case "link_close":
                self._link = ""
                if self._title:  # shown by a mouse alone; a reader of paper reads it too
                    self._add("text", f" ({self._title})")
            case "image":
                self._picture(token)
            case "tag_open" | "tag_close":
                self._tag(token, is_closed)
            case _:
                self._style(_STYLES[token.tag], opens=token.nesting > 0)

    def _add(self, kind: Kind, text: str) -> None:
        self.runs.append(Run(kind, text, frozenset(self._styles), self._link))

    def _style(self, style: Style, opens: bool) -> None:
        if opens:
            self._styles.append(style)
        elif style in self._styles:
            self._styles.remove(style)

    def _tag(self, token: Token, is_closed: bool) -> None:
        style, opens = _STYLES[token.tag], token.type == "tag_open"
        if is_closed if opens else style in self._styles:
            self._style(style, opens)
        else:  # one half of a pair is text
            self._add("text", token.content)

    def _picture(self, token: Token) -> None:
        address = str(token.attrs.get("src", ""))
        caption, _ = read_tokens(token.children or ())
        title = str(token.attrs.get("title", ""))
        if title and title not in "".join(one.text for one in caption):
            caption.append(Run("text", f" {title}"))
        if self._lift and self._lift.fullmatch(address):
            self.pictures.append(Picture(address, tidied(caption)))
            return
        link = self._link or (address if is_address(address) else "")
        self.runs += [replace(one, link=link) for one in caption or [Run("text", address)]]
