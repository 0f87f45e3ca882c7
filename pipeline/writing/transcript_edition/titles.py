"""Headings for parts that nobody named: a slide's title, a question asked, or the key phrases."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import regex

from pipeline.text.content import content_terms
from pipeline.text.english import ARTICLES, AUXILIARIES, POINTERS, word_set
from pipeline.text.headline import headline
from pipeline.text.languages.codes import base_language, other_language
from pipeline.text.languages.connectives import without_connectives
from pipeline.text.languages.noun_phrases import as_heading
from pipeline.text.languages.stop_words import is_content
from pipeline.text.punctuation import ends_clause, ends_sentence
from pipeline.text.scripts import is_unspaced
from pipeline.text.stemming import stem
from pipeline.text.words import bare
from pipeline.writing.transcript_edition.proper_names import respelled
from pipeline.writing.transcript_edition.punctuation.disfluencies import has_words
from pipeline.writing.transcript_edition.punctuation.part_of_speech import PartsOfSpeech
from pipeline.writing.transcript_edition.shown_titles import is_no_title

_LONGEST_PHRASE = 3
_SELDOM = 3
_OFTEN = 4
# A word in more of the parts than this names none of them.
_COMMON = 0.34
_OPENING_SENTENCES = 3
_QUESTION = re.compile(
    r"^(?:(?:so|now|and|but|okay|well|(?:the )?next question(?: is)?)[ ,:]+)*+"
    r"((?:what|why|how|where)\b[^?]*)\?",
    re.IGNORECASE,
)
_ANNOUNCEMENT = re.compile(
    r"(?:let's|let me|i'd like to|i want to|i wanted to|we want to|i'm going to|going to) "
    r"(?:\w+ ){0,2}?(?P<verb>look at|talk about|go to|go into|turn to|move on to|discuss|cover|"
    r"introduce|show you|take a look at|consider|start with|begin with|come to|implement|write|"
    r"build|train|define|address|explain) (?:about |an example of )?(?P<rest>.+)",
    re.IGNORECASE,
)
# A sentence that says what comes now: a part begins with it.
_SUBJECT = r"(?:cover|talk about|discuss|move on|turn to|switch to|go on to|introduce)\b"
_NEW_SUBJECT = re.compile(
    r"^(?:(?:so|and|but|okay|ok|alright|all right|well|now|then)[ ,]+)*+(?:"
    r"(?:the )?(?:next|last|final) (?:question|topic|part|section|subject)\b"
    r"|(?:(?:next|finally)[ ,]+)?(?:"
    rf"(?:i'm|we're|i am|we are) (?:now |next )?(?:going to|gonna) (?:now |next )?{_SUBJECT}"
    rf"|(?:i'll|we'll|i want to|i'd like to|let's|let us) (?:now |next )?{_SUBJECT})"
    r"|moving on\b)",
    re.IGNORECASE,
)
_DOING = {
    "implement": "Implementing",
    "write": "Writing",
    "build": "Building",
    "train": "Training",
    "define": "Defining",
}
_EARLY = 4
# Nouns of Japanese: a run of kanji and katakana, or two of them with "no" between.
_COMPOUND = regex.compile(r"(?:[\p{Han}\p{Katakana}ー・々]{2,}の)?[\p{Han}\p{Katakana}ー・々]{3,}")
_ADJECTIVE_ENDS = "的化"
_EDGES = regex.compile(r"^[\p{P}\p{S}]+|[\p{P}\p{S}]+$")
_BOILERPLATE = word_set(
    "introduction conclusion summary overview agenda outline contents questions thanks"
)


class TitleMaker:
    """Names the parts of one lecture, so that no two names are alike.

    Args:
        parts: the text of every part, in order: what is common to all of them is no title.
        names: right spellings (see ``pipeline.writing.transcript_edition.proper_names``).
        language: of the lecture, None: English. Questions and announcements are found in English.
        taken: headings that are used already.
    """

    def __init__(
        self,
        parts: Sequence[str],
        names: Mapping[str, str],
        language: str | None,
        taken: Collection[str] = (),
    ) -> None:
        self._names = names
        self._language = language
        self._english = not other_language(language, "en") and not any(map(is_unspaced, parts))
        self._taken = {bare(title) for title in taken}
        self._said = [frozenset(content_terms(title, language)) for title in taken]
        self._texts = parts
        self._parts = max(len(parts), 1)
        found = [content_terms(part, language) for part in parts]
        self._spread = Counter(term for part in found for term in set(part))
        self._total = Counter(term for part in found for term in part)
        self._use = PartsOfSpeech([bare(word) for part in parts for word in part.split()])

    def title(self, sentences: Sequence[str], slides: Sequence[str] = ()) -> str | None:
        """A heading for the part with these sentences, or None when nothing tells it.

        Args:
            slides: titles of the slides that come up in it, in order.
        """
        said = [*sentences, *self._texts]
        candidates = [
            *(
                headline(slide, self._language)
                for slide in slides
                if self._is_readable(slide) and not is_no_title(slide, said)
            ),
            *self._question(sentences),
            *self._announced(sentences),
            *self._phrases(sentences),
        ]
        for candidate in candidates:
            key = bare(candidate)
            stems = frozenset(content_terms(candidate, self._language))
            used = any(stems and stems <= other for other in self._said)
            if key and key not in self._taken and key not in _BOILERPLATE and not used:
                self._taken.add(key)
                self._said.append(stems)
                return candidate
        return None

    def opening(self, sentences: Sequence[str]) -> str | None:
        """The first words of the part, for one that has to have a heading; None without words."""
        words = filter(has_words, " ".join(sentences[:_OPENING_SENTENCES]).split())
        said = without_connectives(" ".join(words), self._language)
        return headline(said, self._language) or None

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

    def _announced(self, sentences: Sequence[str]) -> list[str]:
        """What the first sentences say comes now ("let's look at the training set")."""
        found = []
        for sentence in sentences[:_EARLY] if self._english else ():
            for match in _ANNOUNCEMENT.finditer(sentence):
                phrase = self._noun_phrase(match["rest"].split())
                if len(phrase) > 1 or (phrase and announces(sentence)):
                    doing = _DOING.get(match["verb"].lower(), "")
                    form = " ".join(respelled(word, self._names) for word in phrase)
                    found.append(f"{doing} the {form}" if doing else form[0].upper() + form[1:])
        return found

    def _noun_phrase(self, words: Sequence[str]) -> list[str]:
        """The words of the noun phrase that ``words`` begin with, without article; else []."""
        phrase: list[str] = []
        for position, word in enumerate(words):
            key = bare(word)
            if key in ARTICLES | POINTERS and not phrase and position < 2:
                continue
            if not is_content(key) or "'" in word:
                break
            phrase.append(word.strip(".,;:!?"))
            if word[-1] in ".,;:!?":
                break
        known = all(self._total[stem(bare(word), self._language)] >= _SELDOM for word in phrase)
        if (
            phrase
            and known
            and len(phrase) <= _LONGEST_PHRASE + 1
            and self._use.is_noun(bare(phrase[-1]))
        ):
            return phrase
        return []

    def _phrases(self, sentences: Sequence[str]) -> list[str]:
        forms = _forms(sentences, base_language(self._language or "en"))
        ranked = sorted(
            ((self._weight(stems, shown), stems, shown) for stems, shown in forms.items()),
            key=lambda item: (-item[0], item[1]),
        )
        ranked = [item for item in ranked if item[0] > 0][:8]
        return [self._show(shown) for _, stems, shown in ranked if len(stems) > 1]

    def _is_readable(self, slide: str) -> bool:
        """Whether a slide's title was read right: outside of English half of it has to be said.

        What reads pictures knows few scripts, and drops the accents of others.
        """
        found = set(content_terms(slide, self._language))
        if self._english or not found:
            return self._english
        return 2 * sum(term in self._total for term in found) >= len(found)

    def _weight(self, stems: tuple[str, ...], shown: Counter[str]) -> float:
        """How well a phrase names a part: often here, seldom elsewhere, long, and a noun.

        0 for what is said too seldom, here or in the whole lecture (a slip of the recogniser).
        """
        count = shown.total()
        form = min(shown, key=lambda one: (-shown[one], one))
        last = bare(form.split()[-1])
        if count < (_OFTEN if len(stems) == 1 else 2):
            return 0.0
        if self._english and not self._use.is_noun(last):
            return 0.0
        if as_heading(form, self._language) is None:
            return 0.0
        if len(stems) == 1 and self._spread[stems[0]] > max(1, _COMMON * self._parts):
            return 0.0
        if any(self._total[term] < _SELDOM or _is_odd(term, self._names) for term in stems):
            return 0.0
        rarity: list[float] = [0.1 + math.log(self._parts / self._spread[term]) for term in stems]
        # Longer phrases tell more, each word of them less.
        return math.log(1 + count) * sum(rarity) / math.pow(len(stems), 0.3)

    def _show(self, shown: Counter[str]) -> str:
        form = min(shown, key=lambda one: (-shown[one], one))
        form = as_heading(form, self._language) or form
        words = [respelled(word, self._names) for word in form.split()]
        text = " ".join(words)
        return text[0].upper() + text[1:]


def announces(sentence: str) -> bool:
    """Whether an English sentence says what comes now.

    >>> announces("Now I'm going to cover debuggers."), announces("Next question, how fast is it?")
    (True, True)
    >>> announces("We talk about the next token a lot.")
    False
    """
    return bool(_NEW_SUBJECT.match(sentence.replace("’", "'")))


def _is_odd(term: str, names: Mapping[str, str]) -> bool:
    """Letters and digits mixed, and no known name: a name that was misheard, most likely."""
    return any(char.isdigit() for char in term) and term not in names


def _forms(sentences: Sequence[str], language: str | None) -> dict[tuple[str, ...], Counter[str]]:
    """Every phrase of content words, by its stems, with the forms it was said in."""
    forms: dict[tuple[str, ...], Counter[str]] = {}
    for sentence in sentences:
        for compound in _COMPOUND.findall(sentence) if language == "ja" else ():
            stems = tuple(content_terms(compound, language))
            if stems and compound[-1] not in _ADJECTIVE_ENDS:
                forms.setdefault(stems, Counter())[compound] += 1
        run: list[str] = []
        for token in [*sentence.split(), "."]:
            word = _EDGES.sub("", token)
            if is_content(bare(word), language) and "'" not in word and "’" not in word:
                run.append(word)
                for size in range(1, min(_LONGEST_PHRASE, len(run)) + 1):
                    tail = run[-size:]
                    stems = tuple(stem(bare(one), language) for one in tail)
                    if len(set(stems)) == size:
                        form = " ".join(tail)
                        forms.setdefault(stems, Counter())[_small(form, language)] += 1
            if not is_content(bare(word), language) or ends_clause(token) or ends_sentence(token):
                run = []
    return forms


def _small(form: str, language: str | None) -> str:
    """Small letters in English; elsewhere as spoken: German nouns have capitals."""
    if other_language(language, "en"):
        return form
    return " ".join(w.lower() if w[1:].islower() or len(w) == 1 else w for w in form.split())


def _tells(words: Sequence[str]) -> bool:
    return any(is_content(bare(word)) for word in words)
