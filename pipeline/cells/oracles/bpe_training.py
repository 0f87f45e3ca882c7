"""Learning merges, in a loop, a function or a class, held against ``minbpe``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from minbpe import BasicTokenizer, RegexTokenizer
from pipeline.cells.oracles.bpe_samples import (
    TRAINING,
    Merges,
    as_merges,
    reference_vocab,
    texts_for,
)
from pipeline.cells.oracles.findings import OracleFinding
from pipeline.cells.oracles.oracle import Scope, hold

_MINBPE = "minbpe"
_FUNCTIONS = ("train", "train_bpe", "learn_bpe", "learn_merges", "bpe_train")
_LONGEST = 400_000  # entries of a vocabulary: the largest published has 201,088 (o200k_harmony)
_FEW = 6  # merges asked for: enough to tell ties and overlaps apart, quick in the slowest code


class TrainOracle:
    """A loop that leaves its result in ``merges``, or a function that returns it."""

    def examine(self, scope: Scope) -> Iterator[OracleFinding]:
        """Look at ``merges`` after a loop, and at a training function."""
        if "merges" in scope.defined and scope.names.get("merges") == "dict":
            yield from _judge_loop(scope)
        for name in _FUNCTIONS:
            if name in scope.defined and scope.names.get(name) == "function" and scope.is_own(name):
                yield from _judge_function(name, scope)

    def read(
        self, prose: str, codes: Sequence[str], ranks: Mapping[str, Path]
    ) -> Iterable[OracleFinding]:
        """Nothing: it knows code only."""
        return ()


def _judge_loop(scope: Scope) -> Iterator[OracleFinding]:
    """The merges must be those that minbpe learns from the text that the loop began with.

    That text is found by undoing the merges in what the chapter's lists and strings hold now. A
    list that holds new ids is what the loop ended with, so its text is the one; other lists and
    strings can only confirm.
    """
    value = scope.value("merges")
    merges = as_merges(value)
    if merges is None:
        if isinstance(value, dict) and value and set(value.values()) == _shifted(len(value)):
            detail = f"new ids begin at {min(value.values())}; after the 256 bytes the first is 256"
            yield OracleFinding("merges", "failed", detail)
        return
    differing: OracleFinding | None = None
    for name, kind in scope.names.items():
        if kind not in ("list", "str", "bytes") or name in ("merges", "vocab"):
            continue
        if not isinstance(size := scope.value(f"len({name})"), int) or not 2 <= size <= _LONGEST:
            continue
        text = _original(scope.value(name), merges)
        if text is None:
            continue
        learned = _learn(text[0], len(merges))
        if list(learned.items()) == list(merges.items()):
            yield OracleFinding(
                "merges", "passed", f"the same {len(merges)} merges as {_MINBPE} learns"
            )
            return
        if text[1] and differing is None:
            differing = OracleFinding("merges", "failed", _first_difference(merges, learned, name))
    if differing:
        yield differing


def _shifted(count: int) -> set[int]:
    """The ids of ``count`` merges that begin one too late."""
    return set(range(257, 257 + count))


def _original(value: object, merges: Merges) -> tuple[bytes, bool] | None:
    """The bytes that ``value`` was made from, and whether it holds merged ids; None: unclear."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace"), False
    if isinstance(value, bytes):
        return value, False
    vocab = reference_vocab(merges)
    if not isinstance(value, list) or not all(type(idx) is int and idx in vocab for idx in value):
        return None
    return b"".join(vocab[idx] for idx in value), any(idx >= 256 for idx in value)


def _learn(data: bytes, count: int) -> Merges:
    """The merges of minbpe; bytes that are no UTF-8 are learned from as they are."""
    tokenizer = BasicTokenizer()
    try:
        tokenizer.train(data.decode("utf-8"), 256 + count)
    except UnicodeDecodeError:
        return {}
    return dict(tokenizer.merges)


