"""The process that forks a child for each hostile file: ``python -m tests.hostile.porter``.

Reads pickled (work, folder for temporary files, working folder) from its input and writes pickled
outcomes.
"""

from __future__ import annotations

import os
import pickle
import sys


def main() -> None:
    """Serve until the input ends. What anybody prints goes to stderr, not between the outcomes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _import_everything()
    from tests.hostile.chamber import fork

    while True:
        try:
            work, temporary, here = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        os.chdir(here)
        pickle.dump(fork(work, temporary), answers)
        answers.flush()


def _import_everything() -> None:
    """Forked children then start with it; and no import fails for want of address space."""
    import av  # noqa: F401
    import cv2  # noqa: F401
    import ffmpeg  # noqa: F401
    import numpy  # noqa: F401
    import PIL.Image  # noqa: F401

    import pipeline.runner
    import pipeline.sources.fetch
    import pipeline.transcript.transcriber
    import pipeline.video.ocr.recognition
    import pipeline.video.screens.frames
    import pipeline.video.screens.states  # noqa: F401


if __name__ == "__main__":
    main()
