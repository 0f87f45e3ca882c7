"""Every regular expression of the product, and the texts on which each could take too long.

A backtracking engine is slow where two ways of matching the same run compete, or where every
place of a run is a new start that scans to the end. Both show on repeats of what the pattern
itself is made of, so the texts are built from its own syntax tree.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import minbpe
import pipeline

# What the representatives of a class of characters are chosen from.
_ALPHABET = " a1.\n-_([{<`#*!:,\"'\\/|$&~;=A\u00e9"
_CLASSES = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_NOT_WORD: ".",
}


_METHODS = ("match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split")


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and the methods it is used with."""

    place: str
    pattern: re.Pattern[str]
    methods: frozenset[str]


def product_patterns() -> list[Used]:
    """Each pattern of the product once: module-level ones and literals in calls of ``re``."""
    sources = {}
    held: dict[tuple[str, int], tuple[str, str, re.Pattern[str]]] = {}
    inline: dict[tuple[str, int], Used] = {}
    for package in (pipeline, minbpe):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if info.name.endswith("__main__"):
                continue
            module = importlib.import_module(info.name)
            sources[info.name] = Path(module.__file__ or "").read_text(encoding="utf-8")
            for name, pattern in _held_by(module):
                held.setdefault((pattern.pattern, pattern.flags), (info.name, name, pattern))
            for line, method, pattern in _called_in(ast.parse(sources[info.name])):
                if method != "compile":
                    place = f"{info.name}:{line}"
                    inline[place, 0] = Used(place, pattern, frozenset({method}))
    text = "\n".join(sources.values())
    found = list(inline.values())
    for module_name, name, pattern in held.values():
        where = text if not name.startswith("_") else sources[module_name]
        methods = {method for method in _METHODS if re.search(rf"\b{name}\.{method}\b", where)}
        found.append(Used(f"{module_name}.{name}", pattern, frozenset(methods or {"match", "sub"})))
    return sorted(found, key=lambda used: used.place)


def _held_by(module: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        for outer in value if isinstance(value, (list, tuple)) else (value,):
            for one in outer if isinstance(outer, tuple) else (outer,):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    yield name, one


def _called_in(tree: ast.Module) -> Iterator[tuple[int, str, re.Pattern[str]]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in (*_METHODS, "compile")
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            flags = re.MULTILINE if "MULTILINE" in ast.dump(node) else 0
            yield node.lineno, node.func.attr, re.compile(node.args[0].value, flags)


def hard_texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of about ``length`` characters made of what ``pattern`` looks for."""
    spine, repeated = _spine(parser.parse(pattern.pattern, pattern.flags))
    characters = list(dict.fromkeys(repeated + " a1"))[:6]
    for end in range(min(len(spine), 16) + 1):
        start = spine[:end]
        if start:
            yield start * (length // len(start)) + "\x01"
        for character in characters:
            yield start + character * length + "\x01"
            if start:
                yield (start + character * 50) * (length // (len(start) + 50)) + "\x01"


def _spine(tree: Any) -> tuple[str, str]:
    """One text along the pattern, and the characters that it repeats without end."""
    text, repeated = "", ""
    for operation, value in tree:
        piece, more = _one(operation, value)
        text += piece
        repeated += more
    return text, repeated


def _one(operation: Any, value: Any) -> tuple[str, str]:
    if operation is sre.LITERAL:
        return chr(value), ""
    if operation is sre.NOT_LITERAL:
        return next(one for one in "a b" if ord(one) != value), ""
    if operation is sre.ANY:
        return "a", ""
    if operation is sre.IN:
        return _member(value), ""
    if operation is sre.SUBPATTERN:
        return _spine(value[3])
    if operation is sre.ATOMIC_GROUP:
        return _spine(value)
    if operation is sre.BRANCH:
        return _spine(max(value[1], key=lambda branch: len(_spine(branch)[1])))
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = value
        text, repeated = _spine(inner)
        if most > 50:
            repeated += _all_members(inner)
        return text * max(1, min(least, 10)), repeated
    return "", ""


def _all_members(inner: Any) -> str:
    operation, value = inner[0]
    if operation is sre.IN:
        probe = re.compile(_member_class(value))
        return "".join(one for one in _ALPHABET if probe.fullmatch(one))[:8]
    return _spine(inner)[0][:1]


def _member_class(items: Any) -> str:
    """A class with the same members, for asking what is in it."""
    out = ""
    for operation, value in items:
        if operation is sre.NEGATE:
            out += "^"
        elif operation is sre.LITERAL:
            out += re.escape(chr(value))
        elif operation is sre.RANGE:
            out += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif operation is sre.CATEGORY:
            letter = {"1": "d", " ": "s", "a": "w", ".": "W"}[_CLASSES[value]]
            name = str(value)
            out += "\\" + (letter.upper() if "NOT" in name and letter != "W" else letter)
    return f"[{out}]"


def _member(items: Any) -> str:
    probe = re.compile(_member_class(items))
    outside = (chr(value) for operation, value in items if operation is sre.LITERAL)
    return next((one for one in (*_ALPHABET, *outside) if probe.fullmatch(one)), "")


def seconds(used: Used, text: str) -> float:
    """Processor time of the slowest way in which the pattern is used, on ``text``."""
    return max(_seconds(used.pattern, method, text) for method in used.methods)


def _seconds(pattern: re.Pattern[str], method: str, text: str) -> float:
    began = time.process_time()
    if method in ("match", "fullmatch", "search"):
        getattr(pattern, method)(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - began
