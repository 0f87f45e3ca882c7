"""What the chapter lacks: what was not heard, seen, written or checked, each with its second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.i18n.formats import length_text
from pipeline.i18n.page import counted
from pipeline.render.chapter import ChapterPage
from pipeline.render.verdicts import EXCERPT, RAN, cell_counts
from pipeline.timecode import clock
from pipeline.transcript.asr.report import NameCorrection, Unheard

# Problems of the text that are a matter of taste: kept in fidelity.json, no gap of the chapter.
_TASTE = ("filler: ", "impersonal: ")


@dataclass(frozen=True)
class ReportEntry:
    """Something the fidelity report lists, with the link to its second (HTML), and that moment in
    ms; None where it has none."""

    link: Markup
    text: str
    moment_ms: int | None = None


@dataclass(frozen=True)
class ReportedGap:
    """A titled list of entries; ``key`` is its anchor."""

    key: str
    title: str
    entries: tuple[ReportEntry, ...]


@dataclass(frozen=True)
class KnownGap:
    """What the chapter lacks, in a few words; ``href`` leads to the whole of it."""

    text: str
    href: str = ""


def gaps_of(chapter: ChapterPage) -> list[ReportedGap]:
    """What is missing or wrong, each entry with its second."""
    words = chapter.words
    unheard = [
        ReportEntry(
            Markup(chapter.pieces.time_link(one.start_ms, "time inline")),
            f"{length_text(one.end_ms - one.start_ms, chapter.language)}, "
            f"{words[f'unheard_{one.reason}']}",
            one.start_ms,
        )
        for one in unheard_in(chapter)
    ]
    warnings = [ReportEntry(Markup(), warning) for warning in chapter.sources.warnings]
    gaps = [("unheard", unheard), *_fidelity_gaps(chapter), ("warnings", warnings)]
    return [ReportedGap(key, words[key], tuple(entries)) for key, entries in gaps if entries]


def _fidelity_gaps(chapter: ChapterPage) -> list[tuple[str, list[ReportEntry]]]:
    """What the fidelity report lists."""
    report = chapter.sources.fidelity
    if report is None:
        return []
    segments = {segment.id: segment for segment in chapter.sources.segments.segments}
    starts = {section.section.id: section.section.start_ms for section in chapter.sections}

    def entry(ms: int, text: str) -> ReportEntry:
        return ReportEntry(Markup(chapter.pieces.time_link(ms, "time inline")), text, ms)

    left_out = [
        entry(segments[name].start_ms, _shortened(segments[name].text))
        for section in report.sections
        for name in section.not_covered
        if name in segments
    ]
    numbers = [
        entry(starts.get(section.id, 0), f"{section.title}: {', '.join(found)}")
        for section in report.sections
        if (found := section.numbers_without_source + section.identifiers_without_source)
    ]
    problems = [
        entry(starts.get(section.id, 0), f"{section.title}: {problem}")
        for section in report.sections
        for problem in section.problems
        if not problem.startswith(_TASTE)
    ]
    return [
        ("not_covered", left_out),
        ("numbers_without_source", numbers),
        ("problems", problems),
    ]


def _shortened(text: str, most: int = 140) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def corrections_listed(chapter: ChapterPage) -> list[ReportedGap]:
    """The misheard names and numbers that were set right, in one list: each with the seconds at
    which it was heard, and the screen that proves it. No gaps: they are not counted among those."""
    speech, words = chapter.sources.speech, chapter.words
    heard: dict[tuple[str, str], list[NameCorrection]] = {}
    for one in speech.corrections if speech else ():
        heard.setdefault((one.heard, one.written), []).append(one)
    entries = []
    for (wrong, right), found in heard.items():
        links = [chapter.pieces.time_link(one.start_ms, "time inline") for one in found]
        shown_ms = found[0].shown_ms
        proof = "" if shown_ms is None else words["on_screen"].format(time=clock(shown_ms))
        text = f"{wrong} → {right}" + (f" ({proof})" if proof else "")
        entries.append(ReportEntry(Markup(" ".join(links)), text, found[0].start_ms))
    return [ReportedGap("corrections", words["corrections"], tuple(entries))] if entries else []


def known_gaps(chapter: ChapterPage, gaps: Sequence[ReportedGap]) -> list[KnownGap]:
    """What was not heard, seen or checked, in short, each with the place that tells more.

    Speech without words and lectures without speech have a notice of their own.
    """
    words, sources = chapter.words, chapter.sources
    found = [
        KnownGap(counted(words, f"gap_{gap.key}", len(gap.entries)), f"#about-{gap.key}")
        for gap in gaps
        if gap.key != "unheard"
    ]
    if sources.transcript.cues and not (sources.speech and sources.speech.audio_ms):
        found.append(KnownGap(words["gap_not_listened"]))
    if counts := cell_counts(sources.report):
        if wrong := counts.total() - counts[RAN] - counts[EXCERPT]:
            found.append(KnownGap(counted(words, "gap_cells", wrong)))
        if counts[EXCERPT]:
            found.append(KnownGap(counted(words, "gap_excerpts", counts[EXCERPT])))
    return found


def unheard_in(chapter: ChapterPage) -> tuple[Unheard, ...]:
    """The stretches of speech that have no word in the transcript."""
    speech = chapter.sources.speech
    return speech.unheard if speech else ()
