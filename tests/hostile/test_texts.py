"""Titles, chapters, descriptions and captions that somebody wrote to do harm."""

from __future__ import annotations

import codecs
import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import CaptionError, SourceError
from pipeline.settings.download import DownloadSettings
from pipeline.sources.local import with_sidecars
from pipeline.transcript.captions.read import read_captions
from pipeline.video.metadata import read_details
from tests.conftest import make_media
from tests.hostile.chamber import Ears, Outcome, attempt
from tests.hostile.conftest import CAPTIONS, Convert, well_behaved
from tests.tally import Tally

EVIL = "\u202eevil\x01\x1b[31m\0<script>alert(1)</script>\ud800\u2066\nsecond line"
SHOWN = "evil[31m<script>alert(1)</script>� second line"


def test_tags_of_a_video_are_shown_plain_and_short(
    tmp_path: Path, good: Path, convert: Convert, tally: Tally
) -> None:
    tags = tmp_path / "tags.txt"
    evil = "\u202eevil\x01\x1b[31m<script>".encode() + b"\xff\xfe"
    tags.write_bytes(
        b";FFMETADATA1\ntitle=" + evil + b"A" * 1_000_000 + b"\nartist=\x07\n"
        b"[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=\xe2\x80\xae<b>\x07\\\nline two\n"
    )
    video = make_media(
        tmp_path / "tagged.mkv",
        *("-i", str(good), "-i", str(tags), "-map_metadata", "1", "-map", "0", "-c", "copy"),
    )
    outcome = convert(video)
    assert outcome.kind == "done" and well_behaved(outcome), outcome
    title = outcome.facts["title"]
    assert title.startswith("evil[31m<script>") and len(title) == 300 and title.isprintable()
    assert outcome.facts["chapters"] == ["<b> line two"]
    tally.survived("hostile title")


@pytest.mark.parametrize(
    "field", ["title", "uploader", "description", "language", "webpage_url", "chapters"]
)
def test_a_field_of_any_type_does_no_harm(field: str, tmp_path: Path, tally: Tally) -> None:
    path = tmp_path / "a.info.json"
    values: list[Any] = [None, True, -1, 10**300, 1e308, [], {}, [[]], [{}], "", "\0", EVIL]
    starts: list[Any] = [-5, 1e300, "0", None, [], True]
    values += [[{"title": EVIL, "start_time": start}] for start in starts]
    for value in values:
        path.write_text(json.dumps({"title": "A talk", field: value}))
        found = read_details(path)
        found.model_dump_json()
        assert found.language is None and found.url is None
        assert all(0 <= chapter.start_ms <= 1e12 for chapter in found.chapters)
    tally.survived("hostile description", len(values))


def test_texts_are_made_plain(tmp_path: Path) -> None:
    path = tmp_path / "a.info.json"
    path.write_text(json.dumps({"title": EVIL, "description": EVIL * 5_000, "uploader": "\x07"}))
    found = read_details(path)
    assert found.title == SHOWN
    assert found.uploader is None
    assert found.description.startswith(SHOWN.replace(" second", "\nsecond"))
    assert len(found.description) <= 50_000


def test_numbers_that_are_none_and_chapters_in_disorder(tmp_path: Path) -> None:
    path = tmp_path / "a.info.json"
    path.write_text(
        '{"title": NaN, "chapters": [{"title": "c", "start_time": NaN}, {"title": "b", '
        '"start_time": 9}, {"title": "a", "start_time": 1, "end_time": 90}, {"title": "d", '
        '"start_time": 1e999}, {"title": "a2", "start_time": 1}]}'
    )
    found = read_details(path)
    assert [(c.start_ms, c.title) for c in found.chapters] == [(1_000, "a2"), (9_000, "b")]
    marks = [{"title": f"t{k}", "start_ms": k} for k in range(100_000)]
    path.write_text(json.dumps({"title": "A talk", "chapters": marks}))
    assert read_details(path).chapters == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
        ("[" * 1_000_000, "nested too deeply"),
        ('{"title": ' + "9" * 10_000 + "}", "cannot be read"),
        ("[1, 2]", "not a JSON object"),
        ("", "cannot be read"),
        ('{"title": "cut', "cannot be read"),
    ],
    ids=["deep objects", "deep lists", "a huge number", "a list", "nothing", "cut off"],
)
def test_a_damaged_description_is_named(text: str, said: str, tmp_path: Path, tally: Tally) -> None:
    path = tmp_path / "a.info.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=said) as raised:
        read_details(path)
    assert "a.info.json" in str(raised.value) and "\n" not in str(raised.value)
    tally.survived("hostile description")


def test_100_mb_beside_a_video_are_refused_unread(tmp_path: Path, good: Path, tally: Tally) -> None:
    for ending, limit in ((".info.json", "16 MB"), (".en.vtt", "8 MB")):
        folder = tmp_path / ending
        folder.mkdir()
        video = Path(shutil.copy(good, folder / "talk.mp4"))
        with (folder / f"talk{ending}").open("wb") as file:
            file.write(b"WEBVTT\n\n" if "vtt" in ending else b"{")
            file.truncate(100_000_000)
        outcome = attempt(partial(look, video), tmp_path / "temporary")
        assert outcome.kind == "refused" and limit in outcome.message, outcome
        assert outcome.peak_mb < 100 and outcome.cpu_s < 5
    tally.survived("100 MB of text", 2)


