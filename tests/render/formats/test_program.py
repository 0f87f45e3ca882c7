"""The code of a chapter as one program: it runs, and says what does not."""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.document.walk import cells
from pipeline.engine.workspace import Workspace
from pipeline.errors import RenderError
from pipeline.render.chapter import ChapterPage, build_chapter
from pipeline.render.files import render_chapter
from pipeline.render.formats.epub import epub
from pipeline.render.formats.export import export
from pipeline.render.formats.markdown import chapter_blocks
from pipeline.render.formats.program import listing, program
from pipeline.render.load import sources_of
from pipeline.render.page import chapter_html
from pipeline.settings.render import RenderSettings
from tests.render.chapters import NOTHING, article_of, chapter_of
from tests.render.sample import sample_workspace

FIRST = """```python
from __future__ import annotations
pairs = {}
```

```python
import no_such_package
```

1. In a list:

   ```python
   >>> pairs["a"] = 1
   >>> len(pairs)
   1
   ```
"""
SECOND = """```python
print("pairs:", pairs)
```

```python raises-exception
1 / 0
```

```sh
ls
```
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return sample_workspace(tmp_path_factory.mktemp("program") / "sample")


def report(*verdicts: dict[str, Any]) -> Report:
    article = article_of(FIRST, SECOND)
    found = [cell for section in article.sections for cell in cells(section.blocks)]
    made = tuple(
        CellReport(
            id=cell.id, index=n, section="", language="python", source=cell.source, **verdict
        )
        for n, (cell, verdict) in enumerate(zip(found, verdicts, strict=False), 1)
    )
    return Report(cells=made, summary=summary_of(made))


VERDICTS: tuple[dict[str, Any], ...] = (
    {"status": "passed"},
    {"status": "failed", "reason": "ModuleNotFoundError:\nno_such_package\rprint('escaped')"},
    {"status": "passed"},
    {"status": "mismatch"},
    {"status": "passed", "error": "ZeroDivisionError"},
)


def test_the_program_runs_all_that_ran(sample: Workspace, tmp_path: Path) -> None:
    text = program(chapter_of(sample, FIRST, SECOND, report=report(*VERDICTS)))
    path = tmp_path / "chapter.py"
    path.write_text(text, encoding="utf-8")
    ran = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "pairs: {'a': 1}\n"), ran.stderr


def test_what_did_not_run_is_a_comment_with_the_reason(sample: Workspace) -> None:
    text = program(chapter_of(sample, FIRST, SECOND, report=report(*VERDICTS)))
    assert (
        "# failed: ModuleNotFoundError: no_such_package print('escaped')\n# import no_such" in text
    )
    assert "# raises an exception on purpose\n# 1 / 0" in text
    assert "# 1. Section 1\n" in text and "# 2. Section 2\n" in text and "ls" not in text


def test_what_ran_on_other_values_than_the_lectures_is_code_and_says_so(
    sample: Workspace,
) -> None:
    other = {"status": "shown", "reason": "ran on another x", "other_data": True}
    text = program(chapter_of(sample, FIRST, SECOND, report=report(other, *VERDICTS[1:])))
    assert "# ran on another x\npairs = {}\n" in text


@pytest.mark.parametrize(
    "title",
    ["Live coding: a tokenizer", "The encoding=utf-7"],
)
def test_no_title_is_taken_for_an_encoding(sample: Workspace, tmp_path: Path, title: str) -> None:
    reason = {"status": "failed", "reason": "+AAo-print('escaped')+AAo-"}  # two lines in UTF-7
    verdicts = (VERDICTS[0], reason, *VERDICTS[2:])
    chapter = chapter_of(sample, FIRST, SECOND, report=report(*verdicts))
    named = chapter.sources.article.model_copy(update={"title": title})
    path = tmp_path / "chapter.py"
    chapter = replace(chapter, sources=replace(chapter.sources, article=named))
    path.write_text(program(chapter), encoding="utf-8")
    ran = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "pairs: {'a': 1}\n"), ran.stderr


def test_imports_from_the_future_come_first_and_strings_stay(
    sample: Workspace, tmp_path: Path
) -> None:
    cell = (
        "```python\nprint('é')\n```\n\n```python\n"
        "from __future__ import (\n    annotations,\n)\n"
        'from __future__ import division; text = """\n'
        'from __future__ import braces\n"""\nprint(text.strip())\n```\n'
    )
    first, second = cells(article_of(cell).sections[0].blocks)
    ran = tuple(
        CellReport(
            id=one.id, index=n, section="", language="python", source=one.source, status="passed"
        )
        for n, one in enumerate((first, second), 1)
    )
    made = Report(cells=ran, summary=summary_of(ran))
    path = tmp_path / "chapter.py"
    path.write_text(program(chapter_of(sample, cell, report=made)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", path], capture_output=True, timeout=60, check=False
    )
    assert done.stdout.decode().split("\n")[:2] == ["é", "from __future__ import braces"], done


def test_without_a_report_nothing_runs(sample: Workspace) -> None:
    lines = program(chapter_of(sample, FIRST)).splitlines()
    assert all(line.startswith("#") for line in lines if line)


def test_a_chapter_without_code_has_no_program(sample: Workspace, tmp_path: Path) -> None:
    bare = chapter_of(sample, "Words.").sources
    assert "chapter.py" not in render_chapter(bare, RenderSettings()).files


def test_the_page_offers_it_and_export_writes_it(sample: Workspace, tmp_path: Path) -> None:
    files = render_chapter(sources_of(sample), RenderSettings()).files
    assert b'href="chapter.py" download' in files["index.html"]
    written = export(sample, "py", tmp_path / "code.py").read_bytes()
    compile(written, "code.py", "exec")
    assert written == files["chapter.py"]


def test_no_code_is_no_export(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "bare")
    for stage in ("write", "check"):
        path = workspace.root / stage / "article.json"
        if path.is_file():
            path.write_text(article_of("Words.").model_dump_json(), encoding="utf-8")
    with pytest.raises(RenderError, match="no Python code"):
        export(workspace, "py", tmp_path / "code.py")


def test_the_chapter_ends_with_its_code_in_one_piece(sample: Workspace, tmp_path: Path) -> None:
    rendered = render_chapter(
        chapter_of(sample, FIRST, SECOND, report=report(*VERDICTS)).sources, RenderSettings()
    )
    page = rendered.files["index.html"].decode()
    begin = page.rindex("</section>")
    assert '<details class="about listing">' in page[begin:]
    assert re.search(r'href="chapter.py" download', page[begin : page.index("</article>", begin)])
    shown = re.search(r'id="code">.*?<code[^>]*>(.*?)</code>', page, re.DOTALL)
    assert shown
    plain = html.unescape(re.sub(r"<[^>]+>", "", shown[1])) + "\n"
    assert plain == rendered.files["chapter.py"].decode()
    markdown = rendered.files["chapter.md"].decode()
    found = re.search(r"## The code of this chapter\n.*?```python\n(.*?)```", markdown, re.DOTALL)
    assert found and found[1] == plain


def test_search_notebook_and_print_have_the_code_once(sample: Workspace) -> None:
    chapter = chapter_of(sample, FIRST, SECOND, report=report(*VERDICTS))
    files = render_chapter(chapter.sources, RenderSettings()).files
    assert "The code of this chapter" not in files["assets/search.js"].decode()
    assert files["chapter.ipynb"].decode().count("import no_such_package") == 1
    assert len(list(cells(chapter_blocks(chapter)))) == 6  # what PDF, Word and LaTeX are made of


def test_a_book_for_readers_has_the_code_behind_its_last_section(sample: Workspace) -> None:
    chapter = chapter_of(sample, FIRST, SECOND, report=report(*VERDICTS))
    with zipfile.ZipFile(io.BytesIO(epub(chapter))) as book:
        assert "import no_such_package" in re.sub(
            r"<[^>]+>", "", book.read("OEBPS/code.xhtml").decode()
        )
        assert 'href="code.xhtml">The code of this chapter' in book.read("OEBPS/nav.xhtml").decode()
        order = re.findall(r'idref="([^"]+)"', book.read("OEBPS/content.opf").decode())
    assert order[-3:] == ["section-2", "code", "about"]


@pytest.mark.parametrize("cells_run", [0, 1])
def test_one_cell_or_none_that_ran_needs_no_listing(sample: Workspace, cells_run: int) -> None:
    verdict = VERDICTS[0] if cells_run else VERDICTS[1]
    one = chapter_of(sample, "```python\nx = 1\n```\n" * (2 - cells_run), report=NOTHING)
    found = [cell for page in one.sections for cell in cells(page.section.blocks)]
    made = tuple(
        CellReport(
            id=cell.id, index=1, section="", language="python", source=cell.source, **verdict
        )
        for cell in found
    )
    chapter = build_chapter(
        replace(one.sources, report=Report(cells=made, summary=summary_of(made))), RenderSettings()
    )
    assert listing(chapter) is None
    assert 'class="about listing"' not in chapter_html(chapter)


SAID = """```python reconstructed
def double(x):
    return 2 * x
```

```python
print(double(2))
```
"""


def test_reconstructed_code_is_marked_wherever_it_stands(sample: Workspace) -> None:
    article = article_of(SAID)
    made = tuple(
        CellReport(
            id=cell.id,
            index=n,
            section="",
            language="python",
            source=cell.source,
            status="passed",
        )
        for n, cell in enumerate(cells(article.sections[0].blocks), 1)
    )
    chapter = chapter_of(sample, SAID, report=Report(cells=made, summary=summary_of(made)))
    files = {name: data.decode() for name, data in _texts(chapter)}
    note = "Reconstructed from what is said; the lecture shows no such code:"
    assert '<span class="provenance">reconstructed from what is said</span>' in files["index.html"]
    assert files["index.html"].count('class="provenance"') == 1
    assert f"{note}\n\n```python\ndef double" in files["chapter.md"]
    assert note in files["chapter.ipynb"]
    assert "# reconstructed from what is said\ndef double" in files["chapter.py"]
    with zipfile.ZipFile(io.BytesIO(epub(chapter))) as book:
        assert 'class="provenance"' in book.read("OEBPS/section-001.xhtml").decode()


def _texts(chapter: ChapterPage) -> list[tuple[str, bytes]]:
    files = render_chapter(chapter.sources, RenderSettings()).files
    return [(name, data) for name, data in files.items() if name.startswith(("index", "chapter"))]
