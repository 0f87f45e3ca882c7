"""``chapter.md`` is plain CommonMark that other tools take."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest
import yaml
from hypothesis import given

from pipeline.document.blocks import AnyBlock
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells, prose_of
from pipeline.engine.workspace import Workspace
from pipeline.render.files import Rendered
from pipeline.render.formats.markdown import chapter_markdown
from pipeline.render.formats.notebook import notebook
from pipeline.render.load import sources_of
from pipeline.timecode import clock
from pipeline.transcript.asr.report import SpeechReport, Unheard
from tests.document.documents import ALIKE, DOCUMENTS, MARKDOWN
from tests.render.chapters import chapter_of
from tests.render.forms import WithoutDrawings


@pytest.fixture(scope="module")
def markdown(rendered: Rendered) -> str:
    return rendered.files["chapter.md"].decode()


def test_the_front_matter_is_yaml(markdown: str) -> None:
    _, front, _ = markdown.split("---\n", 2)
    fields = yaml.safe_load(front)
    assert fields["title"] == "Byte Pair Encoding"
    assert fields["author"] == "A. Lecturer"
    assert (fields["lang"], fields["edition"]) == ("en", "llm")


def test_citations_are_links_to_the_second(markdown: str) -> None:
    assert "[[s" not in markdown
    video = r"\.\./download/bpe%20mini%20lecture\.mp4"
    links = re.findall(rf"\[([0-9:]+)\]\({video}#t=(\d+)\)", markdown)
    assert links[0] == ("0:00", "0")
    assert all(shown == clock(int(second) * 1000) for shown, second in links)


def test_figures_are_pictures_that_exist(rendered: Rendered, markdown: str) -> None:
    pictures = re.findall(r"!\[[^\]]*\]\((assets/[^)]+)\)", markdown)
    assert len(pictures) == 5
    assert set(pictures) <= rendered.files.keys()


def test_fences_are_balanced_and_keep_their_output(markdown: str) -> None:
    assert len(re.findall(r"^```", markdown, re.MULTILINE)) == 14
    assert "```text\n256 (97, 97) 9\n" in markdown


def test_special_tokens_and_formulas_are_as_they_were(markdown: str) -> None:
    assert "`<|endoftext|>`" in markdown
    assert "$$\n\\text{vocab size} = 256 + \\text{merges}\n$$" in markdown


def text_of(sample: Workspace, *markdown: str) -> str:
    """The text of a chapter below its front matter, title and summary."""
    return chapter_markdown(chapter_of(sample, *markdown)).partition("\n## Section 1\n")[2]


def test_moments_are_those_of_the_page(sample: Workspace) -> None:
    made = chapter_of(
        sample,
        "A byte is [[s0002]] a number. [[s0003]]\n\n```python\nx\n```\n\n[[s0004]]\n\n"
        "![Bytes](frame:f0002)\n",
    )
    shown = re.findall(r"#t=(\d+)\)", chapter_markdown(made))
    prose = made.sections[0].prose
    assert shown[-2:] == [
        str(prose.passages[1].span.start_ms // 1000), str(prose.figures[0].at_ms // 1000),
    ]  # fmt: skip
    assert [int(second) for second in shown] == sorted(map(int, shown))


def test_footnotes_of_two_sections_are_told_apart_and_undefined_ones_are_text(
    sample: Workspace,
) -> None:
    text = text_of(sample, "One.[^a]\n\n[^a]: A.", "Two.[^a] [^b]\n\n[^a]: B.")
    assert "One.[^1]" in text and "\n[^1]: A.\n" in text
    assert "Two.[^2] &#91;^b]" in text and "\n[^2]: B.\n" in text


def test_lists_are_indented_as_every_reader_of_markdown_wants(sample: Workspace) -> None:
    text = text_of(sample, "1. First:\n\n   ```python\n   x = 1\n   ```\n\n2. Second.\n   - deep\n")
    assert (
        "1.  First:\n\n    ```python\n    x = 1\n    ```\n\n2.  Second.\n\n    -   deep\n" in text
    )


def test_money_and_tags_are_text_in_readers_that_know_few_backslashes(sample: Workspace) -> None:
    text = text_of(sample, "It costs $5 or \\$6 and $x_1$ <b>now</b>\\\nand ~~then~~ \\~~so.")
    assert (
        "It costs &#36;5 or &#36;6 and $x_1$ &lt;b>now&lt;/b>  \nand ~~then~~ &#126;&#126;so."
        in text
    )


def test_what_was_not_heard_stands_before_the_text(sample: Workspace) -> None:
    unheard = (Unheard(start_ms=17_000, end_ms=29_000, reason="no_words"),)
    made = chapter_of(sample, "Text.", speech=SpeechReport(engine="whisper", unheard=unheard))
    link = "[0:17](../download/bpe%20mini%20lecture.mp4#t=17)"
    line = f"> 12 s of speech could not be transcribed: {link}"
    assert f"\n{line}\n" in chapter_markdown(made).partition("\n## ")[0]
    assert line in nbformat.reads(notebook(made).decode(), as_version=4).cells[0].source


def test_what_the_chapter_lacks_is_summed_up_before_it_and_listed_behind_it(
    sample: Workspace,
) -> None:
    unheard = (Unheard(start_ms=17_000, end_ms=29_000, reason="no_words"),)
    speech = SpeechReport(engine="whisper", unheard=unheard)
    made = chapter_of(sample, "Text.", speech=speech, warnings=("1 of 9 <b>screens</b>",))
    head, _, rest = chapter_markdown(made).partition("\n## Section 1\n")
    assert re.search(r"\n> [^\n]*1 warning\b", head)
    behind = rest.partition("\n## ")[2]
    assert re.search(r"\n-   \[0:17\]\([^)]*#t=17\) 12 s, no words found\n", behind)
    assert "\n-   1 of 9 &lt;b>screens&lt;/b>\n" in behind
    assert "no words found" in nbformat.reads(notebook(made).decode(), 4).cells[-1].source


def test_a_silent_lecture_says_so_before_the_text(sample: Workspace) -> None:
    transcript = sources_of(sample).transcript.model_copy(update={"cues": ()})
    made = chapter_of(sample, "Text.", transcript=transcript)
    notice = "> No spoken word was found in this lecture"
    assert notice in chapter_markdown(made).partition("\n## ")[0]
    assert notice in nbformat.reads(notebook(made).decode(), as_version=4).cells[0].source


@ALIKE
@given(MARKDOWN)
def test_every_word_of_a_text_is_in_the_file(sample: Workspace, text: str) -> None:
    made = text_of(sample, text.replace("frame:f1", "frame:f0001"))
    assert [word for word in re.findall(r"w\d+q", text) if word not in made] == []


@ALIKE
@given(DOCUMENTS)
def test_other_readers_find_the_same_words_and_code(blocks: Sequence[AnyBlock]) -> None:
    read = parse(serialise(blocks, WithoutDrawings()))
    assert prose_of(read) == prose_of(blocks)
    assert [cell.source for cell in cells(read)] == [cell.source for cell in cells(blocks)]


def test_mkdocs_builds_it_without_a_warning(rendered: Rendered, tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    for name, data in rendered.files.items():
        if name.endswith(".md") or name.startswith("assets/f0"):
            target = tmp_path / "docs" / name.replace("chapter.md", "index.md")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    video = tmp_path / "download" / "bpe mini lecture.mp4"
    video.parent.mkdir()
    video.touch()
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Chapter\nmarkdown_extensions: [footnotes]\nuse_directory_urls: false\n"
        "validation: {links: {not_found: ignore, unrecognized_links: ignore}}\n"
    )
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert page.count("<img") == 5
    assert "def get_stats" in page and "&lt;|endoftext|&gt;" in page


def test_the_notebook_executes_and_opens(rendered: Rendered) -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    book = nbformat.reads(rendered.files["chapter.ipynb"].decode(), as_version=4)
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    printed = [
        output["text"] for cell in book.cells if cell.cell_type == "code"
        for output in cell.outputs if output.get("name") == "stdout"
    ]  # fmt: skip
    assert "256 (97, 97) 9\n" in "".join(printed)
    html, _ = nbconvert.HTMLExporter().from_notebook_node(book)
    assert "get_stats" in html
