"""No part of the program reports its use to anyone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.shared import ROOT

READ = """
import pipeline
from PIL import Image, ImageDraw, ImageFont
from pipeline.video.ocr.recognition import read_text
picture = Image.new("RGB", (640, 200), "white")
font = ImageFont.load_default(60)
ImageDraw.Draw(picture).text((40, 60), "nothing to report", fill="black", font=font)
print(read_text(picture))
"""


def test_reading_text_leaves_no_trace_of_a_reporter(tmp_path: Path) -> None:
    """ONNX Runtime's reporter keeps an identifier of the machine, a session and its outbox."""
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    places = {"HOME": str(home), "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(home / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env=kept | places,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert "nothing to report" in done.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
