r"""The commands and environments of maths that are written to TeX: this list, and no other.

Each is one that the page's converter (latex2mathml) shows and that xelatex accepts with pandoc's
template, whose packages are amsmath, amssymb and unicode-math (``tests/render/formats/test_tex.py``
tries them all). Names without their backslash.
"""

from __future__ import annotations

import math


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LETTERS = _names("""
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu
    nu xi pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta
    Lambda Xi Pi Sigma Upsilon Phi Psi Omega digamma aleph beth gimel daleth hbar hslash ell wp Re
    Im imath jmath partial nabla eth complement Finv Game mho infty emptyset varnothing
""")
SYMBOLS = LETTERS | _names("""
    prime backprime forall exists nexists neg lnot angle measuredangle sphericalangle top bot surd
    triangle triangledown square blacksquare lozenge blacklozenge diamondsuit heartsuit clubsuit
    spadesuit flat natural sharp bigstar checkmark maltese dagger ddagger
    ldots cdots vdots ddots dots dotsc dotsb dotsm dotsi cdot cdotp colon
    pm mp times div ast star circ bullet cap cup uplus sqcap sqcup vee lor wedge land setminus wr
    diamond bigtriangleup bigtriangledown triangleleft triangleright oplus ominus otimes oslash
    odot bigcirc amalg boxplus boxminus boxtimes boxdot dotplus smallsetminus Cap Cup barwedge
    veebar curlyvee curlywedge ltimes rtimes leftthreetimes rightthreetimes circledast circledcirc
    circleddash intercal divideontimes centerdot
    le leq ge geq neq ne equiv prec succ preceq succeq sim simeq approx cong asymp doteq propto
    models perp mid nmid parallel nparallel subset supset subseteq supseteq nsubseteq nsupseteq
    subsetneq supsetneq sqsubset sqsupset sqsubseteq sqsupseteq in ni owns notin ll gg lll ggg
    bowtie smile frown vdash dashv vDash Vdash Vvdash nvdash nvDash leqq geqq leqslant geqslant
    lesssim gtrsim lessapprox gtrapprox lessgtr gtrless lesseqgtr gtreqless lneq gneq lneqq gneqq
    nless ngtr nleq ngeq nprec nsucc precsim succsim preccurlyeq succcurlyeq approxeq thicksim
    thickapprox triangleq circeq bumpeq Bumpeq doteqdot risingdotseq fallingdotseq eqcirc
    backsim backsimeq ncong nsim trianglelefteq trianglerighteq ntriangleleft ntriangleright
    vartriangleleft vartriangleright therefore because between pitchfork varpropto
    gets leftarrow to rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow mapsto
    longleftarrow longrightarrow longleftrightarrow Longleftarrow Longrightarrow
    Longleftrightarrow longmapsto iff implies impliedby hookleftarrow hookrightarrow
    leftharpoonup leftharpoondown rightharpoonup rightharpoondown rightleftharpoons
    leftrightharpoons uparrow downarrow updownarrow Uparrow Downarrow Updownarrow nearrow searrow
    swarrow nwarrow leadsto rightsquigarrow leftrightsquigarrow twoheadrightarrow
    twoheadleftarrow rightarrowtail leftarrowtail leftleftarrows rightrightarrows
    leftrightarrows rightleftarrows upuparrows downdownarrows nleftarrow nrightarrow nLeftarrow
    nRightarrow nleftrightarrow nLeftrightarrow dashleftarrow dashrightarrow curvearrowleft
    curvearrowright circlearrowleft circlearrowright Lsh Rsh multimap upharpoonleft
    upharpoonright restriction downharpoonleft downharpoonright
    arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan
    tanh
    quad qquad enspace displaystyle textstyle scriptstyle
    scriptscriptstyle mathstrut bmod
    lbrace rbrace lbrack rbrack langle rangle lvert rvert lVert rVert vert Vert lceil rceil lfloor
    rfloor lgroup rgroup lmoustache rmoustache ulcorner urcorner llcorner lrcorner backslash
""")
# Those that may have limits above and below, and so ``\limits``.
OPERATORS = _names("""
    sum prod coprod int iint iiint oint bigcap bigcup bigsqcup bigvee bigwedge bigoplus bigotimes
    bigodot biguplus lim liminf limsup max min sup inf det gcd Pr injlim projlim varlimsup
    varliminf varinjlim varprojlim
""")
CHARACTERS = {
    "∑": r"\sum", "∏": r"\prod", "∐": r"\coprod", "∫": r"\int", "∬": r"\iint", "∭": r"\iiint",
    "∮": r"\oint", "⋀": r"\bigwedge", "⋁": r"\bigvee", "⋂": r"\bigcap", "⋃": r"\bigcup",
    "√": r"\surd", "−": "-", "‐": "-", "–": "-",
}  # fmt: skip
# Commands and how many arguments each takes.
ARGUMENTS = {
    **dict.fromkeys(_names("""
        acute bar breve check dot ddot dddot grave hat mathring tilde vec widehat widetilde
        overline underline overbrace underbrace overrightarrow overleftarrow overleftrightarrow
        underrightarrow underleftarrow sqrt
        mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf mathtt boldsymbol
        mathbin mathclose mathop mathopen mathord mathpunct mathrel
        operatorname operatorname* phantom hphantom vphantom boxed substack pmod pod mod smash
        xleftarrow xrightarrow
    """), 1),
    **dict.fromkeys(_names("""
        binom dfrac frac overset stackrel tfrac underset
    """), 2),
}  # fmt: skip
OPTIONAL = _names("sqrt xleftarrow xrightarrow")
# TeX sets the argument of these once for each of its four sizes: nested, that is 4, 16, 64 ...
REPEATED = _names("""
    boldsymbol phantom hphantom vphantom smash boxed overset underset stackrel binom
    substack mathop xleftarrow xrightarrow underrightarrow underleftarrow overrightarrow
    overleftarrow overleftrightarrow
""")
TEXTS = _names("text textbf textit textrm textsf texttt mbox")
DELIMITERS = frozenset("()[]|/.<>") | frozenset({r"\{", r"\}", r"\|"}) | {
    f"\\{name}" for name in _names("""
        lbrace rbrace lbrack rbrack langle rangle lvert rvert lVert rVert vert Vert lceil rceil
        lfloor rfloor lgroup rgroup lmoustache rmoustache backslash uparrow downarrow updownarrow
        Uparrow Downarrow Updownarrow
    """)
}  # fmt: skip
SIZES = _names(" ".join(f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg")
                        for side in ("", "l", "r", "m")))  # fmt: skip
