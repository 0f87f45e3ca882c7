"""Token ids that a text claims for GPT-2 or GPT-4: ``"Tokenization" is 30642 and 1634``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from minbpe import GPT2Tokenizer, GPT4Tokenizer
from minbpe.regex import RegexTokenizer
from pipeline.cells.oracles.findings import OracleFinding
from pipeline.cells.oracles.oracle import Scope

_QUOTED = r"(?:`(?P<tick>[^`\n]+)`|[\"“](?P<quote>[^\"”\n]+)[\"”])"
_NUMBERS = r"(?P<ids>\[?\d[\d,]*(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s+)\[?\d[\d,]*)*\]?)"
_PROSE = re.compile(
    _QUOTED + r"(?:\s+(?:is|are|becomes?|became|encodes? (?:to|as)|turns? into|maps? to|gives?|"
    r"as|→|->|=>)|:)\s*(?:the\s+)?(?P<word>(?:single\s+)?(?:tokens?|ids?|token ids?)\s+)?"
    + _NUMBERS
    + r"(?![\w%]|\.\d)"
)
_CODE = re.compile(
    r"""\bencode\(\s*(?P<text>"[^"\n]*"|'[^'\n]*')[^)\n]{0,200}\)\s*+(?:\)\s*+)?#[^\n\[]{0,200}(?P<ids>\[[\d,\s]+\])"""
)
_ABOUT = re.compile(r"token|\bids?\b|gpt|cl100k|tiktoken|encod", re.IGNORECASE)
_LARGEST = 100_277  # tokens of cl100k_base, special ones counted (tiktoken's n_vocab)
# Below this an id may be one of a toy vocabulary that the text is about.
_TELLING = 1000


class _Claim(NamedTuple):
    text: str
    ids: tuple[int, ...]
    sure: bool


class TokenClaims:
    """Claims in prose, and in comments beside a call of ``encode``."""

    def examine(self, scope: Scope) -> Iterable[OracleFinding]:
        """Nothing: what a cell claims of its own output is compared when it runs."""
        return ()

    def read(
        self, prose: str, codes: Sequence[str], ranks: Mapping[str, Path]
    ) -> Iterator[OracleFinding]:
        """Each claim against both vocabularies: it is right when one of them agrees."""
        claims = list(_claims(prose, codes))
        if not claims:
            return
        vocabularies = _vocabularies(tuple(sorted((n, str(p)) for n, p in ranks.items())))
        for claim in claims:
            name = f"tokens {', '.join(map(str, claim.ids[:6]))} of {claim.text!r}"
            if not vocabularies:
                detail = "the vocabularies of GPT-2 and GPT-4 are not on this machine"
                yield OracleFinding(name, "skipped", f"{detail} (put their files in check.files)")
                continue
            if finding := _judge(name, claim, vocabularies):
                yield finding


def _judge(
    name: str, claim: _Claim, vocabularies: Mapping[str, RegexTokenizer]
) -> OracleFinding | None:
    said = list(claim.ids)
    truth: dict[str, list[int]] = {}
    for which, tokenizer in vocabularies.items():
        for text in (claim.text, f" {claim.text}"):
            ids = tokenizer.encode(text, allowed_special="all")
            if ids == said:
                return OracleFinding(name, "passed", f"{said} in {which}")
            truth.setdefault(which, ids)
    if not claim.sure or len(vocabularies) < 2:
        return None
    right = ", ".join(f"{ids} in {which}" for which, ids in truth.items())
    return OracleFinding(name, "failed", f"claimed {said}; really {right}")


def _claims(prose: str, codes: Sequence[str]) -> Iterator[_Claim]:
    for code in codes:
        for match in _CODE.finditer(code):
            yield _Claim(match["text"][1:-1], _ids(match["ids"]), sure=False)
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z`\"])|\n\s*\n", prose):
        for match in _PROSE.finditer(sentence.replace("\n", " ")):
            ids = _ids(match["ids"])
            # One number may be anything; several, or a word about tokens, are ids.
            about = bool(match["word"]) or bool(_ABOUT.search(sentence))
            if ids and max(ids) < _LARGEST and about:
                text = match["tick"] or match["quote"]
                sure = max(ids) >= _TELLING and (len(ids) > 1 or bool(match["word"]))
                yield _Claim(text, ids, sure)


def _ids(text: str) -> tuple[int, ...]:
    """The numbers of a list; a comma between three digits and no space groups thousands.

    >>> _ids("30642 and 1634"), _ids("[31373, 995]"), _ids("30,642 and 1,634")
    ((30642, 1634), (31373, 995), (30642, 1634))
    """
    cleaned = re.sub(r"(?<=\d),(?=\d{3}(?!\d))(?! )", "", text) if "[" not in text else text
    return tuple(int(number) for number in re.findall(r"\d+", cleaned) if len(number) < 20)


@cache
def _vocabularies(ranks: tuple[tuple[str, str], ...]) -> dict[str, RegexTokenizer]:
    files = dict(ranks)
    found: dict[str, RegexTokenizer] = {}
    if {"vocab.bpe", "encoder.json"} <= files.keys():
        found["GPT-2"] = GPT2Tokenizer(files["vocab.bpe"], files["encoder.json"])
    if "cl100k_base.tiktoken" in files:
        found["GPT-4"] = GPT4Tokenizer(files["cl100k_base.tiktoken"])
    return found
