"""Going through a document at any depth."""

from __future__ import annotations

from pipeline.document.blocks import AnyBlock, Cell, Paragraph
from pipeline.document.parse import parse
from pipeline.document.walk import cells, changed, cited, figures, prose_of, texts, walk

TEXT = """\
### A *title*

- One [[s0001]] two. [[s0002]]

  ```python
  hidden = 1
  ```

> ![A caption](frame:f0001)

| a | `b` |
| --- | --- |
| c | $x$ |

[[s0003]]
"""


def test_blocks_come_in_reading_order_whatever_they_are_in() -> None:
    kinds = [block.kind for block in walk(parse(TEXT))]
    assert kinds == ["heading", "list", "paragraph", "cell", "quote", "figure", "table"]


def test_cells_and_figures_are_found_inside_other_blocks() -> None:
    assert [cell.source for cell in cells(parse(TEXT))] == ["hidden = 1\n"]
    assert [figure.frame for figure in figures(parse(TEXT))] == ["f0001"]


def test_prose_is_what_is_read_and_no_code() -> None:
    assert prose_of(parse(TEXT)) == "A title\nOne two.\nA caption\na\nb\nc\nx"


def test_citations_are_counted_in_texts_inside_and_at_the_end() -> None:
    found = [one.ids for block in parse(TEXT) for one in cited(block)]
    assert found == ["s0001", "s0002", "s0003"]


def test_a_change_reaches_every_block_and_takes_away_what_it_empties() -> None:
    def without_figures(block: AnyBlock) -> list[AnyBlock]:
        return [] if block.kind == "figure" else [block]

    left = [block.kind for block in walk(changed(parse(TEXT), without_figures))]
    assert left == ["heading", "list", "paragraph", "cell", "table"]

    def as_text(block: AnyBlock) -> list[AnyBlock]:
        return [Paragraph(text="x"), Paragraph(text="y")] if isinstance(block, Cell) else [block]

    assert [texts(one) for one in walk(changed(parse(TEXT), as_text))][3:5] == [("x",), ("y",)]