def cues(count: int, text: str = "Nobody knows.", apart_ms: int = 4) -> str:
    """WebVTT of ``count`` cues."""
    lines = ["WEBVTT\n"]
    for number in range(count):
        seconds, rest = divmod(number * apart_ms, 1000)
        stamp = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
        lines.append(f"{stamp} --> 99:59:59.999\n{text}\n")
    return "\n".join(lines)


MB = 7_000_000 if os.environ.get("FAULTS") == "long" else 1_000_000
ONE_CUE = "WEBVTT\n\n00:00.000 --> 00:04.000\n"

HOSTILE_CAPTIONS: dict[str, Callable[[], str]] = {
    "all at one time": lambda: cues(MB // 200, "Word.", 0),
    "one line of words": lambda: ONE_CUE + "word " * (MB // 50),
    "one word": lambda: ONE_CUE + "w" * MB,
    "open tags": lambda: ONE_CUE + "Hi " + "<c" * (MB // 2),
    "open brackets": lambda: ONE_CUE + "Hi " + "[(" * (MB // 2),
    "blank lines": lambda: ONE_CUE + "Hi." + "\n" * MB,
    "spaces": lambda: ONE_CUE + "Hi" + " " * MB + "there",
    "digits": lambda: ONE_CUE + "Hi.\n\n" + "1" * MB,
    "arrows": lambda: ONE_CUE + "Hi.\n\n" + "-->" * (MB // 3),
    "entities": lambda: ONE_CUE + "&amp;" * (MB // 5),
    "nested entities": lambda: (
        '<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]>\n'
        "00:00.000 --> 00:04.000\n&a; said the lecturer."
    ),
    "songs": lambda: ONE_CUE + "Hi " + "♪ " * (MB // 4),
    "stamps": lambda: ONE_CUE + "<00:00:01.000>a " * (MB // 50),
}


def look(video: Path, ears: Ears) -> dict[str, Any]:
    with_sidecars(video, DownloadSettings())
    return {}


def read(path: Path, ears: Ears) -> dict[str, Any]:
    found = read_captions(path).cues
    assert all(one.end_ms <= two.start_ms for one, two in pairwise(found))
    return {"cues": len(found), "words": sum(len(cue.words) for cue in found)}


@pytest.mark.parametrize("name", HOSTILE_CAPTIONS)
def test_captions_made_to_take_long_do_not(name: str, tmp_path: Path, tally: Tally) -> None:
    path = tmp_path / "captions.vtt"
    path.write_text(HOSTILE_CAPTIONS[name](), encoding="utf-8")
    outcome = attempt(partial(read, path), tmp_path / "temporary")
    assert outcome.civil, outcome
    assert outcome.cpu_s < 25 and outcome.peak_mb < 1_500, outcome
    tally.survived("hostile captions")


def test_captions_of_more_words_than_can_be_said_are_refused(tmp_path: Path, tally: Tally) -> None:
    path = tmp_path / "captions.vtt"
    path.write_text(ONE_CUE + "word " * 301_000)
    outcome = attempt(partial(read, path), tmp_path / "temporary")
    assert outcome.kind == "refused" and "300,000 words" in outcome.message, outcome
    assert outcome.cpu_s < 15 and outcome.peak_mb < 1_000, outcome
    tally.survived("hostile captions")


def test_captions_above_the_limit_are_an_error_that_names_them(tmp_path: Path) -> None:
    path = tmp_path / "captions.vtt"
    path.write_text(CAPTIONS + " " * (9 << 20))
    with pytest.raises(CaptionError, match=r"captions\.vtt has more than 8 MB"):
        read_captions(path)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "utf-32-le"),
        (b"", "utf-32-be"),
        (b"", "cp1252"),
    ],
)
def test_captions_in_any_encoding(mark: bytes, encoding: str, tmp_path: Path, tally: Tally) -> None:
    path = tmp_path / "captions.vtt"
    text = CAPTIONS.replace("Sentence number 3 is here.", "Déjà vu.")
    path.write_bytes(mark + text.replace("\n", "\r\n").encode(encoding))
    assert [cue.text for cue in read_captions(path).cues][3] == "Déjà vu."
    tally.survived("hostile captions")


def test_times_of_no_clock_are_left_out_or_put_in_order(tmp_path: Path, tally: Tally) -> None:
    path = tmp_path / "captions.vtt"
    path.write_text(
        "WEBVTT\n\n99:99:99.999 --> 99:99:99.999\nNo time.\n\n-00:01.000 --> 00:02.000\nBefore.\n\n"
        "00:05.000 --> 00:01.000\nEnds early.\n\n00:02.000 --> 00:03.000\nIn time.\n\r"
        "00:03.000 --> 00:04.000\rNUL \0 and \u202eturned\u202c.\r\n"
        "999999:00:00.000 --> 999999:00:01.000\nMuch later.\n"
    )
    found = read_captions(path)
    texts = [cue.text for cue in found.cues]
    assert [text for text in texts if "In time." in text]
    assert not [text for text in texts if "\u202e" in text or "\0" in text]
    starts = [cue.start_ms for cue in found.cues]
    assert starts == sorted(starts)
    tally.survived("hostile captions")


def test_captions_that_outlast_the_video_end_with_it(
    tmp_path: Path, good: Path, convert: Convert
) -> None:
    video = Path(shutil.copy(good, tmp_path / "short.mp4"))
    outcome: Outcome = convert(video)
    assert outcome.kind == "done"
    video.with_suffix(".vtt").write_text(cues(2_000, "On and on.", 3_600_000))
    outcome = convert(video)
    assert outcome.kind == "done" and well_behaved(outcome), outcome
    assert outcome.facts["segments"] == 1
