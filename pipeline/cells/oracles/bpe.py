"""Byte pair encoding as the lecture builds it, held against ``minbpe``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import regex

from minbpe import GPT2_SPLIT_PATTERN, GPT4_SPLIT_PATTERN, get_stats, merge, patterns
from minbpe.rankfile import byte_of_character
from pipeline.cells.oracles.bpe_samples import (
    TRICKY,
    as_merges,
    reference_encode,
    reference_encode_split,
    reference_vocab,
    sequences,
    texts_for,
)
from pipeline.cells.oracles.bpe_training import TokenizerClassOracle, TrainOracle
from pipeline.cells.oracles.findings import OracleFinding
from pipeline.cells.oracles.oracle import Oracle, Scope, hold
from pipeline.cells.oracles.token_claims import TokenClaims

_MINBPE = "minbpe"
_PAIR_WORDS = ("pair", "bigram", "to_merge", "best")
_IDX_WORDS = ("idx", "index", "new", "token_id", "tok")

# What was published with the model, and what tiktoken encodes with today: both are right.
_PATTERNS = {
    "GPT-2's pattern": (patterns.GPT2_SPLIT_PATTERN, patterns.R50K_BASE_PATTERN),
    "GPT-4's pattern": (patterns.GPT4_SPLIT_PATTERN, patterns.CL100K_BASE_PATTERN),
}
_WORDS = {
    "GPT-2's pattern": ("gpt2", "gpt_2", "r50k"),
    "GPT-4's pattern": ("gpt4", "gpt_4", "cl100k"),
}


class _FunctionOracle:
    """An oracle for a function that goes by one of a few names."""

    names: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # names whose change asks for another look

    def examine(self, scope: Scope) -> Iterator[OracleFinding]:
        """Look at each function that the cell defined, or whose data it changed."""
        for name in self.names:
            if scope.names.get(name) != "function":
                continue
            touched = name in scope.defined or any(one in scope.defined for one in self.also)
            if touched and scope.is_own(name):
                yield from self.judge(name, scope)

    def judge(self, name: str, scope: Scope) -> Iterable[OracleFinding]:
        """What is found about the function ``name``."""
        raise NotImplementedError

    def read(
        self, prose: str, codes: Sequence[str], ranks: Mapping[str, Path]
    ) -> Iterable[OracleFinding]:
        """Nothing: it knows functions only."""
        return ()


class GetStatsOracle(_FunctionOracle):
    """Counting the pairs of neighbours."""

    names = ("get_stats", "get_pairs_counts", "get_pair_counts", "count_pairs", "pair_counts")

    def judge(self, name: str, scope: Scope) -> Iterable[OracleFinding]:
        """On lists of every small form, a dict of the same counts."""
        function = scope.callable_with(name, 1)
        if function is None:
            return [OracleFinding(name, "skipped", "takes other arguments than a list of ids")]
        inputs = [(one,) for one in sequences()]
        expected = [get_stats(one) for (one,) in inputs]
        return [hold(name, scope.call(function, inputs), inputs, expected, _MINBPE)]


class MergeOracle(_FunctionOracle):
    """Replacing a pair by a new id."""

    names = ("merge", "merge_pair", "replace_pair", "apply_merge")

    def judge(self, name: str, scope: Scope) -> Iterable[OracleFinding]:
        """On lists of every small form, the same list; changing it in place is as good."""
        order = _merge_order(scope.parameters(name))
        if order is None:
            return [
                OracleFinding(name, "skipped", "takes other arguments than ids, pair and new id")
            ]
        given = ", ".join(("ids", "pair", "idx")[place] for place in order)
        function = (
            f"lambda ids, pair, idx: (lambda out: ids if out is None else out)({name}({given}))"
        )
        inputs: list[tuple[Any, ...]] = [
            (one, pair, 99) for one in sequences() for pair in ((1, 2), (1, 1), (6, 7), (97, 97))
        ]
        expected = [merge(ids, pair, idx) for ids, pair, idx in inputs]
        answer = scope.call(function, inputs)
        return [hold(name, answer, inputs, expected, _MINBPE, _same_list)]


def _merge_order(parameters: list[tuple[str, bool]] | None) -> tuple[int, ...] | None:
    """Which of (ids, pair, idx) each parameter takes, by its name; None: not three of them."""
    if parameters is None or sum(not optional for _, optional in parameters) != 3:
        return None
    places: list[int] = []
    for name, _ in parameters[:3]:
        if any(word in name for word in _PAIR_WORDS):
            places.append(1)
        elif any(word in name for word in _IDX_WORDS) and "ids" not in name:
            places.append(2)
        else:
            places.append(0)
    return tuple(places) if sorted(places) == [0, 1, 2] else (0, 1, 2)


class EncodeOracle(_FunctionOracle):
    """Text to ids, given the chapter's own ``merges``."""

    names = ("encode", "encode_text", "tokenize", "bpe_encode")
    also = ("merges",)

    def judge(self, name: str, scope: Scope) -> Iterable[OracleFinding]:
        """The ids of texts made of the merges' own tokens, and of hard ones."""
        merges = as_merges(scope.value("merges")) if "merges" in scope.names else None
        function = scope.callable_with(name, 1)
        if merges is None or function is None:
            return
        inputs = [(text,) for text in texts_for(merges)]
        answer = scope.call(function, inputs)
        whole = [reference_encode(text, merges) for (text,) in inputs]
        found = hold(name, answer, inputs, whole, _MINBPE, _same_list)
        for pattern in (GPT2_SPLIT_PATTERN, GPT4_SPLIT_PATTERN):
            if found.status != "failed":
                break
            pieces = [reference_encode_split(text, merges, pattern) for (text,) in inputs]
            other = hold(name, answer, inputs, pieces, _MINBPE, _same_list)
            found = other if other.status == "passed" else found
        yield found


