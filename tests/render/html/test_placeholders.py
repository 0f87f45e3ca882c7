"""What a Markdown parser must not touch is lifted out and comes back whole."""

from __future__ import annotations

from pipeline.render.html.placeholders import (
    MARK,
    FencePlaceholder,
    FigurePlaceholder,
    FormulaPlaceholder,
    Special,
    lift,
)


def test_an_output_fence_belongs_to_the_cell_before_it() -> None:
    lifted = lift("```python raises-exception\n1/0\n```\n\n```text output\nboom\n```\n")
    assert lifted.pieces == [FencePlaceholder("python", ("raises-exception",), "1/0", "boom")]


def test_an_output_fence_after_text_stands_alone() -> None:
    pieces = lift("```python\n1\n```\n\nText.\n\n```text output\n2\n```").pieces
    assert [isinstance(piece, FencePlaceholder) and piece.is_output for piece in pieces] == [
        False,
        True,
    ]


def test_what_looks_like_markup_inside_a_fence_stays_in_it() -> None:
    source = "x = '$$'\n![no](frame:f1)\n[[s0001]]\n<|endoftext|>"
    lifted = lift(f"```python\n{source}\n```")
    assert lifted.pieces == [FencePlaceholder("python", (), source)]


def test_figures_become_paragraphs_of_their_own() -> None:
    lifted = lift("Look: ![a [nice] plot](frame:f0007) and more.")
    assert lifted.pieces == [FigurePlaceholder("f0007", "a [nice] plot")]
    assert [line for line in lifted.markdown.split("\n") if MARK.fullmatch(line)]


def test_display_formulas_may_span_lines() -> None:
    assert lift("$$\na\n= b\n$$").pieces == [FormulaPlaceholder("a\n= b")]
    assert lift("$$x^2$$").pieces == [FormulaPlaceholder("x^2")]


def test_dollars_that_nothing_closes_are_text() -> None:
    lifted = lift("$$ is how he writes money.\n\nThe next paragraph.")
    assert lifted.pieces == []
    assert "$$ is how" in lifted.markdown


def test_special_tokens_are_kept_letter_by_letter() -> None:
    assert lift("ends at <|endoftext|>.").pieces == [Special("<|endoftext|>")]


def test_marks_cannot_be_forged() -> None:
    lifted = lift("\ue0000\ue001 and <|x|>")
    assert lifted.pieces == [Special("<|x|>")]
    assert lifted.markdown.startswith("0 and ")
