"""``chapter.md`` is plain CommonMark that other tools take."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.render.files import Rendered
from pipeline.timecode import clock


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
    assert len(re.findall(r"^```", markdown, re.MULTILINE)) == 12
    assert "```text\n256 (97, 97) 9\n" in markdown or "```text output\n256 (97, 97) 9\n" in markdown


def test_special_tokens_and_formulas_are_as_they_were(markdown: str) -> None:
    assert "`<|endoftext|>`" in markdown
    assert "$$\n\\text{vocab size} = 256 + \\text{merges}\n$$" in markdown


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
    import nbformat

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
