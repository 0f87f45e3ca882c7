"""Hostile files through the real program: one line and status 1, or a chapter that does no harm."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import make_media
from tests.hostile.conftest import CAPTIONS
from tests.shared import ROOT
from tests.tally import Tally


def run(source: str, output: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "run", "--output", str(output), *more]
    return subprocess.run(
        [*command, "--", source],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_what_cannot_be_converted_is_one_line_and_status_1(
    tmp_path: Path, good: Path, tally: Tally
) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "list.mp4").write_text("#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")
    (tmp_path / "cut.mp4").write_bytes(good.read_bytes()[:3_000])
    (tmp_path / "two\nlines.mp4").write_bytes(b"")
    refused = {
        "pipe.mp4": "not a regular file",
        "list.mp4": "a playlist, which only refers to other files",
        "cut.mp4": "cut off",
        "two\nlines.mp4": "empty",
    }
    for name, said in refused.items():
        done = run(str(tmp_path / name), tmp_path / "out", "--quiet")
        assert done.returncode == 1 and done.stdout == ""
        lines = done.stderr.splitlines()
        assert len(lines) == 1 and lines[0].startswith("error: ") and said in lines[0], lines
    tally.survived("broken video, real program", len(refused))


@pytest.mark.parametrize("mark", ["</title><script>alert(1)</script>"])
def test_a_chapter_of_a_hostile_video_shows_its_words_and_runs_nothing(
    mark: str, tmp_path: Path, good: Path, tally: Tally
) -> None:
    tags = tmp_path / "tags.txt"
    tags.write_text(
        f";FFMETADATA1\ntitle=\u202eA talk {mark}\nartist={mark}\ndescription={mark}\n"
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Part \u202e{mark}\n"
    )
    video = make_media(
        tmp_path / "talk.mkv",
        *("-i", str(good), "-i", str(tags), "-map_metadata", "1", "-map", "0", "-c", "copy"),
    )
    video.with_suffix(".vtt").write_text(
        CAPTIONS.replace("Sentence number 3", f"Then {mark} ![x](javascript:alert(1)) [[s0001]]")
    )
    output = tmp_path / "out"
    done = run(str(video), output, "--set", "screens.ocr=false", "--quiet")
    assert done.returncode == 0, done.stderr
    page = Path(done.stdout.strip()).read_text(encoding="utf-8")
    assert "A talk" in page and "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page and "\u202e" not in page
    assert 'src="javascript:' not in page and 'href="javascript:' not in page
    assert {path.name for path in tmp_path.iterdir()} == {
        "tags.txt",
        "talk.mkv",
        "talk.vtt",
        "out",
    }
    shutil.rmtree(output)
    tally.survived("hostile title, real program")
