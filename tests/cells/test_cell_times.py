"""Each cell stands for the moment of what it retells, or of what stands before it."""

from __future__ import annotations

import pytest

from pipeline.cells.cell_times import CellTimes
from pipeline.document.article import Section
from pipeline.document.walk import cells
from pipeline.models import Frame, Segment, Segments

CELL = "```python\nx\n```\n"
SEGMENTS = Segments(
    segments=tuple(
        Segment(
            id=f"s000{n}",
            start_ms=n * 10_000,
            end_ms=n * 10_000 + 9_000,
            text="words",
            first_word=n,
            last_word=n,
        )
        for n in range(1, 6)
    ),
    frames=(
        Frame(
            id="f1", at_ms=42_500, start_ms=41_000, end_ms=50_000, path="f.png", width=4, height=3
        ),
    ),
)


def section(markdown: str) -> Section:
    return Section(
        id="sec01", title="T", start_ms=7_000, end_ms=60_000, markdown=markdown, segments=("s0001",)
    )


def times(markdown: str) -> list[int]:
    return list(CellTimes(SEGMENTS).of(section(markdown)).values())


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (f"A. [[s0001]]\n\nB. [[s0003-s0004]]\n\n{CELL}", [30_000]),
        (f"A. [[s0001]]\n\n![x](frame:f1)\n\n{CELL}", [42_500]),
        (f"A. [[s0001]]\n\n{CELL}\n[[s0002]]\n", [20_000]),
        (f"{CELL}\nA. [[s0002]]\n", [20_000]),
        (f"{CELL}\n{CELL}\nA.\n", [7_000, 7_000]),
        (f"A [[s0001]] and [[s0002]] then.\n\n{CELL}", [20_000]),
        (f"A. [[s0001]]\n\nNo such one. [[s0099]]\n\n{CELL}", [10_000]),
        (f"A. [[s0001]]\n\n{CELL}\nB. [[s0002]]\n\n{CELL}", [10_000, 20_000]),
    ],
    ids=[
        *("citation", "figure", "own", "after", "none", "in a text", "unknown", "each its own"),
    ],
)
def test_a_cell_stands_for_the_last_moment_before_it(markdown: str, expected: list[int]) -> None:
    assert times(markdown) == expected


def test_citations_of_a_list_count_after_its_cells() -> None:
    inside = "- one [[s0001]]\n\n  ```python\n  x\n  ```\n\n- two [[s0003]]\n\n"
    assert times(f"{inside}\n[[s0004]]\n\n{CELL}") == [10_000, 40_000]


def test_a_moment_that_is_known_counts_more_than_a_citation() -> None:
    given = section(f"A. [[s0001]]\n\n{CELL}\n{CELL}")
    first, second, third = given.blocks
    known = given.with_blocks(
        (
            first.model_copy(update={"moment_ms": 12_345}),
            second,
            third.model_copy(update={"moment_ms": 16_000}),
        )
    )
    assert list(CellTimes(SEGMENTS).of(known).values()) == [12_345, 16_000]


def test_every_cell_has_a_time_at_whatever_depth() -> None:
    given = section(
        "> 1. a\n>    ```python\n>    x\n>    ```\n>    - ```sh\n>      ls\n>      ```\n"
    )
    ids = {cell.id for cell in cells(given.blocks)}
    assert len(ids) == 2
    assert set(CellTimes(SEGMENTS).of(given)) == ids
