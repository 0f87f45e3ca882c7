"""What machines read: schema.org's Article and VideoObject with its Clips."""

from __future__ import annotations

import json
from typing import Any

from pipeline.render.chapter import ChapterPage
from pipeline.render.links import embed_url, is_web, moment_url


def structured_data(chapter: ChapterPage) -> str:
    """JSON-LD for the page, safe inside a ``script`` element."""
    sources = chapter.sources
    video = sources.video
    recording: dict[str, Any] = {
        "@type": "VideoObject",
        "name": video.title,
        "description": _short(video.description) or video.title,
        "duration": _iso_duration(video.duration_ms),
        "hasPart": [_clip(chapter, index) for index in range(len(chapter.sections))],
    }
    if is_web(video.url):
        recording["url"] = video.url
    if embed := embed_url(video.url):
        recording["embedUrl"] = embed
    if video.upload_date:
        recording["uploadDate"] = video.upload_date
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": sources.article.title,
        "description": description(chapter),
        "inLanguage": chapter.language,
        "wordCount": chapter.word_count,
        "isBasedOn": recording,
    }
    if video.uploader:
        article["author"] = {"@type": "Person", "name": video.uploader}
        recording["creator"] = {"@type": "Person", "name": video.uploader}
    if sources.made_on:
        article["dateModified"] = sources.made_on
    if pictures := [picture.src for picture in chapter.pictures.values()][:1]:
        article["image"] = recording["thumbnailUrl"] = pictures[0]
    text = json.dumps(article, ensure_ascii=False, separators=(",", ":"))
    # "</script>" in a title must not end the element.
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def description(chapter: ChapterPage) -> str:
    """One or two sentences for search engines and link previews; never empty."""
    summary = chapter.sources.outline.summary.strip()
    if summary:
        return _short(summary)
    for page in chapter.sections:
        for passage in page.prose.passages:
            if passage.text:
                return _short(passage.text)
    return chapter.sources.article.title


def _clip(chapter: ChapterPage, index: int) -> dict[str, Any]:
    section = chapter.sections[index].section
    video = chapter.sources.video
    clip: dict[str, Any] = {
        "@type": "Clip",
        "name": section.title,
        "startOffset": section.start_ms // 1000,
        "endOffset": max(section.start_ms // 1000 + 1, section.end_ms // 1000),
    }
    if video.url and (url := moment_url(video.url, None, section.start_ms)):
        clip["url"] = url
    return clip


def _short(text: str, most: int = 200) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _iso_duration(ms: int) -> str:
    seconds = ms // 1000
    return f"PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"
