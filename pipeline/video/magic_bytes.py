"""What a file is that somebody took for a video."""

from __future__ import annotations

_BEGINNINGS = (
    (b"#EXTM3U", "a playlist, which only refers to other files"),
    (b"ffconcat", "a playlist, which only refers to other files"),
    (b"[playlist]", "a playlist, which only refers to other files"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_TEXT_CONTROLS = frozenset("\t\n\r\f")


def identify(head: bytes) -> str:
    """What begins with ``head`` (some hundred bytes), in words; "" when nobody knows.

    >>> identify(b"#EXTM3U\\nhttp://example.org/1.ts"), identify(b"<html>"), identify(b"\\0\\1")
    ('a playlist, which only refers to other files', 'a text', '')
    """
    for beginning, name in _BEGINNINGS:
        if head.lstrip(b"\xef\xbb\xbf").startswith(beginning):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a picture"
    # The last letter may be cut; a byte that stands for none is replaced and does not count.
    text = head.decode("utf-8", "ignore")
    printable = all(letter.isprintable() or letter in _TEXT_CONTROLS for letter in text)
    whole = len(text.encode()) >= len(head) - 3
    return "a text" if head and printable and whole else ""
