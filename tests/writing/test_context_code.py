"""A writer is given the code of the screens put together, and where it is cut off."""

from __future__ import annotations

from dataclasses import replace

from pipeline.models import Box, Frame, ScreenLine
from pipeline.writing.draft_prompts import prompts_of
from tests.writing.test_prompt_context import HALF, HALF_MS, STYLE, contexts, frame

HEAD = ["def count(ids):", "    counts = {}", "    for one in ids:"]
TAIL = ["        counts[one] = counts.get(one, 0) + 1", "    return counts", "print(count([1, 1]))"]


def with_lines(number: int, start_ms: int, end_ms: int, lines: list[str]) -> Frame:
    """A screen with these lines of code, each in its place."""
    width, height = 12, 24
    return frame(number, start_ms, end_ms, "\n".join(lines)).model_copy(
        update={
            "lines": tuple(
                ScreenLine(
                    text=line.strip(),
                    box=Box(
                        x=40 + width * (len(line) - len(line.lstrip())),
                        y=60 + 30 * at,
                        width=width * len(line.strip()),
                        height=height,
                    ),
                    confidence=0.99,
                )
                for at, line in enumerate(lines)
            )
        }
    )


def typed() -> list[Frame]:
    """A function that is half there on the first screen and whole on the second."""
    return [
        with_lines(1, 10_000, 60_000, HEAD),
        with_lines(2, 60_000, 110_000, [*HEAD, *TAIL]),
    ]


def test_code_that_grows_is_given_once_and_whole_and_not_again_as_a_screen_s_text() -> None:
    first, second = contexts(*typed())
    request = prompts_of(first, STYLE)[1]
    given = request.partition('<shown-code screen="f0002" during="')[2].partition("</shown-code>")[
        0
    ]
    assert [line for line in given.splitlines()[1:] if line] == [*HEAD, *TAIL]
    assert request.count("return counts") == 1
    assert "<shown-code " not in prompts_of(second, STYLE)[1]


def test_a_number_that_only_the_code_has_is_no_invention() -> None:
    first, _ = contexts(*typed())
    assert any("counts.get(one, 0)" in text for text in first.sources())


def test_later_parts_recall_the_code_as_it_was_put_together() -> None:
    frames = [*typed(), frame(3, HALF_MS + 10_000, HALF_MS + 60_000, "x = 1")]
    plan = STYLE.outline.sections[1].model_copy(update={"needs": ("count",)})
    outline = STYLE.outline.model_copy(update={"sections": (STYLE.outline.sections[0], plan)})
    _, second = contexts(*frames, outline=outline)
    assert any("return counts" in code for code in second.earlier_code)


def test_what_no_screen_shows_whole_is_marked() -> None:
    first, _ = contexts(*typed())
    (code, *_) = first.code
    cut = replace(first, code=(replace(code, is_cut=True),))
    assert '" cut off>' in prompts_of(cut, STYLE)[1]
    assert '" cut off>' not in prompts_of(first, STYLE)[1]


def test_code_belongs_to_the_part_that_speaks_of_it_while_it_is_on_screen() -> None:
    """On screen from the end of the first part on, complete in the second, told in the first."""
    lines = ["length = len(tokens)", "ratio = length / len(merged)", "print(ratio)"]
    shown = with_lines(1, HALF_MS - 20_000, HALF_MS + 30_000, lines)
    spoken = contexts(shown)[0].chunk.segments[-1].text
    told = contexts(shown, said={HALF - 1: f"{spoken} the length of the tokens, merged: a ratio"})
    assert [len(part.code) for part in told] == [1, 0]
    assert [[one.belongs_to for one in part.screens] for part in told] == [
        [""],
        ["an earlier part"],
    ]
    assert [len(part.code) for part in contexts(shown)] == [0, 1]


def test_a_part_is_not_asked_for_code_that_another_part_is_given() -> None:
    """The screen stays up into the second part, which is where it is fullest."""
    told = "we count the ids, for one in ids, counts of one, and return the counts"
    shown = [
        with_lines(1, 10_000, 60_000, HEAD),
        with_lines(2, 60_000, HALF_MS + 40_000, [*HEAD, *TAIL]),
    ]
    first, second = contexts(*shown, said={HALF - 1: told})
    assert [len(one.code) for one in (first, second)] == [1, 0]
    assert "count" in second.defined_before and "count" not in first.defined_before
    other, last = contexts(*shown, said={HALF: told})
    assert [len(one.code) for one in (other, last)] == [0, 1]
    assert "count" in other.defined_later and "count" not in last.defined_later
