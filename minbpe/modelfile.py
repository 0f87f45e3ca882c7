"""The `.model` file: a few readable lines, the same that the lecture's code writes.

    minbpe v1
    <pattern, an empty line when there is none>
    <number of special tokens>
    <special token> <id>        one line each
    <id> <id>                   one line per merge; the first one makes id 256, the next 257, ...

UTF-8 throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from minbpe.pairs import Pair

VERSION = "minbpe v1"

MOST_BYTES = 1 << 28
"""Bytes of all tokens together. A merge of a token with itself doubles it, so forty short lines
could ask for a terabyte; the published vocabularies have a million bytes."""

_MOST_DIGITS = 18


class ModelFile(NamedTuple):
    """What a `.model` file holds."""

    pattern: str
    special_tokens: dict[str, int]
    merges: dict[Pair, int]


def write_model(path: Path, model: ModelFile) -> None:
    """Write `model` to `path`; ValueError when a line break would tear a line apart."""
    for text in (model.pattern, *model.special_tokens):
        if "\n" in text or "\r" in text:
            raise ValueError(f"a model file cannot hold {text!r}: it has a line break")
    special = [f"{name} {idx}" for name, idx in model.special_tokens.items()]
    merges = [f"{left} {right}" for left, right in model.merges]
    lines = [VERSION, model.pattern, str(len(special)), *special, *merges]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_model(path: Path) -> ModelFile:
    """Read `path`; ValueError with the file and the line when it is not a sound model file."""
    if path.suffix != ".model":
        raise ValueError(f"{path} is not a .model file")
    lines = _Lines(path)
    if (version := lines.take()) != VERSION:
        raise lines.damage(f"expected {VERSION!r}, found {version!r}")
    pattern = lines.take()
    special_tokens: dict[str, int] = {}
    taken_ids: set[int] = set()
    for _ in range(lines.number(lines.take())):
        name, _, number = lines.take().rpartition(" ")
        special = lines.number(number)
        taken = name in special_tokens or special in taken_ids
        if not name or taken or special < 256:
            raise lines.damage(f"expected a new special token and its id: {name!r} {number!r}")
        special_tokens[name] = special
        taken_ids.add(special)
    merges: dict[Pair, int] = {}
    lengths = [1] * 256
    total = 0
    for line in lines.rest():
        pair, idx = lines.pair(line), 256 + len(merges)
        if max(pair) >= idx or pair in merges:
            raise lines.damage(f"merge {pair} for id {idx} needs two earlier ids, not used before")
        if idx in taken_ids:
            raise lines.damage(f"id {idx} belongs to a special token already")
        merges[pair] = idx
        lengths.append(lengths[pair[0]] + lengths[pair[1]])
        total += lengths[-1]
        if total > MOST_BYTES:
            raise lines.damage(f"the tokens up to id {idx} would take {total} bytes")
    return ModelFile(pattern, special_tokens, merges)


class _Lines:
    """The lines of a file, and the number of the one read last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        data = path.read_bytes().replace(b"\r\n", b"\n")
        self._at = 0
        try:
            lines = data.decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            self._at = data.count(b"\n", 0, error.start) + 1
            raise self.damage("not UTF-8") from error
        self._lines = lines[:-1] if lines[-1] == "" else lines

    def take(self) -> str:
        """Return the next line, or raise ValueError when the file ends here."""
        self._at += 1
        if self._at > len(self._lines):
            raise self.damage("the file ends too early")
        if "\r" in (line := self._lines[self._at - 1]):
            raise self.damage("a carriage return inside the line")
        return line

    def rest(self) -> Iterator[str]:
        while self._at < len(self._lines):
            yield self.take()

    def number(self, text: str) -> int:
        """Return `text` as a number from 0 up."""
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            raise self.damage(f"expected a number, found {text[:80]!r}")
        return int(text)

    def pair(self, text: str) -> Pair:
        left, _, right = text.partition(" ")
        return self.number(left), self.number(right)

    def damage(self, what: str) -> ValueError:
        """Return the error to raise about the line read last."""
        return ValueError(f"{self._path}, line {self._at}: {what}")
