"""Names and numbers as the screen writes them: ``reex`` heard, ``regex`` shown.

Conservative, because a wrong correction is worse than a wrong letter: the term must be on the
screen within two minutes, sound like what was heard, and be a rare word. What was heard must itself
be odd: no common word of the language, none of the title, the chapters or the description, nothing
that is heard again and again, and it must stand nowhere on the screen. What was heard stays in
``Cue.heard``, and each change is listed with what proves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.models import Cue, Word
from pipeline.text.words import joined
from pipeline.transcript.screen_glossary import ScreenGlossary, ScreenWords
from pipeline.transcript.term_matching import as_one_term, bare_word, better_word

_OFTEN = 3  # times heard: what is heard more often in one form is no slip


@dataclass(frozen=True)
class NameChange:
    """One change: the words heard at ``at_ms``, what was written for them, and the start of the
    screen that shows it, nearest in time."""

    at_ms: int
    heard: str
    written: str
    shown_ms: int


@dataclass(frozen=True)
class Corrected:
    """The cues, in the order of those that were given, and what was changed in them."""

    cues: tuple[Cue, ...]
    changes: tuple[NameChange, ...] = ()


def correct_names(
    cues: Sequence[Cue],
    shown: Sequence[ScreenWords],
    frequency: Mapping[str, int],
    known: Collection[str] = (),
) -> Corrected:
    """``cues`` with misheard terms and numbers replaced by what the screen shows at that time.

    Args:
        cues: in order of time.
        shown: what was on the screen, in any order; empty: nothing is changed.
        frequency: common words and their place in the order of frequency (see ``common_words``);
            empty: only numbers are corrected.
        known: words that are never replaced, in lower case: those of the language, and those that a
            person wrote about the lecture (title, chapters, description).
    """
    if not shown or not cues:
        return Corrected(tuple(cues))
    glossary = ScreenGlossary(shown, frequency, frozenset(known) | _often(cues))
    lasts = ["", *[cue.words[-1].text if cue.words else "" for cue in cues[:-1]]]
    done = [_corrected(cue, glossary, last) for cue, last in zip(cues, lasts, strict=True)]
    changes = tuple(change for _, made in done for change in made)
    return Corrected(tuple(cue for cue, _ in done), changes)


def _often(cues: Sequence[Cue]) -> frozenset[str]:
    """The words and pairs of words, in lower case, that are heard again and again."""
    words = [bare_word(word.text) for cue in cues for word in cue.words]
    said = Counter(words)
    said.update(f"{one} {other}" for one, other in pairwise(words))
    return frozenset(text for text, times in said.items() if times > _OFTEN)


def _corrected(cue: Cue, glossary: ScreenGlossary, last: str) -> tuple[Cue, list[NameChange]]:
    """The cue and what was changed in it; ``last`` is the word before it."""
    terms, numbers = glossary.near((cue.start_ms + cue.end_ms) // 2)
    if not terms and not numbers:
        return cue, []
    words: list[Word] = []
    changes: list[NameChange] = []
    index = 0
    if last and cue.words and as_one_term(f"{last} {cue.words[0].text}", terms, glossary):
        words.append(cue.words[0])  # half of a term: the other half is in another cue
        index = 1
    while index < len(cue.words):
        for count in (2, 1):
            phrase = cue.words[index : index + count]
            if len(phrase) == count and (better := better_word(phrase, terms, numbers, glossary)):
                words.append(
                    phrase[0].model_copy(update={"end_ms": phrase[-1].end_ms, "text": better})
                )
                heard = " ".join(word.text for word in phrase)
                at_ms = phrase[0].start_ms
                shown_ms = glossary.shown_ms(bare_word(better), at_ms)
                changes.append(NameChange(at_ms, heard, better, shown_ms))
                index += count
                break
        else:
            words.append(cue.words[index])
            index += 1
    if not changes:
        return cue, []
    update = {
        "text": joined(word.text for word in words),
        "words": tuple(words),
        "heard": cue.heard or cue.text,
    }
    return cue.model_copy(update=update), changes
