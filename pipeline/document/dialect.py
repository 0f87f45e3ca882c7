"""The Markdown that this project reads: CommonMark, and what chapters need beside it.

Beside CommonMark (https://spec.commonmark.org/0.31.2/) there are tables, struck text (``~~x~~``),
footnotes, formulas, citations ``[[s0012]]`` and the tags ``<sub>``, ``<sup>``, ``<kbd>``, ``<br>``.
Any other HTML is text. Emphasis is found beside letters that are not Latin, where CommonMark, made
for spaces, overlooks it: ``**「重点」**是``, ``**주의(attention)**는``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import regex
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, reference
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from pipeline.document.characters import clean_prose
from pipeline.document.citations import citation_at
from pipeline.document.maths import display_formula, inline_formula
from pipeline.document.tables import table
from pipeline.text.scripts import UNSPACED

# Lists and quotations within each other; what is deeper is text. A list item takes two levels.
_DEEPEST = 24
# Letters that words are joined to without a space: of scripts without any, Korean particles behind
# a bracket, Arabic "and" before a quotation mark.
_JOINING = regex.compile(
    rf"{UNSPACED}|[\u2e80-\u303f\ufe30-\ufe4f\uff00-\uffef]|[\p{{L}}--\p{{Latin}}]", regex.V1
)
_TAG = re.compile(r"<(/?)(sub|sup|kbd)>|<br ?/?>")
_LABEL = re.compile(r"[^\s\[\]^]{1,40}")
_NOTE = re.compile(rf"\[\^({_LABEL.pattern})\]")
_ADDRESS = re.compile(
    r"(?:https?://|mailto:)[^\s<>]+|#[^\s<>]*"
    # Not one that would name another machine or folder once a reader decodes it.
    r"|(?!/|\\|%2[Ff]|%5[Cc])[^\s<>:?#\\]+(?:[?#][^\s<>]*)?"
)

BlockRule = Callable[[StateBlock, int, int, bool], bool]


def block_tokens(text: str, segments: Sequence[str] = ()) -> list[Token]:
    """The tokens of a whole text.

    Args:
        segments: see ``citation_at``.
    """
    env: dict[str, Any] = {"segments": segments}
    tokens = _parser().parse(text, env)
    unused = set(env.get("references", {})) - _used_labels(tokens)
    if unused:
        # The definition of a link that is nowhere used would not be shown: it is a line of text.
        tokens = _parser().parse(text, {"segments": segments, "no_references": unused})
    return tokens


def inline_tokens(text: str) -> list[Token]:
    """The tokens of one block's text."""
    return _parser().parseInline(text, {"segments": ()})[0].children or []


def is_address(address: str) -> bool:
    """Whether a link may lead there: the web, mail, a place in the page, a file beside it.

    >>> is_address("https://a.example/b"), is_address("javascript:x"), is_address("//a.example")
    (True, False, False)
    >>> is_address("figure%201.png"), is_address("%5C%5Cevil%5Cshare"), is_address("%2f%2fevil")
    (True, False, False)
    """
    return bool(_ADDRESS.fullmatch(address))


def is_label(text: str) -> bool:
    """Whether a footnote may be called so: one word, nothing in it that cannot be seen."""
    return bool(_LABEL.fullmatch(text)) and clean_prose(text) == text


def as_address(url: str) -> str:
    """An address in the one form that a link in a text has: percent-encoded, no spaces.

    >>> as_address("https://a.example/ü b")
    'https://a.example/%C3%BC%20b'
    """
    return _parser().normalizeLink(url)


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 100, "store_labels": True})
    parser.disable(["html_block", "html_inline"])
    parser.enable("strikethrough")
    # Whether an address is allowed is decided where the link is made, so that its text is kept.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    block = parser.block.ruler
    interrupts = ["paragraph", "reference", "blockquote", "list"]
    block.before("fence", "display", display_formula, {"alt": interrupts})
    block.before("paragraph", "rows", table, {"alt": ["paragraph", "reference"]})
    block.before("reference", "footnote", _shallow(footnote_def), {"alt": interrupts[:2]})
    block.at("reference", _reference)
    block.at("blockquote", _shallow(blockquote), {"alt": interrupts})
    block.at("list", _shallow(list_block), {"alt": interrupts[:3]})
    inline = parser.inline.ruler
    inline.before("escape", "formula", inline_formula)
    inline.at("emphasis", _emphasis)
    inline.before("link", "citation", _citation)
    inline.before("link", "note", _note)
    inline.before("autolink", "tag", _tag)
    return parser


def _shallow(rule: BlockRule) -> BlockRule:
    """The rule, where it would not nest too deep; markdown-it drops what does."""

    def within(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < _DEEPEST and rule(state, start, end, silent)

    return within


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A link's definition, if it is new, used, and leads where a link may lead."""
    known = state.env.setdefault("references", {})
    before = len(known)
    if not reference(state, start, end, silent):
        return False
    if silent:
        return True
    if len(known) == before:
        return False
    label = next(reversed(known))
    if label in state.env.get("no_references", ()) or not is_address(known[label]["href"]):
        del known[label]
        return False
    return True


def _used_labels(tokens: Sequence[Token]) -> set[str]:
    used = set()
    for token in tokens:
        if "label" in token.meta:
            used.add(token.meta["label"])
        used |= _used_labels(token.children or ())
    return used


def _emphasis(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not tokenize(state, silent):
        return False
    before = state.src[start - 1] if start else " "
    after = state.src[state.pos] if state.pos < state.posMax else " "
    if state.src[start] == "*" and (_JOINING.match(before) or _JOINING.match(after)):
        for delimiter in state.delimiters[start - state.pos :]:
            delimiter.open = not after.isspace()
            delimiter.close = not before.isspace()
    return True


def _citation(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    found = citation_at(state.src, state.pos, state.posMax, state.env["segments"])
    if found is None:
        return False
    if not silent:
        state.push("citation", "", 0).content = found[0].ids
    state.pos = found[1]
    return True


def _note(state: StateInline, silent: bool) -> bool:
    found = _NOTE.match(state.src, state.pos, state.posMax)
    if not found or not is_label(found[1]):
        return False
    if not silent:
        state.push("note", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _tag(state: StateInline, silent: bool) -> bool:
    found = _TAG.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        kind = "hardbreak" if not found[2] else "tag_close" if found[1] else "tag_open"
        token = state.push(kind, found[2] or "", 0)
        token.content = found[0]
    state.pos = found.end()
    return True
