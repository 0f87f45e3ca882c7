"""How fast the recognisers are beside the stock ``whisper.transcribe()``, and what they take.

    python -m tests.benchmarks.bench_speech [--threads 2] [--quick] [--cpu-time] [--memory]

Three tables. *Lecture*: the demo lecture with the micro model. *Arithmetic of base*: random weights
in the dimensions of Whisper base; random weights never end a text, so every engine decodes the same
number of tokens a window (a fixed number, well under the limit): the work of a real model.
*Memory*: peak memory of a process that hears 10 minutes and 5 hours with the micro model.

The same audio, the same number of threads, one run, engines one after the other. Half silent audio
is the same sound with as much silence again. ``--cpu-time`` counts seconds of processor time in
place of seconds on the clock, for a machine that is busy; use it with one thread.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import demo
from pipeline.media.audio import pcm_blocks
from pipeline.speech.convert import convert
from pipeline.speech.engine import Decoding, Heard, Recogniser
from pipeline.speech.faster_whisper_engine import FasterWhisper
from pipeline.speech.listener import Listener
from pipeline.speech.prompt import Prompt
from pipeline.speech.recognise import recognise
from pipeline.speech.vad import best_detector
from pipeline.speech.whisper_engine import Whisper
from pipeline.speech.windows import Window
from tests.speech.fakes import NoStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

MICRO = Path(__file__).parents[1] / "data" / "micro-whisper" / "micro-en.pt"
RATE = 16_000
TOKENS = 100  # a window of ordinary speech: 75 words in 30 s
BASE = {
    "n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 512, "n_audio_head": 8,
    "n_audio_layer": 6, "n_vocab": 51865, "n_text_ctx": 448, "n_text_state": 512,
    "n_text_head": 8, "n_text_layer": 6,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--quick", action="store_true", help="one minute of audio, no memory table")
    parser.add_argument("--cpu-time", action="store_true", help="seconds of CPU, not of the clock")
    parser.add_argument("--memory", action="store_true", help="only the memory table")
    parser.add_argument("--hear", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.hear:
        _hear_hours(arguments.hear, arguments.threads)
        return
    if arguments.memory:
        _memory(arguments.threads)
        return
    import torch

    torch.set_num_threads(arguments.threads)
    clock = time.process_time if arguments.cpu_time else time.perf_counter
    sound = np.concatenate(list(pcm_blocks(demo.video())))
    if arguments.quick:
        sound = sound[: 60 * RATE]
    print(f"{len(sound) / RATE:.0f} s of audio, {arguments.threads} threads\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("lecture, micro model (12 MB)")
        _compare(
            (MICRO, convert(MICRO, folder / "micro")), sound, arguments.threads, clock, fixed=False
        )
        base = _random_base(folder / "base.pt")
        print(f"\narithmetic of base, {TOKENS} tokens a window")
        _compare(
            (base, convert(base, folder / "base")), sound, arguments.threads, clock, fixed=True
        )
    if not arguments.quick:
        _memory(arguments.threads)


def _compare(
    paths: tuple[Path, Path], sound: Sound, threads: int, clock: Callable[[], float], fixed: bool
) -> None:
    import whisper

    checkpoint, folder = paths

    stock = whisper.load_model(str(checkpoint), device="cpu")
    ours = (_FixedWhisper if fixed else Whisper)(str(checkpoint), "bench", "cpu", threads)
    fast = (_FixedFasterWhisper if fixed else FasterWhisper)(str(folder), "bench", "cpu", threads)
    half = _half_silent(sound)
    rows: list[tuple[str, Callable[[Sound], object]]] = [
        ("stock whisper.transcribe()", lambda audio: _stock(stock, audio, False, fixed)),
        ("stock, word_timestamps=True", lambda audio: _stock(stock, audio, True, fixed)),
        ("whisper (ours)", lambda audio: _ours(ours, audio)),
        ("faster-whisper (ours)", lambda audio: _ours(fast, audio)),
    ]
    print(f"{'engine':<30}{'x real time':>12}{'beside stock':>14}{'half silent':>13}{'gain':>7}")
    reference = 0.0
    for name, hear in rows:
        hear(sound[: 20 * RATE])  # warm: compilers, caches
        full, quiet = _speed(hear, sound, clock), _speed(hear, half, clock)
        reference = reference or full
        print(
            f"{name:<30}{full:>12.1f}{full / reference:>14.2f}{quiet:>13.1f}{quiet / full:>7.2f}",
            flush=True,
        )


def _speed(hear: Callable[[Sound], object], audio: Sound, clock: Callable[[], float]) -> float:
    began = clock()
    hear(audio)
    return len(audio) / RATE / (clock() - began)


def _stock(model: Any, audio: Sound, words: bool, fixed: bool) -> object:
    import whisper

    options: dict[str, Any] = {}
    if fixed:
        options = {
            "temperature": 0.0,
            "logprob_threshold": None,
            "no_speech_threshold": None,
            "compression_ratio_threshold": None,
            **_fixed_length(model.is_multilingual),
        }
    return whisper.transcribe(
        model,
        audio,
        language="en",
        condition_on_previous_text=False,
        fp16=False,
        word_timestamps=words,
        **options,
    )


def _fixed_length(multilingual: bool) -> dict[str, Any]:
    """Options that make openai-whisper decode ``TOKENS`` tokens of text, no more and no less."""
    from whisper.tokenizer import get_tokenizer

    eot = get_tokenizer(multilingual).eot
    stamps = range(eot + 1, BASE["n_vocab"])
    return {
        "without_timestamps": True,
        "sample_len": TOKENS,
        "suppress_tokens": [eot, *stamps],
        "suppress_blank": False,
    }


class _FixedWhisper(Whisper):
    def options(self, how: Decoding, prompt: str) -> Any:
        import dataclasses

        asked = super().options(how, prompt)
        return dataclasses.replace(asked, **_fixed_length(self._whisper.is_multilingual))


class _FixedFasterWhisper(FasterWhisper):
    def generate(self, encoded: Any, prompts: list[list[int]], temperature: float) -> Any:
        eot = self._whisper.hf_tokenizer.token_to_id("<|endoftext|>")
        plain = self._whisper.hf_tokenizer.token_to_id("<|notimestamps|>")
        prompts = [[*prompt, plain] for prompt in prompts]
        return self._whisper.model.generate(
            encoded,
            prompts,
            beam_size=1,
            max_length=len(prompts[0]) + TOKENS,
            suppress_blank=False,
            suppress_tokens=[eot, *range(eot + 1, BASE["n_vocab"])],
            return_scores=True,
            return_no_speech_prob=True,
        )


def _ours(recogniser: Recogniser, audio: Sound) -> object:
    def blocks() -> Iterator[Sound]:
        for start in range(0, len(audio), 10 * RATE):
            yield audio[start : start + 10 * RATE]

    return recognise(blocks(), lambda first: _Trusting(recogniser), best_detector())


class _Trusting(Listener):
    """Hears random words without doubting them, as a real model's would not be doubted."""

    def __init__(self, recogniser: Recogniser) -> None:
        super().__init__(recogniser, NoStore(), "en", Prompt())

    def _again(self, batch: Sequence[Window], results: Sequence[Heard]) -> list[Heard]:
        return list(results)


