"""Which entries of a model's study aids may stand in the chapter."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.llm.structured import ReplyModel
from pipeline.text.languages.guess import is_foreign
from pipeline.text.numbers.reading import written_numbers


class Entry(ReplyModel):
    """A line, an exercise or a question with its answer, and the segments that say so."""

    text: str
    segments: tuple[str, ...]
    answer: str = ""


def faults_of(
    entry: Entry, cited: Collection[str], numbers: Collection[str], language: str | None
) -> list[str]:
    """What is wrong with an entry, a line each; empty for nothing.

    Args:
        cited: ids of the segments that the chapter cites.
        numbers: those that stand in the chapter.
        language: tag of the chapter's; None where it is not known.
    """
    words = f"{entry.text} {entry.answer}".strip()
    told = f'"{" ".join(entry.text.split())[:60]}"'
    if not entry.text.strip():
        return ["an entry is empty"]
    faults = []
    if not entry.segments:
        faults.append(f"{told} names no segment")
    if unknown := [name for name in entry.segments if name not in cited]:
        faults.append(f"{told}: {', '.join(unknown)} is not cited in the chapter")
    if invented := sorted(set(written_numbers(words)) - set(numbers)):
        faults.append(f"{told}: {', '.join(invented)} does not stand in the chapter")
    if is_foreign(words, language):
        faults.append(f"{told} is not in the chapter's language")
    return faults
