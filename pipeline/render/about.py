"""What the page says about how the chapter was made: in short at its head, the whole at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.i18n.formats import date_text, length_text, list_separator
from pipeline.i18n.page import counted
from pipeline.render.chapter import ChapterPage
from pipeline.render.gaps import (
    KnownGap,
    ReportedGap,
    corrections_listed,
    gaps_of,
    known_gaps,
    unheard_in,
)
from pipeline.render.verdicts import EXCERPT, RAN, cell_counts, ran
from pipeline.timecode import clock

_WORDS_PER_MINUTE = 220  # silent reading of English non-fiction: Brysbaert 2019 gives 238


@dataclass(frozen=True)
class Fact:
    """A short fact under the title; ``url`` is a link of the page alone, ``moment`` (ms) where it
    plays the lecture."""

    kind: str
    icon: str
    text: str
    url: str | None = None
    moment: int | None = None


@dataclass(frozen=True)
class AboutRow:
    """A line of the details at the end: label, text and an explaining note."""

    label: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Notice:
    """What a reader has to know before the first line, about some moments (ms); ``links`` lead to
    them (HTML)."""

    text: str
    moments: tuple[int, ...] = ()
    links: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class About:
    """All of it, in the order of the page.

    ``gaps`` ends with the names that were set right, which are none. ``known`` sums the others up
    for the head, ``known_text`` and ``known_line`` (HTML, with links)
    in a sentence, "" where nothing is known. ``complete_text`` says that nothing
    is known to be missing, "" where there is a gap or a notice.
    """

    kicker: str
    notices: tuple[Notice, ...]
    facts: tuple[Fact, ...]
    rows: tuple[AboutRow, ...]
    gaps: tuple[ReportedGap, ...]
    known: tuple[KnownGap, ...]
    known_text: str
    known_line: Markup
    complete_text: str


def about(chapter: ChapterPage) -> About:
    """What the page says about itself."""
    video = chapter.sources.video
    kicker = " · ".join(
        filter(None, [video.uploader, date_text(video.upload_date or "", chapter.language)])
    )
    notices, gaps = _notices(chapter), gaps_of(chapter)
    known = known_gaps(chapter, gaps)
    return About(
        kicker,
        tuple(notices),
        tuple(_facts(chapter)),
        tuple(_rows(chapter)),
        (*gaps, *corrections_listed(chapter)),
        tuple(known),
        _known_line(chapter, [escape(gap.text) for gap in known]).unescape(),
        _known_line(chapter, [_linked(gap) for gap in known]),
        complete_text="" if notices or known else _complete_text(chapter),
    )


def _complete_text(chapter: ChapterPage) -> str:
    has_code = cell_counts(chapter.sources.report).total() > 0
    return chapter.words["gaps_none" if has_code else "gaps_none_without_code"]


def _facts(chapter: ChapterPage) -> list[Fact]:
    words, sources = chapter.words, chapter.sources
    video = sources.video
    length = length_text(video.end_ms - video.start_ms, chapter.language)
    minutes = max(1, round(chapter.word_count / _WORDS_PER_MINUTE))
    start = chapter.pieces.url(video.start_ms)
    facts = [
        Fact("watch", "play", f"{words['watch']} ({length})", start, video.start_ms),
        Fact("read", "book", words["read_time"].format(minutes=minutes)),
        Fact("edition", "pen", words[f"edition_{sources.article.edition}"], "#about"),
    ]
    if ran(sources.report)[1]:
        facts.insert(2, Fact("cells", "code", cells_line(chapter)))
    return facts


def _notices(chapter: ChapterPage) -> list[Notice]:
    words, sources = chapter.words, chapter.sources
    if not sources.transcript.cues:
        return [Notice(words["silent_notice"])]
    if not (unheard := unheard_in(chapter)):
        return []
    total = length_text(sum(one.end_ms - one.start_ms for one in unheard), chapter.language)
    moments = tuple(one.start_ms for one in unheard)
    links = tuple(Markup(chapter.pieces.time_link(ms, "time inline")) for ms in moments)
    return [Notice(words["unheard_notice"].format(length=total), moments, links)]


def cells_line(chapter: ChapterPage) -> str:
    """What became of all cells, in words."""
    words, counts = chapter.words, cell_counts(chapter.sources.report)
    passed, total = counts[RAN], counts.total()
    if not total:
        return words["cells_none"]
    if passed == total:
        return words["cells_all"].format(total=total)
    parts = [f"{count} {words[name]}" for name, count in counts.most_common() if name != EXCERPT]
    if counts[EXCERPT]:
        parts.append(counted(words, "cells_excerpts", counts[EXCERPT]))
    listed = list_separator(chapter.language).join(parts)
    return words["cells_listed"].format(total=total, parts=listed)


def _linked(gap: KnownGap) -> Markup:
    if not gap.href:
        return escape(gap.text)
    return Markup('<a href="{}">{}</a>').format(gap.href, gap.text)


def _known_line(chapter: ChapterPage, parts: Sequence[Markup]) -> Markup:
    """The sentence that lists what is known to be missing; "" for nothing."""
    listed = Markup(list_separator(chapter.language)).join(parts)
    return Markup(escape(chapter.words["gaps_known"])).format(gaps=listed) if parts else Markup()


def _rows(chapter: ChapterPage) -> list[AboutRow]:
    words, sources = chapter.words, chapter.sources
    video, transcript = sources.video, sources.transcript
    rows = [AboutRow(words["lecture"], video.title, video.url or "")]
    if video.uploader:
        rows.append(AboutRow(words["lecturer"], video.uploader))
    if video.upload_date:
        rows.append(AboutRow(words["published"], date_text(video.upload_date, chapter.language)))
    length = length_text(video.duration_ms, chapter.language)
    if video.end_ms - video.start_ms < video.duration_ms:
        part = f"{clock(video.start_ms)} – {clock(video.end_ms)}"
        rows += [AboutRow(words["length"], length), AboutRow(words["part"], part)]
    else:
        rows.append(AboutRow(words["length"], length))
    engine = " · ".join(filter(None, [transcript.engine, transcript.model]))
    rows.append(AboutRow(words["speech"], engine))
    edition = sources.article.edition
    model = f" · {sources.article.model}" if sources.article.model else ""
    rows.append(
        AboutRow(
            words["text"], words[f"edition_{edition}"] + model, words[f"edition_{edition}_note"]
        )
    )
    rows.append(AboutRow(words["code"], cells_line(chapter), _cell_detail(chapter)))
    for index, oracle in enumerate(sources.report.oracles):
        label = "" if index else words["oracles"]
        rows.append(
            AboutRow(label, f"{oracle.name}: {words[f'oracle_{oracle.status}']}", oracle.detail)
        )
    if sources.fidelity:
        out = sum(section.words_out for section in sources.fidelity.sections)
        spoken = sum(section.words_in for section in sources.fidelity.sections)
        whole = sources.transcript.cues and not gaps_of(chapter)
        clean = words["fidelity_clean"] if whole else ""
        text = words["fidelity_words"].format(out=out, spoken=spoken)
        rows.append(AboutRow(words["fidelity"], text, clean))
    if sources.made_on:
        rows.append(AboutRow(words["made_on"], sources.made_on))
    return rows


def _cell_detail(chapter: ChapterPage) -> str:
    counts = {status: count for status, count in chapter.sources.report.summary if count}
    separator = list_separator(chapter.language)
    listed = separator.join(f"{count} {chapter.words[status]}" for status, count in counts.items())
    parts = [listed if counts.keys() - {"passed"} else "", chapter.sources.report.sandbox]
    return " · ".join(part for part in parts if part)
