"""English speech without punctuation, as sentences one can read: breaks, capitals, few commas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.text.english import (
    AUXILIARIES,
    BE,
    CONTRACTED,
    OPENERS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    SUBORDINATORS,
    TAKES_CLAUSE,
    word_set,
)
from pipeline.text.spoken_words import SpokenWord
from pipeline.writing.transcript_edition.proper_names import respelled
from pipeline.writing.transcript_edition.punctuation.sentence_breaks import breaks, is_tag

_CONJUNCTIONS = word_set("so and but now okay because then")
_INTRODUCTIONS = (
    ("for", "example"),
    ("for", "instance"),
    ("in", "particular"),
    ("in", "addition", "to", "that"),
    ("in", "fact"),
    ("in", "other", "words"),
    ("in", "this", "case"),
    ("as", "an", "example"),
    ("first", "of", "all"),
    ("roughly", "speaking"),
    ("of", "course"),
    ("by", "the", "way"),
    ("unfortunately",),
    ("luckily",),
    ("fortunately",),
    ("finally",),
    ("moreover",),
    ("okay",),
    ("alright",),
)
_NO_VERB = PREPOSITIONS | _CONJUNCTIONS | {"or", "that", "off", "up", "out", "back"}
_SHORT_CLAUSE = 4
_LONGEST_QUESTION = 20


def restored(words: Sequence[SpokenWord], names: Mapping[str, str]) -> list[tuple[SpokenWord, ...]]:
    """Sentences, each a run of ``words`` with capitals, commas and a full stop put in.

    Only casing and punctuation change; the letters of every word stay, save for the spelling of
    ``names`` (see ``pipeline.writing.transcript_edition.proper_names``).
    """
    lowered = _ordinary_case(words, names)
    starts = breaks(lowered)
    return [
        _finished(lowered[start:end], names)
        for start, end in zip(starts, [*starts[1:], len(lowered)], strict=True)
    ]


def _ordinary_case(words: Sequence[SpokenWord], names: Mapping[str, str]) -> list[SpokenWord]:
    """Recognisers capitalise at whim: a word mostly written small is written small throughout."""
    seen = Counter(word.text for word in words)
    result = []
    for word in words:
        text = word.text
        small = text.lower()
        if text != small and text[1:] == small[1:] and seen[small] >= seen[text]:
            text = small
        text = respelled(text, names)
        if small == "etc":
            text = "etc."
        if text == "i" or text.startswith(("i'", "i’")):
            text = "I" + text[1:]
        result.append(replace(word, text=text))
    return result


def _finished(sentence: Sequence[SpokenWord], names: Mapping[str, str]) -> tuple[SpokenWord, ...]:
    keys = [word.key for word in sentence]
    texts = [word.text for word in sentence]
    for index in sorted(_commas(keys)):
        if texts[index][-1].isalnum():
            texts[index] += ","
    if texts[0].islower() or (texts[0][0].islower() and texts[0].isalpha()):
        texts[0] = texts[0][0].upper() + texts[0][1:]
    if texts[-1][-1] not in ".!?":
        texts[-1] = texts[-1].rstrip(",") + ("?" if _is_question(keys) else ".")
    return tuple(replace(word, text=text) for word, text in zip(sentence, texts, strict=True))


def _is_question(keys: list[str]) -> bool:
    rest = keys
    while len(rest) > 2 and rest[0] in _CONJUNCTIONS:
        rest = rest[1:]
    if len(keys) > 4 and is_tag(keys):
        return True
    if not 3 <= len(rest) <= _LONGEST_QUESTION:
        return False
    if rest[0] in QUESTION_WORDS and rest[0] != "when":
        if rest[1] in AUXILIARIES:
            return not any(key in BE for key in rest[2:]) or (rest[1] in BE and len(rest) < 9)
        return rest[:2] in (["how", "many"], ["how", "much"]) and rest[3] in AUXILIARIES
    return False


def _commas(keys: list[str]) -> set[int]:
    """Indices of the words that a comma follows."""
    commas: set[int] = set()
    start = _introduction(keys, commas)
    if len(keys) > 4 and is_tag(keys):
        commas.add(len(keys) - 2)
    if keys[start : start + 1] and keys[start] in SUBORDINATORS:
        _after_leading_clause(keys, start, commas)
    for index in range(_SHORT_CLAUSE, len(keys) - _SHORT_CLAUSE + 1):
        if keys[index - 1] in ("just", "or"):
            continue
        if keys[index] in {"and", "but", "so"} and _main_clause(keys, index + 1):
            commas.add(index - 1)
    return commas


def _introduction(keys: list[str], commas: set[int]) -> int:
    """Mark the comma after "So, for example"; returns where the clause itself begins."""
    start = 0
    while start < len(keys) and keys[start] in _CONJUNCTIONS and keys[start] != "okay":
        start += 1
    for phrase in _INTRODUCTIONS:
        if tuple(keys[start : start + len(phrase)]) == phrase and len(keys) > start + 3:
            end = start + len(phrase)
            if keys[end] not in PREPOSITIONS | AUXILIARIES:
                commas.add(end - 1)
            return end
    return start


def _after_leading_clause(keys: list[str], start: int, commas: set[int]) -> None:
    """ "If you scroll down here | this is where": the comma before the main clause."""
    for index in range(start + _SHORT_CLAUSE, min(len(keys) - 2, start + 18)):
        before, here = keys[index - 1], keys[index]
        if before in TAKES_CLAUSE | _CONJUNCTIONS | SUBORDINATORS | PREPOSITIONS | AUXILIARIES:
            continue
        if before in {"or", "which", "who"}:
            continue
        starts = here in SUBJECTS and keys[index + 1] not in _NO_VERB
        starts = starts or here in CONTRACTED or here in {"that's", "there's", "let's"}
        starts = starts or (here in {"this", "there", "here", "these"} and _verb(keys, index + 1))
        if starts:
            commas.add(index - 1)
            return


def _main_clause(keys: list[str], index: int) -> bool:
    if index + 1 >= len(keys) or keys[index] not in OPENERS:
        return False
    return keys[index] not in POINTERS_ALONE or _verb(keys, index + 1)


POINTERS_ALONE = word_set("this that these those there here")


def _verb(keys: list[str], index: int) -> bool:
    return index < len(keys) and keys[index] in AUXILIARIES
