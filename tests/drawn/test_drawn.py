"""The truth of drawn lectures is true: programs print what is shown, and marks count right."""

from __future__ import annotations

import ast
import contextlib
import io

import pytest

from pipeline.models import Frame
from tests.drawn.programs import FIB, NOTEBOOK
from tests.drawn.reel import Drawn, Program, truth
from tests.drawn.scoring import Marks, Read, marks
from tests.screencast import Truth

SMALL = Program(("x = 1", "print(x)"), ("1",))


def printed(program: Program, names: dict[str, object]) -> list[str]:
    """What a notebook cell shows: what it prints, then its last value."""
    tree = ast.parse("\n".join(program.lines))
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(tree, "<drawn>", "exec"), names)
        value = eval(ast.unparse(last), names) if last else None
    return [*out.getvalue().splitlines(), *([] if value is None else [repr(value)])]


@pytest.mark.parametrize("programs", [NOTEBOOK, (FIB,)])
def test_programs_print_what_the_lecture_shows(programs: tuple[Program, ...]) -> None:
    names: dict[str, object] = {}
    for program in programs:
        assert printed(program, names) == list(program.output or ())


def lecture() -> Drawn:
    state = Truth(0, 10_000, 0, (), None)
    made = truth([SMALL], titles=[(0, "Goal")], chrome=["Safari"])
    return Drawn("", made.path, 10_000, (state,), made.programs, made.titles, made.chrome)


def frame() -> Frame:
    return Frame(id="f1", at_ms=5_000, start_ms=0, end_ms=10_000, path="", width=1, height=1)


def test_what_is_read_as_shown_has_full_marks() -> None:
    read = Read([frame()], [("x = 1\nprint(x)\n", "1")], [(frame(), "Slide: Goal")])
    assert marks(lecture(), read) == Marks(1, 1, 0, 2, 2, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0)


def test_what_is_missing_wrong_or_invented_is_counted() -> None:
    read = Read([frame(), frame()], [("x = l\nprint(x)\n", "2")], [(frame(), "Safari")])
    assert marks(lecture(), read) == Marks(1, 1, 1, 1, 2, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1)
