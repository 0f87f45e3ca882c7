"""PDF, Word and LaTeX: real files by pandoc and Typst, read back."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.artifacts import CHECKED, OUTLINE
from pipeline.document.outline import GlossaryTerm
from pipeline.document.parse import parse
from pipeline.engine.workspace import Workspace, to_json
from pipeline.errors import RenderError
from pipeline.render.formats.export import export
from pipeline.render.formats.pandoc_blocks import PandocBlocks
from pipeline.render.formats.typst_fonts import letters_without_font, rare_letters, refuse_letters
from tests.render.sample import SECTIONS, TRAINED, sample_workspace

pypandoc = pytest.importorskip("pypandoc", reason="pandoc is not installed")
pytest.importorskip("typst", reason="typst is not installed")
pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 reads the pages")

TUBE = "https://www.youtube.com/watch?v=zduSFxRajkE"
TERMS = ("byte pair encoding", "UTF-8", "blockchain")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample as if it came from YouTube, with a glossary."""
    made = sample_workspace(tmp_path_factory.mktemp("output") / "tube", url=TUBE, video=False)
    outline = made.read(OUTLINE)
    terms = tuple(GlossaryTerm(term=term) for term in TERMS)
    changed = outline.model_copy(update={"glossary": terms})
    made.path(OUTLINE).write_bytes(to_json(changed))
    return made


@pytest.fixture(scope="module")
def pdf(work: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = export(work, "pdf", tmp_path_factory.mktemp("pdf") / "chapter.pdf")
    return pdfium.PdfDocument(path)


def text_of(pdf: Any) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf).replace(
        "\ufffe", ""
    )


def with_section(root: Path, markdown: str, title: str = "A title") -> Workspace:
    """A copy of the sample whose first section is this."""
    made = sample_workspace(root, url=TUBE, video=False)
    article = made.read(CHECKED)
    first = article.sections[0].with_markdown(markdown).model_copy(update={"title": title})
    changed = article.model_copy(update={"sections": (first, *article.sections[1:])})
    made.path(CHECKED).write_bytes(to_json(changed))
    return made


def test_the_pdf_has_text_cells_outputs_contents_and_page_numbers(pdf: Any) -> None:
    text = text_of(pdf)
    for part in ("Byte Pair Encoding", "How a tokenizer learns", "Contents", "def get_stats(ids):",
                 "6 Vocabulary size and compression", "vocab size = 256 + merges",
                 "Figure 5", "It reads tokens", "added to the vocabulary afterwards"):  # fmt: skip
        assert part in text, part
    for line in TRAINED.splitlines():
        assert line in text
    foot = [page.get_textpage().get_text_bounded(top=80).split()[-1] for page in pdf]
    assert foot == [str(number) for number in range(1, len(pdf) + 1)]


def test_the_pdf_has_its_figures_and_the_links_of_its_times(pdf: Any, tmp_path: Path) -> None:
    pictures = sum(
        1 for page in pdf for one in page.get_objects() if one.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE
    )
    assert pictures == 5
    buffer = io.BytesIO()
    pdf.save(buffer)
    assert re.search(rb"watch\?v=zduSFxRajkE&t=51s", buffer.getvalue())


def test_the_index_names_the_pages_of_the_terms_that_are_in_the_text(pdf: Any) -> None:
    index = text_of(pdf).partition("Index of terms")[2]
    assert re.search(r"byte pair encoding, 1\b", index)
    assert re.search(r"UTF-8, 2\b", index)
    assert "blockchain" not in index


def test_a_sub_heading_stands_above_the_first_letter_of_its_text(pdf: Any) -> None:
    pages = [page.get_textpage() for page in pdf]
    found = [(page, page.search("Three merges on one string").get_next()) for page in pages]
    page, (heading, _) = next((page, hit) for page, hit in found if hit)
    text, _ = page.search("Take the string").get_next()
    assert abs(page.get_charbox(heading)[0] - page.get_charbox(text)[0]) < 2


def test_only_code_with_an_output_is_kept_with_what_follows(work: Workspace) -> None:
    cells = parse("```python\nprint(1)\n```\n\n```text output\n1\n```\n\n```python\nx = 1\n```\n")
    made = PandocBlocks({"output": "Output"}, lambda _: None, lambda _: None).blocks(cells)
    shown = [one["t"] for one in made if one["t"] != "RawBlock"]  # what LaTeX alone reads
    assert shown == ["Div", "Div", "CodeBlock", "CodeBlock"]