def _half_silent(sound: Sound) -> Sound:
    """The same sound with silence of the same length after every 20 s."""
    parts = []
    for start in range(0, len(sound), 20 * RATE):
        piece = sound[start : start + 20 * RATE]
        parts += [piece, np.zeros_like(piece)]
    return np.concatenate(parts)


def _random_base(path: Path) -> Path:
    """A checkpoint with random weights in the dimensions of Whisper base."""
    import torch
    from whisper.model import ModelDimensions
    from whisper.model import Whisper as Network

    torch.manual_seed(0)
    network = Network(ModelDimensions(**BASE))
    torch.nn.init.normal_(network.decoder.positional_embedding, std=0.02)
    torch.save({"dims": BASE, "model_state_dict": network.state_dict()}, path)
    return path


def _memory(threads: int) -> None:
    print("\npeak memory of a whole process, micro model, faster-whisper")
    for hours in (1 / 6, 5.0):
        command = [sys.executable, "-m", "tests.benchmarks.bench_speech"]
        command += ["--hear", str(hours), "--threads", str(threads)]
        subprocess.run(command, check=True)


def _hear_hours(hours: float, threads: int) -> None:
    """Hear the demo lecture and a pause, again and again for so long, through ffmpeg."""
    from tests.conftest import make_media

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loop = make_media(
            folder / "loop.m4a", "-i", str(demo.video()), "-vn", "-af", "apad=whole_dur=300"
        )
        path = make_media(
            folder / "long.m4a",
            *("-stream_loop", "-1", "-i", str(loop), "-t", str(hours * 3600), "-c", "copy"),
        )
        recogniser = FasterWhisper(str(convert(MICRO, folder / "micro")), "m", "cpu", threads)
        done = recognise(pcm_blocks(path), lambda first: _Trusting(recogniser), best_detector())
    peak = _peak_mb()
    minutes = done.report.audio_ms / 60_000
    print(f"{minutes:>6.0f} min: {peak:>6.0f} MB, {len(done.cues)} cues", flush=True)


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
