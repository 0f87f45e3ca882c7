"""Reading a picture in a process of its own: ``python -m pipeline.video.ocr.isolated [MODEL]``.

That process may crash. It costs a second more than reading here: the reader is loaded again.
"""

from __future__ import annotations

import signal
import subprocess
import sys

from pipeline.errors import MissingDependencyError, ScreenError
from pipeline.video.ocr.engines import engine_named
from pipeline.video.ocr.lines import PictureReadings
from pipeline.video.ocr.recognition import decoded, read_lines

_TIMEOUT_S = 300.0  # a 4K screen full of text takes ten seconds on a slow core


def read_apart(picture: bytes, model: str = "", timeout_s: float = _TIMEOUT_S) -> PictureReadings:
    """Every line on a compressed picture, read by the engine of ``model`` (``engine_named``).

    Raises:
        ScreenError: the process crashed, or took too long.
    """
    command = [sys.executable, "-m", "pipeline.video.ocr.isolated", model]
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise ScreenError(f"reading a picture took more than {timeout_s:g} s") from None
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        raise ScreenError(f"the reader of pictures was ended by {name}")
    try:
        return PictureReadings.model_validate_json(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = lines[-1][:300] if lines else f"it ended with status {done.returncode}"
        raise ScreenError(f"a picture could not be read: {why}") from None


def main() -> int:
    """Read the picture on standard input with the engine of the first argument; the last line of
    standard output is its ``PictureReadings`` as JSON.
    """
    try:
        engine = engine_named("".join(sys.argv[1:2]))
        read = read_lines(decoded(sys.stdin.buffer.read()), engine)
    except (ScreenError, MissingDependencyError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(read.model_dump_json() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
