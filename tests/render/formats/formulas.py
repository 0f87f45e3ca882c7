"""Made-up formulas: whole ones, and ones out of the same pieces that are broken or hostile."""

from __future__ import annotations

from random import Random

from pipeline.render.formats import tex_names

_LETTERS = "abxyzABn012357+-=<>()[]|,.;:!?*/'\"@~`"
_OTHERS = "éßαΩжאم字あ한²³₁⁻ⁿ′″∑∫√≤→∈ℝ𝔸𝑥⊕‖…½№™\u0301\u20d7😀ǆ"
_HOSTILE = (
    r"\input{/etc/passwd}", r"\input /etc/passwd ", r"\write18{id}", r"\immediate\write18{touch x}",
    r"\def\a{\a\a}\a", r"\let\x\def", r"\begin{verbatim}", r"\end{verbatim}", r"\begin{document}",
    r"\end{document}", r"\loop\iftrue\repeat", r"\csname end\endcsname", r"\catcode`\%=12", "^^5c",
    "^^M", r"\openout5=x", r"\read5 to\a", r"\special{x}", r"\verb|x|", r"\par", "\n\n", r"\\[",
    r"\\*", r"\\[9999999pt]", r"\hline", r"\begin{tabular}{p{1}}", r"\begin{array}{@{\input x}c}",
    r"\)", r"\]", "$", "$$", "&", "%", "#", "#1", "{", "}", "^", "_", "^^", "__", r"\left",
    r"\right", r"\left(", r"\right)", r"\middle|", r"\limits", r"\over", r"\begin{",
    r"\end{align}", r"\tag{1}", r"\tag{$", r"\label{a}", r"\ref{a}", r"\includegraphics{x}",
    r"\hspace{99999cm}", r"\kern1cm",
    r"\char`\a", r"\number", r"\relax", r"\expandafter", r"\unskip", r"\vskip1cm", r"\noalign{x}",
    r"\cr", r"\halign{#\cr}", r"\omit", r"\span", r"\multicolumn{2}{c}{x}", r"\text{", r"\text{^}",
    r"\text{$x", r"\text{a_b & c % d # e}", r"\sqrt[", r"\sqrt[3", "\\", "\\\n", "\x00", "\x7f",
    "\u2028", "\ue000", "\ufffe", "\u200d", r"\begin{aligned}[", r"\textcolor{red}{x}", r"\ ",
    r"\directlua{os.exit()}", r"\unicode{x}", r"\href{file:///etc/passwd}{x}", r"\hbox{", r"\vbox{",
)  # fmt: skip


def formula(random: Random, depth: int = 2) -> str:
    """A formula that is whole, of up to some twenty atoms."""
    return " ".join(_atom(random, depth) for _ in range(random.randint(1, 4)))


def broken(random: Random) -> str:
    """One with something cut out, doubled, turned around or put in."""
    made = formula(random)
    for _ in range(random.randint(1, 2)):
        at = random.randint(0, len(made))
        to = min(len(made), at + random.choice((0, 1, 2, 20)))
        part = made[at:to]
        new = random.choice(("", part * 2, part[::-1], random.choice(_HOSTILE), _piece(random)))
        made = made[:at] + new + made[to:]
    return made


def _piece(random: Random) -> str:
    """Anything of the grammar, out of its place."""
    commands = [*tex_names.SYMBOLS, *tex_names.OPERATORS, *tex_names.ARGUMENTS, *tex_names.TEXTS]
    return random.choice((
        "\\" + random.choice(sorted(commands)),
        "\\" + random.choice(sorted(tex_names.SIZES)),
        random.choice(sorted(tex_names.DELIMITERS)),
        random.choice((r"\begin{", r"\end{")) + random.choice(sorted(tex_names.ENVIRONMENTS)) + "}",
        random.choice(sorted(tex_names.ALIASES)),
        random.choice(_OTHERS),
    ))  # fmt: skip


def _atom(random: Random, depth: int) -> str:
    kinds = (_plain, _plain, _symbol, _scripted, _command, _fence, _words, _table, _operator)
    return random.choice(kinds if depth > 0 else kinds[:3])(random, depth - 1)


def _plain(random: Random, depth: int) -> str:
    return random.choice(_OTHERS if random.random() < 0.1 else _LETTERS[:14])


def _symbol(random: Random, depth: int) -> str:
    return "\\" + random.choice(sorted(tex_names.SYMBOLS))


def _scripted(random: Random, depth: int) -> str:
    below, above = (f"{{{formula(random, depth)}}}" for _ in range(2))
    scripts = random.choice(
        (f"_{below}", f"^{above}", f"_{below}^{above}", f"'_{below}", "^\\prime")
    )
    return random.choice("xyz") + scripts


def _command(random: Random, depth: int) -> str:
    name = random.choice(sorted(tex_names.ARGUMENTS))
    option = f"[{random.choice('23n')}]" if name in tex_names.OPTIONAL else ""
    count = tex_names.ARGUMENTS[name]
    return f"\\{name}" + option + "".join(f"{{{formula(random, depth)}}}" for _ in range(count))


def _fence(random: Random, depth: int) -> str:
    first, last, middle = (random.choice(sorted(tex_names.DELIMITERS)) for _ in range(3))
    inside = formula(random, depth)
    if random.random() < 0.3:
        inside += rf" \middle{middle} " + formula(random, depth)
    size = "\\" + random.choice(sorted(tex_names.SIZES))
    return rf"\left{first} {inside} \right{last} {size}{middle}"


def _words(random: Random, depth: int) -> str:
    words = random.choice(
        (r"if $x > 0$", "token_ids", "50% of #1 & <eos>", "größer als", "最大", "")
    )
    return f"\\{random.choice(sorted(tex_names.TEXTS))}{{{words}}}"


def _operator(random: Random, depth: int) -> str:
    name = random.choice(sorted(tex_names.OPERATORS))
    limits = random.choice(("", r"\limits", r"\nolimits"))
    return f"\\{name}{limits}_{{{formula(random, depth)}}}^n"


def _table(random: Random, depth: int) -> str:
    name = random.choice(sorted(tex_names.ENVIRONMENTS))
    columns = min(3, int(min(tex_names.ENVIRONMENTS[name][1], 3)) or 3)
    rows = [
        " & ".join(formula(random, depth - 1) for _ in range(columns))
        for _ in range(random.randint(1, 3))
    ]
    given = {"array": f"{{{'c' * columns}}}", "alignat": "{2}", "alignedat": "{2}"}.get(name, "")
    end = random.choice((r" \\ ", r" \\[2pt] ", r"\\ \hline " if name == "array" else r"\\"))
    return rf"\begin{{{name}}}{given} {end.join(rows)} \end{{{name}}}"
