"""The head of the chapter counts honestly: cells, and what was not heard, seen or checked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.article import FidelityReport
from pipeline.engine.workspace import Workspace
from pipeline.render.about import About, about
from pipeline.render.chapter import Sources, build_chapter
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from pipeline.transcript.asr.report import SpeechReport


def head(sources: Sources) -> About:
    return about(build_chapter(sources, RenderSettings()))


def cells_fact(sources: Sources) -> str:
    return next(fact.text for fact in head(sources).facts if fact.kind == "cells")


def whole(sample: Workspace) -> Sources:
    """The sample with nothing left out, heard from its sound."""
    listened = SpeechReport(engine="faster-whisper", audio_ms=200_000, voiced_ms=150_000)
    return replace(sources_of(sample), speech=listened, fidelity=FidelityReport(sections=()))


def test_excerpts_and_failed_cells_are_counted(sample: Workspace) -> None:
    sources = whole(sample)
    first, second, third, *rest = sources.report.cells
    cells = (
        first.model_copy(update={"status": "skipped", "tags": ("excerpt",)}),
        second.model_copy(update={"status": "failed"}),
        third.model_copy(update={"status": "mismatch"}),
        *rest,
    )
    changed = replace(sources, report=sources.report.model_copy(update={"cells": cells}))
    assert cells_fact(changed) == "4 code cells: 2 ran, 1 failed, 1 excerpt"
    known = [gap.text for gap in head(changed).known]
    assert known == ["1 code cell did not run", "1 piece of code was seen only in part"]
    assert cells_fact(sources) == "4 code cells, all ran"


def test_where_everything_was_heard_seen_and_checked_one_line_says_so(sample: Workspace) -> None:
    assert head(whole(sample)).complete_text.endswith("all screens were read, all code ran.")
    assert head(whole(sample)).known == ()


def test_a_chapter_without_code_does_not_say_that_all_of_it_ran(sample: Workspace) -> None:
    report = whole(sample).report.model_copy(update={"cells": ()})
    told = head(replace(whole(sample), report=report)).complete_text
    assert told.endswith("all speech has words, all screens were read.")


def test_captions_that_nobody_compared_with_the_sound_are_no_proof(sample: Workspace) -> None:
    taken = replace(whole(sample), speech=SpeechReport(engine="captions"))
    assert head(taken).complete_text == ""
    assert ["not compared with the sound" in gap.text for gap in head(taken).known] == [True]


def test_each_gap_leads_to_the_whole_of_it(sample: Workspace) -> None:
    told = head(replace(sources_of(sample), warnings=("two frames could not be read",)))
    assert told.complete_text == ""
    assert [(gap.text, gap.href) for gap in told.known][:2] == [
        ("1 part of the lecture left out", "#about-not_covered"),
        ("1 warning", "#about-warnings"),
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Known gaps: 1 warning, the captions were taken as they are and not compared with"
            " the sound.",
        ),
        ("zh", "已知缺漏：1 条警告、字幕按原样采用，未与声音核对。"),
        ("ja", "分かっている欠落：警告1件、字幕をそのまま使い、音声とは照合していません。"),
    ],
)
def test_the_line_of_gaps_is_punctuated_as_its_language_does(
    sample: Workspace, language: str, sentence: str
) -> None:
    sources = whole(sample)
    outline = sources.outline.model_copy(update={"language": language})
    captions = SpeechReport(engine="captions")
    told = head(replace(sources, outline=outline, speech=captions, warnings=("a frame is bad",)))
    assert told.known_text == sentence
    assert f'<a href="#about-warnings">{told.known[0].text}</a>' in told.known_line


def test_a_matter_of_taste_is_no_gap(sample: Workspace) -> None:
    sources = whole(sample)
    report = sources_of(sample).fidelity
    assert report
    section = report.sections[0].model_copy(
        update={
            "not_covered": (),
            "numbers_without_source": (),
            "problems": ("filler: say less", "impersonal: no you"),
        }
    )
    assert head(replace(sources, fidelity=FidelityReport(sections=(section,)))).complete_text
    wrong = section.model_copy(update={"problems": ("number: 5 is invented",)})
    assert head(replace(sources, fidelity=FidelityReport(sections=(wrong,)))).complete_text == ""
