"""Formulas become MathML that shows the LaTeX's letters and nothing else."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document.inline import canonical
from pipeline.render.html.formulas import MATH_ATTRIBUTES, MATH_TAGS, mathml
from pipeline.render.html.inline import InlineHtml
from pipeline.render.html.sanitise import sanitise
from tests.document.documents import ALIKE

_PIECES = (
    *("\\text{", "\\mbox{", "\\mathrm{", "\\operatorname{", "\\frac{", "\\href{", "\\style{", "{"),
    *("}", "}{", "^", "_", "&", "\\\\", "\\&", "\\%", "\\left(", "\\right)", "\\mid ", "\\alpha "),
    *("\\begin{matrix}", "\\end{matrix}", "\\color{red}", "\\class{a}", "\\unicode{x3c}"),
    *("<eos>", "<", ">", "</mtext>", "</math>", "<img src=x onerror=y>", "&lt;", "&#x0003C;"),
    *("'", '"', "a", "x", "1", " ", "$", "字", "<|a|>", "]]>", "<!--", "\\def\\a{\\a\\a}", "\\a"),
    "javascript:x",
)
LATEX = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)


def test_angle_brackets_in_a_formulas_text_are_letters_and_what_follows_stays() -> None:
    maker = InlineHtml(lambda _: "", lambda _: "")
    html = maker.html(canonical(r"So $P(\text{<eos>} \mid x)$ falls."))
    assert "<mtext>&lt;eos&gt;</mtext>" in html
    assert html.endswith("</math> falls.")


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\alpha \le \sqrt{2}", "α≤2"),
        (r"\text{a & b}", "a\u00a0&\u00a0b"),
        (r"x \xrightarrow{f} y", "x→fy"),
        (r"\mathbb{R}^n", "ℝn"),
    ],
)
def test_symbols_are_characters(latex: str, shown: str) -> None:
    tree = html5lib.parseFragment(mathml(latex, "block"), namespaceHTMLElements=False)
    assert "".join(tree.itertext()) == shown


@ALIKE
@given(LATEX)
def test_whatever_the_latex_it_is_maths_or_code_and_the_text_behind_it_stays(latex: str) -> None:
    html = f"<p>{mathml(latex, 'inline')}behind</p>"
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    paragraph, formula = root[0], root[0][0]
    assert len(root) == len(paragraph) == 1
    assert formula.tail == "behind"
    if formula.tag == "code":
        assert (formula.text or "") == latex.strip()
        return
    assert formula.get("alttext") == latex.strip()
    for one in formula.iter():
        assert one.tag.rpartition("}")[2] in MATH_TAGS
        assert set(one.attrib) <= MATH_ATTRIBUTES
    kept = html5lib.parseFragment(sanitise(html), namespaceHTMLElements=False)
    assert html5lib.serialize(kept) == html5lib.serialize(root)