def test_a_long_output_is_shortened_with_a_note(work: Workspace, tmp_path: Path) -> None:
    lines = "\n".join(f"line {at}" for at in range(200))
    made = with_section(
        tmp_path / "output" / "tube",
        f"Look. [[s0001]]\n\n```python\nprint(1)\n```\n```text output\n{lines}\n```\n",
    )  # fmt: skip
    text = text_of(pdfium.PdfDocument(export(made, "pdf", tmp_path / "long.pdf")))
    assert "line 59" in text and "line 60" not in text
    assert "140 more lines" in text


def test_nothing_in_a_text_is_markup_to_typst_or_latex(work: Workspace, tmp_path: Path) -> None:
    marks = r"a #import \b @x $5 and $6 100% _u_ {c} <d> ~ ^ & [e] // no /* yes */"
    made = with_section(
        tmp_path / "output" / "tube",
        "Code `#eval(\"1\") \\input{x}` stays. [[s0001]]\n", title=marks,
    )  # fmt: skip
    text = text_of(pdfium.PdfDocument(export(made, "pdf", tmp_path / "marks.pdf")))
    assert marks in text
    assert '#eval("1") \\input{x}' in text
    assert export(made, "latex", tmp_path / "marks.tex").read_text().count(r"\textbackslash") >= 1


@pytest.mark.parametrize(
    ("words", "language"),
    [("字节对编码把文本变成词元", "zh"), ("ترميز أزواج البايت", "ar"), ("बाइट युग्म", "hi")],
)
def test_other_scripts_are_set_or_their_missing_font_is_named(
    work: Workspace, tmp_path: Path, words: str, language: str
) -> None:
    made = in_language(work, tmp_path / "output" / "tube", words, language)
    if letters_without_font(rare_letters([words]), tmp_path):
        with pytest.raises(RenderError, match="no font of this machine has"):
            export(made, "pdf", tmp_path / "other.pdf")
        return
    page = pdfium.PdfDocument(export(made, "pdf", tmp_path / "other.pdf"))
    assert sum(letter in text_of(page) for letter in set(words)) > len(set(words)) / 2


def test_without_a_font_for_a_script_the_error_names_letters_and_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as told:
        refuse_letters(
            letters_without_font(rare_letters(["naïve", "字节"]), tmp_path, system=False)
        )
    assert "2 letters of the text: 字 节" in str(told.value)
    assert "fonts-noto-cjk" in str(told.value.hint)
    known = rare_letters(["naïve Straße Привет α"])
    assert letters_without_font(known, tmp_path, system=False) == []


SIGNS = """A rocket 🚀 and a family 👨‍👩‍👧 with ≤, ≪ and ①. [[s0001]]

```python
print("🚀 नम├──")
```
"""


def test_a_symbol_without_a_font_is_told_by_name(work: Workspace, tmp_path: Path) -> None:
    made = with_section(tmp_path / "output" / "tube", SIGNS)
    path = export(made, "latex", tmp_path / "signs.tex")
    source = path.read_text(encoding="utf-8")
    assert "A rocket {[}rocket{]} and a family {[}man{]}{[}woman{]}{[}girl{]} with" in source
    assert "≤, {[}much less-than{]} and {[}circled digit one{]}." in source
    assert "[rocket] [devanagari letter na][devanagari letter ma]├──" in source
    assert r"\setmainfont[]{DejaVu Serif}" in source
    if installed("DejaVu Serif"):
        assert "≤" in text_of(compiled(path))  # and no "Missing character"


def test_a_symbol_alone_does_not_keep_a_chapter_from_being_set(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipeline.render.formats.printed.letters_without_font",
        lambda letters, folder: [one for one in letters if one in "🚀न字"],
    )
    made = with_section(tmp_path / "output" / "tube", SIGNS)
    text = text_of(pdfium.PdfDocument(export(made, "pdf", tmp_path / "signs.pdf")))
    assert "A rocket [rocket] and" in text and "[rocket] [devanagari letter na]" in text
    made = with_section(tmp_path / "output" / "tube", "字 [[s0001]]\n")
    with pytest.raises(RenderError, match="no font of this machine has 1 letters of the text: 字"):
        export(made, "pdf", tmp_path / "letters.pdf")


