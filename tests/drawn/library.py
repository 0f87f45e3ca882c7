"""Programs of Python's own library, taken as they stand from the interpreter that runs.

Most of their lines are docstrings, comments and long expressions, which programs made up for a
lecture hardly have. No rule may be made on those named ``UNSEEN``: they tell what is read of code
that nobody here has looked at.
"""

from __future__ import annotations

import ast
import bisect
import calendar
import csv
import fractions
import functools
import graphlib
import heapq
import inspect
import json.encoder
import queue
import sched
import shlex
import statistics
import textwrap
from collections.abc import Mapping, Sequence
from types import ModuleType

from tests.drawn.reel import Program


def source(module: ModuleType, *names: str, lines: int = 150) -> Program:
    """The definitions of these names below each other, at most so many ``lines`` of them."""
    text = inspect.getsource(module)
    found = {
        one.name: "\n".join(text.splitlines()[one.lineno - 1 : one.end_lineno])
        for one in ast.parse(text).body
        if isinstance(one, (ast.FunctionDef, ast.ClassDef))
    }
    return Program(tuple("\n\n".join(found[name] for name in names).splitlines()[:lines]))


def cells(module: ModuleType, *names: str) -> tuple[Program, ...]:
    """A program for each name."""
    return tuple(source(module, name) for name in names)


LEARNT: Mapping[str, Sequence[Program]] = {
    "json": [source(json.encoder, "JSONEncoder")],
    "textwrap": [source(textwrap, "dedent", "indent", "fill", "shorten")],
    "bisect": cells(bisect, "insort_right", "bisect_left"),
    "statistics": cells(statistics, "fmean", "geometric_mean", "quantiles", "correlation"),
    "heapq": [source(heapq, "merge", "nsmallest", "_siftup")],
    "graphlib": [source(graphlib, "TopologicalSorter")],
    "fractions": [source(fractions, "Fraction", lines=110)],
    "calendar": [source(calendar, "Calendar")],
    "csv": [source(csv, "Sniffer", lines=110)],
    "shlex": cells(shlex, "split", "join", "quote"),
}
UNSEEN: Mapping[str, Sequence[Program]] = {
    "sched": [source(sched, "scheduler")],
    "queue": [source(queue, "Queue")],
    "functools": cells(functools, "cmp_to_key", "reduce", "total_ordering"),
    "heapq-cells": cells(heapq, "heappush", "heapify", "nlargest", "_siftdown"),
}
