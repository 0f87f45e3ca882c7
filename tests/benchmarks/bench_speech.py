"""How many words the recognisers get wrong or lose, and how fast they are, beside the stock ones.

    WHISPER_BASE=FOLDER python -m tests.benchmarks.bench_speech [--threads 2] [--beam 5]

With the real weights of Whisper base (FOLDER holds ``ct2/`` and ``base.pt``); without them it says
so and stops. *Words*: error rates after Whisper's own normaliser for English, with words deleted,
the runs of 4 and more words that the stock recogniser has and ours lacks, and the voiced stretches
that ours reports as unheard. *Speed*: every run a process of its own, ours and a stock one in turn,
so that a machine that changes its pace does so for both; seconds of processor time of the hearing
alone, its model loaded before; medians and peak memory of the whole process.

The demo lecture is always there; the others come from the folder that LECTURE_SHARED names. Nobody
is given captions, a title or a language. Temperature 0 and the same beam for all.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import demo
from pipeline.engine.progress import Silent
from pipeline.models import Video
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.transcript.asr.engines.models import LocalEngine
from pipeline.transcript.asr.transcription import SpeechSource, transcribe_speech
from pipeline.transcript.captions.read import read_captions
from pipeline.video.audio import pcm_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

RATE = 16_000
RUN = 4  # so many words in a row that ours lacks are a loss, not another spelling
OURS, OURS_WHISPER = "faster-whisper (ours)", "whisper (ours)"
STOCK, BATCHED = "stock faster-whisper", "stock batched pipeline"
STOCK_WHISPER = "stock openai-whisper"
LECTURES = {
    "boneh": "media/lectures/boneh-crypto1-stream-ciphers.mp4",
    "data301": "media/lectures/data301-water-potability-dashboard-talk.mp4",
    "okayatay": "media/lectures/okayatay-ruby-gem-terminal-screencast.mp4",
    "auto-editor": "media/lectures/auto-editor-timecode-burnin.mp4",
    "uoft": "media/lectures/uoft-ast101-names-for-stuff.mp4",
    "gaps": "cases/media/gaps.flac",
    "jfk": "media/speech/jfk.flac",
}
JFK = (
    "And so my fellow Americans ask not what your country can do for you "
    "ask what you can do for your country"
)
# The stock recogniser invents a text for 30 s of silence there, so its runs count for nothing.
NO_RUNS = ("gaps",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side of a comparison")
    parser.add_argument("--only", choices=["words", "speed"])
    parser.add_argument("--hear", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.hear:
        engine, *files = given.hear
        print(json.dumps(_hear(engine, [Path(file) for file in files], given.threads, given.beam)))
        return
    if not os.environ.get("WHISPER_BASE"):
        print("skipped: set WHISPER_BASE to a folder with the weights of Whisper base")
        return
    with tempfile.TemporaryDirectory() as name:
        sounds = _sounds(Path(name))
        print(f"Whisper base, {given.threads} threads, beam {given.beam}, temperature 0")
        if given.only != "speed":
            _words(sounds, given.threads, given.beam)
        if given.only != "words":
            _speed(sounds, Path(name), given.threads, given.beam, given.rounds)


def _sounds(folder: Path) -> dict[str, Path]:
    """The samples of every file that is here, as arrays on disk."""
    files = {"demo": demo.video()}
    shared = os.environ.get("LECTURE_SHARED")
    if shared:
        root = Path(shared)
        files |= {name: root / path for name, path in LECTURES.items()}
        clips = sorted((root / "media/speech").glob("librivox-*.wav"))
        files |= {f"librivox {clip.stem[-4:]}": clip for clip in clips}
    made = {}
    for name, file in files.items():
        made[name] = folder / f"{name}.npy"
        np.save(made[name], np.concatenate(list(pcm_blocks(file))))
    return made


def _references() -> dict[str, str]:
    """What is said, where somebody wrote it down."""
    found = {"demo": _text_of(demo.video().with_suffix(".en.vtt"))}
    shared = os.environ.get("LECTURE_SHARED")
    if shared:
        captions = Path(shared, LECTURES["boneh"]).with_suffix(".en.vtt")
        # Its first and last cue are partly outside of the excerpt.
        found["boneh"] = _text_of(captions, slice(1, -1))
        found["jfk"] = JFK
        for file in Path(shared, "media/speech").glob("*.transcription"):
            for text, clip in re.findall(r"<s> (.*) </s> \(.*-(\d+)\)", file.read_text()):
                # The recogniser that aligned the clips wrote a stumble into the text.
                found[f"librivox {clip}"] = text.replace("more a amiable", "more amiable")
    return found


def _text_of(captions: Path, part: slice = slice(None)) -> str:
    return " ".join(cue.text for cue in read_captions(captions).cues[part])


def _words(sounds: Mapping[str, Path], threads: int, beam: int) -> None:
    heard = {
        engine: _run(engine, list(sounds.values()), threads, beam)
        for engine in (OURS, STOCK, BATCHED, OURS_WHISPER, STOCK_WHISPER)
    }
    texts = {engine: dict(zip(sounds, one["texts"], strict=True)) for engine, one in heard.items()}
    print(f"\nword error rate (deleted, substituted, inserted)\n{'':<16}", end="")
    print("".join(f"{engine:>26}" for engine in texts))
    for name, reference in _references().items():
        row = "".join(f"{_errors(reference, text[name]):>26}" for text in texts.values())
        print(f"{name:<16}{row}", flush=True)
    for ours, stock in ((OURS, STOCK), (OURS_WHISPER, STOCK_WHISPER)):
        print(f"\nruns of {RUN} words and more that {stock} has and {ours} lacks")
        for name in sounds:
            if name not in NO_RUNS:
                for run in _lost(texts[stock][name], texts[ours][name]):
                    print(f"  {name}: {run}")
        print(f"unheard, as {ours} reports it")
        for name, unheard in zip(sounds, heard[ours]["unheard"], strict=True):
            for start_ms, end_ms, reason in unheard:
                print(f"  {name}: {start_ms / 1000:.1f} to {end_ms / 1000:.1f} s, {reason}")


def _errors(reference: str, text: str) -> str:
    import jiwer

    made = jiwer.process_words(_normalised(reference), _normalised(text))
    counts = f"{made.deletions} {made.substitutions} {made.insertions}"
    return f"{made.wer * 100:.1f}% ({counts})"


def _lost(stock: str, ours: str) -> list[str]:
    import jiwer

    words = _normalised(stock).split()
    if not words:
        return []
    made = jiwer.process_words(" ".join(words), _normalised(ours) or "-")
    spans = [(one.type, one.ref_start_idx, one.ref_end_idx) for one in made.alignments[0]]
    return [
        " ".join(words[begin:end])
        for kind, begin, end in spans
        if kind == "delete" and end - begin >= RUN
    ]


def _normalised(text: str) -> str:
    from whisper.normalizers import EnglishTextNormalizer

    made: str = EnglishTextNormalizer()(text)
    return made


def _speed(sounds: Mapping[str, Path], folder: Path, threads: int, beam: int, rounds: int) -> None:
    lectures = [np.load(sounds[name]) for name in ("demo", *LECTURES) if name in sounds]
    once = np.concatenate(lectures)
    times = max(1, round(25 * 60 * RATE / len(once) + 0.5))
    long, short = folder / "long.npy", folder / "short.npy"
    np.save(long, np.concatenate([once] * times))
    np.save(short, np.load(sounds["demo"])[: 120 * RATE])
    print(f"\nprocessor seconds, medians of {rounds} paired runs; peak memory")
    for path, ours, stocks in (
        (long, OURS, (BATCHED, STOCK)),
        (short, OURS, (BATCHED, STOCK, STOCK_WHISPER)),
        (short, OURS_WHISPER, (STOCK_WHISPER,)),
    ):
        minutes = len(np.load(path, mmap_mode="r")) / RATE / 60
        for stock in stocks:
            pairs = [
                [_run(engine, [path], threads, beam) for engine in (ours, stock)]
                for _ in range(rounds)
            ]
            cpu = [statistics.median(pair[side]["cpu_s"] for pair in pairs) for side in (0, 1)]
            ratio = statistics.median(one["cpu_s"] / other["cpu_s"] for one, other in pairs)
            peak = [max(pair[side]["peak_mb"] for pair in pairs) for side in (0, 1)]
            print(
                f"{minutes:>5.1f} min  {ours:<22}{cpu[0]:>8.1f} s{peak[0]:>6.0f} MB   "
                f"{stock:<24}{cpu[1]:>8.1f} s{peak[1]:>6.0f} MB   ratio {ratio:.2f}",
                flush=True,
            )


def _run(engine: str, files: Sequence[Path], threads: int, beam: int) -> dict[str, Any]:
    """What one engine makes of the files, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_speech"]
    command += ["--threads", str(threads), "--beam", str(beam)]
    command += ["--hear", engine, *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _hear(engine: str, files: Sequence[Path], threads: int, beam: int) -> dict[str, Any]:
    hear = _hearer(engine, threads, beam)
    texts, unheard, cpu_s = [], [], 0.0
    for file in files:
        sound = np.load(file)
        began = time.process_time()
        text, lost = hear(sound)
        cpu_s += time.process_time() - began
        texts.append(text)
        unheard.append(lost)
    return {"texts": texts, "unheard": unheard, "cpu_s": cpu_s, "peak_mb": _peak_mb()}


Hearer = Callable[["Sound"], tuple[str, list[tuple[int, int, str]]]]


def _hearer(engine: str, threads: int, beam: int) -> Hearer:
    """A function from sound to its text, and to what it reports as unheard; the model is loaded."""
    weights = Path(os.environ["WHISPER_BASE"])
    if engine in (OURS, OURS_WHISPER):
        return _ours(engine, weights, threads, beam)
    if engine == STOCK_WHISPER:
        import torch
        import whisper

        torch.set_num_threads(threads)
        model = whisper.load_model(str(weights / "base.pt"), device="cpu")
        return lambda sound: (
            whisper.transcribe(
                model, sound, fp16=False, temperature=0.0, word_timestamps=True,
                beam_size=beam if beam > 1 else None,
            )["text"],
            [],
        )  # fmt: skip
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    fast = WhisperModel(
        str(weights / "ct2"), device="cpu", compute_type="int8", cpu_threads=threads
    )
    stock = BatchedInferencePipeline(fast) if engine == BATCHED else fast

    def hear(sound: Sound) -> tuple[str, list[tuple[int, int, str]]]:
        found, _ = stock.transcribe(sound, beam_size=beam, temperature=0.0, word_timestamps=True)
        return "".join(segment.text for segment in found), []

    return hear


def _ours(engine: str, weights: Path, threads: int, beam: int) -> Hearer:
    from pipeline.transcript.asr import transcription

    name: LocalEngine = "whisper" if engine == OURS_WHISPER else "faster-whisper"
    path = weights / ("base.pt" if engine == OURS_WHISPER else "ct2")
    settings = TranscribeSettings(model=str(path), device="cpu", threads=threads, beam=beam)
    recogniser = transcription.load_engine(name, settings, Silent())
    transcription.load_engine = lambda *_: recogniser

    def hear(sound: Sound) -> tuple[str, list[tuple[int, int, str]]]:
        length_ms = len(sound) * 1000 // RATE
        video = Video(
            video_id="v", title="", url=None, path="v", duration_ms=length_ms, width=0, height=0,
            fps=0, has_audio=True, sha256="", start_ms=0, end_ms=length_ms,
        )  # fmt: skip
        blocks = (sound[at : at + 10 * RATE] for at in range(0, len(sound), 10 * RATE))
        source = SpeechSource(video, lambda track: path, lambda start, end: blocks)
        with tempfile.TemporaryDirectory() as work:
            done = transcribe_speech(source, settings, name, Path(work), Silent())
        lost = [(one.start_ms, one.end_ms, str(one.reason)) for one in done.report.unheard]
        return " ".join(cue.text for cue in done.transcript.cues), lost

    return hear


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
