"""The OCR engine: rapidocr, whose models come inside its package; nothing is downloaded."""

from __future__ import annotations

import logging
import re
import threading
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pipeline import telemetry
from pipeline.errors import MissingDependencyError, ScreenError
from pipeline.video.ocr.int8_model import has_int8_instructions, in_int8
from pipeline.video.ocr.line_ends import with_ends
from pipeline.video.ocr.line_memory import is_broken_code, worth
from pipeline.video.ocr.lines import FoundLine, LineReading, OcrWord, PictureReadings
from pipeline.video.ocr.overlooked_marks import overlooked_marks
from pipeline.video.ocr.quote_marks import quote_marks, with_opening_quotes

if TYPE_CHECKING:
    from pipeline.video.ocr.lines import Pixels

# Text is found on a picture at most this wide (and then read at full size): on a 1080p screen as
# good as full size, and a third of the time.
FOUND_AT_WIDTH = 1280

# Lines are read 48 pixels high, and padded with grey to a least width; rapidocr pads to 320. At 96
# a quarter of the time is saved on a screencast, but of short lines some are read worse: those
# that are not sure are read again at 224, and the surer reading counts. On 19 dense pictures of a
# real screencast: 1.22 CPU s each instead of 1.56, and the sum of all confidences as before.
HEIGHT, LEAST_WIDTH, SECOND_WIDTH = 48, 96, 224
SURE = 0.9
MARK = 6  # letters, at most, that three quotes are taken for
_MARKS = re.compile(r"[\])}\[({\"',:]{1,4}")  # what stands alone on a line of code
_GREY = 127  # half of white: what rapidocr itself pads with

SLANTED = 0.15  # of the height of a line: corners further apart are turned level before reading
UPRIGHT = 1.5  # times higher than wide: vertical text, which rapidocr turns on its side

# What the model in the package reads: every letter of these (ISO 15924) drawn at 44 pixels.
SCRIPTS = ("Latn", "Hani", "Jpan")

_local = threading.local()


class RapidEngine:
    """Finds and reads lines with rapidocr, one core a thread; see ``OcrEngine``.

    Raises:
        MissingDependencyError: when first used, ``rapidocr`` is not installed.
    """

    scripts = SCRIPTS

    def find(self, pixels: Pixels) -> PictureReadings:
        found = _call(pixels, use_det=True, use_rec=False)
        boxes = found.boxes if found.boxes is not None else ()
        lines = with_ends(pixels, [_found(box) for box in boxes])
        marks = [(one, self.read(pixels, one)) for one in overlooked_marks(pixels, lines)]
        # Not the numbers of an editor's margin.
        marks = [(one, reading) for one, reading in marks if _MARKS.fullmatch(reading.text)]
        read = {len(lines) + k: reading for k, (_, reading) in enumerate(marks)}
        return PictureReadings(found=(*lines, *(one for one, _ in marks)), read=read)

    def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
        crop = _crop(pixels, found)
        if not crop.size:
            return LineReading("", 0.0)
        reading = _read(crop, found)
        is_narrow = crop.shape[1] * HEIGHT < SECOND_WIDTH * crop.shape[0]
        # A single unsure character is an icon.
        if is_narrow and len(reading.text) > 1 and reading.confidence < SURE:
            padded = _padded(crop, SECOND_WIDTH)
            reading = max(reading, _read(padded, found), key=lambda one: one.confidence)
        if _int8_recogniser() and is_broken_code(reading.text):
            # Of 2 in 100 lines, by width, of a screencast.
            reading = max(reading, _read(crop, found, in_whole=True), key=worth)
        is_mark = reading.confidence < SURE and len(reading.text) <= MARK
        if is_mark and (quotes := quote_marks(crop)):
            return LineReading(quotes, SURE, (OcrWord(found.left, found.right, quotes),))
        return with_opening_quotes(pixels, found, reading)


def _read(crop: Pixels, found: FoundLine, in_whole: bool = False) -> LineReading:
    steps = {"use_det": False, "use_rec": True, "return_word_box": True}
    result = _call(crop, in_whole, **steps)
    if not result.txts:
        return LineReading("", 0.0)
    text, sure = str(result.txts[0]), float(result.scores[0])
    places = _places(crop, found, text, result)
    return LineReading(text, sure, _words(crop, found, result), places)


def _padded(crop: Pixels, width: int) -> Pixels:
    """The crop with grey on its right, so that it is ``width`` wide when it is HEIGHT high."""
    import numpy as np

    missing = max(0, round(width * crop.shape[0] / HEIGHT) - crop.shape[1])
    padded: Pixels = np.pad(crop, ((0, 0), (0, missing), (0, 0)), constant_values=_GREY)
    return padded


