"""A formula in an export is maths that compiles: it reads no file, writes none, defines nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from pipeline.document.blocks import Formula
from pipeline.document.parse import parse
from pipeline.render.formats import printed, tex_names
from pipeline.render.formats.pandoc_blocks import Element, PandocBlocks, element
from pipeline.render.formats.tex import tex_of
from pipeline.render.formats.typst_formulas import with_typst_formulas
from pipeline.render.html.formulas import mathml
from tests.render.formats.formulas import broken, formula

SEED = 16
API = {"pandoc-api-version": [1, 23, 1], "meta": {}}


def vocabulary() -> list[str]:
    """A formula for each name that is allowed."""
    made = [rf"a \{name} b" for name in tex_names.SYMBOLS | tex_names.OPERATORS]
    made += [rf"\{name}\limits_a^b" for name in tex_names.OPERATORS]
    made += [rf"\{name}" + "{ab}" * count for name, count in tex_names.ARGUMENTS.items()]
    made += [rf"\{name}[n]{{ab}}" for name in tex_names.OPTIONAL]
    made += [rf"x_\{name}{{a_b & $c$}}" for name in tex_names.TEXTS]
    made += [rf"\left{one} x \middle{one} y \right{one}" for one in tex_names.DELIMITERS]
    made += [rf"\{size}{one}" for one in tex_names.DELIMITERS for size in ("Big", "biggl")]
    for name in tex_names.ENVIRONMENTS:
        given = {"array": "{ll}", "alignat": "{2}", "alignedat": "{2}"}.get(name, "")
        cells = "a & b" if tex_names.ENVIRONMENTS[name][1] != 1 else "a"
        made.append(rf"\begin{{{name}}}{given} {cells} \\ c \end{{{name}}}")
    made += [alias + "{a}{b}" for alias in tex_names.ALIASES]
    return [*made, r"\not\in a \not= b \tag{1} \hspace{1em} {a \over b}"]


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{a_1}{\sqrt{2}} \le \sum_{i=1}^{n} x_i^2 \cdot \log p_k",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"P(\text{<eos>} \mid x) \bigl( \mathbb{R}^n \bigr) \, \% \# \{ \}",
        r"\left\lVert \hat{x} \right\rVert \xrightarrow{f} \operatorname{softmax}(x)",
        r"f'(x) = \lim_{h \to 0} \frac{f(x+h) - f(x)}{h}",
    ],
)
def test_maths_is_let_through_as_it_is(latex: str) -> None:
    assert tex_of(latex) == latex


@pytest.mark.parametrize(
    ("latex", "tex"),
    [
        (r"x^\mathrm T \frac12", r"x^{\mathrm{T}} \frac{1}{2}"),
        (r"\hat\theta \sqrt[3]x", r"\hat{\theta} \sqrt[{3}]{x}"),
        (
            r"\begin{align*} a &= b \\[2pt] [c] &= d \end{align*}",
            r"\begin{aligned} a &= b \\ {}[c] &= d \end{aligned}",
        ),
        (r"\text{token_ids & 5% #1}", r"\text{token\_ids \& 5\% \#1}"),
        (r"{n \choose k} \bm{w}", r"{\binom{n}{ k}} \boldsymbol{w}"),
        (r"\argmax_x", r"\operatorname*{arg\,max}_x"),
        (r"x'^2 y²³ 50% b#1", r"x^{\prime{2}} y^{23} 50\% b\#1"),
        (r"∑_i é \hat{ß} α ℝ x² ½", r"\sum_i \text{é} \hat{\text{ß}} α ℝ x^{2} \text{½}"),
        (r"x_{最大} \alpha\label{a}b \tag{1}", r"x_{\text{最大}} \alpha b \qquad(\text{1})"),
        ("a\n\n b", "a b"),
    ],
)  # fmt: skip
def test_what_tex_would_stop_at_is_said_so_that_it_does_not(latex: str, tex: str) -> None:
    assert tex_of(latex) == tex


@pytest.mark.parametrize(
    "latex",
    [
        r"\input{/etc/passwd}", r"\text{\input /etc/passwd }", r"\include{x} \includegraphics{x}",
        r"\openin5=x \read5 to \a \a", r"\immediate\write18{id}", r"\csname inp\endcsname ut",
        r"\catcode`\@=11", r"^^5cinput{/etc/passwd}", r"\def\sum{\input} \sum{x}",
        r"\begin{filecontents}{x}a\end{filecontents}", r"\begin{verbatim}a\end{verbatim}",
        r"\lstinputlisting{x} \VerbatimInput{x} \verbatiminput{x}", r"\directlua{os.execute('id')}",
        r"\usepackage{x} \special{x} \expandafter\input", r"\href{javascript:x}{a}",
        r"\begin{array}{@{\input x}c} a \end{array}", r"\text{$\input{x}$}", r"\tag{\input{x}}",
        r"\hspace{99999cm}", r"\loop\iftrue\repeat", r"\def\a{\a}\a", r"\begin{\input x}",
    ],
)  # fmt: skip
def test_what_is_more_than_maths_is_shown_as_code(latex: str) -> None:
    assert tex_of(latex) is None
    made = PandocBlocks({}, lambda _: None, lambda _: None).blocks(parse(f"$$\n{latex}\n$$"))
    assert "Math" not in str(made)
    assert latex in str([one["c"] for one in made]).replace("\\\\", "\\").replace('\\"', '"')


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1", r"\frac{1}", "}", "x^", "x^a^b", "x_a_b", "x^2'", "a & b", r"\left( x",
        r"\left( x \right", r"x \right)", r"x \middle| y", r"\left x \right)", r"\bigl x",
        r"\begin{matrix} a", r"\begin{matrix} a \end{pmatrix}", r"a \end{matrix}",
        r"\begin{cases} a & b & c \end{cases}", r"\begin{array}{c} a & b \end{array}",
        r"\begin{gathered} a & b \end{gathered}", r"\left( a & b \right)", r"\frac{a \\ b}{c}",
        r"\begin{matrix} \left( a \\ b \right) \end{matrix}", r"a \hline", r"x\limits_a", "$x$",
        r"a \over b \over c", r"\text{a^b}", r"\text{$a}", "\\", r"x^\left(a\right)", r"\not",
        r"\)", r"\begin{x}a\end{x}", "\x7f", "\ud800", "\ufffe", r"\unknowncommand",
        "{" * 40 + "}" * 40,
        r"\boldsymbol{" * 9 + "x" + "}" * 9, r"\text{$" * 9 + "x" + "$}" * 9, "x" * 5001,
    ],
)  # fmt: skip
def test_what_is_not_whole_is_no_formula(latex: str) -> None:
    assert tex_of(latex) is None


def test_whatever_a_model_writes_is_read_and_what_is_let_through_is_read_as_itself() -> None:
    random = Random(SEED)
    for _ in range(1500):
        for latex in (formula(random), broken(random)):
            if (tex := tex_of(latex)) is not None:
                assert tex_of(tex) is not None, latex
                assert not re.search(r"\\(input|write|def|csname|verb|open|read|special|loop)", tex)


def test_all_names_that_are_allowed_are_shown_on_the_page_too() -> None:
    for latex in vocabulary():
        assert tex_of(latex) is not None, latex
        assert "<code" not in mathml(latex, "block"), latex


def made_up(count: int) -> list[str]:
    """Formulas that are let through: each name once, ``count`` whole ones, and broken ones."""
    random = Random(SEED)
    found = [*vocabulary(), *(formula(random) for _ in range(count))]
    found += [broken(random) for _ in range(3 * count)]
    return [latex for latex in found if latex.strip() and tex_of(latex) is not None]


def document(formulas: Sequence[str]) -> Element:
    """What pandoc is given: each formula in a display and in a line."""
    maker = PandocBlocks({}, lambda _: None, lambda _: None)
    displays = maker.blocks([Formula(latex=one) for one in formulas])
    lines = [
        element("Para", [element("Math", [element("InlineMath"), tex_of(one)])]) for one in formulas
    ]
    return API | {"blocks": [*displays, *lines]}


def test_a_document_of_formulas_compiles_and_reads_nothing_from_outside(tmp_path: Path) -> None:
    pytest.importorskip("pypandoc", reason="pandoc is not installed")
    if shutil.which("xelatex") is None:
        pytest.skip("xelatex is not installed")
    made = made_up(200)
    assert len(made) > 900
    (tmp_path / "a.tex").write_bytes(printed._pandoc(document(made), "latex", []))
    done = subprocess.run(
        ["xelatex", "-no-shell-escape", "-no-pdf", "-recorder", "-interaction=nonstopmode",
         "-halt-on-error", "a.tex"],
        cwd=tmp_path, capture_output=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:].decode(errors="replace")
    recorded = (tmp_path / "a.fls").read_text().splitlines()
    read = {line.split(" ", 1)[1] for line in recorded if line.startswith("INPUT")}
    outside = [one for one in read if not one.startswith(("/usr/", "/var/lib/texm", "/etc/texm"))]
    assert not [one for one in outside if not Path(one).name.startswith("a.")]


def test_typst_sets_what_it_can_and_shows_the_rest_as_code(tmp_path: Path) -> None:
    pytest.importorskip("pypandoc", reason="pandoc is not installed")
    typst = pytest.importorskip("typst", reason="typst is not installed")
    cap, odd = r"A \cap B \odot \begin{Vmatrix} a \end{Vmatrix}", r"\left[ x \right["
    made = [cap, odd, r"\text{sect}", *made_up(60)]
    written = with_typst_formulas(document(made), printed._as_typst, tmp_path)
    shown = [str(one["c"][0]) for one in written["blocks"]]
    assert "∩" in shown[0] and "RawInline" in shown[0]
    assert "Code" in shown[1] and "sect" in shown[2]
    assert sum("RawInline" in one for one in shown) > 0.8 * len(shown)
    (tmp_path / "a.typ").write_text(printed._as_typst(written), encoding="utf-8")
    typst.compile(tmp_path / "a.typ", root=tmp_path)
