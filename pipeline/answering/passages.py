"""The passages of a chapter, and those of them that a question is about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document.article import Article
from pipeline.document.blocks import AnyBlock, Cell, Heading, Listing
from pipeline.document.walk import prose_of, walk
from pipeline.text.content import content_terms

# Okapi BM25 with the usual constants (Robertson and Zaragoza 2009, 3.4).
_K1, _B = 1.2, 0.75


@dataclass(frozen=True)
class FoundPassage:
    """A stretch of text of a chapter: the name it is cited by, where it stands, its moment.

    ``lecture`` is the id of the lecture's folder; ``text`` is prose, code as it stands.
    """

    name: str
    lecture: str
    section: str
    at_ms: int
    text: str


def passages_of(lecture: str, article: Article, first: int = 1) -> list[FoundPassage]:
    """The passages in reading order, named ``p1``, ``p2``, ... from ``first`` on.

    A passage is a block of a section with the code that follows it; a block whose moment is not
    known has that of the block before.
    """
    found: list[FoundPassage] = []
    for section in article.sections:
        moment = section.start_ms
        for block in section.blocks:
            text = _text_of(block)
            if isinstance(block, Heading) or not text:
                continue
            moment = moment if block.moment_ms is None else block.moment_ms
            name = f"p{first + len(found)}"
            found.append(FoundPassage(name, lecture, section.title, moment, text))
    return found


def best(
    question: str, passages: Sequence[FoundPassage], most: int, language: str | None = None
) -> list[FoundPassage]:
    """At most ``most`` passages that the question may be about, in reading order.

    They are ranked by BM25 over stems, in scripts without spaces over pairs of letters. Where no
    word of the question is in any of them, the first of each section are taken: it may be asked in
    another language.
    """
    terms = set(content_terms(question, language))
    texts = [Counter(content_terms(f"{one.text} {one.section}", language)) for one in passages]
    lengths = [sum(counts.values()) for counts in texts]
    average = sum(lengths) / max(1, len(lengths))
    weights = {
        term: math.log(1 + (len(texts) - holds + 0.5) / (holds + 0.5))
        for term in terms
        if (holds := sum(term in counts for counts in texts))
    }
    scores = [
        sum(
            weight * counts[term] * (_K1 + 1)
            / (counts[term] + _K1 * (1 - _B + _B * length / max(1.0, average)))
            for term, weight in weights.items()
        )
        for counts, length in zip(texts, lengths, strict=True)
    ]  # fmt: skip
    ranked = sorted(range(len(passages)), key=lambda at: (-scores[at], at))
    chosen = [at for at in ranked if scores[at] > 0][:most]
    return [passages[at] for at in sorted(chosen or _firsts(passages)[:most])]


def _firsts(passages: Sequence[FoundPassage]) -> list[int]:
    seen: dict[tuple[str, str], int] = {}
    for at, one in enumerate(passages):
        seen.setdefault((one.lecture, one.section), at)
    return list(seen.values())


def _text_of(block: AnyBlock) -> str:
    code = [one.source for one in walk([block]) if isinstance(one, (Cell, Listing))]
    return "\n".join(part.strip() for part in [prose_of([block]), *code] if part.strip())
