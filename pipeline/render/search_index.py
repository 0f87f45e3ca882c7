"""The chapter's search index: what can be found, as a script that works from a file, too."""

from __future__ import annotations

import json

from pipeline.render.chapter import ChapterPage


def search_index(chapter: ChapterPage) -> str:
    """A script that calls ``lectureIndex(chapter)``.

    The chapter is ``{id, title, language, entries}``; an entry is ``[anchor, start in ms, section
    title, text]``, one for each section, passage and figure in the order of the page.
    """
    entries: list[tuple[str, int, str, str]] = []
    frames = {frame.id: frame for frame in chapter.sources.segments.frames}
    for page in chapter.sections:
        title = page.section.title
        entries.append((page.anchor, page.section.start_ms, title, title))
        for passage in page.prose.passages:
            if passage.text:
                entries.append((passage.anchor, passage.span.start_ms, title, passage.text))
        for figure in page.prose.figures:
            text = " ".join(frames[figure.frame].text.split())
            if text:
                entries.append((figure.anchor, figure.at_ms, title, text))
    index = {
        "id": chapter.sources.name,
        "title": chapter.sources.article.title,
        "language": chapter.language,
        "entries": entries,
    }
    data = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    # These two end a line in old JavaScript, even within a string.
    data = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"lectureIndex({data});\n"
