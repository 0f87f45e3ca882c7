"""The chapter's page as a whole: honest, structured, and complete."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

from pipeline.document.article import FidelityReport
from pipeline.engine.stage_names import STAGE_NAMES
from pipeline.engine.workspace import Manifest, Workspace
from pipeline.render.about import about
from pipeline.render.chapter import Sources, build_chapter
from pipeline.render.files import Rendered, render_chapter
from pipeline.render.load import sources_of
from pipeline.render.page import chapter_html
from pipeline.settings.config import Config
from pipeline.settings.render import RenderSettings
from pipeline.stages.render import STAGE
from pipeline.transcript.asr.report import NameCorrection, SpeechReport, Unheard
from tests.render.sample import SECTIONS, sample_workspace


def test_every_section_and_figure_is_there(page: str) -> None:
    for title, _ in SECTIONS:
        assert title in page
    assert page.count("<figure") == 5


def test_every_local_address_on_the_page_exists(rendered: Rendered, page: str) -> None:
    for address in re.findall(r'(?:src|href)="([^"#:]+)"', page):
        local = unescape(address)
        is_library = local == "../../"  # where the server has it
        is_there = local in rendered.files or local.startswith("../download/")
        assert is_there or is_library, address


def test_every_anchor_resolves_and_is_used_once(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert unescape(anchor) in ids


def test_the_head_says_what_the_chapter_was_made_from(rendered: Rendered) -> None:
    told = {row.label: row.text for row in about(rendered.chapter).rows}
    assert told["Lecture"] == "Byte Pair Encoding"
    assert told["Speech"] == "captions"
    assert told["Text"] == "Written by a language model · sample-model"
    assert told["Code"] == "4 code cells, all ran"
    assert told["Fidelity"] == "480 words written for 720 spoken"


def test_how_it_was_made_stands_folded_behind_the_text_and_in_one_line_before_it(page: str) -> None:
    head, text = page.split("</header>\n<section", 1)
    end = text.rpartition("</section>")[2]
    assert "How this chapter was made" not in head and head.count('class="known-gaps"') == 1
    assert '<details class="about">\n  <summary>How this chapter was made</summary>' in end
    assert '<a href="#about">' in head and '<dl id="about">' in end
    assert 'href="#about-not_covered"' in head and 'id="about-not_covered"' in end


def test_what_the_text_leaves_out_is_listed_with_its_second(rendered: Rendered, page: str) -> None:
    (gap,) = about(rendered.chapter).gaps
    assert gap.title == "Parts of the lecture that the text leaves out"
    last = rendered.chapter.sources.segments.segments[-1]
    assert f'data-t="{last.start_ms}"' in gap.entries[0].link


def test_a_whole_fidelity_report_says_so(sample: Workspace) -> None:
    told = about(build_chapter(whole(sample), RenderSettings()))
    assert not told.gaps
    assert any(row.note.startswith("Every segment") for row in told.rows)


def test_the_transcript_edition_is_called_one(sample: Workspace) -> None:
    sources = sources_of(sample)
    article = sources.article.model_copy(update={"edition": "transcript", "model": None})
    html = chapter_html(build_chapter(replace(sources, article=article), RenderSettings()))
    assert "Transcript edition" in html
    assert "no language model wrote any of it" in html


def test_structured_data_names_the_clips(page: str) -> None:
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block
    data = json.loads(block[1])
    assert data["@type"] == "Article"
    recording = data["isBasedOn"]
    assert recording["@type"] == "VideoObject"
    assert [clip["name"] for clip in recording["hasPart"]] == [title for title, _ in SECTIONS]
    starts = [clip["startOffset"] for clip in recording["hasPart"]]
    assert starts == sorted(starts)


def test_a_title_cannot_end_the_structured_data(sample: Workspace) -> None:
    sources = sources_of(sample)
    article = sources.article.model_copy(update={"title": "</script><script>alert(1)</script>"})
    html = chapter_html(build_chapter(replace(sources, article=article), RenderSettings()))
    assert "<script>alert" not in html


def test_the_policy_in_the_page_allows_nothing_inline(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src &#39;none&#39;; script-src &#39;self&#39;;" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"\sstyle=", page)


def test_the_title_has_the_same_quotes_in_the_bar_as_above_the_text(sample: Workspace) -> None:
    sources = sources_of(sample)
    article = sources.article.model_copy(update={"title": "Let's build"})
    html = chapter_html(build_chapter(replace(sources, article=article), RenderSettings()))
    assert html.count(">Let’s build</") == 2


def test_the_page_speaks_the_chapters_language(work: Workspace) -> None:
    sources = sources_of(work)
    outline = sources.outline.model_copy(update={"language": "de"})
    html = chapter_html(build_chapter(replace(sources, outline=outline), RenderSettings()))
    assert '<html lang="de" dir="ltr">' in html
    assert "Wie dieses Kapitel entstand" in html


def test_a_chapter_in_arabic_runs_from_right_to_left(work: Workspace) -> None:
    sources = sources_of(work)
    outline = sources.outline.model_copy(update={"language": "ar"})
    html = chapter_html(build_chapter(replace(sources, outline=outline), RenderSettings()))
    assert '<html lang="ar" dir="rtl">' in html


def test_rendering_twice_gives_the_same_bytes(sample: Workspace, rendered: Rendered) -> None:
    assert render_chapter(sources_of(sample), RenderSettings()).files == rendered.files


def test_without_a_player_the_times_are_still_links(sample: Workspace) -> None:
    chapter = build_chapter(sources_of(sample), RenderSettings(player="none"))
    html = chapter_html(chapter)
    assert 'id="player"' not in html
    assert 'href="../download/bpe%20mini%20lecture.mp4#t=' in html


def test_a_video_from_youtube_links_there_and_plays_the_local_file(work: Workspace) -> None:
    workspace = sample_workspace(work.root, url="https://www.youtube.com/watch?v=zduSFxRajkE")
    html = chapter_html(build_chapter(sources_of(workspace), RenderSettings()))
    assert 'href="https://www.youtube.com/watch?v=zduSFxRajkE&amp;t=17s"' in html
    assert 'data-file="../download/bpe%20mini%20lecture.mp4"' in html
    assert 'data-embed="https://www.youtube-nocookie.com/embed/zduSFxRajkE"' in html


def test_speech_that_could_not_be_transcribed_is_listed_with_links_to_its_seconds(
    sample: Workspace,
) -> None:
    unheard = (
        Unheard(start_ms=17_000, end_ms=29_000, reason="no_words"),
        Unheard(start_ms=190_000, end_ms=192_000, reason="other_language"),
    )
    speech = SpeechReport(engine="whisper", unheard=unheard)
    chapter = build_chapter(replace(whole(sample), speech=speech), RenderSettings())
    told = about(chapter)
    (notice,) = told.notices
    assert notice.text == "14 s of speech could not be transcribed:"
    assert ['data-t="17000"' in notice.links[0], 'data-t="190000"' in notice.links[1]] == [True] * 2
    (gap,) = told.gaps
    assert gap.title == "Speech that could not be transcribed"
    assert [entry.text for entry in gap.entries] == [
        "12 s, no words found", "2 s, in another language",
    ]  # fmt: skip
    assert "Every segment" not in str(told)
    page = chapter_html(chapter)
    assert '<p class="notice" role="note">14 s of speech could not be transcribed: <a' in page


def test_a_chapter_without_a_spoken_word_says_so_and_claims_nothing(sample: Workspace) -> None:
    chapter = build_chapter(whole(sample), RenderSettings())
    silent = chapter.sources.transcript.model_copy(update={"cues": ()})
    told = about(replace(chapter, sources=replace(chapter.sources, transcript=silent)))
    (notice,) = told.notices
    assert notice.text.startswith("No spoken word was found in this lecture")
    assert "Every segment" not in str(told)


def test_warnings_of_the_stages_that_read_the_lecture_stay_on_the_page(work: Workspace) -> None:
    for stage in STAGE_NAMES[:3]:
        manifest = Manifest(
            stage=stage, inputs={}, outputs={}, finished_at="",
            warnings=(f"{stage}: {work.root.absolute()}/download/odd",),
            duration_ms=0,
        )  # fmt: skip
        work.folder(stage).finish(manifest)
    told = about(build_chapter(sources_of(work), RenderSettings()))
    gap = told.gaps[-1]
    assert (gap.key, gap.title) == ("warnings", "Warnings while the lecture was read")
    assert [entry.text for entry in gap.entries] == ["screens: odd", "transcribe: odd"]
    assert STAGE.finds(work, Config()) == {"warnings": "screens: odd\ntranscribe: odd"}


def whole(sample: Workspace) -> Sources:
    """The sample's sources, with nothing left out of the text."""
    sources = sources_of(sample)
    assert sources.fidelity
    sections = [one.model_copy(update={"not_covered": ()}) for one in sources.fidelity.sections]
    return replace(sources, fidelity=FidelityReport(sections=tuple(sections)))


def test_names_that_were_set_right_are_listed_and_count_as_no_gap(work: Workspace) -> None:
    made = [(5_000, 8_000), (65_000, 8_000), (70_000, None)]
    corrections = tuple(
        NameCorrection(start_ms=at, heard=f"Tik {part}", written="tiktoken", shown_ms=shown)
        for part, (at, shown) in zip(("token", "token", "toen"), made, strict=True)
    )
    sources = sources_of(work)
    before = about(render_chapter(sources, RenderSettings()).chapter)
    report = SpeechReport(engine="captions", corrections=corrections)
    made_of = replace(sources, speech=report)
    after = about(render_chapter(made_of, RenderSettings()).chapter)
    assert after.known == before.known
    first, second = after.gaps[-1].entries
    assert first.text == "Tik token → tiktoken (On screen at 0:08)"
    assert first.link.count("<a ") == 2
    assert second.text == "Tik toen → tiktoken"
