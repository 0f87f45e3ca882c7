"""Formulas become MathML that shows the LaTeX's letters and nothing else."""

from __future__ import annotations

from xml.etree import ElementTree

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


def operators(latex: str) -> list[tuple[str, str | None, str | None, str | None]]:
    tree = html5lib.parseFragment(mathml(latex, "block"), namespaceHTMLElements=False)
    return [
        (one.text or "", one.get("form"), one.get("lspace"), one.get("rspace"))
        for one in tree.iter()
        if one.tag.rpartition("}")[2] == "mo"
    ]


THIN, NONE = "0.167em", "0em"


@pytest.mark.parametrize(
    ("latex", "before", "after"),
    [
        (r"\log p", NONE, THIN),
        (r"a \log p", THIN, THIN),
        (r"\log(p)", NONE, NONE),
        (r"\log\left(p\right)", NONE, NONE),
        (r"2\operatorname{softmax} x", THIN, THIN),
        (r"\max_{x} f", NONE, THIN),
        (r"x = \sin^2 y", NONE, THIN),
    ],
)
def test_a_functions_name_is_set_apart_from_its_operand(
    latex: str, before: str, after: str
) -> None:
    (name,) = [one for one in operators(latex) if len(one[0]) > 1]
    assert name[1:] == ("prefix", before, after)


@pytest.mark.parametrize(
    "latex",
    ["-x", "y = -x", "(-x)", r"e^{-x}", r"x \leq -1", "|-x|", r"\left|-x\right|", r"\frac{-1}{2}",
     r"\log -x", r"\begin{aligned} a &= -b \end{aligned}"],
)  # fmt: skip
def test_a_sign_without_a_left_operand_stands_at_its_number(latex: str) -> None:
    assert ("−", "prefix", NONE, NONE) in operators(latex)


@pytest.mark.parametrize(
    "latex",
    ["a - b", "(a) - b", "x^2 - 1", "|a| - b", "n! - 1", r"\left(a\right) - b", "f' - g",
     r"\begin{aligned} a &= b \\ &- c \end{aligned}"],
)  # fmt: skip
def test_a_sign_between_two_operands_is_binary(latex: str) -> None:
    assert ("−", None, None, None) in operators(latex)


@pytest.mark.parametrize(
    "environment",
    ["align", "align*", "aligned", "split", "eqnarray", "dcases", "alignat*", "gathered"],
)
def test_the_lines_of_every_environment_are_rows_without_invented_numbers(
    environment: str,
) -> None:
    count = "{2}" if "alignat" in environment else ""
    latex = rf"\begin{{{environment}}}{count} a &= b \\ c &= d \end{{{environment}}}"
    tree = html5lib.parseFragment(mathml(latex, "block"), namespaceHTMLElements=False)
    assert len([one for one in tree.iter() if one.tag.rpartition("}")[2] == "mtr"]) == 2
    assert "".join(tree.itertext()).replace("{", "") == "a=bc=d"


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\bigl\langle a \bigr\rangle", "⟨a⟩"),
        (r"\Bigl\{ a \Bigr\}", "{a}"),
        (r"\biggl\lVert a \biggr\|", "‖a‖"),
        (r"\arg a", "arga"),
    ],
)
def test_fences_of_a_given_size_and_functions_are_not_shown_by_their_names(
    latex: str, shown: str
) -> None:
    assert "".join(ElementTree.fromstring(mathml(latex, "inline")).itertext()) == shown
