"""The text of one block as HTML. Python's ``markdown`` gets one block's inline text at a time.

Blocks are no business of it: no fence, list, table or HTML reaches it, and its own rules for them
are switched off. It is given the text in the form that leaves nothing to interpretation
(``written(..., safe=True)``), so that what it shows is what the document says.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.smarty import SmartyExtension, SubstituteTextPattern
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.util import AtomicString, code_escape

from pipeline.document.citations import Citation
from pipeline.document.inline import runs
from pipeline.document.inline_writer import written
from pipeline.render.html.formulas import mathml
from pipeline.render.html.typography import APOSTROPHE_BEFORE_DIGIT, FEET_AND_INCHES

# Code, a formula, a citation, a footnote's mark: whatever comes first holds the others.
_WHOLE = (
    r"(?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|\\\((?P<latex>.+?)\\\)"
    r"|\[\[(?P<ids>s\d+(?:-s\d+)?)\]\]|\[\^(?P<label>[^\s\[\]^]+)\]"
)
_TAG = r"</?(?:sub|sup|kbd)>"
_STRUCK = r"(~~)(.+?)~~"
# Rules of Python's markdown for what never reaches it.
_BLOCK_RULES = (
    *("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote"),
    "reference",
)
_INLINE_RULES = (
    *("backtick", "html", "autolink", "automail", "reference", "short_reference"),
    *("image_link", "image_reference", "short_image_ref"),
)


class InlineHtml:
    """Makes the HTML of texts.

    Args:
        citation: the HTML of a citation in the middle of a text.
        note: the HTML of a footnote's mark, for its label.
        formula: the HTML of a formula inside a line, for its LaTeX.
        smart_quotes: curl straight quotation marks.
    """

    def __init__(
        self,
        citation: Callable[[Citation], str],
        note: Callable[[str], str],
        formula: Callable[[str], str] = lambda latex: mathml(latex, "inline"),
        smart_quotes: bool = False,
    ) -> None:
        self._markdown = _converter(smart_quotes)
        whole = _Whole(self._markdown, citation, note, formula)
        self._markdown.inlinePatterns.register(whole, "whole", 195)

    def html(self, text: str) -> str:
        """The HTML of a canonical inline text, without an element around it."""
        self._markdown.reset()
        html = self._markdown.convert(written(runs(text), safe=True, hard_break="  \n"))
        return html.removeprefix("<p>").removesuffix("</p>")


def _converter(smart_quotes: bool) -> Markdown:
    converter = Markdown()
    converter.ESCAPED_CHARS = list(string.punctuation)
    if smart_quotes:
        smarty = SmartyExtension(smart_dashes=False, smart_ellipses=False)
        smarty.extendMarkdown(converter)
        # Before its own rules, which take both for opening quotes.
        feet = SubstituteTextPattern(FEET_AND_INCHES, ("′", 1, "″"), converter)
        apostrophe = SubstituteTextPattern(APOSTROPHE_BEFORE_DIGIT, ("’",), converter)
        smarty.inlinePatterns.register(feet, "feet", 50)
        smarty.inlinePatterns.register(apostrophe, "apostrophe", 40)
    for name in _BLOCK_RULES:
        converter.parser.blockprocessors.deregister(name)
    for name in _INLINE_RULES:
        converter.inlinePatterns.deregister(name)
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.register(_Tag(_TAG, converter), "tag", 92)
    struck = SimpleTagInlineProcessor(_STRUCK, "del")
    converter.inlinePatterns.register(struck, "struck", 65)
    return converter


class _Whole(InlineProcessor):
    """What stands in a text as one piece, which no other rule looks into."""

    def __init__(
        self,
        markdown: Markdown,
        citation: Callable[[Citation], str],
        note: Callable[[str], str],
        formula: Callable[[str], str],
    ) -> None:
        super().__init__(_WHOLE, markdown)
        self._citation = citation
        self._note = note
        self._formula = formula

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | str, int, int]:
        if code := match["code"]:
            element = ElementTree.Element("code")
            element.text = AtomicString(code_escape(_unpadded(code)))
            return element, match.start(), match.end()
        if ids := match["ids"]:
            html = self._citation(Citation.of(ids))
        elif label := match["label"]:
            html = self._note(label)
        else:
            html = self._formula(match["latex"])
        return self.md.htmlStash.store(html), match.start(), match.end()


class _Tag(InlineProcessor):
    """The few tags without attributes that Markdown has no sign for."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, match: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return self.md.htmlStash.store(match[0]), match.start(), match.end()


def _unpadded(code: str) -> str:
    """Code without the spaces that keep its own backticks from the marks, as CommonMark has it."""
    padded = code.startswith(" ") and code.endswith(" ") and code.strip(" ")
    return code[1:-1] if padded else code
