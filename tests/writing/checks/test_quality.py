"""A finished chapter in numbers."""

from __future__ import annotations

from pipeline.document.article import Article, Section
from pipeline.writing.checks.quality import measure
from tests.writing.transcript_edition.lectures import frame, lecture

SEGMENTS, _ = lecture(
    ["one two three four", "five six seven eight", "nine ten"],
    [frame("f1", 0, 20_000, "A slide")],
)
MARKDOWN = """\
I count to four. [[s0001]]

![A slide](frame:f1)

### Further on

1. We count to eight: [[s0002]]

   ```python
   print(8)
   # [[s0003]]
   ```

> ```sh
> ls
> ```

And to ten. [[s0003]]
"""


def chapter(markdown: str) -> Article:
    section = Section(
        id="sec01",
        title="Counting",
        start_ms=0,
        end_ms=60_000,
        markdown=markdown,
        segments=("s0001", "s0002", "s0003"),
    )
    return Article(title="A lecture", edition="llm", sections=(section,))


def test_code_figures_and_citations_count_wherever_they_stand() -> None:
    found = measure(chapter(MARKDOWN), SEGMENTS)
    assert found.code_lines_per_minute == 2
    assert (found.pictures, found.links, found.headings) == (1, 3, 2)
    assert found.links_out_of_order == 0
    assert found.longest_gap_s == 20


def test_a_passage_that_also_cites_what_says_it_again_is_in_order() -> None:
    again = MARKDOWN.replace("four. [[s0001]]", "four. [[s0001]] [[s0003]]")
    assert measure(chapter(again), SEGMENTS).links_out_of_order == 0
    swapped = MARKDOWN.replace("four. [[s0001]]", "four. [[s0003]]")
    assert measure(chapter(swapped), SEGMENTS).links_out_of_order == 1


def test_study_aids_are_no_part_of_what_is_measured() -> None:
    questions = "\n> [!QUESTIONS]\n>\n> 1. How far do we count at first? [[s0001]]\n"
    assert measure(chapter(MARKDOWN + questions), SEGMENTS) == measure(chapter(MARKDOWN), SEGMENTS)
