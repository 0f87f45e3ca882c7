"""What a shell prints beside the code that the chapter tells is not lost."""

from __future__ import annotations

from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells
from pipeline.writing.transcript_edition.screen_code.shell_commands import has_untold_command
from tests.writing.transcript_edition.screen_code.screens import screen, written

PROGRAM = """\
$ cat fib.py
def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
print([fib(n) for n in range(6)])
$ python3 fib.py
[0, 1, 1, 2, 3, 5]
"""


def untold(text: str) -> bool:
    frame = screen(1, written(text))
    cells = screen_cells([frame])
    assert cells and "def fib" in cells[0].source
    return has_untold_command(frame, cells)


def test_a_screen_is_told_when_its_program_and_output_are() -> None:
    assert not untold(PROGRAM)


def test_a_command_that_prints_something_else_keeps_its_picture() -> None:
    assert untold(f"{PROGRAM}$ git status --short\nM fib.py\n?? notes.txt\n")
    assert untold(f"{PROGRAM}ada@host:~/talk$ ls\nfib.py  notes.txt  sieve.py\n")


def test_a_command_that_prints_nothing_asks_for_no_picture() -> None:
    assert not untold(f"{PROGRAM}$ cd ..\n$ clear\n")
