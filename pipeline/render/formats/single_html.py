"""The chapter as one HTML file with everything inside: styles, scripts, font, pictures, index."""

from __future__ import annotations

import base64
import hashlib
import io
from html import escape

from markupsafe import Markup

from pipeline.render.assets import (
    font_files,
    script,
    search_library,
    style_sheet,
    theme_script,
)
from pipeline.render.chapter import ChapterPage
from pipeline.render.page import Inline, chapter_html
from pipeline.render.pictures import PagePicture
from pipeline.render.search_index import search_index
from pipeline.render.security_policy import inline_policy


def single_file(chapter: ChapterPage) -> str:
    """The page as a string.

    Each picture is inside once, at its full size, as WebP. The policy allows exactly the scripts
    and the style sheet that are inside, by their hashes.
    """
    formulas = any("<math" in page.prose.html for page in chapter.sections)
    style = _style(formulas)
    opening = theme_script()
    closing = _harmless("\n".join([search_library(), script(), search_index(chapter)]))
    inline = Inline(
        head=Markup(f"<script>{opening}</script>\n<style>{style}</style>"),
        body=Markup(f"<script>{closing}</script>"),
        policy=inline_policy([_hash(opening), _hash(closing)], [_hash(style)]),
    )
    page = chapter_html(chapter, (), inline)
    for picture in chapter.pictures.values():
        page = page.replace(
            f'src="{escape(picture.small_src)}"', f'src="{_data(_webp(picture), "image/webp")}"'
        )
        page = page.replace(f'href="{escape(picture.src)}"', 'href="#text"')
    for drawing in chapter.pieces.drawings.values():
        kind = f"image/{drawing.src.rpartition('.')[2]}"
        page = page.replace(f'src="{drawing.src}"', f'src="{_data(drawing.data, kind)}"')
    return page


def _style(formulas: bool) -> str:
    """The style sheet with its fonts inside; that of formulas only where there are some."""
    style = style_sheet()
    for name, data in font_files().items():
        if name == "maths.woff2" and not formulas:
            data = b""
        style = style.replace(f'url("{name}")', f'url("{_data(data, "font/woff2")}")')
    return style


def _webp(picture: PagePicture) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(picture.files[picture.src])) as image:
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "WEBP", quality=80, method=4)
    return buffer.getvalue()


def _data(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _harmless(code: str) -> str:
    """Script text in which no string can end the element (``</script>`` in a transcript)."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
