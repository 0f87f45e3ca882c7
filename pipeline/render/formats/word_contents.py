"""The contents of a Word document: pandoc writes a field that only Word itself fills in."""

from __future__ import annotations

import io
import re
import zipfile

_DOCUMENT = "word/document.xml"
_END = '<w:fldChar w:fldCharType="end" />'
_EMPTY = f'<w:fldChar w:fldCharType="separate" />{_END}</w:r>'
_HEADING = re.compile(
    r'<w:bookmarkStart [^>]*w:name="([^"]+)" />\s*'
    r'(<w:p><w:pPr><w:pStyle w:val="Heading1" />.*?</w:p>)'
)
_TEXT = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)</w:t>|<w:(tab) />")


def with_contents(document: bytes) -> bytes:
    """The document with its headings of the first level, as links, in the field of its contents.

    Word replaces them (by pages) when it updates the field; other programs show them as they are.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parts = [(one, archive.read(one)) for one in archive.infolist()]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in parts:
            archive.writestr(one, _filled(data) if one.filename == _DOCUMENT else data)
    return buffer.getvalue()


def _filled(xml: bytes) -> bytes:
    text = xml.decode("utf-8")
    entries = [
        f'<w:hyperlink w:anchor="{anchor}"><w:r><w:t xml:space="preserve">{_title(heading)}</w:t>'
        "</w:r></w:hyperlink>"
        for anchor, heading in _HEADING.findall(text)
    ]
    listed = "</w:p><w:p>".join(entries)
    filled = f'<w:fldChar w:fldCharType="separate" /></w:r>{listed}<w:r>{_END}</w:r>'
    return text.replace(_EMPTY, filled, 1).encode("utf-8")


def _title(heading: str) -> str:
    """The words of a heading, as escaped as they are in it."""
    return "".join(" " if tab else words for words, tab in _TEXT.findall(heading))
