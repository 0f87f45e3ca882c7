"""What the report says of each check: passed, failed, or that there is none for the language."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document.article import CheckResult
from pipeline.text.house_words import has_house_words
from pipeline.text.languages.codes import other_language
from pipeline.text.languages.guess import is_told
from pipeline.text.languages.known import language_of
from pipeline.text.numbers.number_words import reads_number_words
from pipeline.writing.checks.problems import Kind, Problem
from pipeline.writing.checks.terms import translated_terms
from pipeline.writing.prompt_context import PromptContext

_NAMES: dict[str, tuple[Kind, ...]] = {
    "citations": ("citation",),
    "numbers": ("number",),
    "coverage": ("coverage",),
    "length": ("length",),
    "language": ("language",),
    "identifiers": ("identifier",),
    "figures": ("figure",),
    "spelling": ("spelling",),
    "house words": ("filler", "remark", "heading"),
    "voice": ("voice", "impersonal"),
}


def results_of(problems: Sequence[Problem], material: PromptContext) -> dict[str, CheckResult]:
    """The result of each check of a section, by its name."""
    found = {problem.kind for problem in problems}
    missing = not_for(material)
    names = _NAMES | ({"terms": ("term",)} if translated_terms(material) else {})
    return {
        name: "not for this language"
        if name in missing
        else "failed"
        if found.intersection(kinds)
        else "passed"
        for name, kinds in names.items()
    }


def not_for(material: PromptContext) -> frozenset[str]:
    """The checks that do not exist for the chapter's language, or between the two languages."""
    missing: set[str] = set()
    if not has_house_words(material.written_in):
        missing.add("house words")
    if other_language(material.written_in, "en") or material.is_translated:
        missing.add("voice")
    if material.is_translated:
        missing.add("spelling")
    if not reads_number_words(material.spoken_in):
        missing.add("numbers")
    if material.written_in and not is_told(material.written_in):
        missing.add("language")
    if material.written_in and language_of(material.written_in) is None:
        missing.add("length")
    return frozenset(missing)
