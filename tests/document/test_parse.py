"""Reading Markdown: which block a construct is, and what hangs on it."""

from __future__ import annotations

import pytest

from pipeline.document.blocks import (
    Cell,
    Figure,
    Heading,
    List,
    Listing,
    Note,
    Paragraph,
    Quote,
)
from pipeline.document.citations import Citation
from pipeline.document.parse import numbered, parse, parse_edited
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells
from pipeline.models import Box

ONE = Citation(first="s0001", last="s0001")


def test_a_cell_in_a_list_item_keeps_its_place_and_its_indentation() -> None:
    text = (
        "1. First:\n\n   ```python\n   for i in range(2):\n       print(i)\n   ```\n\n2. Then:\n"
        '   - inner\n     ```python\n     t = """a\n     b"""\n     ```\n'
    )
    (block,) = parse(text)
    assert isinstance(block, List)
    assert block.items[0][1] == Cell(
        id="cell-1", language="python", source="for i in range(2):\n    print(i)\n"
    )
    assert [cell.source for cell in cells([block])][1] == 't = """a\nb"""\n'
    assert "\n   for i in range(2):\n       print(i)\n   ```\n" in serialise([block])


def test_a_cell_in_a_quotation_stays_in_it() -> None:
    (block,) = parse('> Note:\n>\n> ```python\n> if x:\n>     print("q")\n> ```\n')
    assert isinstance(block, Quote)
    assert [cell.source for cell in cells(block.blocks)] == ['if x:\n    print("q")\n']
    assert serialise([block]).count("\n>     print") == 1


def test_inline_triple_backticks_open_no_fence() -> None:
    assert parse("``` x ``` begins it.\n\nAfter.") == (
        Paragraph(text="`x` begins it."),
        Paragraph(text="After."),
    )


def test_four_spaces_are_a_listing_and_three_are_not() -> None:
    assert parse("    code\n\n   text") == (Listing(source="code\n"), Paragraph(text="text"))


def test_a_fence_that_is_never_closed_reaches_to_the_end() -> None:
    assert parse("````python\n```\nx\n") == (
        Cell(id="cell-1", language="python", source="```\nx\n"),
    )


@pytest.mark.parametrize(
    ("info", "language", "tags"),
    [
        ("Python excerpt", "python", ("excerpt",)),
        ("{.python .excerpt}", "python", ("excerpt",)),
        ("py,raises-exception", "py", ("raises-exception",)),
        ("C++", "c++", ()),
    ],
)
def test_the_words_behind_a_fence(info: str, language: str, tags: tuple[str, ...]) -> None:
    (block,) = parse(f"~~~ {info}\nx\n~~~")
    assert isinstance(block, Cell)
    assert (block.language, block.tags) == (language, tags)


def test_a_listing_right_after_a_python_cell_is_its_output() -> None:
    text = "```python\nprint(1)\n```\n\n```text\n1\n```\n\n```\nalone\n```\n"
    assert parse(text) == (
        Cell(id="cell-1", language="python", source="print(1)\n", output="1\n"),
        Listing(source="alone\n"),
    )


def test_what_a_shell_printed_is_output_only_where_it_says_so() -> None:
    text = "```sh\nls\n```\n\n```text\na file\n```\n\n```sh\nls\n```\n\n```text output\nb\n```\n"
    assert [getattr(block, "output", "") for block in parse(text)] == [None, "", "b\n"]


def test_pictures_after_a_cell_are_what_it_drew_whatever_stands_for_them_in_words() -> None:
    text = "```python\nplot()\n```\n\n![anything](pictures/cell-001-1.png)\n\n[[s0001]]\n"
    (cell,) = parse(text)
    assert isinstance(cell, Cell)
    assert cell.pictures == ("pictures/cell-001-1.png",)
    assert cell.citations == (ONE,)


def test_a_figure_leaves_its_paragraph_and_keeps_its_caption() -> None:
    assert parse('A ![The *tree* [[s0001]]](frame:f0002 "Tree") b. [[s0001]]') == (
        Paragraph(text="A b.", citations=(ONE,)),
        Figure(frame="f0002", caption="The *tree* Tree", citations=(ONE,)),
    )