def test_the_word_document_has_pictures_headings_links_and_real_formulas(
    work: Workspace, tmp_path: Path
) -> None:
    path = export(work, "docx", tmp_path / "chapter.docx")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        document = archive.read("word/document.xml").decode()
        links = archive.read("word/_rels/document.xml.rels").decode()
    assert sum(name.endswith(".png") for name in names) == 5
    assert document.count('w:val="Heading1"') == 8  # six sections, what it lacks, the index
    assert "<m:oMath" in document and "<w:tbl>" in document
    assert "watch?v=zduSFxRajkE&amp;t=51s" in links
    back = pypandoc.convert_file(str(path), "plain", extra_args=["--wrap=none"])
    assert "It reads tokens" in back and "[258, 100, 258, 97, 99]" in back
    field = document.partition('w:fldCharType="separate"')[2].partition('w:fldCharType="end"')[0]
    entries = re.findall(r'w:anchor="([^"]+)".*?>([^<]+)</w:t>', field)
    assert entries[0] == ("section-1", "1 What a tokenizer does")
    assert entries[-1] == ("terms", "Index of terms") and len(entries) == 8
    assert all(f'w:name="{anchor}"' in document for anchor, _ in entries)


def test_the_latex_stands_with_its_pictures_and_compiles(work: Workspace, tmp_path: Path) -> None:
    path = export(work, "latex", tmp_path / "chapter.tex")
    source = path.read_text(encoding="utf-8")
    for picture in re.findall(r"chapter_files/[\w.-]+", source):
        assert (tmp_path / picture).is_file()
    assert source.count("chapter_files/") == 5
    assert r"\tableofcontents" in source and r"\pageref*{section-1}" in source
    set_by_latex = text_of(compiled(path))
    assert "6 Vocabulary size and compression" in set_by_latex


def compiled(path: Path) -> Any:
    """What XeLaTeX makes of a file."""
    if shutil.which("xelatex") is None:
        pytest.skip("xelatex is not installed")
    for _ in range(2):
        done = subprocess.run(
            ["xelatex", "-interaction=nonstopmode", "-halt-on-error", path.name],
            cwd=path.parent, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in path.with_suffix(".log").read_text(errors="replace")
    return pdfium.PdfDocument(path.with_suffix(".pdf"))


def installed(font: str) -> bool:
    """Whether fontconfig knows a font; without fontconfig, it does not."""
    program = shutil.which("fc-list")
    return program is not None and bool(subprocess.run([program, font], capture_output=True).stdout)


def in_language(work: Workspace, root: Path, words: str, language: str) -> Workspace:
    """The sample with a first section of these words, as a lecture in their language."""
    made = with_section(root, f"{words} [[s0001]]\n", title=words)
    outline = made.read(OUTLINE).model_copy(update={"language": language})
    made.path(OUTLINE).write_bytes(to_json(outline))
    return made


@pytest.mark.parametrize(
    ("words", "language", "font"),
    [
        ("字节对编码把文本变成词元", "zh", "Noto Serif CJK SC"),
        ("バイト対を語に直す", "ja", "Noto Serif CJK JP"),
        ("Кодирование пар байтов", "ru", "DejaVu Serif"),
    ],
)
def test_latex_has_the_letters_of_its_language(
    work: Workspace, tmp_path: Path, words: str, language: str, font: str
) -> None:
    made = in_language(work, tmp_path / "output" / "tube", words, language)
    path = export(made, "latex", tmp_path / "other.tex")
    assert rf"\setmainfont[]{{{font}}}" in path.read_text(encoding="utf-8")
    if not installed(font):
        pytest.skip(f"the font {font} is not installed")
    assert words.split()[0] in text_of(compiled(path))


def test_a_script_that_latex_cannot_set_is_refused_with_a_way_out(
    work: Workspace, tmp_path: Path
) -> None:
    made = in_language(work, tmp_path / "output" / "tube", "ترميز أزواج البايت", "ar")
    with pytest.raises(RenderError, match="a LaTeX file cannot have") as told:
        export(made, "latex", tmp_path / "other.tex")
    assert "pdf" in str(told.value.hint)


def test_pdf_and_word_are_listed_among_the_formats(work: Workspace) -> None:
    path = export(work, "docx")
    assert path.name == "byte-pair-encoding.docx" and path.parent.name == "export"


def test_how_it_was_made_is_no_section_of_the_printed_chapter(pdf: Any) -> None:
    text = text_of(pdf)
    assert text.count("How this chapter was made") == 1  # not in the contents
    assert f"{len(SECTIONS) + 1} How this chapter was made" not in text
    assert "Known gaps: 1 part of the lecture left out" in text_of(list(pdf)[:1])
