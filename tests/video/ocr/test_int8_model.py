"""The recogniser in whole numbers says what the whole one says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.video.ocr import rapid
from pipeline.video.ocr.int8_model import has_int8_instructions, in_int8
from pipeline.video.ocr.lines import FoundLine, LineReading
from pipeline.video.ocr.onnx_file import new_model
from pipeline.video.ocr.recognition import pixels_of, read_lines
from tests.drawn.canvas import font

LINES = (
    "def get_stats(ids, counts=None):",
    "    counts = {} if counts is None else counts",
    "    for pair in zip(ids, ids[1:]):",
    "        counts[pair] = counts.get(pair, 0) + 1",
    "    return sorted(counts.items(), key=lambda x: -x[1])[:10]",
    'text = "Names, 3.14, 0xFF; l1I|O0 and rn/m"',
    "The quick brown fox jumps over the lazy dog, 1234567890.",
)


def model(name: str) -> bytes:
    rapidocr = pytest.importorskip("rapidocr")
    return (Path(rapidocr.__file__).parent / "models" / name).read_bytes()


def test_the_layers_with_the_work_are_in_whole_numbers() -> None:
    file = model("PP-OCRv6_rec_small.onnx")
    made = in_int8(file)
    assert made is not None
    assert len(made) < 0.4 * len(file)
    read = new_model()
    read.ParseFromString(made)
    kinds = [node.op_type for node in read.graph.node]
    assert kinds.count("MatMulIntegerToFloat") == 27 + 5 + 1
    # What is not described here passes through, as the letters that the model knows.
    assert "字\n".encode() in made


def test_another_model_is_left_as_it_is() -> None:
    assert in_int8(model("PP-OCRv6_det_small.onnx")) is None
    assert in_int8(b"") is None


@pytest.mark.skipif(not has_int8_instructions(), reason="the processor has no such instructions")
def test_it_reads_what_the_whole_model_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.new("RGB", (900, 40 * len(LINES)), "#fdfdfd")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(LINES):
        pen.text((20, 8 + 40 * number), line, font=font(20), fill="#202020")
    pixels = pixels_of(image)

    def texts(model: bytes | None) -> list[str]:
        monkeypatch.setattr(rapid, "_int8_recogniser", lambda: model)
        monkeypatch.setattr(rapid, "_local", type("", (), {})())
        read: Any = read_lines(pixels, rapid.RapidEngine()).read
        return [read[number].text.strip() for number in sorted(read)]

    whole = texts(None)
    assert len(whole) >= len(LINES) - 1
    assert texts(in_int8(model("PP-OCRv6_rec_small.onnx"))) == whole


def test_rounding_loses_at_most_half_a_step_of_a_weight() -> None:
    file = model("PP-OCRv6_rec_small.onnx")
    graph, made = new_model(), new_model()
    graph.ParseFromString(file)
    made.ParseFromString(in_int8(file))
    tensors = {tensor.name: tensor for tensor in made.graph.initializer}
    checked = 0
    for tensor in graph.graph.initializer:
        name = next((n.output[0] for n in graph.graph.node if tensor.name in n.input), "")
        if len(tensor.dims) != 2 or f"{name}.weights" not in tensors:
            continue
        weights = np.frombuffer(tensor.raw_data, np.float32).reshape(tensor.dims)
        rounded = np.frombuffer(tensors[f"{name}.weights"].raw_data, np.int8)
        steps = np.frombuffer(tensors[f"{name}.steps"].raw_data, np.float32)
        lost = weights - rounded.reshape(tensor.dims) * steps
        assert np.all(np.abs(lost) <= 0.501 * steps)
        checked += 1
    assert checked == 1


def test_code_that_does_not_parse_is_read_with_the_whole_model_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []

    def read(crop: object, found: object, in_whole: bool = False) -> LineReading:
        asked.append(in_whole)
        text = "print(list(ids)[:4])" if in_whole else texts.pop()
        return LineReading(text, 0.97 if in_whole else 0.99)

    texts = ["print(list(ids[:4])", "print(list(ids)[:3])"]
    monkeypatch.setattr(rapid, "_int8_recogniser", lambda: b"some")
    monkeypatch.setattr(rapid, "_read", read)
    pixels = np.full((24, 400, 3), 255, np.uint8)
    found = FoundLine(((0, 0), (400, 0), (400, 24), (0, 24)))
    assert rapid.RapidEngine().read(pixels, found).text == "print(list(ids)[:3])"
    assert asked == [False]
    assert rapid.RapidEngine().read(pixels, found).text == "print(list(ids)[:4])"
    assert asked == [False, False, True]
