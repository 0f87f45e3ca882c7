"""Terms of a chapter without a glossary: what is shown, said repeatedly, and a name for something.

Most words that are said often and stand on a screen are no terms ("create", "large", "following").
A single word is one where the lecture says what it means, or calls something so; several words are
one where they could be a name: no comparison or adverb, no words between that only join. In
languages whose definitions cannot be told from other sentences, all words of content count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from pipeline.book.definitions import has_phrases
from pipeline.book.term_keys import WORD, keys_in
from pipeline.render.chapter import ChapterPage
from pipeline.text.languages.stop_words import is_content
from pipeline.text.stemming import base_form, possible_bases

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
    forms = _spoken_forms(chapter)
    spoken = {key: sum(counts.values()) for key, counts in forms.items()}
    shown: dict[str, str] = {}
    for frame in chapter.sources.segments.frames:
        for line in frame.text.splitlines():
            for key, start, end in keys_in(line):
                shown.setdefault(key, " ".join(line[start:end].split()))
    seen = set(shown) | {base for key in shown for base in possible_bases(key)}
    scored = {
        key: count * (1 + key.count(" "))
        for key, count in spoken.items()
        if (key in seen or not seen.isdisjoint(possible_bases(key)))
        and count >= (2 if " " in key else 3)
    }
    for key in sorted(scored, key=len, reverse=True):
        for part in _parts(key):
            if part in scored and spoken[part] <= spoken[key]:
                del scored[part]
    if has_phrases(chapter.language):
        known = {form for key in defined for form in (key, *possible_bases(key))}
        scored = {key: score for key, score in scored.items() if " " in key or key in known}
    best = sorted(scored, key=lambda key: (-scored[key], key))[:most]
    return [_as_shown(_commonest(forms[key]), shown.get(key, "")) for key in best]


def _spoken_forms(chapter: ChapterPage) -> dict[str, Counter[str]]:
    """By key: how often each form of a possible term is spoken. A verb's forms are with its base
    where that is spoken too."""
    forms: dict[str, Counter[str]] = {}
    for page in chapter.sections:
        for passage in page.prose.passages:
            for key, start, end in keys_in(passage.text):
                form = " ".join(passage.text[start:end].casefold().split())
                if _is_term(form, chapter.language):
                    forms.setdefault(key, Counter())[form] += 1
    for key in sorted(forms):
        base = next(
            (base for base in sorted(possible_bases(key)) if base in forms and base != key), None
        )
        if base is not None:
            forms[base].update(forms.pop(key))
    return forms


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
