"""How fast a long chapter is rendered and how soon its page is there.

Run ``python -m tests.benchmarks.bench_site [folder of a rendered lecture]``: without a folder it
makes up a lecture of 2 h 13 min (36 parts, 150 figures of 1280 x 720, 36 cells). Prints the time
to render, the size of the page, and (where Chromium is) the medians of 5 visits from the server.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.document.article import Article, Section
from pipeline.document.outline import Outline
from pipeline.engine.workspace import Workspace, to_json
from pipeline.models import Cue, Frame, Segment, Segments, Transcript
from pipeline.render.files import render_chapter
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.render.sample import draw, sample_workspace

LENGTH_MS = 8_015_000
PARTS, FIGURES, SEGMENTS = 36, 150, 288
TEXT = (
    "the token pair merge vocabulary bytes of a we count list integer string and encode decode "
    "model sequence length see that this is in text regex pattern split training loop"
)
WORDS = TEXT.split()
VISITS = 5


def made_up(root: Path) -> Workspace:
    """A lecture as long as the longest that matters, of random words."""
    chance = random.Random(1)
    workspace = sample_workspace(root)

    def words(count: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(count)).capitalize() + "."

    step = LENGTH_MS // SEGMENTS
    parts = tuple(
        Segment(
            id=f"s{n + 1:04d}",
            start_ms=n * step,
            end_ms=(n + 1) * step,
            text=words(85),
            first_word=n * LENGTH_MS // 4000 * 12 // SEGMENTS,
            last_word=(n + 1) * LENGTH_MS // 4000 * 12 // SEGMENTS - 1,
        )
        for n in range(SEGMENTS)
    )
    cues = tuple(
        Cue(start_ms=at, end_ms=at + 3900, text=words(12)) for at in range(0, LENGTH_MS, 4000)
    )
    frames = []
    for n in range(FIGURES):
        at = n * LENGTH_MS // FIGURES
        path = f"screens/frames/{at:08d}.png"
        draw("\n".join(words(8) for _ in range(6)), root / path)
        frames.append(
            Frame(id=f"f{n + 1:04d}", at_ms=at, start_ms=at, end_ms=at + 9000, path=path,
                  width=1280, height=720, text=words(40))
        )  # fmt: skip
    sections, cells = [], []
    for n in range(PARTS):
        mine = parts[n * 8 : n * 8 + 8]
        blocks = [f"{words(60)} [[{one.id}]]\n\n{words(50)} [[{one.id}]]" for one in mine]
        for frame in frames[n * FIGURES // PARTS : (n + 1) * FIGURES // PARTS]:
            blocks.insert(chance.randrange(len(blocks)), f"![{words(9)}](frame:{frame.id})")
        source = (
            f"counts = {{}}\nfor pair in zip(ids, ids[1:]):\n    counts[pair] = {n}\nprint(counts)"
        )
        blocks.append(f"```python\n{source}\n```\n\n```text output\n{{(1, 2): {n}}}\n```")
        cells.append(
            CellReport(index=n + 1, section=f"sec{n}", language="python", source=source,
                       status="passed")
        )  # fmt: skip
        sections.append(
            Section(id=f"sec{n}", title=words(5)[:-1], start_ms=mine[0].start_ms,
                    end_ms=mine[-1].end_ms, markdown="\n\n".join(blocks),
                    segments=tuple(one.id for one in mine))
        )  # fmt: skip
    artifacts: dict[str, Any] = {
        "transcribe/transcript.json": Transcript(language="en", engine="x", model=None, cues=cues),
        "segment/segments.json": Segments(segments=parts, frames=tuple(frames)),
        "outline/outline.json": Outline(title="Long", edition="llm", sections=()),
        "check/article.json": Article(title="Long", edition="llm", sections=tuple(sections)),
        "check/report.json": Report(cells=tuple(cells), summary=summary_of(tuple(cells))),
    }
    for name, model in artifacts.items():
        (root / name).write_bytes(to_json(model))
    (root / "write" / "fidelity.json").unlink()
    return workspace


def visits(output: Path, name: str) -> dict[str, float]:
    """Medians in ms over fresh profiles: first contentful paint, interactive, first search."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import serve_in_thread

    served = serve_in_thread(output)
    address = f"{next(served).address}/{name}/render/index.html"
    measured: dict[str, list[float]] = {
        "first contentful paint": [],
        "interactive": [],
        "search": [],
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(VISITS):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            page.wait_for_timeout(300)
            paint, ready = page.evaluate(
                "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
                " performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd]"
            )
            measured["first contentful paint"].append(paint)
            # The scripts have run and listen: a key is answered.
            measured["interactive"].append(max(paint, ready))
            began = time.perf_counter()
            page.keyboard.press("/")
            page.fill("dialog.search input", "vocabulary")
            page.wait_for_selector(".search li")
            measured["search"].append((time.perf_counter() - began) * 1000)
            page.close()
        browser.close()
    served.close()
    return {what: statistics.median(values) for what, values in measured.items()}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        if len(sys.argv) > 1:
            root = Path(sys.argv[1])
            shutil.copytree(root, output / root.name, symlinks=True)
            workspace = Workspace(output / root.name)
        else:
            workspace = made_up(output / "long")
        began = time.perf_counter()
        rendered = render_chapter(sources_of(workspace), RenderSettings())
        took = time.perf_counter() - began
        for name, data in rendered.files.items():
            path = workspace.root / "render" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        chapter = rendered.chapter
        print(f"{'sections, figures':28}{len(chapter.sections)}, {len(chapter.pictures)}")
        print(f"{'render':28}{took:8.2f} s")
        print(f"{'index.html':28}{len(rendered.files['index.html']) / 1000:8.0f} kB")
        print(f"{'search.js':28}{len(rendered.files['assets/search.js']) / 1000:8.0f} kB")
        if shutil.which("chromium"):
            for what, value in visits(output, workspace.video_id).items():
                print(f"{what:28}{value:8.0f} ms")


if __name__ == "__main__":
    main()
