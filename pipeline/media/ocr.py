"""Reading the text on a picture: lines in reading order, with the indentation they are drawn with.

The models come inside the ``rapidocr`` package: nothing is downloaded.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import MissingDependencyError

if TYPE_CHECKING:
    from PIL.Image import Image

_local = threading.local()


@dataclass(frozen=True)
class TextBox:
    """A piece of one line of text: its rectangle in pixels, and how sure (0 to 1) the reader is."""

    left: int
    top: int
    right: int
    bottom: int
    text: str
    score: float


def read_text(picture: Image) -> str:
    """The text on ``picture``; lines end in a newline but the last, ``""`` when there is none.

    Lines run from top to bottom. Leading spaces give the indentation, measured in widths of a
    character, so that code keeps its shape; pieces on one line are joined by spaces.

    Raises:
        MissingDependencyError: ``rapidocr`` is not installed.
    """
    from pipeline.media.layout import lay_out

    return lay_out(read_boxes(picture))


def read_boxes(picture: Image) -> tuple[TextBox, ...]:
    """The pieces of text on ``picture``, in no particular order; empty when there is none."""
    import numpy as np

    result = _engine()(np.asarray(picture.convert("RGB"))[:, :, ::-1], use_cls=False)
    if result.boxes is None or result.txts is None or result.scores is None:
        return ()
    return tuple(
        TextBox(
            left=int(min(point[0] for point in box)),
            top=int(min(point[1] for point in box)),
            right=int(max(point[0] for point in box)),
            bottom=int(max(point[1] for point in box)),
            text=text,
            score=float(score),
        )
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
        if text.strip()
    )


def _engine() -> Any:
    """This thread's own reader; one thread each, because the pictures are read side by side."""
    if not hasattr(_local, "engine"):
        try:
            from rapidocr import RapidOCR
        except ImportError as error:
            raise MissingDependencyError(
                "reading the text on frames needs the package rapidocr",
                "pip install rapidocr onnxruntime, or --set segment.ocr=false",
            ) from error
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        _local.engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
    return _local.engine
