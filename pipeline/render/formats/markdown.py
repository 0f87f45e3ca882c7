"""``chapter.md``: the chapter as CommonMark with front matter, for MkDocs, Quarto and Obsidian."""

from __future__ import annotations

import json
import re

from pipeline.models import Segment
from pipeline.render.chapter import ChapterPage
from pipeline.render.html.passages import CITATION
from pipeline.render.html.placeholders import (
    MARK,
    FencePlaceholder,
    FigurePlaceholder,
    FormulaPlaceholder,
    Lifted,
    lift,
)
from pipeline.render.links import moment_url
from pipeline.timecode import clock

_CITATIONS = re.compile(r"(?<! ) *+" + CITATION)


# What begins a tag, a comment or an instruction of HTML; not an address between angle brackets.
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]+>)")
_PICTURE = re.compile(r"!(?=\[[^\[\]]*\]\s*[(\[])")
_SCHEME = re.compile(r"(\]\(\s*+<?\s*+)(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def harmless(markdown: str) -> str:
    """``markdown`` as the page shows it: HTML as text, pictures from elsewhere as links, and no
    addresses that a program could take for a command. Whoever opens the file elsewhere may have a
    viewer that would run or load them. To be used outside of code.

    >>> harmless("<script>x</script> a < b ![p](http://a.example/p.png) [r](javascript:x)")
    '&lt;script>x&lt;/script> a < b [p](http://a.example/p.png) [r](#x)'
    """
    return _SCHEME.sub(r"\1#", _PICTURE.sub("", _TAG.sub("&lt;", markdown)))


def chapter_markdown(chapter: ChapterPage) -> str:
    """The whole chapter; times are links, pictures are relative paths into ``assets/``."""
    parts = [_front_matter(chapter), f"# {harmless(_line(chapter.sources.article.title))}"]
    if chapter.sources.outline.summary:
        parts.append(harmless(chapter.sources.outline.summary.strip()))
    for page in chapter.sections:
        parts.append(f"## {harmless(_line(page.section.title))}")
        parts.append(_linked(chapter, page.section.start_ms))
        parts.append(section_markdown(chapter, page.section.markdown))
    return "\n\n".join(part for part in parts if part) + "\n"


def section_markdown(chapter: ChapterPage, markdown: str) -> str:
    """One section with its citations and figures turned into links and pictures."""
    segments = {segment.id: segment for segment in chapter.sources.segments.segments}
    lifted = lift(markdown)
    text = harmless(lifted.markdown)
    text = _CITATIONS.sub(lambda match: _citation(chapter, segments, match), text)
    text = MARK.sub(lambda match: _piece(chapter, lifted, match), text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _front_matter(chapter: ChapterPage) -> str:
    """YAML front matter; JSON strings are YAML strings."""
    sources = chapter.sources
    fields = {
        "title": harmless(sources.article.title),
        "author": harmless(sources.video.uploader) if sources.video.uploader else None,
        "date": sources.made_on,
        "lang": chapter.language,
        "source": sources.video.url,
        "edition": sources.article.edition,
        "model": sources.article.model,
    }
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in fields.items()
        if value is not None
    ]
    return "\n".join(["---", *lines, "---"])


def _linked(chapter: ChapterPage, ms: int) -> str:
    url = moment_url(chapter.sources.video.url, chapter.sources.file, ms)
    return f"[{clock(ms)}]({url})" if url else clock(ms)


def _citation(chapter: ChapterPage, segments: dict[str, Segment], match: re.Match[str]) -> str:
    ids = [one for one in re.findall(r"s\d+", match[1]) if one in segments]
    if not ids:
        return ""
    first = ids[0]
    start_ms, moment = segments[first].start_ms, int(match[2] or 0)
    within = start_ms <= moment < max(segments[one].end_ms for one in ids)
    return f" {_linked(chapter, moment if within else start_ms)}"


def _piece(chapter: ChapterPage, lifted: Lifted, match: re.Match[str]) -> str:
    piece = lifted.pieces[int(match[1])]
    if isinstance(piece, FencePlaceholder):
        pictures = [
            f"\n\n![Picture drawn by the code above]({drawn.src})"
            for path in piece.drawings
            if (drawn := chapter.pieces.drawings.get(path))
        ]
        return _indented(_fence(piece) + "".join(pictures), match)
    if isinstance(piece, FormulaPlaceholder):
        return _indented(f"$$\n{piece.latex.strip()}\n$$", match)
    if isinstance(piece, FigurePlaceholder):
        picture = chapter.pictures.get(piece.frame)
        caption = section_caption(chapter, piece.caption)
        if picture is None:
            return caption
        return f"![{caption}]({picture.src}) {_linked(chapter, picture.frame.at_ms)}"
    # "<|name|>" is no HTML tag to CommonMark: it stands as it is, in code and in text.
    return piece.text


def section_caption(chapter: ChapterPage, caption: str) -> str:
    """A caption without citations, on one line."""
    return harmless(" ".join(_CITATIONS.sub("", caption).split()))


def _fence(fence: FencePlaceholder) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", fence.source)), default=2)
    marker = "`" * max(3, longest + 1)
    shown = f"{marker}{fence.language}\n{fence.source}\n{marker}"
    if fence.output is not None:
        shown += f"\n\n{_fence(FencePlaceholder('text', ('output',), fence.output))}"
    return shown


def _indented(text: str, match: re.Match[str]) -> str:
    """``text`` with the indent of its mark's line on its further lines."""
    start = match.string.rfind("\n", 0, match.start()) + 1
    indent = match.string[start : match.start()]
    return text.replace("\n", "\n" + indent) if indent.strip() == "" else text


def _line(text: str) -> str:
    return " ".join(text.split())
