"""HTML of the pieces of a page that are not running text: time links, cells, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from pipeline.cells.report import CellReport
from pipeline.document.blocks import Cell, Listing
from pipeline.models import Video
from pipeline.render.html.highlight import highlight
from pipeline.render.links import moment_url
from pipeline.render.pictures import Drawing, PagePicture
from pipeline.timecode import clock

_SIGNS = {"passed": "✓", "mismatch": "✓", "failed": "✗", "timeout": "✗", "blocked": "✗"}


@dataclass(frozen=True)
class PageFigure:
    """A figure as it stands on the page: the id of its frame, its number from 1, its anchor, the
    moment it leads to (ms), and its caption in words."""

    frame: str
    number: int
    anchor: str
    at_ms: int
    caption: str


@dataclass(frozen=True)
class FragmentMaker:
    """Makes the HTML of pieces for one chapter.

    Args:
        video: the lecture.
        file: the local video's address relative to the page, None when there is none.
        words: the page's own texts.
        drawings: the pictures that cells drew, by their paths in the check folder.
    """

    video: Video
    file: str | None
    words: dict[str, str]
    drawings: Mapping[str, Drawing] = field(default_factory=dict)

    def url(self, ms: int) -> str | None:
        """The address that plays the lecture from ``ms`` on; None if nothing can be played."""
        return moment_url(self.video.url, self.file, ms)

    def time_link(self, ms: int, css_class: str) -> str:
        """A link that plays the lecture from ``ms`` on; plain text if nothing can be played."""
        url = self.url(ms)
        text = clock(ms)
        if url is None:
            return f'<span class="{css_class}">{text}</span>'
        label = escape(self.words["play_at"].format(time=text))
        return (
            f'<a class="{css_class}" href="{escape(url)}" data-t="{ms}" aria-label="{label}">'
            f"{text}</a>"
        )

    def cell(self, cell: Cell, verdict: CellReport | None) -> str:
        """Code with its verdict, what it printed and what it drew."""
        excerpt = "excerpt" in cell.tags
        badge = ""
        if excerpt and not (verdict and verdict.status == "shown"):
            badge = f'<span class="verdict">{escape(self.words["excerpt"])}</span>'
        elif verdict:
            badge = self._badge(verdict)
        if cell.is_reconstructed:
            words = escape(self.words["reconstructed"])
            badge = f'<span class="provenance">{words}</span>{badge}'
        printed = "" if cell.output is None else self.output(cell.output)
        printed += "".join(self.drawing(path) for path in cell.pictures)
        classes = [
            "cell",
            *(["excerpt"] if excerpt else []),
            *(["reconstructed"] if cell.is_reconstructed else []),
            *([verdict.status] if verdict else []),
        ]
        head = f'<span class="cell-language">{escape(cell.language)}</span>{badge}'
        return self._code(cell.source, cell.language, classes, head, printed)

    def listing(self, listing: Listing) -> str:
        """Text letter by letter: what a program printed, or a file."""
        if "output" in (listing.language, *listing.tags):
            return f'<div class="cell alone">{self.output(listing.source)}</div>'
        head = f'<span class="cell-language">{escape(listing.language)}</span>'
        return self._code(listing.source, listing.language, ["cell"], head, "")

    def program(self, source: str) -> str:
        """The chapter's code in one piece; its head names the file, so that nothing takes it for a
        cell to run."""
        head = '<span class="cell-language">chapter.py</span>'
        return self._code(source, "python", ["cell"], head, "")

    def _code(
        self, source: str, language: str, classes: Sequence[str], head: str, after: str
    ) -> str:
        code = highlight(source.removesuffix("\n"), language)
        return (
            f'<div class="{" ".join(classes)}"><div class="cell-head">{head}</div>'
            f'<pre class="code" tabindex="0"><code translate="no">{code}</code></pre>{after}</div>'
        )

    def output(self, text: str) -> str:
        """What a cell printed."""
        label = escape(self.words["output"])
        shown = escape(text.removesuffix("\n"))
        return (
            f'<div class="printed"><span class="cell-language">{label}</span>'
            f'<pre class="output" tabindex="0"><samp>{shown}</samp></pre></div>'
        )

    def drawing(self, path: str) -> str:
        """A picture that a cell drew, by its path in the check folder; nothing when it is gone."""
        drawn = self.drawings.get(path)
        if drawn is None:
            return ""
        return (
            f'<div class="drawn"><img src="{escape(drawn.src)}" width="{drawn.width}" '
            f'height="{drawn.height}" loading="lazy" decoding="async" '
            f'alt="{escape(self.words["drawn"])}"></div>'
        )

    def figure(self, picture: PagePicture, figure: PageFigure, caption: str, eager: bool) -> str:
        """A picture with its caption (HTML), number and moment; a link to the whole frame."""
        alt = " ".join(picture.frame.text.split())[:180] or figure.caption
        seen = self.words["on_screen"].format(time=clock(figure.at_ms))
        loading = 'fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'
        label = escape(self.words["figure"].format(number=figure.number))
        return (
            f'<figure class="shot" id="{escape(figure.anchor)}">'
            f'<a class="zoom" href="{escape(picture.whole_src)}">'
            f'<img src="{escape(picture.small_src)}" width="{picture.small_width}" '
            f'height="{picture.small_height}" {loading} alt="{escape(f"{seen}: {alt}")}"></a>'
            f'<figcaption><span class="figure-number">{label}</span> {caption} '
            f"{self.time_link(figure.at_ms, 'time inline')}</figcaption></figure>"
        )

    def _badge(self, verdict: CellReport) -> str:
        sign = _SIGNS.get(verdict.status, "·")
        text = self.words.get(verdict.status, verdict.status)
        reason = f": {verdict.reason}" if verdict.reason else ""
        return (
            f'<span class="verdict"><span class="sign">{sign}</span> {escape(text + reason)}</span>'
        )
