"""What search engines read of a chapter: the article, its recording and the sections as clips."""

from __future__ import annotations

import json
from dataclasses import replace

from pipeline.engine.workspace import Workspace
from pipeline.render.chapter import Sources, build_chapter
from pipeline.render.load import sources_of
from pipeline.render.schema_org import description, structured_data
from pipeline.settings.render import RenderSettings


def data(sources: Sources) -> dict[str, object]:
    found: dict[str, object] = json.loads(structured_data(build_chapter(sources, RenderSettings())))
    return found


def with_video(sample: Workspace, **fields: object) -> Sources:
    sources = sources_of(sample)
    return replace(sources, video=sources.video.model_copy(update=fields))


def test_the_article_says_what_it_is_based_on_and_when_it_was_made(sample: Workspace) -> None:
    sources = replace(sources_of(sample), made_on="2026-11-28")
    article = data(sources)
    assert article["headline"] == sources.article.title
    assert article["dateModified"] == "2026-11-28"
    recording = article["isBasedOn"]
    assert isinstance(recording, dict) and recording["name"] == sources.video.title
    assert [clip["name"] for clip in recording["hasPart"]] == [
        section.title for section in sources.article.sections
    ]
    assert "dateModified" not in data(replace(sources, made_on=""))


def test_who_made_the_recording_and_when_is_said_where_it_is_known(sample: Workspace) -> None:
    known = with_video(sample, uploader="Ada", upload_date="2024-02-20", duration_ms=3_723_000)
    recording = data(known)["isBasedOn"]
    assert isinstance(recording, dict)
    assert recording["creator"] == {"@type": "Person", "name": "Ada"}
    assert (recording["uploadDate"], recording["duration"]) == ("2024-02-20", "PT1H2M3S")
    unknown = data(with_video(sample, uploader=None, upload_date=None))
    assert "author" not in unknown and "uploadDate" not in unknown["isBasedOn"]  # type: ignore[operator]


def test_a_clip_links_to_its_second_of_a_video_on_the_web(sample: Workspace) -> None:
    recording = data(with_video(sample, url="https://www.youtube.com/watch?v=zduSFxRajkE"))
    clips = recording["isBasedOn"]["hasPart"]  # type: ignore[index]
    assert clips[0]["url"].startswith("https://www.youtube.com/watch?v=zduSFxRajkE")
    assert all(clip["startOffset"] < clip["endOffset"] for clip in clips)


def test_a_title_cannot_end_the_script(sample: Workspace) -> None:
    sources = with_video(sample, title="</script><b>&")
    text = structured_data(build_chapter(sources, RenderSettings()))
    assert not {"<", ">", "&"} & set(text)
    assert json.loads(text)["isBasedOn"]["name"] == "</script><b>&"


def test_without_a_summary_the_first_passage_describes_the_chapter(sample: Workspace) -> None:
    sources = sources_of(sample)
    plain = replace(sources, outline=sources.outline.model_copy(update={"summary": ""}))
    first = next(
        passage.text
        for page in build_chapter(plain, RenderSettings()).sections
        for passage in page.prose.passages
        if passage.text
    )
    told = description(build_chapter(plain, RenderSettings()))
    assert told.removesuffix(" …") in " ".join(first.split())
