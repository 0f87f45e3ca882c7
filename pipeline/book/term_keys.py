"""What a term is found by, in whatever form it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.text.stemming import base_form

WORD = re.compile(r"\w+(?:['’]\w+)?")
_LONGEST = 4  # words of a term: "byte pair encoding algorithm"; longer ones are sentences
_CJK = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def key_of(text: str) -> str:
    """What a term is found by: its words in small letters, plurals as singulars.

    >>> key_of("Byte-Pair  Encoding")
    'byte pair encoding'
    """
    return " ".join(base_form(word) for word in WORD.findall(text))


def keys_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Every run of up to four words of ``text``: its key, its start and its end; at each place the
    longest first."""
    words = list(WORD.finditer(text))
    keys = [base_form(word[0]) for word in words]
    for at in range(len(words)):
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            between = text[words[at].end() : words[at + count - 1].start()] if count > 1 else ""
            if re.search(r"[.,;:!?()\"“”/]", between):
                continue
            yield " ".join(keys[at : at + count]), words[at].start(), words[at + count - 1].end()


def is_unspaced(key: str) -> bool:
    """Whether the term is in a script without spaces, where it is found within a run of letters."""
    return _CJK.search(key) is not None
