"""HTML of the pieces of a page that are not running text: time links, cells, figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from pipeline.cells.report import CellReport
from pipeline.models import Video
from pipeline.render.html.highlight import highlight
from pipeline.render.html.placeholders import FencePlaceholder
from pipeline.render.links import moment_url
from pipeline.render.pictures import Drawing, PagePicture
from pipeline.timecode import clock

_SIGNS = {"passed": "✓", "mismatch": "✓", "failed": "✗", "timeout": "✗", "blocked": "✗"}


@dataclass(frozen=True)
class FragmentMaker:
    """Makes the HTML of pieces for one chapter.

    Args:
        video: the lecture.
        file: the local video's address relative to the page, None when there is none.
        words: the page's furniture texts.
        inline: converts a caption's Markdown to inline HTML.
        drawings: the pictures that cells drew, by their paths in the check folder.
    """

    video: Video
    file: str | None
    words: dict[str, str]
    inline: Callable[[str], str]
    drawings: Mapping[str, Drawing] = field(default_factory=dict)

    def time_link(self, ms: int, css_class: str) -> str:
        """A link that plays the lecture from ``ms`` on; plain text if nothing can be played."""
        url = moment_url(self.video.url, self.file, ms)
        text = clock(ms)
        if url is None:
            return f'<span class="{css_class}">{text}</span>'
        label = escape(self.words["play_at"].format(time=text))
        return (
            f'<a class="{css_class}" href="{escape(url)}" data-t="{ms}" aria-label="{label}">'
            f"{text}</a>"
        )

    def cell(self, fence: FencePlaceholder, verdict: CellReport | None) -> str:
        """A code block with its verdict and what it printed."""
        code = highlight(fence.source, fence.language)
        name = escape(fence.language or "text")
        excerpt = "excerpt" in fence.words
        badge = ""
        if excerpt:
            badge = f'<span class="verdict">{escape(self.words["excerpt"])}</span>'
        elif verdict:
            badge = self._badge(verdict)
        head = (
            f'<div class="cell-head"><span class="cell-language">{name}</span>{badge}</div>'
            if fence.language
            else ""
        )
        printed = "" if fence.output is None else self.output(fence.output)
        printed += "".join(self.drawing(path) for path in fence.drawings)
        status = f" {verdict.status}" if verdict else ""
        return (
            f'<div class="cell{" excerpt" if excerpt else ""}{escape(status)}">{head}'
            f'<pre class="code" tabindex="0"><code translate="no">{code}</code></pre>'
            f"{printed}</div>"
        )

    def output(self, text: str) -> str:
        """What a cell printed."""
        label = escape(self.words["output"])
        return (
            f'<div class="printed"><span class="cell-language">{label}</span>'
            f'<pre class="output" tabindex="0"><samp>{escape(text)}</samp></pre></div>'
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

    def figure(self, picture: PagePicture, caption: str, number: int, eager: bool) -> str:
        """A picture with its caption, number and moment; a link to the full picture."""
        frame = picture.frame
        alt = " ".join(frame.text.split())[:180] or caption
        seen = self.words["on_screen"].format(time=clock(frame.at_ms))
        loading = 'fetchpriority="high"' if eager else 'loading="lazy" decoding="async"'
        label = escape(self.words["figure"].format(number=number))
        return (
            f'<figure class="shot" id="{escape(frame.id)}-{number}">'
            f'<a class="zoom" href="{escape(picture.src)}">'
            f'<img src="{escape(picture.small_src)}" width="{picture.small_width}" '
            f'height="{picture.small_height}" {loading} alt="{escape(f"{seen}: {alt}")}"></a>'
            f'<figcaption><span class="figure-number">{label}</span> {self.inline(caption)} '
            f"{self.time_link(frame.at_ms, 'time inline')}</figcaption></figure>"
        )

    def _badge(self, verdict: CellReport) -> str:
        sign = _SIGNS.get(verdict.status, "·")
        text = self.words.get(verdict.status, verdict.status)
        reason = f": {verdict.reason}" if verdict.reason else ""
        return (
            f'<span class="verdict"><span class="sign">{sign}</span> {escape(text + reason)}</span>'
        )
