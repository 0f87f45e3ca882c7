"""The page shows what the document says: every letter, in its style."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape
from typing import Any

import html5lib
import pytest
from hypothesis import given

from pipeline.document.inline import canonical, runs
from pipeline.document.runs import Run
from pipeline.render.html.inline import InlineHtml
from pipeline.render.html.typography import typographic
from tests.document.documents import ALIKE, MARKDOWN

# Formulas as their LaTeX, so that what is shown can be compared.
MAKER = InlineHtml(
    citation=lambda citation: f'<a class="time">{citation.ids}</a>',
    note=lambda label: f"<sup>[{escape(label)}]</sup>",
    formula=lambda latex: f"<var>{escape(latex)}</var>",
)
STYLES = {
    "strong": "strong",
    "em": "emphasis",
    "del": "deleted",
    "sub": "subscript",
    "sup": "superscript",
    "kbd": "keyboard",
}


def shown(html: str) -> list[tuple[str, frozenset[str]]]:
    """Each visible character of a page and its styles; spaces apart, which HTML folds."""
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [
        (character, styles)
        for text, styles in _texts(root, frozenset())
        for character in text
        if not character.isspace()
    ]


def _texts(element: Any, styles: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    own = styles | ({STYLES[element.tag]} if element.tag in STYLES else set())
    yield element.text or "", own
    for child in element:
        yield from _texts(child, own)
        yield child.tail or "", own


def said(found: tuple[Run, ...]) -> list[tuple[str, frozenset[str]]]:
    """The same of a document's text."""
    made = []
    for one in found:
        text = f"[{one.text}]" if one.kind == "note" else one.text
        styles = frozenset({"superscript"}) if one.kind == "note" else frozenset(one.styles)
        made += [(character, styles) for character in text if not character.isspace()]
    return made


@ALIKE
@given(MARKDOWN)
def test_the_page_shows_every_letter_of_the_document_in_its_style(text: str) -> None:
    assert shown(MAKER.html(canonical(text))) == said(runs(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**「重点」**是", "<strong>「重点」</strong>是"),
        ("中文*強調*的", "中文<em>強調</em>的"),
        ("the token ` world`", "the token <code> world</code>"),
        ("*a* **b *c***", "<em>a</em> <strong>b <em>c</em></strong>"),
        ("a [[s0001]] b", 'a <a class="time">s0001</a> b'),
        ("a\\\nb", "a<br />\nb"),
        ("<b> &lt; &amp;lt;", "&lt;b&gt; &lt; &amp;lt;"),
        ("[a](https://x.example/(b))", '<a href="https://x.example/(b)">a</a>'),
        ("$P(\\text{<eos>} \\mid x)$ on", "<var>P(\\text{&lt;eos&gt;} \\mid x)</var> on"),
        ("# no heading", "# no heading"),
        ("", ""),
    ],
)
def test_texts_as_html(text: str, html: str) -> None:
    assert MAKER.html(canonical(text)) == html


def test_quotation_marks_are_curled_on_request_and_not_in_code() -> None:
    maker = InlineHtml(lambda _: "", lambda _: "", smart_quotes=True)
    assert maker.html('"a" `"b"`') == '&ldquo;a&rdquo; <code>"b"</code>'


@pytest.mark.parametrize(
    ("text", "curled"),
    [
        ("She is 5'10\" tall", "She is 5′10″ tall"),
        ('"He is 5\'10" tall"', "“He is 5′10″ tall”"),
        ("a 6'2 man", "a 6’2 man"),
        ("the '90s and '24", "the ’90s and ’24"),
        ("the string '42' and 'x'", "the string ‘42’ and ‘x’"),
        ('"GPT 4" and f\'(2)', "“GPT 4” and f’(2)"),
    ],
)
def test_marks_beside_digits_are_told_from_quotation_marks(text: str, curled: str) -> None:
    maker = InlineHtml(lambda _: "", lambda _: "", smart_quotes=True)
    assert unescape(maker.html(canonical(text))) == curled
    assert typographic(text, "en") == curled
