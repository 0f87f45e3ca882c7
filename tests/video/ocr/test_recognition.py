"""Reading pictures: real ones, drawn here or taken from the mini lecture."""

from __future__ import annotations

import ast
import json
from difflib import SequenceMatcher
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline.models import ScreenText
from pipeline.video.ocr.recognition import read_text
from pipeline.video.screens import find_states
from tests.shared import shared

CODE = """def merge(ids, pair, idx):
    out, i = [], 0
    while i < len(ids):
        if ids[i:i + 2] == pair:
            out.append(idx)
            i += 2
    return out"""


def editor(code: str) -> Image.Image:
    image = Image.new("RGB", (1280, 720), "#1b1e26")
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(code.splitlines()):
        for column, letter in enumerate(line):
            at = (84 + 14 * column, 60 + 32 * row)
            pen.text(at, letter, font=ImageFont.load_default(23), fill="#d7dae0")
    return image


def test_code_on_a_dark_editor_is_read_with_its_indentation() -> None:
    text = read_text(editor(CODE)).text
    indents = [len(line) - len(line.lstrip()) for line in text.splitlines()]
    assert indents == [0, 4, 4, 8, 12, 12, 4]


def test_each_line_is_kept_with_its_box_and_its_confidence() -> None:
    lines = read_text(editor(CODE)).lines
    assert len(lines) == len(CODE.splitlines())
    tops = [line.box.y for line in lines]
    assert tops == sorted(tops)
    for number, line in enumerate(lines):
        middle = line.box.y + line.box.height / 2
        assert abs(middle - (60 + 32 * number + 12)) < 12
        assert line.box.width > 8 * len(line.text) and 0.5 < line.confidence <= 1


def test_an_empty_picture_has_no_text() -> None:
    assert read_text(Image.new("RGB", (640, 360), "white")) == ScreenText()


def test_the_code_of_the_mini_lecture_is_recovered(tmp_path: Path) -> None:
    truth = json.loads(shared("media/bpe-mini-lecture/truth.json").read_text(encoding="utf-8"))
    texts: dict[int, str] = {}

    def take(at_ms: int, image: Image.Image) -> None:
        texts[at_ms] = read_text(image).text

    path = shared("media/bpe-mini-lecture/bpe-mini-lecture.mp4")
    find_states(path, 82_762, 133_700, take)
    lines = [line for text in texts.values() for line in text.splitlines()]
    wrong = total = 0
    for cell in truth["code_cells"][:3]:
        expected = [line for line in cell["source"].splitlines() if line.strip()]
        start = lines.index(expected[0])
        found = "\n".join(lines[start : start + len(expected)])
        ast.parse(found)
        source = "\n".join(expected)
        same = sum(
            block.size
            for block in SequenceMatcher(None, source, found, autojunk=False).get_matching_blocks()
        )
        wrong += max(len(source), len(found)) - same
        total += len(source)
    assert wrong <= 0.02 * total