def test_a_figure_names_the_part_that_it_shows() -> None:
    part = Box(x=10, y=20, width=300, height=200)
    assert parse("![c](frame:f1#xywh=10,20,300,200)") == (
        Figure(frame="f1", caption="c", crop=part),
    )
    assert parse("![c](frame:f1#xywh=10,20,0,200)") == (Figure(frame="f1", caption="c"),)
    assert parse("![c](frame:f1#t=10)") == (Figure(frame="f1", caption="c"),)


@pytest.mark.parametrize(
    "text", ["Text. [[s0001]]", "Text [[s0001]].", "Text. [[s0001]]\n\n[[s0001]]\n"]
)
def test_citations_at_the_end_are_the_blocks(text: str) -> None:
    (block,) = parse(text)
    assert block.citations[0] == ONE
    assert isinstance(block, Paragraph)
    assert block.text == "Text."


def test_a_citation_alone_belongs_to_the_block_before() -> None:
    figure, heading, alone = parse("![c](frame:f1)\n\n[[s0001]]\n\n### Title\n\n[[s0001]]\n")
    assert figure.citations == (ONE,)
    assert heading == Heading(text="Title")
    assert alone == Paragraph(text="", citations=(ONE,))


def test_a_models_own_ways_of_citing_are_read_when_its_segments_are_known() -> None:
    ids = ("s0001", "s0002", "s0003")
    (block,) = parse("So it is [s1, s0002] [[s3]].", segments=ids)
    assert block == Paragraph(text="So it is.", citations=(Citation.of("s0001-s0003"),))
    assert parse("So it is [s1].") == (Paragraph(text="So it is [s1]."),)
    assert parse("`a[s1]` [s1](http://a.b)", segments=ids) == (
        Paragraph(text="`a[s1]` [s1](http://a.b)"),
    )


def test_a_note_has_a_role_and_a_quotation_that_looks_like_one_stays_a_quotation() -> None:
    note, quote = parse("> [!WARNING]\n> Take care.\n\n> &#91;!NOTE] said he.\n")
    assert note == Note(role="warning", blocks=(Paragraph(text="Take care."),))
    assert quote == Quote(blocks=(Paragraph(text="[!NOTE] said he."),))
    assert parse(serialise([note, quote])) == (note, quote)


def test_a_footnote_is_a_note_with_its_label() -> None:
    text, note = parse("A word[^1].\n\n[^1]: The note.\n\n    More.\n")
    assert text == Paragraph(text="A word[^1].")
    assert note == Note(
        role="footnote", label="1", blocks=(Paragraph(text="The note."), Paragraph(text="More."))
    )


def test_a_link_by_reference_becomes_a_plain_one() -> None:
    assert parse("See [the page][1].\n\n[1]: https://a.example/x\n") == (
        Paragraph(text="See [the page](https://a.example/x)."),
    )


@pytest.mark.parametrize(
    "text",
    ["[laughter]: hello", "[x]: javascript:y", "[unused]: https://a.example"],
)
def test_a_definition_that_defines_nothing_is_text(text: str) -> None:
    shown = " ".join(block.text for block in parse(text) if isinstance(block, Paragraph))
    assert shown.replace("\\", "") == text.replace("\n", " ")


def test_nesting_without_end_is_text() -> None:
    blocks = parse("> " * 500 + "deep\n\n" + "- " * 500 + "down\n\nAfter.")
    written = serialise(blocks)
    assert "deep" in written
    assert "down" in written
    assert blocks[-1] == Paragraph(text="After.")
    assert parse(written) == blocks


def test_html_is_text() -> None:
    assert parse("<div>\n\n<details><summary>x</summary></details>") == (
        Paragraph(text="\\<div>"),
        Paragraph(text="\\<details>\\<summary>x\\</summary>\\</details>"),
    )


def test_cells_take_the_ids_they_are_given_and_never_one_twice() -> None:
    text = "```python\na\n```\n\n- ```python\n  b\n  ```\n"
    assert [cell.id for cell in cells(parse(text, numbered("s1-")))] == ["s1-1", "s1-2"]
    assert [cell.id for cell in cells(parse(text, ["x", "x"]))] == ["x", "cell-1"]


def test_an_edit_changes_the_ids_of_changed_cells_only() -> None:
    fence = "```python\n{}\n```\n"
    before = parse("\n".join(map(fence.format, "abc")), numbered("c"))
    edited = "\n".join(map(fence.format, ["new", "c", "b", "b"]))
    after = parse_edited(edited, before, numbered("c"))
    assert [cell.id for cell in cells(after)] == ["c4", "c3", "c2", "c5"]
