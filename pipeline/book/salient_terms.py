"""Terms of a chapter without a glossary: what is shown, said repeatedly, and a name for something.

Most words that are said often and stand on a screen are no terms ("create", "large", "following").
A single word ("non-English" is one, too) is one where the lecture says what it means, or calls
something so; several words are one where they could be a name: no comparison or adverb, no words
between that only join, no piece of a longer name ("unicode code" of "unicode code points"), and not
said in passing. In languages whose definitions cannot be told from other sentences, all words of
content count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pipeline.book.definitions import has_phrases
from pipeline.book.term_keys import WORD, key_of, keys_in
from pipeline.render.chapter import ChapterPage
from pipeline.text.english import FUNCTION_WORDS
from pipeline.text.languages.codes import base_language
from pipeline.text.languages.stop_words import is_content
from pipeline.text.stemming import base_form, possible_bases

_LONG = 100  # passages: about half an hour
# Of all mentions, so many with the same word beside them make a run of words a piece of a name. Of
# the lecture on tokenizers, "unicode code" (point) and "pair encoding" (algorithm) have it always,
# "language model" (large) in 37%, "training data" (set) in 38%.
_PIECE = 0.75
_JOINING = frozenset({"of", "de", "du", "des", "der", "del"})  # "bag of words"
# What only says how much of something, or in which order, names nothing: "a list of integers".
_MEASURES = frozenset(
    {
        "amount", "bit", "bunch", "collection", "group", "kind", "list", "lot", "number", "pair",
        "part", "piece", "row", "sequence", "series", "set", "sort", "stream", "type",
    }
)  # fmt: skip


def salient(chapter: ChapterPage, defined: Collection[str], most: int) -> list[str]:
    """Runs of words that stand on the chapter's screens, are spoken repeatedly, in whichever form,
    and are terms; the more often and the longer, the sooner. Each is given in its most frequent
    form.

    Args:
        defined: keys of what the chapter defines or gives as a name.
        most: as many at most.
    """
    known = {form for key in defined for form in (key, *possible_bases(key))}
    shown = _shown(chapter)
    forms = _spoken_and_shown(chapter, shown)
    spoken = {key: sum(counts.values()) for key, counts in forms.items()}
    is_long = len(_texts(chapter)) > _LONG
    scored = {
        key: count * len(_commonest(forms[key]).split())
        for key, count in spoken.items()
        if count >= _least_mentions(_commonest(forms[key]), key in known, is_long)
    }
    terms = _without_pieces(scored, spoken)
    if has_phrases(chapter.language):
        terms = [key for key in terms if " " in _commonest(forms[key]) or key in known]
    best = sorted(terms, key=lambda key: (-scored[key], key))[:most]
    return [_as_shown(_commonest(forms[key]), shown.get(key, "")) for key in best]


def _spoken_and_shown(chapter: ChapterPage, shown: Collection[str]) -> Mapping[str, Counter[str]]:
    """Of the possible terms on screen, by key, how often each form is spoken."""
    seen = set(shown) | {base for key in shown for base in possible_bases(key)}
    forms = {
        key: counts
        for key, counts in _spoken_forms(chapter).items()
        if key in seen or not seen.isdisjoint(possible_bases(key))
    }
    return _whole(forms, seen, chapter)


def _without_pieces(keys: Iterable[str], spoken: Mapping[str, int]) -> list[str]:
    """The keys without those that are spoken no more often than a longer one that has them."""
    kept = set(keys)
    for key in sorted(kept, key=len, reverse=True):
        if key in kept:
            kept -= {part for part in _parts(key) if spoken.get(part, 0) <= spoken[key]}
    return sorted(kept)


def _shown(chapter: ChapterPage) -> dict[str, str]:
    """Every run of words on the screens, by its key, as it is written first."""
    shown: dict[str, str] = {}
    for frame in chapter.sources.segments.frames:
        for line in frame.text.splitlines():
            for key, start, end in keys_in(line):
                shown.setdefault(key, " ".join(line[start:end].split()))
    return shown


def _least_mentions(form: str, is_known: bool, is_long: bool) -> int:
    """How often a term has to be said: in a long lecture, several words stand together twice by
    chance."""
    if " " not in form:
        return 3
    return 3 if is_long and not is_known else 2


def _texts(chapter: ChapterPage) -> list[str]:
    return [passage.text for page in chapter.sections for passage in page.prose.passages]


def _spoken_forms(chapter: ChapterPage) -> dict[str, Counter[str]]:
    """By key: how often each form of a possible term is spoken. A verb's forms are with its base
    where that is spoken too."""
    forms: dict[str, Counter[str]] = {}
    for text in _texts(chapter):
        for key, start, end in keys_in(text):
            form = " ".join(text[start:end].casefold().split())
            if _is_term(form, chapter.language):
                forms.setdefault(key, Counter())[form] += 1
    for key in sorted(forms):
        base = next(
            (base for base in sorted(possible_bases(key)) if base in forms and base != key), None
        )
        if base is not None:
            forms[base].update(forms.pop(key))
    return forms


def _whole(
    forms: dict[str, Counter[str]], seen: Collection[str], chapter: ChapterPage
) -> dict[str, Counter[str]]:
    """``forms`` without pieces of longer names: what nearly always has the same word beside it.

    The longer name takes the place of its piece where the screens show it ("unicode code points",
    whose last word alone says nothing); what the ears took for a word ("bite pair encoding") has
    none.
    """
    longer: dict[str, Counter[str]] = {}
    for text in _texts(chapter):
        words = list(WORD.finditer(text))
        first = {word.start(): at for at, word in enumerate(words)}
        last = {word.end(): at for at, word in enumerate(words)}
        for key, start, end in keys_in(text):
            if " " not in key or key not in forms:
                continue
            runs = longer.setdefault(key, Counter())
            for word, run in _beside(text, words, first[start], last[end]):
                if _can_name(word, chapter.language):
                    runs[run] += 1
    whole = dict(forms)
    for key, runs in longer.items():
        by_key: dict[str, Counter[str]] = {}
        for run, count in runs.items():
            by_key.setdefault(key_of(run), Counter())[run] += count
        name = max(by_key, key=lambda one: by_key[one].total(), default="")
        if name and by_key[name].total() >= _PIECE * forms[key].total():
            del whole[key]
            if name in seen:
                whole[name] = by_key[name]
    return whole


def _beside(
    text: str, words: Sequence[re.Match[str]], first: int, last: int
) -> Iterator[tuple[str, str]]:
    """The word before and the word behind the run of words, each with the run it makes longer."""
    pairs = [(first - 1, first - 1, last), (last + 1, first, last + 1)]
    for at, start, end in pairs:
        if 0 <= at < len(words):
            run = text[words[start].start() : words[end].end()]
            if any(found == run for found in _runs(run)):
                yield words[at][0], " ".join(run.casefold().split())


def _runs(text: str) -> Iterator[str]:
    """The runs of words of ``text`` that nothing divides."""
    return (text[start:end] for _, start, end in keys_in(text))


def _can_name(word: str, language: str) -> bool:
    """Whether a word can be part of a name: "point" can, though it says nothing alone."""
    if base_language(language) == "en":
        return word.isalpha() and word.casefold() not in FUNCTION_WORDS
    return word.isalpha() and is_content(word.casefold(), language)


def _commonest(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], len(form), form))


def _as_shown(form: str, shown: str) -> str:
    """In the screen's letters, unless those are only a heading's capital."""
    return shown if shown.casefold() == form and not shown[:1].isupper() else form


def _parts(key: str) -> Iterator[str]:
    """The shorter runs of words within ``key``."""
    words = key.split()
    for count in range(1, len(words)):
        for at in range(len(words) - count + 1):
            yield " ".join(words[at : at + count])


def _is_term(form: str, language: str) -> bool:
    found = [word.casefold() for word in WORD.findall(form)]
    ends = all(is_content(word, language) and word.isalpha() for word in (found[0], found[-1]))
    if len(found) == 1:
        return ends and len(form) > 4
    within = [word for word in found if word not in _JOINING]
    inner = all(word.isalpha() and is_content(word, language) for word in within)
    return ends and inner and not _compares(found, language) and not _measures(found)


def _compares(found: list[str], language: str) -> bool:
    """Whether it says how much, or how something is done ("less likely")."""
    english = language.casefold().startswith("en")
    return english and any(
        word.endswith("ly") or word in ("more", "most", "less", "least") for word in found
    )


def _measures(found: list[str]) -> bool:
    """Whether it is so much of something ("piece of text")."""
    return found[1:2] == ["of"] and base_form(found[0]) in _MEASURES
