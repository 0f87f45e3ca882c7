"""Programs that drawn lectures show, with what they print; each runs as it stands."""

from __future__ import annotations

from tests.drawn.reel import Program


def _program(source: str, output: str | None = None) -> Program:
    lines = tuple(source.strip("\n").splitlines())
    return Program(lines, None if output is None else tuple(output.splitlines()))


COUNTS = _program(
    """
from collections import Counter

def letter_counts(text, lower=True):
    if lower:
        text = text.lower()
    counts = Counter(ch for ch in text if ch.isalpha())
    return dict(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
"""
)
COUNTED = _program(
    """
sample = "Hello, World! It's 10 o'clock."
result = letter_counts(sample)
print(list(result.items())[:4])
""",
    "[('l', 4), ('o', 4), ('c', 2), ('d', 1)]",
)
GRID = _program(
    """
class Grid:
    \"\"\"A table of numbers, row by row.\"\"\"

    def __init__(self, rows, cols, fill=0):
        self.rows, self.cols = rows, cols
        self.cells = [[fill] * cols for _ in range(rows)]

    def __getitem__(self, index):
        i, j = index
        return self.cells[i][j]

    def __setitem__(self, index, value):
        i, j = index
        self.cells[i][j] = value

    def transposed(self):
        other = Grid(self.cols, self.rows)
        for i in range(self.rows):
            for j in range(self.cols):
                other[j, i] = self[i, j]
        return other

    def total(self):
        return sum(sum(row) for row in self.cells)

    def scaled(self, factor):
        other = Grid(self.rows, self.cols)
        for i in range(self.rows):
            for j in range(self.cols):
                other[i, j] = self[i, j] * factor
        return other
"""
)
GRIDDED = _program(
    """
grid = Grid(2, 3)
for k in range(6):
    grid[k // 3, k % 3] = k ** 2
print(grid.transposed().cells, grid.total())
""",
    "[[0, 9], [1, 16], [4, 25]] 55",
)
SIEVE = _program(
    """
def primes_below(limit):
    is_prime = [True] * limit
    is_prime[:2] = [False, False]
    for n in range(2, int(limit ** 0.5) + 1):
        if is_prime[n]:
            is_prime[n * n::n] = [False] * len(is_prime[n * n::n])
    return [n for n, flag in enumerate(is_prime) if flag]
"""
)
SIEVED = _program(
    """
found = primes_below(30)
len(found), found[-1]
""",
    "(10, 29)",
)
ROMAN = _program(
    """
VALUES = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"),
          (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX")]

def to_roman(number: int) -> str:
    letters = []
    for value, letter in VALUES:
        while number >= value:
            letters.append(letter)
            number -= value
    return "".join(letters) + "I" * number
"""
)
ROMANS = _program(
    """
for year in (1990, 2022):
    print(f"{year:>6}: {to_roman(year)}")
""",
    "  1990: MCMXC\n  2022: MMXXII",
)
NOTEBOOK = (COUNTS, COUNTED, GRID, GRIDDED, SIEVE, SIEVED, ROMAN, ROMANS)

# What an editor shows: one file that grows, longer than its pane.
EDITED = _program(
    """
import json
import sys
from pathlib import Path

DEFAULTS = {"width": 80, "indent": 4, "strict": False}

class SettingsError(ValueError):
    pass

def load_settings(path):
    settings = dict(DEFAULTS)
    if path.exists():
        text = path.read_text(encoding="utf-8")
        settings.update(json.loads(text))
    unknown = set(settings) - set(DEFAULTS)
    if unknown:
        raise SettingsError(f"unknown: {sorted(unknown)}")
    return settings

def wrapped(words, width):
    line, lines = [], []
    for word in words:
        if sum(len(w) + 1 for w in line) + len(word) > width:
            lines.append(" ".join(line))
            line = []
        line.append(word)
    return lines + [" ".join(line)]

def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    settings = load_settings(Path(argv[0] if argv else "settings.json"))
    words = "the quick brown fox jumps over the lazy dog".split()
    for number, line in enumerate(wrapped(words, settings["width"] // 4), start=1):
        print(f"{number:02d} | {line}")

if __name__ == "__main__":
    main([])
"""
)
# What a terminal shows with `cat`, and what running it prints.
FIB = _program(
    """
def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a

def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

print([fib(k) for k in range(10)])
print(max(range(1, 100), key=collatz))
""",
    "[0, 1, 1, 2, 3, 5, 8, 13, 21, 34]\n97",
)