def _first_difference(merges: Merges, learned: Merges, name: str) -> str:
    pairs = list(zip(merges.items(), learned.items(), strict=False))
    for number, ((pair, idx), (right, right_idx)) in enumerate(pairs, 1):
        if (pair, idx) != (right, right_idx):
            return (
                f"merge {number} of the text behind {name} is {pair} to {idx}, "
                f"{_MINBPE} learns {right} to {right_idx}"
            )
    return f"{len(merges)} merges, {_MINBPE} learns {len(learned)} from the text behind {name}"


def _judge_function(name: str, scope: Scope) -> Iterator[OracleFinding]:
    """``train(text, vocab_size)`` or ``train(ids, num_merges)``, returning merges among others."""
    parameters = scope.parameters(name)
    function = scope.callable_with(name, 2)
    if parameters is None or function is None:
        return
    size = 256 if "vocab" in parameters[1][0] or "size" in parameters[1][0] else 0
    pick = (
        f"lambda text, n: (lambda out: out if isinstance(out, dict) else "
        f"next((x for x in out if isinstance(x, dict) and all(isinstance(k, tuple) for k in x)), "
        f"None))(({function})(text, n))"
    )
    expected = [_learn(text.encode("utf-8"), _FEW) for text in TRAINING]
    found: OracleFinding | None = None
    for form in (lambda text: text, lambda text: list(text.encode("utf-8"))):
        inputs = [(form(text), size + _FEW) for text in TRAINING]
        now = hold(name, scope.call(pick, inputs), inputs, expected, _MINBPE, _same_merges)
        if found is None or now.status == "passed" or "raises" in found.detail:
            found = now
        if now.status == "passed":
            break
    if found:
        yield found


def _same_merges(one: object, other: object) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(other, dict)
        and list(one.items()) == list(other.items())
    )


class TokenizerClassOracle:
    """A class with ``train``, ``encode`` and ``decode``, as ``BasicTokenizer`` is."""

    def examine(self, scope: Scope) -> Iterator[OracleFinding]:
        """Look at each class that the cell defined."""
        for name in sorted(scope.defined):
            if scope.names.get(name) != "type" or not scope.is_own(name):
                continue
            if (
                scope.value(f"[hasattr({name}, m) for m in ('train', 'encode', 'decode')]")
                == [True] * 3
            ):
                yield from self._judge(name, scope)

    def _judge(self, name: str, scope: Scope) -> Iterator[OracleFinding]:
        trained = (
            f"lambda text, size: (lambda t: (t.train(text, size), dict(t.merges))[1])({name}())"
        )
        inputs = [(text, 256 + _FEW) for text in TRAINING]
        answer = scope.call(trained, inputs)
        found: OracleFinding | None = None
        kinds = (RegexTokenizer, BasicTokenizer) if "regex" in name.lower() else (BasicTokenizer,)
        for kind in kinds:
            expected = []
            for text, size in inputs:
                (tokenizer := kind()).train(text, size)
                expected.append(dict(tokenizer.merges))
            now = hold(f"{name}.train", answer, inputs, expected, _MINBPE, _same_merges)
            found = now if found is None or now.status == "passed" else found
        if found:
            yield found
        yield self._round_trip(name, scope)

    def _round_trip(self, name: str, scope: Scope) -> OracleFinding:
        """Encoding and decoding must give back any text."""
        text = TRAINING[2]
        back = "lambda text: t.decode(t.encode(text))"
        function = f"(lambda t: (t.train({text!r}, 264), {back})[1])({name}())"
        merges = as_merges(_learn(text.encode("utf-8"), 8)) or {}
        inputs = [(one,) for one in texts_for(merges)]
        answer = scope.call(function, inputs)
        found = hold(
            f"{name}.decode", answer, inputs, [one for (one,) in inputs], "the text itself"
        )
        if found.status == "passed":
            detail = f"decode(encode(text)) gives back {len(inputs)} texts"
            return OracleFinding(f"{name}.decode", "passed", detail)
        return found

    def read(
        self, prose: str, codes: Sequence[str], ranks: Mapping[str, Path]
    ) -> Iterable[OracleFinding]:
        """Nothing: it knows code only."""
        return ()