def _call(pixels: Pixels, in_whole: bool = False, **steps: bool) -> Any:
    try:
        return _engine(in_whole)(pixels, use_cls=False, **steps)
    except MissingDependencyError:
        raise
    except Exception as error:  # of three libraries, for pictures they do not expect
        why = " ".join(str(error).split())[:200]
        raise ScreenError(f"reading a picture failed: {type(error).__name__}: {why}") from error


def _found(box: Any) -> FoundLine:
    a, b, c, d = ((int(x), int(y)) for x, y in box)
    return FoundLine((a, b, c, d))


def _crop(pixels: Pixels, found: FoundLine) -> Pixels:
    """The pixels of a line. A level one is a slice of the picture: turning costs 2 ms a line."""
    (_, a), (_, b), (_, c), (_, d) = found.corners
    height, width = found.bottom - found.top, found.right - found.left
    if max(abs(a - b), abs(c - d)) <= SLANTED * height and height < UPRIGHT * width:
        return pixels[found.top : found.bottom, found.left : found.right]
    import numpy as np
    from rapidocr.utils.process_img import get_rotate_crop_image

    turned: Pixels = get_rotate_crop_image(pixels, np.array(found.corners, np.float32))
    return turned


def _places(crop: Pixels, found: FoundLine, text: str, result: Any) -> tuple[int, ...]:
    """The middle of each letter that is no space, pixels; nothing where letters are unknown."""
    (info,) = result.word_results or (None,)
    if info is None or not info.line_txt_len:
        return ()
    step = crop.shape[1] / info.line_txt_len  # pixels a column of the model's answer
    letters = [letter for word in info.words for letter in word]
    columns = [column for word in info.word_cols for column in word]
    if "".join(letters) != "".join(text.split()):
        return ()
    return tuple(round(found.left + (column + 0.5) * step) for column in columns)


def _words(crop: Pixels, found: FoundLine, result: Any) -> tuple[OcrWord, ...]:
    import numpy as np
    from rapidocr.cal_rec_boxes import CalRecBoxes

    # The box of the crop, which may be wider than the line; columns count from its left.
    right = max(found.right, found.left + crop.shape[1])
    box = np.array(found.corners, np.float32)
    if right > found.right:
        box[1:3, 0] = right
    placed: Any
    (placed,) = CalRecBoxes()([crop], box[None], result).word_results or ((),)
    return tuple(
        OcrWord(int(min(p[0] for p in edges)), int(max(p[0] for p in edges)), str(text))
        for text, _, edges in placed
        if text and edges is not None
    )


@cache
def _int8_recogniser() -> bytes | None:
    """The package's recogniser in whole numbers, where the processor has instructions for these."""
    import rapidocr

    file = Path(rapidocr.__file__).parent / "models" / "PP-OCRv6_rec_small.onnx"
    return in_int8(file.read_bytes()) if has_int8_instructions() and file.is_file() else None


def _recogniser(folder: Path) -> str | None:
    """The file of the recogniser, written into ``folder``; None for rapidocr's own."""
    if (model := _int8_recogniser()) is None:
        return None
    file = folder / "recogniser.onnx"
    file.write_bytes(model)
    return str(file)


def _engine(in_whole: bool = False) -> Any:
    """This thread's own rapidocr, or that with the recogniser as it is in the package. It uses one
    core: several lines are read side by side instead.

    The settings are for speed at the same text: one line at a time, because lines padded to one
    length cost more than they save, and memory that is kept between pictures.
    """
    engines: dict[bool, Any] = _local.__dict__.setdefault("engines", {})
    if in_whole not in engines:
        telemetry.switch_off()
        import numpy as np

        try:
            from rapidocr import RapidOCR
        except ImportError as error:
            raise MissingDependencyError(
                "reading the text on frames needs the package rapidocr",
                "pip install rapidocr onnxruntime, or --set screens.ocr=false",
            ) from error

        class Finder(RapidOCR):
            def crop_text_regions(self, img: Any, det_boxes: Any) -> list[Any]:
                return []  # lines are cut out when they are read

        with TemporaryDirectory() as folder:
            engine = Finder(
                params={
                    "Global.log_level": "error",
                    "Global.use_cls": False,
                    "Global.text_score": 0.0,  # every reading comes back: see ``text_line``
                    "Global.min_side_len": 1,  # pictures and lines as they are
                    "Global.max_side_len": 100_000,
                    "Det.limit_type": "max",
                    "Det.limit_side_len": FOUND_AT_WIDTH,
                    "Rec.model_path": None if in_whole else _recogniser(Path(folder)),
                    "Rec.rec_batch_num": 1,
                    "Rec.rec_img_shape": [3, HEIGHT, LEAST_WIDTH],
                    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                    "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
                }
            )
            # The file is read when the first line is.
            engine(np.zeros((HEIGHT, LEAST_WIDTH, 3), np.uint8), use_det=False, use_rec=True)
        engines[in_whole] = engine
        # It says "the text detection result is empty" of every picture without text.
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engines[in_whole]
