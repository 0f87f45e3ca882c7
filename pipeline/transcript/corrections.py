"""Names and numbers as the screen writes them, or a person: ``reex`` heard, ``regex`` shown.

Conservative, because a wrong correction is worse than a wrong letter: the term must be on the
screen within two minutes, or be written in the title, a chapter or the description, sound like what
was heard, and be a rare word. What was heard must itself be odd: no common word of the language,
none of the title, the chapters or the description, nothing that is heard again and again, and it
must stand nowhere on the screen. Two words that joined are or sound like a name that a person wrote
("Tik token" for tiktoken) are that name however often they are heard. What was heard stays in
``Cue.heard``, and each change is listed with what proves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.models import Cue, Word
from pipeline.text.words import joined
from pipeline.transcript.screen_glossary import ScreenGlossary, ScreenTerm, ScreenWords
from pipeline.transcript.term_matching import bare_word, better_word

_OFTEN = 3  # times heard: what is heard more often in one form is no slip


@dataclass(frozen=True)
class NameChange:
    """One change: the words heard at ``at_ms``, what was written for them, and the start of the
    screen that shows it, nearest in time; None where only a person wrote it about the lecture."""

    at_ms: int
    heard: str
    written: str
    shown_ms: int | None


@dataclass(frozen=True)
class Corrected:
    """The cues, in the order of those that were given, and what was changed in them."""

    cues: tuple[Cue, ...]
    changes: tuple[NameChange, ...] = ()


def correct_names(
    cues: Sequence[Cue],
    shown: Sequence[ScreenWords],
    frequency: Mapping[str, int],
    english: Collection[str] = frozenset(),
    written: Sequence[str] = (),
) -> Corrected:
    """``cues`` with misheard terms and numbers replaced by what the screen shows at that time, or
    by names that a person wrote about the lecture.

    Args:
        cues: in order of time.
        shown: what was on the screen, in any order; empty: nothing is changed.
        frequency: common words and their place in the order of frequency (see ``common_words``);
            empty: only numbers are corrected.
        english: the words of the language, in lower case: never replaced.
        written: title, chapters and description: their words are never replaced, too.
    """
    if not shown or not cues:
        return Corrected(tuple(cues))
    glossary = ScreenGlossary(shown, frequency, english, _often(cues), written)
    places = [(at, word) for at, cue in enumerate(cues) for word in cue.words]
    near = [glossary.near((cue.start_ms + cue.end_ms) // 2) for cue in cues]
    made: list[list[Word]] = [[] for _ in cues]
    changes: list[NameChange] = []
    changed: set[int] = set()
    index = 0
    while index < len(places):
        at, word = places[index]
        better, count = _better(places, index, near[at], cues, glossary)
        if better:
            phrase = places[index : index + count]
            changes.append(_change([one for _, one in phrase], better, glossary))
            changed.update(cue for cue, _ in phrase)
            end_ms = max(one.end_ms for cue, one in phrase if cue == at)
            word = word.model_copy(update={"end_ms": end_ms, "text": better})
        made[at].append(word)
        index += count
    return Corrected(
        tuple(_with_words(cue, made[at]) if at in changed else cue for at, cue in enumerate(cues)),
        tuple(changes),
    )


def _often(cues: Sequence[Cue]) -> frozenset[str]:
    """The words and pairs of words, in lower case, that are heard again and again."""
    words = [bare_word(word.text) for cue in cues for word in cue.words]
    said = Counter(words)
    said.update(f"{one} {other}" for one, other in pairwise(words))
    return frozenset(text for text, times in said.items() if times > _OFTEN)


def _better(
    places: Sequence[tuple[int, Word]],
    index: int,
    near: tuple[Sequence[ScreenTerm], Sequence[str]],
    cues: Sequence[Cue],
    glossary: ScreenGlossary,
) -> tuple[str | None, int]:
    """What stands on the screen for the words from ``index`` on, and how many words it replaces;
    (None, 1) where they are right. A cue keeps one word at least."""
    at = places[index][0]
    for count in (2, 1):
        phrase = places[index : index + count]
        if len(phrase) < count or (phrase[-1][0] != at and len(cues[phrase[-1][0]].words) == 1):
            continue
        around = [*places[max(0, index - 1) : index], *places[index + count : index + count + 1]]
        better = better_word(
            [one for _, one in phrase], *near, glossary, [one.text for _, one in around]
        )
        if better:
            return better, count
    return None, 1


def _change(phrase: Sequence[Word], better: str, glossary: ScreenGlossary) -> NameChange:
    heard = " ".join(word.text for word in phrase)
    at_ms = phrase[0].start_ms
    return NameChange(at_ms, heard, better, glossary.shown_ms(bare_word(better), at_ms))


def _with_words(cue: Cue, words: Sequence[Word]) -> Cue:
    update = {
        "text": joined(word.text for word in words),
        "words": tuple(words),
        "heard": cue.heard or cue.text,
    }
    return cue.model_copy(update=update)
