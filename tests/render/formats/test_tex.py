"""A formula in a LaTeX export is maths: it reads no file, writes none and defines nothing."""

from __future__ import annotations

import pytest

from pipeline.document.parse import parse
from pipeline.render.formats.pandoc_blocks import PandocBlocks
from pipeline.render.formats.tex import tex_of


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{a_1}{\sqrt{2}} \le \sum_{i=1}^{n} x_i^2 \cdot \log p_k",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\begin{align*} a &= b \end{align*}",
        r"P(\text{<eos>} \mid x) \bigl( \mathbb{R}^n \bigr) \, \% \# \{ \}",
        r"\left\lVert \hat{x} \right\rVert \xrightarrow{f} \operatorname{softmax}(x)",
    ],
)
def test_maths_is_let_through_as_it_is(latex: str) -> None:
    assert tex_of(latex) == latex


@pytest.mark.parametrize(
    "latex",
    [
        r"\input{/etc/passwd}",
        r"\text{\input /etc/passwd }",
        r"\include{x} \includegraphics{x}",
        r"\openin5=x \read5 to \a \a",
        r"\immediate\write18{id}",
        r"\csname inp\endcsname ut",
        r"\catcode`\@=11",
        r"^^5cinput{/etc/passwd}",
        r"\def\sum{\input} \sum{x}",
        r"\begin{filecontents}{x}a\end{filecontents}",
        r"\lstinputlisting{x} \VerbatimInput{x} \verbatiminput{x}",
        r"\directlua{os.execute('id')}",
        r"\usepackage{x} \special{x} \expandafter\input",
        r"\href{javascript:x}{a}",
        r"\frac{1",
    ],
)
def test_anything_else_is_shown_as_code(latex: str) -> None:
    assert tex_of(latex) is None
    made = PandocBlocks({}, lambda _: None, lambda _: None).blocks(parse(f"$$\n{latex}\n$$"))
    assert "Math" not in str(made)
    assert latex in str([one["c"] for one in made]).replace("\\\\", "\\").replace('\\"', '"')


def test_marks_that_end_a_line_or_name_a_parameter_are_letters() -> None:
    assert tex_of(r"50% \% a\\% b#1") == r"50\% \% a\\\% b\#1"
