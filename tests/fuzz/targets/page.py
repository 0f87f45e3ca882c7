"""The page and the book of a section: whatever its Markdown, nothing in it can run or call home."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib

from pipeline.cells.report import Report, summary_of
from pipeline.document.blocks import AnyBlock, Paragraph
from pipeline.document.characters import clean_prose
from pipeline.document.inline import write
from pipeline.document.parse import parse
from pipeline.document.runs import tidied
from pipeline.i18n.page import words_for
from pipeline.models import Segment, Video
from pipeline.render.formats.xhtml import to_xhtml
from pipeline.render.html.anchors import Anchors
from pipeline.render.html.fragments import FragmentMaker
from pipeline.render.html.passage_footer import tail_html
from pipeline.render.html.passages import CitedSpan, PassageMaker
from pipeline.render.html.prose import Prose, ProseMaker
from pipeline.writing.transcript_edition.inline_code import spoken_runs
from tests.fuzz.target import Target, text_of

_FORBIDDEN = frozenset({
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "textarea", "select",
    "link", "meta", "base", "svg", "template", "noscript", "frame", "frameset", "applet", "audio",
    "video", "source", "track", "portal", "dialog",
})  # fmt: skip
_SEGMENTS = {
    f"s{number:04d}": Segment(
        id=f"s{number:04d}",
        start_ms=number * 1000,
        end_ms=number * 1000 + 900,
        text="",
        first_word=0,
        last_word=-1,
    )
    for number in range(1, 5)
}
_VIDEO = Video(
    video_id="v", title="T", url="https://example.org/v.mp4", path="v.mp4", duration_ms=9_000,
    width=0, height=0, fps=0, has_audio=True, sha256="0" * 64, start_ms=0, end_ms=9_000,
)  # fmt: skip
_SECTION = b"""# Bytes & <b>more</b>

Counted `a<b` [[s0001]], [see](https://example.org/?a=1&b=2 "t") and $x^2$ <sub>2</sub>.

> [!NOTE]
> It reads <|endoftext|>.

| a | b |
|---|---|
| 1 | ![x](http://other.example/x.png) |

```python
print("</script>")
```

```text output
</pre>
```

$$
\\frac{1}{2}
$$

1. one[^1]

[^1]: A note.
"""


def section(markdown: str) -> Prose:
    """A section of a made-up chapter as it goes into the page."""
    return _prose(parse(markdown), "en")


def _prose(blocks: Sequence[AnyBlock], language: str) -> Prose:
    words, anchors = words_for("en"), Anchors()
    pieces = FragmentMaker(_VIDEO, None, words)

    def tail(anchor: str, span: CitedSpan) -> str:
        return tail_html(anchor, "as said", words)

    passages = PassageMaker(_SEGMENTS, pieces.time_link, tail, anchors)
    report = Report(cells=(), summary=summary_of(()))
    return ProseMaker(passages, pieces, {}, report, anchors, language).section(blocks)


def problems(html: str) -> list[str]:
    """What in ``html``, as a browser reads it, could run, restyle the page or call home."""
    found = []
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        if tag in _FORBIDDEN:
            found.append(f"<{tag}>")
        for key, value in element.attrib.items():
            name = str(key).rpartition("}")[2].lower()
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "action", "ping"):
                found.append(f"{name}={value!r}")
            scheme = _scheme(value) if name in ("href", "src", "cite", "srcset") else ""
            if name == "href" and scheme not in ("", "http", "https", "mailto"):
                found.append(f"{name}={value!r}")
            if name in ("src", "srcset") and (scheme or value.strip().startswith("//")):
                found.append(f"{name}={value!r}")
    return found


def _scheme(address: str) -> str:
    """The scheme as a browser sees it: control characters and spaces in it do not count."""
    plain = re.sub(r"[\x00-\x20]+", "", address)
    try:
        return urlsplit(plain).scheme
    except ValueError:
        return ""


def page(data: bytes) -> None:
    """A section's HTML is harmless, and its XHTML is well-formed."""
    prose = section(text_of(data))
    assert not problems(_whole(prose.html))
    ElementTree.fromstring(f"<body>{to_xhtml(prose.html)}</body>")
    assert all(passage.anchor.split("-")[0] in _SEGMENTS for passage in prose.passages)


def _whole(html: str) -> str:
    return f"<!DOCTYPE html><body>{html}</body>"


def words(data: bytes) -> None:
    """The lecturer's words show exactly as they were said, but for what cannot be seen."""
    said = " ".join(clean_prose(text_of(data)).split())
    html = _prose([Paragraph(text=write(tidied(spoken_runs(said))))], "de").html
    shown = html5lib.parse(html, namespaceHTMLElements=False)
    visible = " ".join("".join(shown.itertext()).split())
    assert visible == said


TARGETS = (
    Target(
        "page",
        page,
        (_SECTION, b"[x](javascript:alert(1)) <img src=x onerror=alert(1)>", b"[[s0001@1500]]"),
    ),
    Target("words", words, (b"call get_stats() on a*b, 1. <|end|> & [x](y) #1 $5", b"- 1) `x` ~~")),
)
