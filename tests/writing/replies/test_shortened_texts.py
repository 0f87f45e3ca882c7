"""A cell whose text the screen cuts off is marked, however its writer gave it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.parse import parse
from pipeline.document.walk import cells
from pipeline.writing.context_code import ContextCode
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.replies.shortened_texts import with_shortened
from tests.writing.checks.test_chunk import material

SOURCE = 'text = "The very name strikes fear into the hearts of progr…"\ntokens = list(text)'


def given(is_shortened: bool = True) -> PromptContext:
    own = material()
    code = ContextCode(own.screens[0].frame, SOURCE, "", False, is_shortened)
    return replace(own, code=(code,))


def tags_of(reply: str, own: PromptContext) -> tuple[str, ...]:
    (cell,) = cells(with_shortened(parse(reply), own))
    return cell.tags


@pytest.mark.parametrize("tag", ["", " skip-execution", " shortened"])
@pytest.mark.parametrize("end", ["…", "..."])
def test_a_text_that_is_cut_as_it_was_given_is_marked(tag: str, end: str) -> None:
    fence = f"```python{tag}\n{SOURCE.replace('…', end)}\n```\n"
    assert tags_of(fence, given()) == ("shortened",)


def test_other_cells_stay_as_they_are() -> None:
    assert tags_of('```python\ntext = "Wait…"\n```\n', given()) == ()
    assert tags_of(f"```python\n{SOURCE.replace('progr…', 'programmers')}\n```\n", given()) == ()
    assert tags_of(f"```python\n{SOURCE}\n```\n", given(is_shortened=False)) == ()
    assert tags_of(f"```python excerpt\n{SOURCE}\n```\n", given()) == ("excerpt",)
