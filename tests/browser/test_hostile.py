"""Whatever the lecture, the model or the files say: no script runs, no request leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.artifacts import CHECKED, OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.engine.workspace import Artifact, Workspace, to_json
from pipeline.models import Cue
from pipeline.settings.serve import ServeSettings
from tests.browser.conftest import Served, Watched, serve_in_thread, write_rendered
from tests.render.sample import sample_workspace

SCRIPT = "<script>window.hacked = 1</script>"
IMAGE = '<img src="http://evil.example/x.png" onerror="window.hacked = 2">'
SVG = '<svg onload="window.hacked = 3"><script>window.hacked = 4</script></svg>'
BREAK = "\"'></script></style></title><script>window.hacked = 5</script><!--"
ALL = SCRIPT + IMAGE + SVG + BREAK

MARKDOWN = f"""{ALL}

A paragraph with {SCRIPT} and `{IMAGE}`. [[s0001]]

[link](javascript:window.hacked=6) [data](data:text/html,<script>window.hacked=7</script>)
<javascript:window.hacked=8> [ref][r] ![pic](http://evil.example/pic.png)
![p](javascript:window.hacked=9)

[r]: javascript:window.hacked=10 "x\" onmouseover=\"window.hacked=11"

$\\href{{javascript:window.hacked=12}}{{x}}$ $$\\text{{{SCRIPT}}}$$ ${IMAGE}$

$$\\unicode{{x3c}} \\style{{background:url(http://evil.example/css)}}{{y}}$$

![{SCRIPT} {IMAGE}](frame:f0001) ![x](frame:../../../etc/passwd) ![y](../../../../etc/passwd.png)

```python" onclick="window.hacked=13
print("{SCRIPT}")
```
```text output
{ALL}
```

> [!NOTE{SCRIPT}]
> {IMAGE}

| {SCRIPT} | b |
|---|---|
| {IMAGE} | <iframe src="http://evil.example/"></iframe> |

[^n]: {ALL} <object data="http://evil.example/o"></object>

Text.[^n] <style>@import "http://evil.example/s.css"</style> <meta http-equiv=refresh content="0;url=http://evil.example/">
<base href="http://evil.example/"> <form action="http://evil.example/"><input name=a></form>
{{: onclick="window.hacked=14" style="background:url(http://evil.example/a)" }}
&lt;script&gt;window.hacked=15&lt;/script&gt;
"""


def hostile_workspace(root: Path) -> Workspace:
    """The sample with attacks in every field that comes from elsewhere."""
    workspace = sample_workspace(root)

    def change(artifact: Artifact[Any], **fields: object) -> None:
        model = workspace.read(artifact).model_copy(update=fields)
        workspace.path(artifact).write_bytes(to_json(model))

    name = "a'\"><img src=x onerror=hacked=1>.mp4".replace("/", "")
    (root / "download" / "bpe mini lecture.mp4").rename(root / "download" / name)
    change(VIDEO, title=ALL, uploader=ALL, description=ALL, path=name,
        url=f"javascript:window.hacked=20//{BREAK}", upload_date=BREAK,
    )  # fmt: skip
    cues = tuple(Cue(start_ms=at, end_ms=at + 900, text=ALL) for at in range(0, 200_000, 1000))
    change(TRANSCRIPT, cues=cues, engine=ALL, model=ALL)
    segments = workspace.read(SEGMENTS)
    frames = tuple(frame.model_copy(update={"text": ALL}) for frame in segments.frames)
    parts = tuple(one.model_copy(update={"text": ALL}) for one in segments.segments)
    change(SEGMENTS, frames=frames, segments=parts)
    change(OUTLINE, title=ALL, summary=ALL, model=ALL)
    article = workspace.read(CHECKED)
    sections = tuple(
        one.with_markdown(MARKDOWN).model_copy(update={"title": ALL}) for one in article.sections
    )
    change(CHECKED, title=ALL, model=ALL, sections=sections)
    (root / "check" / "drawing.png").write_text(SVG)
    cell = CellReport(
        id="sec01-1", index=1, section="sec01", language=BREAK,
        source=f'print("{SCRIPT}")', status="failed",
        reason=ALL, stdout=ALL, error=ALL, pictures=("drawing.png", "../download/video.json"),
    )  # fmt: skip
    (root / "check" / "report.json").write_bytes(
        to_json(Report(cells=(cell,), summary=summary_of((cell,)), sandbox=ALL))
    )
    return workspace


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    output = tmp_path_factory.mktemp("hostile") / "output"
    write_rendered(hostile_workspace(output / "sample"))
    yield from serve_in_thread(output, ServeSettings(private_addresses="allow"))


def unharmed(watched: Watched) -> None:
    """No trace in the page, no request, no attempt that only the policy stopped."""
    page = watched.page
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert watched.foreign() == []
    assert [one for one in watched.complaints if "Content Security Policy" in one] == []
    assert (
        page.locator("iframe, object, embed, base, form:not(#add), style, svg script").count() == 0
    )
    traces = page.evaluate(
        """[...document.querySelectorAll('*')].flatMap(element => [...element.attributes]
             .filter(() => element.id !== 'bookmark')  // ours; the policy lets it run nowhere here
             .filter(one => /^on/.test(one.name) || one.name === 'style'
               || /^\\s*(javascript|data:text)/i.test(one.value)
               && ['href', 'src', 'action', 'xlink:href'].includes(one.name))
             .map(one => element.tagName + ' ' + one.name + '=' + one.value))"""
    )
    assert traces == []
    scripts = page.evaluate("[...document.scripts].filter(one => !one.src).map(one => one.type)")
    assert scripts in ([], ["application/ld+json"])


@pytest.mark.parametrize("how", ["file", "server"])
def test_the_chapter_is_unharmed(
    open_page: Callable[..., Watched], hostile: Served, how: str
) -> None:
    page = hostile.output / "sample" / "render" / "index.html"
    watched = open_page(page if how == "file" else f"{hostile.address}/sample/")
    unharmed(watched)
    assert SCRIPT in watched.page.inner_text("h1")
    for summary in watched.page.locator("summary").all()[:4]:
        summary.click()
    watched.page.keyboard.press("/")
    watched.page.fill("dialog.search input", "hacked")
    watched.page.wait_for_selector(".search li")
    watched.page.keyboard.press("Escape")
    watched.page.click("a.zoom >> nth=0")
    watched.page.wait_for_selector(".lightbox p")
    unharmed(watched)


def test_the_library_is_unharmed(open_page: Callable[..., Watched], hostile: Served) -> None:
    watched = open_page(hostile.address)
    watched.page.wait_for_selector(".card")
    unharmed(watched)


def test_the_single_file_is_unharmed(
    open_page: Callable[..., Watched], hostile: Served, tmp_path: Path
) -> None:
    from pipeline.render.formats.export import export

    target = export(Workspace(hostile.output / "sample"), "html", tmp_path / "one.html")
    watched = open_page(target)
    watched.page.wait_for_timeout(300)
    assert watched.page.evaluate("window.hacked") is None
    assert watched.foreign() == []
    watched.page.keyboard.press("/")
    watched.page.fill("dialog.search input", "hacked")
    watched.page.wait_for_selector(".search li")


def test_a_name_in_the_queue_is_unharmed(
    open_page: Callable[..., Watched], hostile: Served
) -> None:
    watched = open_page(hostile.address)
    watched.page.fill("#source", "http://127.0.0.1:1/<img/src=x/onerror=window.hacked=1>")
    watched.page.evaluate("document.querySelector('#add button[type=submit]').click()")
    watched.page.wait_for_selector(".job")
    unharmed(watched)
