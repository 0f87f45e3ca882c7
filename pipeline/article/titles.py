"""Headings for parts that nobody named: a slide's title, a question asked, or the key phrases."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pipeline.article.english import AUXILIARIES, word_set
from pipeline.article.names import respelled
from pipeline.article.spoken import bare
from pipeline.article.stopwords import is_content
from pipeline.article.topics import stem, terms

_LONGEST_PHRASE = 3
_QUESTION = re.compile(
    r"^(?:(?:so|now|and|but|okay|well)[ ,]+)*((?:what|why|how|where)\b[^?]*)\?", re.IGNORECASE
)
_BOILERPLATE = word_set(
    "introduction conclusion summary overview agenda outline contents questions thanks"
)


class TitleMaker:
    """Names the parts of one lecture, so that no two names are alike.

    Args:
        parts: the text of every part, in order: what is common to all of them is no title.
        names: right spellings (see ``pipeline.article.names``).
        english: questions are looked for, and "and" joins two phrases.
        taken: headings that are used already.
    """

    def __init__(
        self,
        parts: Sequence[str],
        names: Mapping[str, str],
        english: bool,
        taken: Collection[str] = (),
    ) -> None:
        self._names = names
        self._english = english
        self._taken = {bare(title) for title in taken}
        self._parts = max(len(parts), 1)
        self._spread = Counter(term for part in parts for term in set(terms(part)))

    def title(self, sentences: Sequence[str], slides: Sequence[str] = ()) -> str | None:
        """A heading for the part with these sentences, or None when nothing tells it.

        Args:
            slides: titles of the slides that come up in it, in order.
        """
        candidates = [*slides, *self._question(sentences), *self._phrases(sentences)]
        for candidate in candidates:
            key = bare(candidate)
            if key and key not in self._taken and key not in _BOILERPLATE:
                self._taken.add(key)
                return candidate
        return None

    def _question(self, sentences: Sequence[str]) -> list[str]:
        if not self._english:
            return []
        early = sentences[: max(3, len(sentences) // 3)]
        found = []
        for sentence in early:
            match = _QUESTION.match(sentence)
            words = match[1].split() if match else []
            if 3 <= len(words) <= 8 and bare(words[1]) in AUXILIARIES and _tells(words):
                found.append(" ".join(words)[0].upper() + " ".join(words)[1:] + "?")
        return found

    def _phrases(self, sentences: Sequence[str]) -> list[str]:
        forms = _forms(sentences)
        ranked = sorted(
            ((self._weight(stems, shown), stems, shown) for stems, shown in forms.items()),
            key=lambda item: (-item[0], item[1]),
        )
        ranked = [item for item in ranked if item[0] > 0]
        titles = []
        for position, (weight, stems, shown) in enumerate(ranked[:6]):
            best = self._show(shown)
            for other_weight, other_stems, other in ranked[position + 1 : position + 8]:
                if other_weight > 0.5 * weight and not set(stems) & set(other_stems):
                    link = " and " if self._english else ", "
                    titles.append(best + link + _lower_first(self._show(other), self._names))
                    break
            titles.append(best)
        return titles

    def _weight(self, stems: tuple[str, ...], shown: Counter[str]) -> float:
        count = shown.total()
        if count < 2:
            return 0.0
        rarity: list[float] = [math.log(1 + self._parts / self._spread[term]) for term in stems]
        # Longer phrases tell more, each word of them less.
        return math.log(1 + count) * sum(rarity) / math.pow(len(stems), 0.4)

    def _show(self, shown: Counter[str]) -> str:
        form = min(shown, key=lambda one: (-shown[one], one))
        words = [respelled(word, self._names) for word in form.split()]
        text = " ".join(words)
        return text[0].upper() + text[1:]


def _forms(sentences: Sequence[str]) -> dict[tuple[str, ...], Counter[str]]:
    """Every phrase of content words, by its stems, with the forms it was said in."""
    forms: dict[tuple[str, ...], Counter[str]] = {}
    for sentence in sentences:
        run: list[str] = []
        for token in [*sentence.split(), "."]:
            word = token.strip('.,;:!?"“”()[]…`')
            if is_content(bare(word)) and "'" not in word and "’" not in word:
                run.append(word)
                for size in range(1, min(_LONGEST_PHRASE, len(run)) + 1):
                    tail = run[-size:]
                    stems = tuple(stem(bare(one)) for one in tail)
                    if len(set(stems)) == size:
                        form = " ".join(tail)
                        forms.setdefault(stems, Counter())[_small(form)] += 1
            if not is_content(bare(word)) or token[-1] in ".,;:!?…":
                run = []
    return forms


def _small(form: str) -> str:
    return " ".join(w.lower() if w[1:].islower() or len(w) == 1 else w for w in form.split())


def _lower_first(text: str, names: Mapping[str, str]) -> str:
    first = text.split()[0]
    if bare(first) in names or any(char.isupper() for char in first[1:]):
        return text
    return text[0].lower() + text[1:]


def _tells(words: Sequence[str]) -> bool:
    return any(is_content(bare(word)) for word in words)
