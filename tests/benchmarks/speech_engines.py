"""The recognisers of the speech benchmark, ours and the stock ones, each in a process of its own.

    python -m tests.benchmarks.speech_engines ENGINE --threads N --beam N FILE.npy ...

prints one JSON line a file as soon as it is heard: its text, the stretches reported as unheard, the
seconds of processor time (the model loaded before) and the most memory of the process so far.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.engine.memory import share_one_heap
from pipeline.engine.progress import Silent
from pipeline.models import Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.transcript.asr.engines.models import LocalEngine
from pipeline.transcript.asr.transcription import SpeechSource, transcribe_speech
from pipeline.video.loudness import amplified

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

RATE = 16_000
OURS, OURS_WHISPER = "faster-whisper (ours)", "whisper (ours)"
STOCK, BATCHED = "stock faster-whisper", "stock batched pipeline"
STOCK_WHISPER = "stock openai-whisper"
ENGINES = (OURS, STOCK, BATCHED, OURS_WHISPER, STOCK_WHISPER)

Unheard = tuple[int, int, str]
Hearer = Callable[["Sound"], tuple[str, list[Unheard]]]


@dataclass(frozen=True)
class Heard:
    """What one engine made of one file: ``unheard`` as (start ms, end ms, reason)."""

    text: str
    unheard: list[Unheard]
    cpu_s: float
    peak_mb: float


class Results:
    """What was heard so far, by what it was; kept as JSON lines of ``path``, if any."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines = path.read_text().splitlines() if path and path.exists() else []
        self._known = {key: Heard(**heard) for key, heard in map(json.loads, lines)}

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> Heard:
        return self._known[key]

    def __setitem__(self, key: str, heard: Heard) -> None:
        self._known[key] = heard
        if self._path:
            with self._path.open("a") as file:
                file.write(json.dumps([key, vars(heard)]) + "\n")


def hear(engine: str, files: Sequence[Path], threads: int, beam: int) -> Iterator[Heard]:
    """What ``engine`` makes of each file, in order, as soon as it is heard."""
    command = [sys.executable, "-m", "tests.benchmarks.speech_engines", engine]
    command += ["--threads", str(threads), "--beam", str(beam), *map(str, files)]
    # Threads that wait take no processor time: else a busy machine makes every engine look slow.
    limits = {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **limits},
    ) as process:  # fmt: skip
        assert process.stdout
        for line in process.stdout:
            yield Heard(**json.loads(line))
    if process.returncode:
        raise SystemExit(f"{engine} ended with status {process.returncode}: {' '.join(command)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    hear_one = _hearer(given.engine, given.threads, given.beam)
    for file in given.files:
        sound = np.load(file)
        began = time.process_time()
        text, unheard = hear_one(sound)
        cpu_s = time.process_time() - began
        print(json.dumps(vars(Heard(text, unheard, cpu_s, _peak_mb()))), flush=True)


def _hearer(engine: str, threads: int, beam: int) -> Hearer:
    """A function from sound to its text, and to what it reports as unheard; the model is loaded."""
    weights = Path(os.environ["WHISPER_BASE"])
    if engine in (OURS, OURS_WHISPER):
        share_one_heap()  # as the command line does
        return _ours(engine, weights, threads, beam)
    if engine == STOCK_WHISPER:
        return _stock_whisper(weights, threads, beam)
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    fast = WhisperModel(
        str(weights / "ct2"), device="cpu", compute_type="int8", cpu_threads=threads
    )
    stock = BatchedInferencePipeline(fast) if engine == BATCHED else fast

    def hear(sound: Sound) -> tuple[str, list[Unheard]]:
        found, _ = stock.transcribe(sound, beam_size=beam, temperature=0.0, word_timestamps=True)
        return "".join(segment.text for segment in found), []

    return hear


def _stock_whisper(weights: Path, threads: int, beam: int) -> Hearer:
    import torch
    import whisper

    torch.set_num_threads(threads)
    model = whisper.load_model(str(weights / "base.pt"), device="cpu")

    def hear(sound: Sound) -> tuple[str, list[Unheard]]:
        found = whisper.transcribe(
            model, sound, fp16=False, temperature=0.0, word_timestamps=True,
            beam_size=beam if beam > 1 else None,
        )  # fmt: skip
        return str(found["text"]), []

    return hear


def _ours(engine: str, weights: Path, threads: int, beam: int) -> Hearer:
    from pipeline.transcript.asr import transcription

    name: LocalEngine = "whisper" if engine == OURS_WHISPER else "faster-whisper"
    path = weights / ("base.pt" if engine == OURS_WHISPER else "ct2")
    settings = TranscribeSettings(model=str(path), device="cpu", threads=threads, beam=beam)
    recogniser = transcription.load_engine(name, settings, Silent())
    transcription.load_engine = lambda *_: recogniser

    def hear(sound: Sound) -> tuple[str, list[Unheard]]:
        length_ms = len(sound) * 1000 // RATE
        video = Video(
            video_id="v", title="", url=None, path="v", duration_ms=length_ms, width=0, height=0,
            fps=0, has_audio=True, sha256="", start_ms=0, end_ms=length_ms,
        )  # fmt: skip
        source = SpeechSource(video, lambda track: path, lambda start, end: _blocks(sound))
        with tempfile.TemporaryDirectory() as work:
            done = transcribe_speech(source, settings, name, Path(work), Silent())
        lost = [(one.start_ms, one.end_ms, str(one.reason)) for one in done.report.unheard]
        return " ".join(cue.text for cue in done.transcript.cues), lost

    return hear


def _blocks(sound: Sound) -> Iterator[Sound]:
    """The sound as the transcribe stage reads it: in pieces, a quiet recording made louder."""
    pieces = (sound[at : at + 10 * RATE] for at in range(0, len(sound), 10 * RATE))
    return amplified(pieces, lambda gain_db: None)


def _peak_mb() -> float:
    """The most memory that this process held at once.

    Linux counts what the parent held before the program began into ``ru_maxrss``, so its own
    figure is taken there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
