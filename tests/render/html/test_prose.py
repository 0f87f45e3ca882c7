"""A section's blocks become safe HTML with their times, figures and verdicts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from PIL import Image

from pipeline.cells.report import CellReport, CellStatus, Report, summary_of
from pipeline.document.blocks import AnyBlock, Figure
from pipeline.document.parse import numbered, parse
from pipeline.i18n.page import words_for
from pipeline.models import Frame, Segment, Video
from pipeline.render.chapter import below_title
from pipeline.render.html.anchors import Anchors
from pipeline.render.html.fragments import FragmentMaker
from pipeline.render.html.passage_footer import tail_html
from pipeline.render.html.passages import PassageMaker
from pipeline.render.html.prose import Prose, ProseMaker
from pipeline.render.html.sanitise import sanitise
from pipeline.render.pictures import take_pictures
from pipeline.settings.render import RenderSettings
from tests.document.documents import ALIKE, CROPS, DOCUMENTS, MARKDOWN

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

FIGURES = [Figure(frame="f1"), *(Figure(frame="f0001", crop=crop) for crop in CROPS)]


CELLS: tuple[tuple[str, CellStatus, str], ...] = (
    ("x = 1", "passed", ""),
    ("x = 1", "failed", "NameError"),
)
NOTHING = Report(cells=(), summary=summary_of(()))


class Converter:
    """Converts sections of one made-up chapter."""

    def __init__(self, frames: Path, report: Report = NOTHING) -> None:
        words = words_for("en")
        pieces = FragmentMaker(VIDEO, None, words)
        anchors = Anchors()
        self.passages = PassageMaker(
            SEGMENTS,
            pieces.time_link,
            lambda anchor, span: tail_html(anchor, "as said", words),
            anchors,
        )
        (frames / "screens").mkdir(exist_ok=True)
        Image.new("RGB", (900, 500)).save(frames / "screens" / "f1.png")
        shown = [
            Frame(
                id=name, at_ms=3_600_500, start_ms=0, end_ms=1, path="screens/f1.png",
                width=900, height=500,
                text="A slide",
            )
            for name in ("f1", "f0001")
        ]  # fmt: skip
        pictures = take_pictures(FIGURES, shown, frames, RenderSettings())
        self.maker = ProseMaker(self.passages, pieces, pictures, report, anchors)

    def __call__(self, markdown: str, moment_ms: int | None = None) -> Prose:
        """The section; its first block leads to the moment."""
        first, *rest = parse(markdown, numbered("cell-"))
        return self.blocks([first.model_copy(update={"moment_ms": moment_ms}), *rest])

    def blocks(self, blocks: Sequence[AnyBlock]) -> Prose:
        return self.maker.section(below_title(blocks, "Title"))


@pytest.fixture
def convert(tmp_path: Path) -> Converter:
    return Converter(tmp_path)


@pytest.fixture(scope="module")
def any_section(tmp_path_factory: pytest.TempPathFactory) -> Converter:
    return Converter(tmp_path_factory.mktemp("any"))


def test_a_cited_paragraph_is_a_passage_with_its_seconds(convert: Converter) -> None:
    prose = convert("He counts the pairs. [[s0002]]")
    attributes = set(re.findall(r'[\w-]+="[^"]*"', prose.html))
    assert {'id="s0002"', 'data-s="3630000"', 'data-e="3660000"'} <= attributes
    assert "watch?v=zduSFxRajkE&amp;t=3630s" in prose.html
    assert ">1:00:30</a>" in prose.html
    assert "[[" not in prose.html
    assert prose.passages[0].text == "He counts the pairs."


def test_a_passage_begins_at_its_moment_and_no_link_in_it_is_earlier(convert: Converter) -> None:
    prose = convert("He counts [[s0002]] the pairs. [[s0003]]", 3_640_000)
    assert prose.passages[0].span.start_ms == 3_640_000
    assert re.findall(r'data-t="(\d+)"', prose.html) == ["3640000", "3640000"]


def test_a_moment_outside_of_what_is_cited_is_not_believed(convert: Converter) -> None:
    assert convert("He counts. [[s0002]]", 3_700_000).passages[0].span.start_ms == 3_630_000


def test_a_range_reaches_from_its_first_to_its_last_segment(convert: Converter) -> None:
    span = convert("All of it. [[s0002-s0004]]").passages[0].span
    assert (span.start_ms, span.end_ms) == (3_630_000, 3_720_000)


def test_a_passage_that_cites_what_says_it_again_ends_with_the_first_place(
    convert: Converter,
) -> None:
    span = convert("Both say so. [[s0002]] [[s0008]]").passages[0].span
    assert (span.first, span.end_ms) == ("s0002", SEGMENTS["s0002"].end_ms)


def test_list_items_are_passages_of_their_own(convert: Converter) -> None:
    prose = convert("1. Count. [[s0001]]\n2. Merge. [[s0002]]")
    assert [passage.text for passage in prose.passages] == ["Count.", "Merge."]
    assert prose.html.count("<li") == 2


def test_a_citation_within_a_sentence_stays_where_it_is(convert: Converter) -> None:
    prose = convert("First [[s0001]] and then [[s0003]].")
    assert prose.passages[0].span.end_ms == SEGMENTS["s0003"].end_ms
    assert re.search(r'First <a class="time inline"', prose.html)


def test_a_citation_on_its_own_belongs_to_the_block_before(convert: Converter) -> None:
    prose = convert("```python\nx = 1\n```\n[[s0005]]")
    assert prose.passages[0].anchor == "s0005"
    assert re.search(r'class="passage solid"[^>]*>.*<div class="cell', prose.html, re.DOTALL)


def test_a_cell_in_a_list_item_stays_in_it_with_its_output(convert: Converter) -> None:
    html = convert(
        "1. First:\n\n   ```python\n   x = 1\n   ```\n\n   ```text\n   1\n   ```\n2. Second."
    ).html
    assert re.search(r"<li><p>First:</p>\n<div class=.cell.>.*<samp>1</samp>.*</li>\n<li>Sec", html)
    assert html.count("<ol>") == 1


def test_a_cell_in_a_quotation_stays_in_it(convert: Converter) -> None:
    html = convert("> He types:\n>\n> ```python\n> x = 1\n> ```\n").html
    assert re.search(r"<blockquote>.*<div class=.cell.*</blockquote>", html, re.DOTALL)


def test_a_list_goes_on_counting_and_holds_lists(convert: Converter) -> None:
    html = convert("3. a\n   - b [[s0001]]\n4. c").html
    assert '<ol start="3">' in html
    assert re.search(r'<li>a<ul>\n<li class="passage" id="s0001"', html)


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
    assert "Let’s call it “BPE”, not <code>it's</code>, for $5." in prose.html


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
    assert '<code class="latex">a^b^c</code>' in convert("$a^b^c$ is none.").html


def test_a_figure_has_its_size_caption_number_and_moment(convert: Converter) -> None:
    prose = convert("![What *matters* here](frame:f1)")
    assert 'src="assets/f1-small.webp"' in prose.html
    assert 'href="assets/f1.png"' in prose.html
    assert 'width="760" height="422"' in prose.html
    assert "What <em>matters</em> here" in prose.html
    assert "Figure 1" in prose.html and ">1:00:00</a>" in prose.html
    (figure,) = prose.figures
    assert (figure.frame, figure.anchor, figure.at_ms) == ("f1", "f1-1", 3_600_500)


def test_a_figure_leads_to_its_moment(convert: Converter) -> None:
    prose = convert("![A slide](frame:f1)", 3_605_000)
    assert prose.figures[0].at_ms == 3_605_000
    assert 'data-t="3605000"' in prose.html and "On screen at 1:00:05" in prose.html


def test_a_figure_of_an_unknown_frame_is_left_out(convert: Converter) -> None:
    assert convert("Before.\n\n![x](frame:f99)\n\nAfter.").html.count("<p>") == 2
    assert convert.maker.unknown_frames == ["f99"]


def test_a_picture_from_elsewhere_is_a_link_not_a_request(convert: Converter) -> None:
    html = convert("![tracker](https://evil.example/p.gif)").html
    assert "<img" not in html
    assert '<a href="https://evil.example/p.gif">tracker</a>' in html


def test_only_web_addresses_are_links(convert: Converter) -> None:
    html = convert("[a](javascript:alert(1)) [b](data:text/html,x) [c](https://c.org)").html
    assert re.findall(r'href="([^"]*)"', html) == ["https://c.org"]


def test_cells_of_one_source_have_verdicts_of_their_own(tmp_path: Path) -> None:
    cells = tuple(
        CellReport(id=f"cell-{index}", index=index, section="1", language="python", source=source,
                   status=status, reason=reason)
        for index, (source, status, reason) in enumerate(CELLS, start=1)
    )  # fmt: skip
    convert = Converter(tmp_path, Report(cells=cells, summary=summary_of(cells)))
    html = convert("```python\nx = 1\n```\n\n```python\nx = 1\n```").html
    assert re.findall(r'class="cell (\w+)"', html) == ["passed", "failed"]
    assert "failed: NameError" in html


def test_an_output_that_was_only_seen_says_so(tmp_path: Path) -> None:
    cell = CellReport(
        id="cell-1", index=1, section="1", language="python", source="x\n", status="shown"
    )
    convert = Converter(tmp_path, Report(cells=(cell,), summary=summary_of((cell,))))
    html = convert("```python excerpt\nx\n```\n\n```text output\n42\n```").html
    assert 'class="cell excerpt shown"' in html
    assert "shown as in the lecture" in html
    assert "<samp>42</samp>" in html


def test_an_excerpt_says_so_and_a_listing_has_no_verdict(convert: Converter) -> None:
    html = convert(
        "```python excerpt\nx\n```\n\nSo:\n\n```\na log\n```\n\n```text output\n1\n```"
    ).html
    assert 'class="cell excerpt"' in html
    assert re.search(r'<div class="cell"><div.*text</span></div><pre[^>]*><code[^>]*>a log', html)
    assert re.search(r'<div class="cell alone"><div class="printed">.*<samp>1</samp>', html)


def test_headings_have_anchors_that_nothing_else_on_the_page_has(convert: Converter) -> None:
    prose = convert("### Deeper\n\nA [[s0001]]\n\n### Deeper\n\n#### Contents\n\n### s0001")
    assert [(one.level, one.anchor) for one in prose.headings] == [
        (3, "deeper"), (3, "deeper-2"), (4, "contents-2"), (3, "s0001-2"),
    ]  # fmt: skip


def test_the_sections_own_title_is_not_repeated_and_headings_are_below_it(
    convert: Converter,
) -> None:
    prose = convert("# 3. Title\n\nText.\n\n## Deeper\n\nMore.\n\n# Title")
    assert "3." not in prose.html
    assert [(one.level, one.text) for one in prose.headings] == [(3, "Deeper"), (3, "Title")]


def test_what_was_added_is_marked_so_with_answers_folded_and_is_no_passage(
    convert: Converter,
) -> None:
    prose = convert(
        "He counts. [[s0002]]\n\n> [!QUESTIONS]\n>\n> 1. Who counts?\n>\n>    > [!ANSWER]\n"
        ">    > He does. [[s0001]]"
    )
    assert ">Added: questions on this chapter</p>" in prose.html
    assert '<details class="answer"><summary>Answer</summary>' in prose.html
    assert [passage.text for passage in prose.passages] == ["He counts."]
    answer = prose.html.partition("<details")[2]
    assert "t=3600s" in answer and "data-s=" not in answer


def test_a_note_is_an_admonition(convert: Converter) -> None:
    html = convert("> [!WARNING]\n> Careful.").html
    assert re.search(
        r'<div class="admonition warning"><p class=[^>]*>Warning</p>\n<p>Careful', html
    )
    assert "[!" not in html


def test_the_columns_of_a_table_keep_their_sides(convert: Converter) -> None:
    html = convert("| a | b |\n|:-:|--:|\n| `x` | $|y|$ |").html
    assert '<th class="center">a</th><th class="right">b</th>' in html
    assert '<td class="center"><code>x</code></td><td class="right"><math' in html


def test_footnotes_of_two_sections_do_not_collide(convert: Converter) -> None:
    ids = []
    for _ in range(2):
        ids += re.findall(r'id="([^"]+)"', convert("Text.[^a]\n\n[^a]: A note.").html)
    assert len(ids) == len(set(ids)) == 4


def test_a_footnote_leads_back_to_each_of_its_marks(convert: Converter) -> None:
    html = convert("One[^a] two[^b] three[^a] four[^c].\n\n[^b]: B.\n\n[^a]: A. [[s0001]]").html
    assert re.findall(r'<a class="footnote-ref" href="#([^"]+)">(\d)</a>', html) == [
        ("note-1", "1"), ("note-2", "2"), ("note-1", "1"),
    ]  # fmt: skip
    assert "four[^c]" in html
    items = re.findall(r'<li id="([^"]+)"><p>(\w)\.(.*)</p></li>', html)
    assert [(anchor, letter) for anchor, letter, _ in items] == [("note-1", "A"), ("note-2", "B")]
    assert re.findall(r'href="#([^"]+)"', items[0][2]) == ["note-mark-1", "note-mark-1-2"]
    assert 'class="time inline"' in items[0][2] and "passage" not in html


def test_a_footnote_that_nothing_refers_to_is_not_lost(convert: Converter) -> None:
    assert "<p>Alone.</p>" in convert("Text.\n\n[^a]: Alone.").html


@ALIKE
@given(DOCUMENTS)
def test_the_wall_finds_nothing_to_remove(
    any_section: Converter, blocks: Sequence[AnyBlock]
) -> None:
    built: list[str] = []

    def watching(html: str) -> str:
        built.append(html)
        return sanitise(html)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.render.html.prose.sanitise", watching)
        kept = any_section.blocks(blocks).html
    assert as_read(kept) == as_read(built[0])


@ALIKE
@given(MARKDOWN)
def test_every_word_of_a_text_is_on_the_page(any_section: Converter, text: str) -> None:
    html = any_section.blocks(parse(text)).html
    assert [word for word in re.findall(r"w\d+q", text) if word not in html] == []


def as_read(html: str) -> str:
    """A page as a browser reads it."""
    tree = html5lib.parse(f"<body>{html}", treebuilder="etree")
    return str(html5lib.serialize(tree, omit_optional_tags=False, alphabetical_attributes=True))