class DecodeOracle(_FunctionOracle):
    """Ids to text, also where the bytes are no UTF-8."""

    names = ("decode", "decode_ids", "detokenize", "bpe_decode")
    also = ("merges", "vocab")

    def judge(self, name: str, scope: Scope) -> Iterable[OracleFinding]:
        """Round trips of texts, every single id, and sequences that are no text."""
        merges = as_merges(scope.value("merges")) if "merges" in scope.names else None
        function = scope.callable_with(name, 1)
        if merges is None or function is None:
            return
        vocab = reference_vocab(merges)
        lists = [[], [128], [255, 97], [0xED, 0x95], [97, 0xF0, 0x9F]]
        lists += [[idx] for idx in list(range(0, 256, 7)) + sorted(merges.values())[:80]]
        lists += [reference_encode(text, merges) for text in texts_for(merges)]
        inputs = [(one,) for one in lists]
        expected = [b"".join(vocab[idx] for idx in one).decode("utf-8", "replace") for one in lists]
        yield hold(name, scope.call(function, inputs), inputs, expected, _MINBPE)


class BytesToUnicodeOracle(_FunctionOracle):
    """GPT-2's visible character for each byte."""

    names = ("bytes_to_unicode",)

    def judge(self, name: str, scope: Scope) -> Iterable[OracleFinding]:
        """The whole table of 256."""
        right = {byte: character for character, byte in byte_of_character().items()}
        answer = scope.call(name, [()])
        if answer and answer.results[0][0] == "value" and isinstance(answer.results[0][1], dict):
            table = answer.results[0][1]
            wrong = [byte for byte in range(256) if table.get(byte) != right[byte]]
            if wrong:
                byte = wrong[0]
                detail = (
                    f"byte {byte} becomes {table.get(byte)!r}, in GPT-2 {right[byte]!r} "
                    f"({len(wrong)} of 256 differ)"
                )
                return [OracleFinding(name, "failed", detail)]
        return [hold(name, answer, [()], [right], "GPT-2's table")]


def _same_list(one: object, other: object) -> bool:
    return isinstance(one, (list, tuple, bytes)) and isinstance(other, list) and list(one) == other


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


ORACLES: tuple[Oracle, ...] = (
    GetStatsOracle(),
    MergeOracle(),
    EncodeOracle(),
    DecodeOracle(),
    TrainOracle(),
    TokenizerClassOracle(),
    BytesToUnicodeOracle(),
    SplitOracle(),
    TokenClaims(),
)
