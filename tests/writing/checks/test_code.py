"""Code on the screens is wanted in cells where it is whole, and by one section."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.parse import parse
from pipeline.models import Box, ScreenLine
from pipeline.writing.checks.code import code_problems, repeated_code_problems
from pipeline.writing.context_screens import ContextScreen
from pipeline.writing.prompt_context import PromptContext
from tests.writing.checks.test_chunk import with_code

CLASS = "class Tokenizer:\n    def __init__(self):\n        self.merges = {}"
MERGE = "def merge(ids, pair, idx):\n    newids = []\n    return newids"
CELL = f"A text. [[s0001]]\n\n```python\n{MERGE}\nprint(merge([1], (1, 2), 3))\n```\n"


def on_screen(*places: tuple[int, int]) -> PromptContext:
    """A class whose three lines stand at these places (x, y), each 20 high, of 360."""
    own = with_code(CLASS, seconds=60)
    lines = tuple(
        ScreenLine(text=text.strip(), box=Box(x=x, y=y, width=200, height=20), confidence=1.0)
        for text, (x, y) in zip([*CLASS.splitlines(), "x = 1"], places, strict=False)
    )
    first, *others = own.screens
    frame = first.frame.model_copy(update={"lines": lines})
    return replace(own, screens=(ContextScreen(frame, CLASS, True), *others))


@pytest.mark.parametrize(
    ("places", "kind"),
    [
        ([(50, 280), (75, 310), (100, 338)], "unspoken code"),  # down to the edge
        ([(50, 80), (75, 110), (100, 138)], "code"),  # room below
        ([(50, 240), (75, 270), (100, 300), (52, 338)], "code"),  # other code below
        ([(50, 240), (75, 270), (100, 300), (5, 338)], "code"),  # the file list beside it
        ([], "code"),  # places not known
    ],
)
def test_a_class_that_the_window_cuts_off_is_not_asked_for(
    places: list[tuple[int, int]], kind: str
) -> None:
    (found,) = code_problems(parse("A text. [[s0001]]\n"), on_screen(*places))
    assert (found.kind, found.items) == (kind, ("Tokenizer",))


def test_what_the_plan_leaves_to_a_later_section_is_not_asked_for() -> None:
    own = with_code(MERGE, seconds=60)
    text = parse("A text. [[s0001]]\n")
    assert [one.kind for one in code_problems(text, own)] == ["code"]
    assert not code_problems(text, replace(own, defined_later=frozenset({"merge"})))


def test_what_an_earlier_part_has_shown_is_not_shown_again() -> None:
    known = frozenset({"merge"})
    shown = replace(with_code("x = 1"), defined_before=known, earlier_code=(MERGE,))
    (again,) = repeated_code_problems(parse(CELL), shown)
    assert (again.kind, again.block, again.items) == ("code", 1, ("merge",))
    assert "keep only what is new" in again.text
    changed = replace(shown, earlier_code=(MERGE.replace("newids", "made"),))
    for own in (changed, replace(shown, defined_before=frozenset())):
        assert not repeated_code_problems(parse(CELL), own)
