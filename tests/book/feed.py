"""A playlist on loopback: an RSS feed, which yt-dlp reads as a playlist."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from tests.servers.media import MediaServer, Page


def feed(server: MediaServer, title: str, entries: Mapping[str, str]) -> str:
    """Serve a feed of ``<name>.mp4``, name to title; its address."""
    items = "".join(
        f"<item><title>{escape(text)}</title><link>{server.url(f'/{name}.mp4')}</link></item>"
        for name, text in entries.items()
    )
    xml = (
        '<?xml version="1.0"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title>{items}</channel></rss>"
    )
    server.pages["/course.xml"] = Page(xml.encode(), "application/rss+xml")
    return server.url("/course.xml")
