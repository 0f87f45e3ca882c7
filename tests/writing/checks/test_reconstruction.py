"""Code written from what is said: marked, and only where it is allowed, unseen and whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.parse import parse
from pipeline.document.walk import cells
from pipeline.models import Frame
from pipeline.writing.checks.reconstruction import marked, reconstruction_problems
from pipeline.writing.context_screens import ContextScreen
from pipeline.writing.prompt_context import PromptContext
from tests.writing.checks.test_chunk import material

SORT = "```python{tags}\ndef bubble_sort(items):\n    return sorted(items)\n```\n"


def allowed(shown: str = "") -> PromptContext:
    own = replace(material(), reconstruct=True)
    frame = own.screens[0].frame.model_copy(update={"kind": "code", "text": shown})
    return replace(own, screens=(ContextScreen(frame, shown, True),)) if shown else own


def tags_of(text: str, own: PromptContext) -> list[tuple[str, ...]]:
    return [cell.tags for cell in cells(marked(parse(text), own))]


def faults(text: str, own: PromptContext) -> list[str]:
    return [one.text for one in reconstruction_problems(parse(text), own)]


def test_a_function_on_no_screen_is_marked_whether_its_writer_does_or_not() -> None:
    assert tags_of(SORT.format(tags=""), allowed()) == [("reconstructed",)]
    assert tags_of(SORT.format(tags=" reconstructed"), allowed()) == [("reconstructed",)]
    assert tags_of(SORT.format(tags=" excerpt"), allowed()) == [("excerpt",)]
    assert tags_of("```python\nprint(1)\n```\n", allowed()) == [()]


@pytest.mark.parametrize("shown", ["def bubble_sort(items):", "def bubblesort(items):"])
def test_what_a_screen_defines_is_no_reconstruction(shown: str) -> None:
    assert tags_of(SORT.format(tags=""), allowed(shown)) == [()]
    assert faults(SORT.format(tags=" reconstructed"), allowed(shown)) == [
        "a screen shows `bubble_sort`: copy it from there, in a fence ```python"
    ]


def test_a_screen_that_only_calls_it_does_not_show_it() -> None:
    assert faults(SORT.format(tags=" reconstructed"), allowed("bubble_sort([3, 1])")) == []


def test_what_was_defined_before_is_no_reconstruction() -> None:
    own = replace(allowed(), defined_before=frozenset({"bubble_sort"}))
    assert tags_of(SORT.format(tags=""), own) == [()]


def test_nothing_is_marked_and_no_mark_is_let_through_where_it_is_not_wished() -> None:
    assert tags_of(SORT.format(tags=""), material()) == [()]
    (fault,) = faults(SORT.format(tags=" reconstructed"), material())
    assert fault.startswith("no screen shows this code: say in prose")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```python reconstructed excerpt\nx = 1\n```\n", "reconstructed code has to run"),
        ("```python reconstructed\nprint(1)\n```\n\n```text\n1\n```\n", "nobody has seen"),
    ],
)
def test_it_is_whole_and_without_an_output_of_its_own(text: str, fault: str) -> None:
    (found,) = faults(text, allowed())
    assert found.startswith(fault)


def test_what_never_ends_or_needs_the_network_is_marked_and_not_run() -> None:
    fence = "```python reconstructed skip-execution\n{}\n```\n"
    assert faults(fence.format("while True:\n    print(1)"), allowed()) == []
    assert faults(fence.format("import socket\nsocket.socket()"), allowed()) == []
    assert faults(fence.format("import sys\nprint(sys.argv[1:])"), allowed()) == []
    (found,) = faults(fence.format("print(1)"), allowed())
    assert found.startswith("reconstructed code has to run")


MCD = '```sh{tags}\nmcd () {{\n  mkdir -p "$1"\n  cd "$1"\n}}\n```\n'


def test_a_shell_function_is_reconstructed_like_one_in_python() -> None:
    assert tags_of(MCD.format(tags=""), allowed()) == [("reconstructed",)]
    assert tags_of("```sh\nls -l\n```\n", allowed()) == [()]
    assert faults(MCD.format(tags=" reconstructed"), allowed()) == []
    assert tags_of(MCD.format(tags=""), allowed("mcd () {\n  mkdir")) == [()]
    assert faults(MCD.format(tags=" reconstructed"), allowed("mcd () {\n  mkdir")) == [
        "a screen shows `mcd`: copy it from there, in a fence ```sh"
    ]


def test_other_languages_may_be_written_anew() -> None:
    assert faults("```c reconstructed\nint x;\n```\n", allowed()) == []


def test_screens_without_code_show_none() -> None:
    own = allowed()
    slide = Frame(**(dict(own.screens[0].frame) | {"text": "def bubble_sort", "kind": "slide"}))
    assert (
        faults(
            SORT.format(tags=" reconstructed"),
            replace(own, screens=(ContextScreen(slide, slide.text, True),)),
        )
        == []
    )
