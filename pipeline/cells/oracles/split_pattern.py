"""Split patterns: the chapter's against GPT-2's and GPT-4's, by what they do to tricky strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import regex

from minbpe import patterns
from pipeline.cells.oracles.bpe_samples import TRICKY
from pipeline.cells.oracles.findings import OracleFinding
from pipeline.cells.oracles.oracle import Scope, hold

# What was published with the model, and what tiktoken encodes with today: both are right.
_PATTERNS = {
    "GPT-2's pattern": (patterns.GPT2_SPLIT_PATTERN, patterns.R50K_BASE_PATTERN),
    "GPT-4's pattern": (patterns.GPT4_SPLIT_PATTERN, patterns.CL100K_BASE_PATTERN),
}
_WORDS = {
    "GPT-2's pattern": ("gpt2", "gpt_2", "r50k"),
    "GPT-4's pattern": ("gpt4", "gpt_4", "cl100k"),
}


class SplitOracle:
    """A string or compiled expression whose name says that it is a pattern."""

    def examine(self, scope: Scope) -> Iterator[OracleFinding]:
        """Look at each pattern that the cell defined."""
        for name in sorted(scope.defined):
            if scope.names.get(name) in ("str", "Pattern") and "pat" in name.lower():
                yield from _judge(name, scope)

    def read(
        self, prose: str, codes: Sequence[str], ranks: Mapping[str, Path]
    ) -> Iterable[OracleFinding]:
        """Nothing: it knows code only."""
        return ()


def _judge(name: str, scope: Scope) -> Iterator[OracleFinding]:
    """By its name it is GPT-2's or GPT-4's; without such a name it may be either, or another."""
    compiled = name if scope.names[name] == "Pattern" else f"__import__('regex').compile({name})"
    function = f"lambda text: [m.group(0) for m in {compiled}.finditer(text)]"
    inputs = [(text,) for text in TRICKY]
    answer = scope.call(function, inputs)
    meant = [which for which, words in _WORDS.items() if any(w in name.lower() for w in words)]
    findings = []
    for which in meant or list(_PATTERNS):
        for pattern in _PATTERNS[which]:
            expected = [[m.group(0) for m in regex.finditer(pattern, text)] for text in TRICKY]
            findings.append(hold(name, answer, inputs, expected, which))
    passed = [finding for finding in findings if finding.status == "passed"]
    if passed:
        yield passed[0]
    elif meant:
        yield findings[0]
