"""Inputs on which a wrong tokenizer shows itself, shortest first, always the same."""

from __future__ import annotations

import itertools
import random

import regex

from minbpe import get_stats, merge

Pair = tuple[int, int]
Merges = dict[Pair, int]

TEXTS = (
    "",
    "a",
    "b",
    " ",
    "ab",
    "aa",
    "aaa",
    "aaaaaaaa",
    "\n",
    "é",
    "안",
    "😀",
    "hi there",
    "hello world",
    "aaabdaaabac",
    "안녕하세요 👋 (hello in Korean!)",
    "naïve café, ½ price\r\n",
    "👩‍👩‍👧‍👦 family",
    "def f(x):\n    return x + 1\n",
    "the the the cat sat on the mat 12345 times",
)

_MOST_BYTES = 16 << 20  # GPT-4's 100,000 tokens take 0.7 MB

# Strings on which split patterns differ: contractions in both cases, runs of digits, white space of
# every kind before, between and after words, line ends, letters and marks of other scripts.
TRICKY = (
    "Hello've world123 how's are you!!!?",
    "HELLO'VE HOW'S IT'LL I'M you'd we're don't",
    "how’s",
    "1234567 12 1 ½ ²³ 2024-05-06",
    "  two  spaces   three",
    "tail   ",
    "\tTab\t\ttabs",
    "line\nline\r\nline\n\n\n  indented",
    "for i in range(1, 101):\n    if i % 3 == 0:\n        print(i)\n",
    "안녕하세요 세계 123",
    "日本語テキスト、句読点。",
    "naïve café Ünïcödé",
    "क्षत्रिय हिन्दी",
    "😀😀 emoji👍🏽!",
    "a.b,c;d:e!f?g",
    "!!!\n???\n\n",
    "snake_case camelCase __init__",
    "x = 'it''s'  # comment",
    " leading",
    "\u00a0non\u00a0breaking\u2003space",
    "'s 't 're 've 'm 'll 'd 'S 'RE",
    "I'Mabc O'SHEA'SON it'LLy",
    "end\n",
    "",
)

TRAINING = (
    "aaabdaaabac",
    "abababab cdcdcd abab cdcd",
    "the cat sat on the mat; the cat is fat and the mat is flat",
    "안녕하세요 안녕히 가세요 안녕하세요 안녕",
    "😀😀😀😀 😀😀 👍👍👍👍",
    "mississippi missis sips; aaaa aaaa bbbb",
)


def sequences(longest: int = 5) -> list[list[int]]:
    """All lists over two ids up to a length, then a few longer ones."""
    small = [
        list(one) for size in range(longest + 1) for one in itertools.product((1, 2), repeat=size)
    ]
    long = [[7] * 7, [1, 2, 3, 1, 2], [5, 6, 6, 7, 9, 1], list(b"aaabdaaabac")]
    return small + long + [list(text.encode("utf-8")) for text in TEXTS[8:]]


def reference_encode(text: str, merges: Merges) -> list[int]:
    """The ids of ``text``: the earliest learned pair first, until none is left."""
    return _encode(text.encode("utf-8"), merges)


def reference_encode_split(text: str, merges: Merges, pattern: str) -> list[int]:
    """The ids of ``text`` when no merge reaches across the pieces that ``pattern`` cuts."""
    pieces = [match.group(0) for match in regex.finditer(pattern, text)]
    return [idx for piece in pieces for idx in _encode(piece.encode("utf-8"), merges)]


def _encode(data: bytes, merges: Merges) -> list[int]:
    ids = list(data)
    while len(ids) >= 2:
        pair = min(get_stats(ids), key=lambda one: merges.get(one, float("inf")))
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids


def reference_vocab(merges: Merges) -> dict[int, bytes]:
    """The bytes of every id, the merged ones in the order of their ids."""
    vocab = {idx: bytes([idx]) for idx in range(256)}
    for (left, right), idx in sorted(merges.items(), key=lambda item: item[1]):
        vocab[idx] = vocab[left] + vocab[right]
    return vocab


def texts_for(merges: Merges) -> list[str]:
    """Texts on which these merges matter: their tokens, alone and side by side, and ``TEXTS``."""
    vocab = reference_vocab(merges)
    tokens = []
    for idx in sorted(merges.values())[:60]:
        try:
            tokens.append(vocab[idx].decode("utf-8"))
        except UnicodeDecodeError:
            continue
    chance = random.Random(256)
    joined = []
    if tokens:
        joined = ["".join(chance.choices([*tokens, "a", " "], k=1 + n % 4)) for n in range(120)]
        joined += [token[1:] + token for token in tokens] + [token + token[:1] for token in tokens]
    return list(dict.fromkeys([*TEXTS, *tokens, *joined]))


def as_merges(value: object) -> Merges | None:
    """``value`` as merges that continue the 256 bytes; None when it is something else.

    Merges whose tokens are longer than any text here (each may be twice the one before) are none.
    """
    if not isinstance(value, dict) or not value:
        return None
    for pair, idx in value.items():
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(type(x) is int for x in pair)):
            return None
        if type(idx) is not int or max(pair) >= idx:
            return None
    if sorted(value.values()) != list(range(256, 256 + len(value))):
        return None
    return value if _fit(value) else None


def _fit(merges: Merges) -> bool:
    """Whether the tokens of all ids together are short enough to be written out."""
    sizes = dict.fromkeys(range(256), 1)
    for (left, right), idx in sorted(merges.items(), key=lambda item: item[1]):
        sizes[idx] = sizes.get(left, _MOST_BYTES) + sizes.get(right, _MOST_BYTES)
        if sizes[idx] > _MOST_BYTES:
            return False
    return sum(sizes.values()) <= _MOST_BYTES
