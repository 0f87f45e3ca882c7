"""A section's Markdown becomes safe HTML with its times, figures and verdicts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from pipeline.cells.report import CellReport, CellStatus, Report, summary_of
from pipeline.i18n.page import words_for
from pipeline.models import Frame, Segment, Video
from pipeline.render.html.fragments import FragmentMaker
from pipeline.render.html.passage_footer import tail_html
from pipeline.render.html.passages import PassageMaker
from pipeline.render.html.prose import Prose, ProseMaker
from pipeline.render.pictures import take_pictures
from pipeline.render.verdicts import Verdicts
from pipeline.settings.render import RenderSettings

SEGMENTS = {
    f"s{number:04d}": Segment(
        id=f"s{number:04d}",
        start_ms=(number - 1) * 30_000 + 3_600_000,
        end_ms=number * 30_000 + 3_600_000,
        text="",
        first_word=0,
        last_word=-1,
    )
    for number in range(1, 9)
}
VIDEO = Video(
    video_id="v", title="T", url="https://youtu.be/zduSFxRajkE", path="v.mp4",
    duration_ms=9_000_000, width=0, height=0, fps=0, has_audio=True, sha256="0" * 64,
    start_ms=0, end_ms=9_000_000,
)  # fmt: skip


CELLS: tuple[tuple[str, CellStatus, str], ...] = (
    ("x = 1", "passed", ""),
    ("lost = 0", "passed", ""),
    ("x = 1", "failed", "NameError"),
)


class Converter:
    """Converts sections of one made-up chapter."""

    def __init__(self, frames: Path, verdicts: Verdicts | None = None) -> None:
        words = words_for("en")
        pieces = FragmentMaker(VIDEO, None, words, lambda text: text)
        self.passages = PassageMaker(
            SEGMENTS, pieces.time_link, lambda anchor, span: tail_html(anchor, "as said", words)
        )
        (frames / "screens").mkdir(exist_ok=True)
        Image.new("RGB", (900, 500)).save(frames / "screens" / "f1.png")
        frame = Frame(
            id="f1", at_ms=3_600_500, start_ms=0, end_ms=1, path="screens/f1.png",
            width=900, height=500,
            text="A slide",
        )  # fmt: skip
        pictures = take_pictures([frame], frames, RenderSettings())
        self.maker = ProseMaker(self.passages, pieces, pictures, verdicts or Verdicts())

    def __call__(self, markdown: str, title: str = "Title") -> Prose:
        return self.maker.section(markdown, title)


@pytest.fixture
def convert(tmp_path: Path) -> Converter:
    return Converter(tmp_path)


def test_a_cited_paragraph_is_a_passage_with_its_seconds(convert: Converter) -> None:
    prose = convert("He counts the pairs. [[s0002]]")
    attributes = set(re.findall(r'[\w-]+="[^"]*"', prose.html))
    assert {'id="s0002"', 'data-s="3630000"', 'data-e="3660000"'} <= attributes
    assert "watch?v=zduSFxRajkE&amp;t=3630s" in prose.html
    assert ">1:00:30</a>" in prose.html
    assert "[[" not in prose.html
    assert prose.passages[0].text == "He counts the pairs."


def test_a_range_reaches_from_its_first_to_its_last_segment(convert: Converter) -> None:
    span = convert("All of it. [[s0002-s0004]]").passages[0].span
    assert (span.start_ms, span.end_ms) == (3_630_000, 3_720_000)


def test_list_items_are_passages_of_their_own(convert: Converter) -> None:
    prose = convert("1. Count. [[s0001]]\n2. Merge. [[s0002]]")
    assert [passage.text for passage in prose.passages] == ["Count.", "Merge."]
    assert prose.html.count("<li") == 2


def test_a_citation_within_a_sentence_stays_where_it_is(convert: Converter) -> None:
    prose = convert("First [[s0001]] and then [[s0003]].")
    assert prose.passages[0].span.end_ms == SEGMENTS["s0003"].end_ms
    assert re.search(r'First\s*<span><a [^>]*class="time inline"', prose.html)


def test_a_citation_on_its_own_belongs_to_the_block_before(convert: Converter) -> None:
    prose = convert("```python\nx = 1\n```\n[[s0005]]")
    assert prose.passages[0].anchor == "s0005"
    assert re.search(r'class="passage solid"[^>]*>.*<div class="cell', prose.html, re.DOTALL)


def test_the_same_segment_twice_gets_two_anchors(convert: Converter) -> None:
    prose = convert("One. [[s0001]]\n\nTwo. [[s0001]]")
    assert [passage.anchor for passage in prose.passages] == ["s0001", "s0001-2"]


def test_an_unknown_segment_leaves_no_trace_on_the_page_and_is_reported(convert: Converter) -> None:
    prose = convert("Invented. [[s9999]]")
    assert "9999" not in prose.html
    assert convert.passages.unknown == ["s9999"]


def test_the_speakers_words_follow_the_passage(convert: Converter) -> None:
    html = convert("Text. [[s0001]]").html
    assert re.search(r"<details.*<blockquote>as said</blockquote></details>", html)


def test_special_tokens_survive_everywhere(convert: Converter) -> None:
    prose = convert(
        "It ends with <|endoftext|>, or `<|im_start|>`. [[s0001]]\n\n| a |\n|---|\n| <|fim|> |"
    )
    for token in ("&lt;|endoftext|&gt;", "<code>&lt;|im_start|&gt;</code>", "&lt;|fim|&gt;"):
        assert token in prose.html
    assert prose.passages[0].text == "It ends with <|endoftext|>, or <|im_start|>."


def test_quotes_are_curly_in_text_and_straight_in_code(convert: Converter) -> None:
    prose = convert("Let's call it \"BPE\", not `it's`, for \\$5. [[s0001]]")
    assert prose.passages[0].text == "Let’s call it “BPE”, not it's, for $5."
    assert "<code>it's</code>" in prose.html


def test_raw_html_is_shown_not_obeyed(convert: Converter) -> None:
    html = convert('<script>alert(1)</script> <b onclick="x()">b</b> <img src=x onerror=y>').html
    assert "<script" not in html and "<b" not in html and "<img" not in html
    assert "&lt;script&gt;" in html


def test_formulas_are_mathml_and_money_is_not(convert: Converter) -> None:
    html = convert("A ratio of $\\frac{11}{5}$ for $5 and $3.\n\n$$a^2$$").html
    assert html.count("<math") == 2
    assert "for $5 and $3." in html
    assert 'display="block"' in html


def test_latex_that_does_not_parse_is_shown_as_code(convert: Converter) -> None:
    assert '<code class="latex">\\frac{' in convert("$\\frac{$ is cut.").html


def test_a_figure_has_its_size_caption_number_and_moment(convert: Converter) -> None:
    prose = convert("![What *matters* here](frame:f1)")
    assert 'src="assets/f1-small.webp"' in prose.html
    assert 'href="assets/f1.png"' in prose.html
    assert 'width="760" height="422"' in prose.html
    assert "What <em>matters</em> here" in prose.html
    assert "Figure 1" in prose.html and ">1:00:00</a>" in prose.html
    assert prose.figures == ("f1",)


def test_a_figure_of_an_unknown_frame_is_left_out(convert: Converter) -> None:
    assert convert("Before.\n\n![x](frame:f99)\n\nAfter.").html.count("<p>") == 2


def test_a_picture_from_elsewhere_is_a_link_not_a_request(convert: Converter) -> None:
    html = convert("![tracker](https://evil.example/p.gif)").html
    assert "<img" not in html
    assert '<a href="https://evil.example/p.gif">tracker</a>' in html


def test_only_web_addresses_are_links(convert: Converter) -> None:
    html = convert("[a](javascript:alert(1)) [b](data:text/html,x) [c](https://c.org)").html
    assert re.findall(r'href="([^"]*)"', html) == ["https://c.org"]


def test_cells_carry_the_verdicts_of_the_report_in_order(tmp_path: Path) -> None:
    cells = tuple(
        CellReport(index=index, section="1", language="python", source=source, status=status,
                   reason=reason)
        for index, (source, status, reason) in enumerate(CELLS, start=1)
    )  # fmt: skip
    verdicts = Verdicts(Report(cells=cells, summary=summary_of(cells)))
    html = Converter(tmp_path, verdicts)("```python\nx = 1\n```\n\n```python\nx = 1\n```").html
    assert re.findall(r'class="cell (\w+)"', html) == ["passed", "failed"]
    assert "failed: NameError" in html


def test_the_sections_own_title_is_not_repeated(convert: Converter) -> None:
    prose = convert("# 3. Title\n\nText.\n\n## Deeper\n\nMore.", "Title")
    assert "Title" not in prose.html
    assert [(one.level, one.text) for one in prose.headings] == [(3, "Deeper")]


def test_notes_in_either_form_are_admonitions(convert: Converter) -> None:
    html = convert("> [!NOTE]\n> A slip.\n\n!!! warning\n    Careful.").html
    assert re.findall(r'<div class="admonition (\w+)">', html) == ["note", "warning"]
    assert re.search(r"Warning</p>\s*<p>Careful.</p>\s*</div>", html)
    assert "[!NOTE]" not in html


def test_footnotes_of_two_sections_do_not_collide(convert: Converter) -> None:
    ids = []
    for _ in range(2):
        ids += re.findall(r'id="([^"]+)"', convert("Text.[^a]\n\n[^a]: A note.").html)
    assert len(ids) == len(set(ids)) == 4
