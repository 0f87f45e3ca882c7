"""Reading the text on a picture: lines in reading order, with the indentation they are drawn with.

The models come inside the ``rapidocr`` package: nothing is downloaded.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from pipeline import telemetry
from pipeline.errors import MissingDependencyError, ScreenError
from pipeline.models import Box, ScreenLine, ScreenText
from pipeline.video.ocr.layout import OcrWord, TextLine, lay_out

if TYPE_CHECKING:
    from PIL.Image import Image

# Text is found on a picture at most this wide (and then read at full size): on a 1080p screen as
# good as full size, and a third of the time.
FOUND_AT_WIDTH = 1280

_local = threading.local()


def read_text(picture: Image) -> ScreenText:
    """The text on ``picture``; empty when there is none.

    The text runs from top to bottom, column by column. Leading spaces give the indentation,
    measured in widths of a character, so that code keeps its shape. Numbers in the margin (of
    lines, of notebook cells) are left out of the text, not of the lines.

    Raises:
        MissingDependencyError: ``rapidocr`` is not installed.
        ScreenError: the reader fails on this picture.
    """
    found = read_lines(picture)
    lines = sorted(found, key=lambda line: (line.top, line.left))
    return ScreenText(text=lay_out(found), lines=tuple(_screen_line(line) for line in lines))


def read_lines(picture: Image) -> tuple[TextLine, ...]:
    """The lines of text on ``picture`` with their places, in no particular order."""
    import numpy as np

    pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
    engine = _engine()
    try:
        result = engine(pixels, use_cls=False, return_word_box=True)
    except Exception as error:  # of three libraries, for pictures they do not expect
        why = " ".join(str(error).split())[:200]
        raise ScreenError(f"reading a picture failed: {type(error).__name__}: {why}") from error
    if result.boxes is None or result.txts is None:
        return ()
    words = result.word_results or [()] * len(result.txts)
    return tuple(
        TextLine(
            left=int(min(point[0] for point in box)),
            top=int(min(point[1] for point in box)),
            right=int(max(point[0] for point in box)),
            bottom=int(max(point[1] for point in box)),
            text=text.strip(),
            words=tuple(_word(one) for one in found if one[0]),
            confidence=float(score),
        )
        for box, text, score, found in zip(
            result.boxes, result.txts, result.scores, words, strict=True
        )
        if text.strip()
    )


def _screen_line(line: TextLine) -> ScreenLine:
    box = Box(x=line.left, y=line.top, width=line.right - line.left, height=line.bottom - line.top)
    return ScreenLine(text=line.text, box=box, confidence=round(line.confidence, 3))


def _word(found: Any) -> OcrWord:
    text, _, box = found
    return OcrWord(int(min(p[0] for p in box)), int(max(p[0] for p in box)), str(text))


def _engine() -> Any:
    """This thread's own reader. It uses one core: several pictures are read side by side instead.

    The settings are for speed at the same text: one line at a time, because lines padded to one
    length cost more than they save, and memory that is kept between pictures.
    """
    if not hasattr(_local, "engine"):
        telemetry.switch_off()
        try:
            from rapidocr import RapidOCR
        except ImportError as error:
            raise MissingDependencyError(
                "reading the text on frames needs the package rapidocr",
                "pip install rapidocr onnxruntime, or --set screens.ocr=false",
            ) from error
        _local.engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": FOUND_AT_WIDTH,
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
            }
        )
        # It says "the text detection result is empty" of every picture without text.
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return _local.engine
