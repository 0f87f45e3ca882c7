"""Figures that show again what another one shows: a page scrolled on, a notebook further down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pipeline.models import Frame
from pipeline.text.words import bare
from pipeline.writing.transcript_edition.headlines import content_text
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_LINE = 8  # letters: shorter lines stand anywhere
_MANY = 80  # letters of such lines: less of them proves nothing
_ALIKE = 0.8  # of its words: a line that was read twice differs in some
_SEEN = 0.7  # of its letters: with so many of them on another figure a picture says little
_MORE = 1.03  # times as many letters: one screen read twice differs by some of a hundred
_SEEN_OF_MORE = 0.85  # where it says more than the other: what was added may be the point
_NUMBERS = 30  # with fewer of them, a picture is no long output
_FEW = 3  # words: one or two of them are letters that were read together
_LONGEST = 2  # words by which a line is looked for: one of them was read alike
_NOTEBOOK = "localhost"  # where notebooks are served
_HEAD = 4  # lines: where the address stands

Words = frozenset[str]


@dataclass(frozen=True)
class _Lines:
    """Lines that say something, as sets of their words, found by any of these."""

    all: tuple[Words, ...]
    by_word: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for line in self.all:
            for word in line:
                self.by_word[word].append(line)

    def holds(self, line: Words) -> bool:
        """Whether (nearly) the same line is one of them."""
        longest = sorted(line, key=lambda word: (-len(word), word))[:_LONGEST]
        alike = (other for word in longest for other in self.by_word.get(word, ()))
        return any(len(line & other) >= _ALIKE * len(line) for other in alike)


class Repeats:
    """Knows which frames of a lecture show what another one shows.

    Args:
        chrome: of the lecture.
        told: lines that stand elsewhere in the chapter: on a window or terminal they count as
            shown, on a page of a site they are but a part of it.
    """

    def __init__(self, chrome: WindowChrome, told: Sequence[str] = ()) -> None:
        self._chrome = chrome
        self._told = _Lines(tuple(filter(None, map(_words, told))))
        self._told_words = {word for line in self._told.all for word in line}
        self._known: dict[str, _Lines] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._sites: dict[str, str | None] = {}
        self._shares: dict[tuple[str, str], float] = {}

    def among(self, frames: Sequence[Frame], sure: Collection[str] = ()) -> set[str]:
        """The ids of the frames of which the most part stands on another that is no repeat itself.

        Of two that say the same the later one goes. Pages of different sites are never the same.
        Digits alone say nothing, but where they are the same too, a few new words are not enough.

        Args:
            frames: those that are to be figures, in any order.
            sure: the ids of those that stay in any case.
        """
        gone: set[str] = set()
        for one in sorted(frames, key=lambda frame: (-frame.start_ms, frame.id)):
            if one.id in sure:
                continue
            others = [other for other in frames if other is not one and other.id not in gone]
            if any(self._is_on(one, other) for other in others):
                gone.add(one.id)
        return gone

    def _is_on(self, one: Frame, other: Frame) -> bool:
        letters = _letters(self._lines(one))
        says_more = letters > _MORE * _letters(self._lines(other))
        least = _SEEN_OF_MORE if says_more else _SEEN
        is_seen = letters >= _MANY and self._share(one, other) >= least
        return is_seen or self._adds_little(one, other)

    def _adds_little(self, one: Frame, other: Frame) -> bool:
        """Whether ``one`` has most numbers of ``other`` and hardly a word that is neither there nor
        told: two views of one long output."""
        if self._differs(one, other):
            return False
        own, there = self._tokens(one), self._tokens(other)
        numbers = Counter({key: count for key, count in own.items() if key.isdigit()})
        if numbers.total() < _NUMBERS:
            return False
        new = {key for key in own if not key.isdigit()} - there.keys() - self._told_words
        return (numbers & there).total() >= _SEEN * numbers.total() and len(new) <= _FEW

    def _share(self, one: Frame, other: Frame) -> float:
        """How much of ``one`` stands on ``other``, by letters."""
        key = (one.id, other.id)
        if key not in self._shares:
            may_be_told = self._site(one) in (None, _NOTEBOOK)
            own, there = self._lines(one).all, self._lines(other)
            seen = [
                line
                for line in own
                if there.holds(line) or (may_be_told and self._told.holds(line))
            ]
            share = sum(map(_length, seen)) / (sum(map(_length, own)) or 1)
            self._shares[key] = 0.0 if self._differs(one, other) else share
        return self._shares[key]

    def _differs(self, one: Frame, other: Frame) -> bool:
        """Whether the two are pages of different sites, as far as these are known."""
        sites = {self._site(one), self._site(other)} - {None}
        return len(sites) > 1

    def _site(self, frame: Frame) -> str | None:
        """The site in the address bar; None where none was read."""
        if frame.id not in self._sites:
            head = frame.text.splitlines()[:_HEAD]
            notebook = _NOTEBOOK if any(_NOTEBOOK in line for line in head) else None
            self._sites[frame.id] = self._chrome.web_page(frame) or notebook
        return self._sites[frame.id]

    def _tokens(self, frame: Frame) -> Counter[str]:
        """The words and numbers on the frame, with how often each stands there."""
        if frame.id not in self._counts:
            tokens = (token for line in self._content(frame) for token in line.split())
            self._counts[frame.id] = Counter(key for token in tokens if (key := bare(token)))
        return self._counts[frame.id]

    def _lines(self, frame: Frame) -> _Lines:
        if frame.id not in self._known:
            self._known[frame.id] = _Lines(tuple(filter(None, map(_words, self._content(frame)))))
        return self._known[frame.id]

    def _content(self, frame: Frame) -> list[str]:
        window = self._chrome.in_window(frame)
        lines = (" ".join(line.split()) for line in content_text(frame).splitlines())
        return [line for line in lines if not self._chrome.is_chrome(line, window)]


def _words(line: str) -> Words:
    """The words of a line; none where it says too little."""
    words = frozenset(key for token in line.split() if (key := bare(token)))
    says = sum(len(word) for word in words if not word.isdigit()) >= _LINE
    return words if says else frozenset()


def _letters(lines: _Lines) -> int:
    return sum(map(_length, lines.all))


def _length(line: Words) -> int:
    return sum(map(len, line))
