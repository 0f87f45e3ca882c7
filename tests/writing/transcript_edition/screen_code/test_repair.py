"""Slips of OCR that break code, and names that were misread."""

from __future__ import annotations

import pytest

from pipeline.writing.transcript_edition.screen_code.names import put_right
from pipeline.writing.transcript_edition.screen_code.repair import repaired


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        ("def f area(width):\n    return width", "def area(width):\n    return width"),
        (
            "class A:\n    put(self, x):\n        pass",
            "class A:\n    def put(self, x):\n        pass",
        ),
        ("for x in y;\n    print(x)", "for x in y:\n    print(x)"),
        ("if a = = b:\n    pass", "if a == b:\n    pass"),
        ("x = [a, b)", "x = [a, b]"),
        ("x = f(a, g(b)", "x = f(a, g(b))"),
        ('x = ".join(parts)', 'x = "".join(parts)'),
        ("return_value = x]", "return_value = x"),
        ("order~-= 1", "order -= 1"),
        ("text bytes = text.encode()", "text_bytes = text.encode()"),
    ],
)
def test_the_one_change_that_repairs_it_is_made(read: str, typed: str) -> None:
    assert repaired(read.split("\n")) == typed.split("\n")


def test_code_that_parses_stays_and_nonsense_is_given_up() -> None:
    assert repaired(["x = 1"]) == ["x = 1"]
    assert repaired(["wh1le tru3 d0 s0meth1ng !!"]) is None
    assert repaired(["x = f(f'{a}''", "      f'b')"]) is None


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("stoi = {'a': 1}\nprint(stoi('a'))", "stoi = {'a': 1}\nprint(stoi['a'])"),
        ("sorted(x, revedse=True)", "sorted(x, reverse=True)"),
        ("word = 'ab'\nprint(word[e])", "word = 'ab'\nprint(word[0])"),
        ("word, e = 'ab', 1\nprint(word[e])", "word, e = 'ab', 1\nprint(word[e])"),
        ("b.decode('utf-8', errors='replate')", "b.decode('utf-8', errors='replace')"),
        ("values = [1]\nprint(va1ues)", "values = [1]\nprint(values)"),
        (
            "tokenp2 = f()\nprint(tokens2)\nlen(tokens2)",
            "tokens2 = f()\nprint(tokens2)\nlen(tokens2)",
        ),
    ],
)
def test_misread_names_are_those_that_are_known(read: str, right: str) -> None:
    assert put_right([read]) == [right]


@pytest.mark.parametrize(
    "source",
    [
        "_heapify = heapify\n_heapify(x)",
        "grid = Grid(2, 3)\ngrid.show()",
        "import decimal\nprint(Decimal(1))",
        "stats = {}\nprint(state)",  # two short words
        "merge = f()\nprint(merges)",  # one and many
        "pattern2 = 1\nprint(pattern4)",  # a series
        "table = dict()\nprint(table(1))",  # not known to be a table only
        "f(colour=1)",  # no argument that is known
    ],
)
def test_names_that_may_be_others_stay(source: str) -> None:
    assert put_right([source]) == [source]


def test_a_name_of_another_cell_is_known() -> None:
    assert put_right(["counter = 1", "print(countor)"]) == ["counter = 1", "print(counter)"]
