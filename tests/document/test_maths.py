"""Formulas are formulas; money and variables of a shell are not."""

from __future__ import annotations

import pytest

from pipeline.document.blocks import Formula, Paragraph
from pipeline.document.inline import canonical, runs
from pipeline.document.parse import parse


def formulas(text: str) -> list[str]:
    return [one.text for one in runs(text) if one.kind == "formula"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$x_1$, \\(y\\), \\[z\\] and $$w$$", ["x_1", "y", "z", "w"]),
        ("设$x$为，the $n$th of $k$s", ["x", "n", "k"]),
        ("$a_i * b_i$ and $\\frac{1}{2}$", ["a_i * b_i", "\\frac{1}{2}"]),
        ("$P(\\text{<eos>} \\mid x)$", ["P(\\text{<eos>} \\mid x)"]),
        ("$\\text{two plain words}$", ["\\text{two plain words}"]),
        ("`$x$` is code", []),
        ("$`x^2`$ and $$x_i$$", ["x^2", "x_i"]),
    ],
)
def test_formulas_are_found(text: str, found: list[str]) -> None:
    assert formulas(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "It costs $20 a month, or $200 a year, and $5,000 for a team.",
        "It was $3 per seat and is $4 now.",
        "$PATH and $HOME are set, $1 and $2 are arguments, in US$ and A$, 35$ too.",
        "$20 or 25 CA$ a month",
        "between $5 and 10$",
        "20$和30$",
        "from $5 to $10 or 5$-10$",
        "echo $A$B and ${HOME}/bin:$PATH",
        "a $ b $ c",
        "$$ is its number and $$ again",
    ],
)
def test_money_and_variables_are_none(text: str) -> None:
    assert formulas(text) == []
    assert canonical(text).replace("\\$", "$") == text


@pytest.mark.parametrize(
    "text",
    [
        "$$\nx^2\n$$",
        "$$ x^2 $$",
        "\\[\nx^2\n\\]",
        "\\[x^2\\]",
        "```math\nx^2\n```",
    ],
)
def test_a_displayed_formula_is_a_block(text: str) -> None:
    assert parse(f"Before:\n{text}\nAfter.") == (
        Paragraph(text="Before:"),
        Formula(latex="x^2"),
        Paragraph(text="After."),
    )


def test_an_environment_is_a_formula_with_its_name() -> None:
    text = "\\begin{align}\na &= b \\\\\n- c\n\\end{align}"
    assert parse(text) == (Formula(latex=text),)


def test_lines_of_a_formula_begin_no_list() -> None:
    assert parse("\\[\na\n- b\n+ c\n\\]") == (Formula(latex="a\n- b\n+ c"),)


def test_dollars_that_nothing_closes_are_text() -> None:
    assert parse("$$\nx\n\nAfter.") == (Paragraph(text="\\$\\$ x"), Paragraph(text="After."))


def test_a_formula_keeps_its_citation() -> None:
    (block,) = parse("$$x$$ [[s0004]]")
    assert isinstance(block, Formula)
    assert [one.ids for one in block.citations] == ["s0004"]


def test_a_formula_beside_letters_stays_one() -> None:
    assert canonical("2\\(x\\)y") == "2\\(x\\)y"
    assert formulas(canonical("\\(a\\)\\(b\\)")) == ["a", "b"]
