"""How pages on paper are filled: no picture, code or header leaves its place or an empty page."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.render.formats.export import export
from pipeline.render.formats.figure_places import moved
from tests.render.formats.test_printed import compiled, text_of, with_section

pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 reads the pages")

EMU_PER_MM = 36_000
TEXT = "The vocabulary grows by one token with each merge, and the sequence becomes shorter. " * 6
TALL = "![All that was printed](frame:f0002#xywh=100,0,60,500)"
SMALL = "![One word](frame:f0002#xywh=100,100,60,40)"


def pdf_of(root: Path, markdown: str, title: str = "A title") -> Any:
    made = with_section(root / "output" / "tube", markdown, title)
    return pdfium.PdfDocument(export(made, "pdf", root / "chapter.pdf"))


def bottoms(pdf: Any) -> list[float]:
    """How far down each page is filled, 0 to 1, without its number."""
    found = []
    for page in pdf:
        height = page.get_height()
        objects = [one.get_bounds()[1] for one in page.get_objects()]
        found.append(1 - min(low for low in objects if low > 0.1 * height) / height)
    return found


def test_the_text_goes_on_around_a_picture_that_does_not_fit(tmp_path: Path) -> None:
    part = f"{TEXT} [[s0001]]\n\n{TEXT} [[s0002]]\n\n![The steps](frame:f0003)\n\n"
    pdf = pdf_of(tmp_path, "".join(part + "A line.\n\n" * (at % 7) for at in range(24)))
    assert len(pdf) > 8
    assert min(bottoms(pdf)[1:-1]) > 0.73  # the margin's 11%, and a fifth of the rest


def test_pictures_that_fit_stand_where_the_text_speaks_of_them(tmp_path: Path) -> None:
    part = "Part {n} begins. [[s0001]]\n\n![The steps](frame:f0003)\n\nPart {n} ends. [[s0001]]\n\n"
    text = text_of(pdf_of(tmp_path, part.format(n="one") + part.format(n="two")))
    told = re.findall(r"Part \w+ begins|Figure \d|Part \w+ ends", text)
    assert told[:6] == [
        "Part one begins", "Figure 1", "Part one ends", "Part two begins", "Figure 2",
        "Part two ends",
    ]  # fmt: skip


def test_a_picture_that_moves_overtakes_none() -> None:
    # The second leaves 40% of its page empty; the third, smaller one still fits there.
    places = [(1, 0.1, 2, 80.0), (2, 0.4, 3, 80.0), (2, 0.3, 2, 500.0)]
    assert moved(places, set()) == {2, 3}
    assert moved([(1, 0.2, 2, 80.0)], set()) == set()


def test_no_line_ends_within_a_name_with_a_hyphen(tmp_path: Path) -> None:
    names = "UTF-8 of GPT-2, x-axis, " * 60
    markdown = "".join(f"{'o' * at}h {names} [[s0001]]\n\n" for at in range(1, 8))
    text = "".join(page.get_textpage().get_text_range() for page in pdf_of(tmp_path, markdown))
    for name in ("UTF-8", "GPT-2", "x-axis"):
        assert text.count(name) >= 7 * 60


def test_one_long_line_of_output_is_continued_on_the_next_page(tmp_path: Path) -> None:
    numbers = ", ".join(str(1000 + at) for at in range(420))
    cell = f"```python\nprint(ids)\n```\n```text output\n[{numbers}]\n```\n"
    pdf = pdf_of(tmp_path, f"{TEXT} [[s0001]]\n\n" * 7 + cell + f"\n{TEXT} [[s0002]]\n\n" * 8)
    assert min(bottoms(pdf)[1:3]) > 0.8


def test_a_line_that_leads_to_something_is_not_left_behind(tmp_path: Path) -> None:
    part = (
        "{filler}\n\n### A heading\n\nOne line below it. [[s0001]]\n\n{text} [[s0001]]\n\n"
        "{filler}\n\n*Shown as code* [[s0001]]\n\n```python\n" + "print(x)\n" * 9 + "```\n"
    )
    lines = ("A line.\n\n" * (1 + at % 7) for at in range(40))
    markdown = "\n".join(part.format(filler=filler, text=TEXT) for filler in lines)
    pdf = pdf_of(tmp_path, markdown)
    assert len(pdf) > 20
    pages = [page.get_textpage().get_text_range().split() for page in pdf]
    ends = [" ".join(words[-9:-1]) for words in pages[:-1]]  # before the page's number
    assert not [end for end in ends if "below it" in end or "Shown as" in end]


def test_a_header_is_one_line_however_long_the_titles_are(tmp_path: Path) -> None:
    title = (
        "How merges that were learned from the bytes of one text are then applied to the bytes "
        "of another text, and what that costs"
    )
    pdf = pdf_of(tmp_path, f"{TEXT} [[s0001]]\n\n" * 20, title)
    page = pdf[2]
    header = page.get_textpage().get_text_bounded(bottom=page.get_height() - 78)
    assert header.strip() == title


@pytest.mark.parametrize("figure", [TALL, SMALL])
def test_a_part_of_the_screen_has_its_shape_and_fits_the_page(tmp_path: Path, figure: str) -> None:
    words = f"Look at this. [[s0001]]\n\n{figure}\n"
    made = with_section(tmp_path / "output" / "tube", words)
    shape = 500 / 60 if figure == TALL else 40 / 60

    first = min(
        (one.get_bounds() for page in pdfium.PdfDocument(export(made, "pdf", tmp_path / "a.pdf"))
         for one in page.get_objects() if one.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE),
        key=lambda box: box[2] - box[0],
    )  # fmt: skip
    width, height = first[2] - first[0], first[3] - first[1]
    assert height / width == pytest.approx(shape, rel=0.02)
    assert height < 420  # points: half of the page
    assert width < 60  # sixty pixels are not blown up over the page

    with zipfile.ZipFile(export(made, "docx", tmp_path / "a.docx")) as archive:
        document = archive.read("word/document.xml").decode()
    sizes = re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', document)
    wide, high = (int(one) / EMU_PER_MM for one in sizes[0])
    assert high / wide == pytest.approx(shape, rel=0.05) and high < 150

    source = export(made, "latex", tmp_path / "a.tex")
    named = re.search(r"width=([\d.]+)\\linewidth.*\{(a_files/[^}]+)\}", source.read_text())
    assert named and float(named[1]) < 0.12 and (tmp_path / named[2]).is_file()

    with zipfile.ZipFile(export(made, "epub", tmp_path / "a.epub")) as archive:
        chapters = "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")
        )
        shown = re.findall(r'src="([^"]*f0002-100-[^"]*)"', chapters)
        assert shown and any(name.endswith(shown[0]) for name in archive.namelist())


def test_latex_cuts_no_line_of_code_or_output(tmp_path: Path) -> None:
    if shutil.which("kpsewhich") is None:
        pytest.skip("LaTeX is not installed")
    numbers = ", ".join(str(1000 + at) for at in range(80))
    code = f"values = [{numbers}]"
    words = f"Look. [[s0001]]\n\n```python\n{code}\n```\n```text output\n[{numbers}]\n```\n"
    made = with_section(tmp_path / "output" / "tube", words)
    pdf = compiled(export(made, "latex", tmp_path / "chapter.tex"))
    for page in pdf:
        letters = page.get_textpage()
        rights = [letters.get_charbox(at)[2] for at in range(letters.count_chars())]
        assert max(rights, default=0) < page.get_width()
    assert text_of(pdf).count("1079") == 2
