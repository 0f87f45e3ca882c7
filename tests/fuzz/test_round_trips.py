"""What is written is read back: nothing lost, nothing twice, nothing changed."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document.article import Article, Section, section_file, with_edits
from pipeline.engine.workspace import to_json, utf8
from pipeline.models import Cue, Transcript, Video
from pipeline.timecode import srt_time, vtt_time
from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import Captions, captions_of
from pipeline.transcript.subtitles import to_srt, to_vtt

_WORDS = st.lists(
    st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=9),
    min_size=1,
    max_size=8,
)
_ANY = st.text(st.characters(categories=["L", "N", "P", "S", "Z", "C"]), max_size=40)
_ALIKE = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def _read(text: str) -> Captions:
    return captions_of(parse_captions(text))


def _times(count: int) -> list[tuple[int, int]]:
    ends = list(accumulate([3_000] * count))
    return [(end - 2_900, end) for end in ends]


@_ALIKE
@given(st.lists(_WORDS, min_size=1, max_size=12))
def test_our_own_subtitles_are_read_back_to_the_millisecond(lines: list[list[str]]) -> None:
    cues = tuple(
        Cue(start_ms=start, end_ms=end, text=" ".join(words))
        for (start, end), words in zip(_times(len(lines)), lines, strict=True)
    )
    transcript = Transcript(language="en", engine="x", model=None, cues=cues)
    for written in (to_vtt(transcript), to_srt(transcript)):
        again = parse_captions(written).cues
        assert [(cue.start_ms, cue.end_ms, " ".join(cue.lines)) for cue in again] == [
            (cue.start_ms, cue.end_ms, cue.text) for cue in cues
        ]


@_ALIKE
@given(st.lists(_WORDS, min_size=1, max_size=12), st.sampled_from(["vtt", "srt", "sbv"]))
def test_no_caption_is_lost_or_shown_twice(lines: list[list[str]], form: str) -> None:
    # A number makes each word the only one of its kind.
    said = [[f"{word}{n}x{k}" for k, word in enumerate(line)] for n, line in enumerate(lines)]
    blocks = []
    for number, ((start, end), words) in enumerate(zip(_times(len(said)), said, strict=True), 1):
        arrow = {
            "vtt": f"{vtt_time(start)} --> {vtt_time(end)}",
            "srt": f"{number}\n{srt_time(start)} --> {srt_time(end)}",
            "sbv": f"{vtt_time(start)},{vtt_time(end)}",
        }[form]
        blocks.append(f"{arrow}\n{' '.join(words)}")
    read = _read(("WEBVTT\n\n" if form == "vtt" else "") + "\n\n".join(blocks))
    heard = [word for cue in read.cues for word in cue.text.split()]
    assert heard == [word for words in said for word in words]


@_ALIKE
@given(st.lists(_WORDS, min_size=3, max_size=12))
def test_a_rolling_line_is_said_once(lines: list[list[str]]) -> None:
    said = [[f"{word}{n}x{k}" for k, word in enumerate(line)] for n, line in enumerate(lines)]
    ends = list(accumulate([3_000] * len(said)))
    blocks = [
        f"{vtt_time(end - 3_000)} --> {vtt_time(end)}\n"
        + "\n".join(" ".join(words) for words in said[max(0, n - 1) : n + 1])
        for n, end in enumerate(ends)
    ]
    heard = [
        word for cue in _read("WEBVTT\n\n" + "\n\n".join(blocks)).cues for word in cue.text.split()
    ]
    assert heard == [word for words in said for word in words]


@_ALIKE
@given(_ANY, _ANY)
def test_any_text_survives_an_artifact(title: str, description: str) -> None:
    video = Video(
        video_id="v", title=title, url=None, path="v.mp4", duration_ms=1, width=0, height=0, fps=0,
        has_audio=True, sha256="0", start_ms=0, end_ms=1, description=description,
    )  # fmt: skip
    again = Video.model_validate_json(to_json(video))
    assert again.title == utf8(title).decode()
    assert again.description == utf8(description).decode()
    assert Video.model_validate_json(to_json(again)) == again


@_ALIKE
@given(st.lists(st.tuples(_ANY, _ANY), min_size=1, max_size=5))
def test_section_files_that_nobody_edited_change_nothing(texts: list[tuple[str, str]]) -> None:
    sections = tuple(
        Section(
            id=f"sec{n}", title=title, start_ms=0, end_ms=1, markdown=f"a{text}".strip() + "\n",
            segments=(),
        )
        for n, (title, text) in enumerate(texts)
    )  # fmt: skip
    article = Article(title="T", edition="llm", sections=sections)
    files = {section_file(n, s.title): s.markdown for n, s in enumerate(sections, 1)}
    assert len(files) == len(sections)
    assert with_edits(article, files) == article
