"""Indentation found again from the structure of the code."""

from __future__ import annotations

import random

from pipeline.writing.transcript_edition.screen_code.indentation import shaped

SOURCE = """\
class Counter:
    def count(self, ids):
        for left, right in zip(ids, ids[1:]):
            if left == right:
                self.twins += 1
            elif left > right:
                return None
            else:
                self.pairs[
                    left, right
                ] = 1
        return self.pairs
    def reset(self):
        self.pairs = {}
counter = Counter()"""


def test_exact_indentation_is_kept() -> None:
    lines = shaped(SOURCE.splitlines())
    outside = [(line.source, line.text) for line in lines if not line.continues]
    assert [source for source, _ in outside] == [
        line
        for line in SOURCE.splitlines()
        if "left, right\n" not in line and line.strip() not in ("left, right", "] = 1")
    ]
    assert max(abs(line.off) for line in lines) == 0


def test_every_line_may_be_a_column_off_and_the_whole_moved() -> None:
    wobble = random.Random(7)
    for _ in range(20):
        seen = []
        for line in SOURCE.splitlines():
            indent = len(line) - len(line.lstrip()) + 9 + wobble.choice([-1, 0, 1])
            seen.append(" " * indent + line.strip())
        levels = [line.level for line in shaped(seen) if not line.continues]
        assert levels == [0, 1, 2, 3, 4, 3, 4, 3, 4, 2, 1, 2, 0]


def test_else_stands_under_an_if_that_is_open() -> None:
    lines = ["if a:", "    b()", "  else:", "    c()"]
    assert [line.level for line in shaped(lines)] == [0, 1, 0, 1]


def test_no_lines_have_no_shape() -> None:
    assert shaped([]) == []


def test_long_code_is_shaped_as_short_code_is() -> None:
    body = [
        "    if a:",
        "        for b in c:",
        "            while d:",
        "                try:",
        "                    e()",
        "                except ValueError:",
        "                    with f:",
        "                        g()",
    ]
    lines = ["def long():", *(body * 40)]
    assert [line.source for line in shaped(lines)] == lines


def test_each_statement_may_have_a_step_of_its_own() -> None:
    text = """\
table = {}
for key, value in pairs:
    table[key] = value
def turned(table):
  result = {}
  for key in table:
    result[table[key]] = key
  return result"""
    assert [line.source for line in shaped(text.splitlines())] == text.splitlines()


def test_arguments_on_lines_of_their_own_keep_the_step_they_were_seen_in() -> None:
    for step in (2, 4):
        call = ["size = 2", "options = dict(", " " * step + "a=size,", " " * step + "b=3,", ")"]
        assert [line.source for line in shaped(call)] == call
