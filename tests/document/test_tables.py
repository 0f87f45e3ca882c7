"""Tables keep all cells, and bars that belong to code or formulas part none."""

from __future__ import annotations

from pipeline.document.blocks import AnyBlock, Paragraph, Table
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise


def table(text: str) -> Table:
    (block,) = parse(text)
    assert isinstance(block, Table)
    return block


HEAD = "| a | b |\n| :-- | --: |\n"


def test_a_table_has_titles_alignments_and_rows() -> None:
    read = table(f"{HEAD}| 1 | **2** |\n| 3 |")
    assert read.header == ("a", "b")
    assert read.alignment == ("left", "right")
    assert read.rows == (("1", "**2**"), ("3", ""))


def test_cells_beyond_the_header_stay_in_the_last_one() -> None:
    assert table(f"{HEAD}| 1 | 2 | 3 |").rows == (("1", "2 | 3"),)


def test_bars_in_code_formulas_and_tokens_part_nothing() -> None:
    rows = table(f"{HEAD}| `x|y` | $|x|$ |\n| <|eot|> | 1 |\n| `a \\| b` | c |").rows
    assert rows == (("`x|y`", "$|x|$"), ("<|eot|>", "1"), ("`a | b`", "c"))


def test_a_bar_is_written_so_that_any_reader_takes_it() -> None:
    blocks: tuple[AnyBlock, ...] = (Table(header=("`x|y`",), alignment=("",), rows=(("a\\\nb",),)),)
    assert serialise(blocks) == "| `x\\|y` |\n| --- |\n| a<br>b |\n"
    assert parse(serialise(blocks)) == blocks


def test_a_table_needs_no_empty_line_before_it() -> None:
    assert [type(block) for block in parse(f"See:\n{HEAD}| 1 | 2 |\n\nAfter.")] == [
        Paragraph,
        Table,
        Paragraph,
    ]


def test_bars_without_a_second_line_of_dashes_are_text() -> None:
    assert parse("a | b\nc | d") == (Paragraph(text="a | b c | d"),)