# What the environments are called inside a display, and how many columns a row may have; an
# array's own letters say.
_MATRICES = ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix")
_ALIGNED = ("align", "aligned", "flalign", "split", "alignat", "alignedat")
_GATHERED = ("equation", "gather", "gathered", "multline")
ENVIRONMENTS: dict[str, tuple[str, float]] = {
    **{name: (name, 10) for name in _MATRICES},
    "vmatrix": ("matrix", 10),
    "Vmatrix": ("matrix", 10),
    **dict.fromkeys(_ALIGNED, ("aligned", math.inf)),
    **dict.fromkeys(_GATHERED, ("gathered", 1)),
    "cases": ("cases", 2),
    "eqnarray": ("array", 3),
    "array": ("array", 0),
}
# Fences around a table, where pandoc would take one environment for the other.
FENCES = {"vmatrix": (r"\left|", r"\right|"), "Vmatrix": (r"\left\|", r"\right\|")}
# Names that TeX or pandoc does not have, or not in this use, and what says the same: its tokens.
ALIASES = {
    r"\lt": ("<",),
    r"\ldotp": (".",),
    r"\thinspace": (r"\,",),
    r"\thickspace": (r"\;",),
    r"\negthinspace": (r"\!",),
    r"\dbinom": (r"\binom",),
    r"\tbinom": (r"\binom",),
    r"\cfrac": (r"\dfrac",),
    r"\gt": (">",),
    r"\bm": (r"\boldsymbol",),
    r"\pmb": (r"\boldsymbol",),
    r"\bold": (r"\mathbf",),
    r"\Bbb": (r"\mathbb",),
    r"\argmax": (r"\operatorname*", "{", *"arg", r"\,", *"max", "}"),
    r"\argmin": (r"\operatorname*", "{", *"arg", r"\,", *"min", "}"),
}
