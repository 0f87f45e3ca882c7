"""ffmpeg or the reader of pictures fails at one call: a warning or one error, then the next run."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from pipeline.engine.progress import Silent
from pipeline.errors import MediaError, ScreenError
from pipeline.models import ScreenText
from pipeline.video.audio import pcm_blocks
from pipeline.video.ffmpeg import Ffmpeg
from pipeline.video.ocr.batch import Apart, OcrBatch
from pipeline.video.ocr.isolated import read_apart
from pipeline.video.ocr.lines import (
    FoundLine,
    LineReading,
    OcrEngine,
    PictureReadings,
    Pixels,
)
from pipeline.video.ocr.rapid import RapidEngine
from pipeline.video.ocr.recognition import decoded, read_lines, read_text
from pipeline.video.programs import ffmpeg_path
from pipeline.video.remux import remux
from pipeline.video.screens.frames import FrameMaker
from tests.conftest import make_media
from tests.faults.programs import FAULTS, calls, faulty_ffmpeg
from tests.narrated import draw_slides
from tests.shared import ROOT
from tests.tally import Tally


@pytest.fixture
def first_in_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """To put a folder first in PATH for this test."""
    real = ffmpeg_path()
    yield monkeypatch
    monkeypatch.undo()
    ffmpeg_path.cache_clear()
    assert ffmpeg_path() == real


def put_first(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    ffmpeg_path.cache_clear()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_decoder_of_sound_that_fails_is_one_error_and_leaves_nothing_running(
    fault: str, tiny_video: Path, tmp_path: Path, first_in_path: pytest.MonkeyPatch, tally: Tally
) -> None:
    put_first(first_in_path, faulty_ffmpeg(tmp_path / "bin", fault))
    with pytest.raises(MediaError, match=r"the audio of .* cannot be decoded: ") as raised:
        list(pcm_blocks(tiny_video, 0, 8_000, stall_s=2))
    said = {
        "crashes": "ended by SIGSEGV",
        "is killed": "ended by SIGKILL",
        "hangs": "made no progress for 2 s",
        "fails": "something is wrong",
    }
    assert said.get(fault, "ffmpeg produced no sound") in raised.value.message
    # The next call is the real program's.
    assert sum(map(len, pcm_blocks(tiny_video, 0, 8_000))) == 8 * 16_000
    tally.survived(f"ffmpeg {fault}")


@pytest.mark.parametrize("fault", ["crashes", "fails"])
def test_copying_into_another_container_tries_the_next_one(
    fault: str, tiny_video: Path, tmp_path: Path, first_in_path: pytest.MonkeyPatch, tally: Tally
) -> None:
    put_first(first_in_path, faulty_ffmpeg(tmp_path / "bin", fault))
    assert remux(tiny_video, tmp_path / "whole").name == "whole.mkv"
    put_first(first_in_path, faulty_ffmpeg(tmp_path / "bin2", fault, at=(1, 2)))
    with pytest.raises(MediaError, match="cannot be copied"):
        remux(tiny_video, tmp_path / "again")
    assert sorted(path.name for path in tmp_path.glob("*.m*")) == ["whole.mkv"]
    tally.survived(f"ffmpeg {fault}", 3)


def run(source: Path, output: Path, path: Path | None, *more: str) -> tuple[int, list[str], str]:
    """The real program up to the segments: status, stages it worked on, all it said."""
    environment = dict(os.environ)
    if path:
        environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "pipeline", "run", str(source), "--output", str(output)]
    command += ["--progress", "json", "--until", "segment", "--set", "screens.workers=1", *more]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines]
    stages = [event["stage"] for event in events if "begins" in event]
    return done.returncode, stages, done.stderr


@pytest.fixture(scope="module")
def with_captions_inside(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    captions = narrated_video.with_suffix(".en.vtt")
    return make_media(
        tmp_path_factory.mktemp("inside") / "lecture.mkv",
        *("-i", str(narrated_video), "-i", str(captions), "-map", "0", "-map", "1"),
        *("-c", "copy", "-c:s", "srt", "-metadata:s:s:0", "language=eng"),
    )


def test_captions_that_ffmpeg_cannot_take_out_come_with_the_next_run(
    with_captions_inside: Path, tmp_path: Path, tally: Tally
) -> None:
    crashing = faulty_ffmpeg(tmp_path / "bin", "crashes", at=(1, 2))
    settings = ("--set", "screens.ocr=false", "--set", "transcribe.engine=captions")
    status, stages, said = run(with_captions_inside, tmp_path / "out", crashing, *settings)
    assert (status, stages) == (1, ["download", "screens", "transcribe"]) and calls(crashing) == 2
    assert "ended by SIGSEGV" in said and "Traceback" not in said
    assert said.splitlines()[-1].startswith("error: ")
    status, stages, said = run(with_captions_inside, tmp_path / "out", None, *settings)
    assert (status, stages) == (0, ["download", "screens", "transcribe", "segment"]), said
    assert "had to do without: text track 1" in said
    tally.survived("ffmpeg crashes", 2)


def test_a_crash_that_happens_once_is_not_even_noticed(
    with_captions_inside: Path, tmp_path: Path, tally: Tally
) -> None:
    crashing = faulty_ffmpeg(tmp_path / "bin", "is killed")
    status, _, said = run(
        with_captions_inside, tmp_path / "out", crashing, "--set", "screens.ocr=false"
    )
    assert status == 0 and calls(crashing) == 2, said
    assert list((tmp_path / "out").glob("*/download/captions.en.vtt"))
    tally.survived("ffmpeg is killed")


def pictures(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in draw_slides(folder)]


class Engine:
    """Reads one line on a picture: the shade of grey in its corner. Some shades are too much."""

    def __init__(self, fails_on: int = -1, dies_on: int = -1) -> None:
        self.fails_on, self.dies_on = fails_on, dies_on
        self.looked_at: list[int] = []

    def find(self, pixels: Pixels) -> PictureReadings:
        shade = int(pixels[0, 0, 0])
        self.looked_at.append(shade)
        if shade == self.fails_on:
            raise ScreenError("the engine stumbled")
        if shade == self.dies_on:
            os.kill(os.getpid(), signal.SIGSEGV)
        return PictureReadings(found=(FoundLine(((8, 8), (40, 8), (40, 20), (8, 20))),))

    def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
        return LineReading(f"grey {pixels[0, 0, 0]}", 1.0)


def picture(shade: int) -> bytes:
    """A PNG of one shade with a square that is another on each."""
    from PIL import Image

    image = Image.new("L", (64, 32), shade)
    image.paste(255 - shade, (10, 10, 10 + shade // 8, 18))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def loaders(*shades: int) -> list[Callable[[], bytes]]:
    return [partial(picture, shade) for shade in shades]


def said(read: tuple[list[ScreenText], dict[int, str]]) -> tuple[list[str], dict[int, str]]:
    return [one.text for one in read[0]], read[1]


def reading(folder: Path, engine: OcrEngine, apart: Apart | None = None) -> OcrBatch:
    def same(data: bytes) -> PictureReadings:
        return read_lines(decoded(data), Engine())

    return OcrBatch(folder / "cache", engine, apart=apart or same, version="1", workers=1)


def test_a_picture_that_cannot_be_read_is_named_and_read_the_next_time(
    tmp_path: Path, tally: Tally
) -> None:
    pictures = loaders(40, 80, 120)
    first, second = Engine(fails_on=80), Engine()
    found = said(reading(tmp_path, first).texts(pictures, Silent()))
    assert found == (["grey 40", "", "grey 120"], {1: "the engine stumbled"})
    found = said(reading(tmp_path, second).texts(pictures, Silent()))
    assert found == (["grey 40", "grey 80", "grey 120"], {})
    assert (first.looked_at, second.looked_at) == ([40, 80, 120], [80])
    tally.survived("OCR fails on a picture")


def test_a_picture_whose_reading_ended_the_program_is_read_in_another_process(
    tmp_path: Path, tally: Tally
) -> None:
    pictures = loaders(40, 80)
    child = os.fork()
    if child == 0:  # the first process dies in the middle of the second picture
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        reading(tmp_path, Engine(dies_on=80)).texts(pictures, Silent())
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGSEGV

    def dies(data: bytes) -> PictureReadings:
        if decoded(data)[0, 0, 0] == 80:
            raise ScreenError("the reader of pictures was ended by SIGSEGV")
        return read_lines(decoded(data), Engine())

    deadly = Engine(dies_on=80)
    found, failed = said(reading(tmp_path, deadly, dies).texts(pictures, Silent()))
    assert found == ["grey 40", ""] and list(failed) == [1]
    for _ in range(2):
        found, failed = said(reading(tmp_path, deadly).texts(pictures, Silent()))
        assert (found, failed) == (["grey 40", "grey 80"], {})
    assert 80 not in deadly.looked_at
    tally.survived("OCR crashes on a picture", 2)


def test_a_process_of_its_own_reads_the_same_text(tmp_path: Path) -> None:
    slide = draw_slides(tmp_path)[0].read_bytes()
    found = read_apart(slide)
    assert any("token" in reading.text for reading in found.read.values())
    assert found == read_lines(decoded(slide), RapidEngine())
    with pytest.raises(ScreenError, match="could not be read"):
        read_apart(b"no picture")
    with pytest.raises(ScreenError, match=r"more than 0\.01 s"):
        read_apart(slide, timeout_s=0.01)


def test_killed_while_reading_no_picture_is_read_twice(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    command = [sys.executable, "-m", "pipeline", "run", str(narrated_video)]
    command += ["--output", str(tmp_path / "out"), "--until", "screens", "--quiet"]
    command += ["--set", "screens.workers=1"]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    # In the middle of a picture: its mark is there, after at least one that was read.
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        kept = list(tmp_path.glob("out/*/screens/work/ocr/*.json"))
        begun = list(tmp_path.glob("out/*/screens/work/ocr/*.begun"))
        if kept and begun:
            break
        assert process.poll() is None, "it ended before it could be killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = {path: path.stat().st_mtime_ns for path in kept}
    status, stages, said = run(narrated_video, tmp_path / "out", None)
    assert status == 0 and set(stages) <= {"screens", "transcribe", "segment"}, said
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not list(tmp_path.glob("out/*/screens/work/ocr/*.begun"))
    tally.survived("kill -9 in OCR")


def test_odd_pictures_are_read_as_nothing_or_refused(tally: Tally) -> None:
    from PIL import Image

    noise = random.Random(1)
    for size in ((1, 1), (1, 900), (3_000, 1), (2, 2), (16, 512)):
        image = Image.frombytes("L", size, noise.randbytes(size[0] * size[1]))
        try:
            assert isinstance(read_text(image), ScreenText)
        except ScreenError as error:
            assert "\n" not in str(error)
    tally.survived("odd picture", 5)


def test_frames_say_what_could_not_be_read(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    lacking: list[str] = []

    class Stumbles:
        count = 0

        def find(self, pixels: Pixels) -> PictureReadings:
            self.count += 1
            if self.count == 2:
                raise ScreenError("the engine stumbled")
            return PictureReadings(found=(FoundLine(((0, 0), (40, 0), (40, 20), (0, 20))),))

        def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
            return LineReading("a slide", 1.0)

    engine = Stumbles()

    def write(name: str, data: bytes) -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)

    maker = FrameMaker(
        write=write,
        read=lambda name: (tmp_path / name).read_bytes(),
        cache=tmp_path / "cache",
        engine=engine,
        engine_version="1",
        workers=1,
        lack=lacking.append,
    )
    frames = maker.frames(narrated_video, 0, 48_000, Silent())
    assert [frame.text for frame in frames] == ["a slide", "", "a slide"]
    assert lacking == ["the text of 1 of 3 frames (the first at 0:30): the engine stumbled"]
    frames = maker.frames(narrated_video, 0, 48_000, Silent())
    assert [frame.text for frame in frames] == ["a slide"] * 3
    assert engine.count == 4
    tally.survived("OCR fails on a picture")


def test_a_program_whose_output_nobody_wants_any_more_can_end() -> None:
    with Ffmpeg(["sh", "-c", "head -c 3000000 /dev/zero"], stall_s=60) as process:
        assert process.read(10)
        assert process.finish() == ""
