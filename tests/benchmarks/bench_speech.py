"""How many words the recognisers get wrong or lose, and how fast they are, beside the stock ones.

    WHISPER_BASE=FOLDER python -m tests.benchmarks.bench_speech [--engine faster-whisper]
        [--only words] [--files demo boneh] [--beam 5] [--rounds 3] [--minutes 25] [--threads 2]
        [--resume FILE]

With the real weights of Whisper base (FOLDER holds ``ct2/`` and ``base.pt``); without them it says
so and stops. Every result is printed when it is there, the tables at the end of each part:

words  error rates after Whisper's own normaliser for English (deleted, substituted, inserted
       words), the runs of 4 and more words that the stock recogniser has and ours lacks, the
       voiced stretches that ours reports as unheard, processor time and peak memory.
speed  ours and a stock one in turn, so that a machine that changes its pace does so for both;
       seconds of processor time of the hearing alone, its model loaded before.
beams  the error rate and the processor time of ours by beam size.

Its parts add up to about half an hour of processor time. With ``--resume`` each result is kept in
FILE, and a run that was broken off goes on from there.

The demo lecture is always there; the others come from the folder that LECTURE_SHARED names. Nobody
is given captions, a title or a language. Temperature 0 and the same beam for all.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import demo
from pipeline.transcript.captions.read import read_captions
from pipeline.video.audio import pcm_blocks
from pipeline.video.audio_tracks import audio_tracks, lecture_track
from tests.benchmarks.speech_engines import (
    BATCHED,
    OURS,
    OURS_WHISPER,
    RATE,
    STOCK,
    STOCK_WHISPER,
    Heard,
    Results,
    hear,
)

RUN = 4  # so many words in a row that ours lacks are a loss, not another spelling
PAIRS = {"faster-whisper": (OURS, STOCK, BATCHED), "whisper": (OURS_WHISPER, STOCK_WHISPER)}
BEAMS = (1, 2, 3, 5)
FILES = {
    "boneh": "media/lectures/boneh-crypto1-stream-ciphers.mp4",
    "data301": "media/lectures/data301-water-potability-dashboard-talk.mp4",
    "okayatay": "media/lectures/okayatay-ruby-gem-terminal-screencast.mp4",
    "auto-editor": "media/lectures/auto-editor-timecode-burnin.mp4",
    "uoft": "media/lectures/uoft-ast101-names-for-stuff.mp4",
    "jfk": "media/speech/jfk.flac",
    "gaps": "cases/media/gaps.flac",
    "antiphase": "cases/media/antiphase.flac",
    "quiet55": "cases/media/quiet55.flac",
    "second-track": "cases/media/speech-in-second-track.mp4",
    "de": "cases/media/de.flac",
    "en_de": "cases/media/en_de.flac",
    "silent": "media/lectures/missing-semester-git-demo-SILENT.mp4",
}
JFK = (
    "And so my fellow Americans ask not what your country can do for you "
    "ask what you can do for your country"
)
# There the stock recognisers invent text: for silence, and for German that they take for English.
NO_RUNS = ("gaps", "en_de")
# The engine ``whisper`` and its stock one take ten times as long: where no files are named, these.
SHORT = ("demo", "boneh", "okayatay", "jfk")
# What all the long runs are made of: lectures, repeated until they are long enough.
LECTURES = ("demo", "boneh", "data301", "okayatay", "auto-editor", "gaps", "jfk")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=PAIRS, help="one engine and its stock ones only")
    parser.add_argument("--only", choices=["words", "speed", "beams"])
    parser.add_argument("--files", nargs="+", metavar="NAME", help="of the words part")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side of a comparison")
    parser.add_argument("--minutes", type=float, default=25.0, help="length of the long speed run")
    parser.add_argument("--resume", type=Path, metavar="FILE", help="keeps the results")
    given = parser.parse_args()
    if not os.environ.get("WHISPER_BASE"):
        print("skipped: set WHISPER_BASE to a folder with the weights of Whisper base")
        return
    engines = [given.engine] if given.engine else list(PAIRS)
    with tempfile.TemporaryDirectory() as name:
        results = Results(given.resume)
        bench = Bench(Path(name), given.threads, given.beam, results)
        print(f"Whisper base, {given.threads} threads, beam {given.beam}, temperature 0")
        if given.only in (None, "words"):
            for engine in engines:
                wanted = given.files or (bench.sounds if engine == "faster-whisper" else SHORT)
                bench.words(PAIRS[engine], [one for one in wanted if one in bench.sounds])
        if given.only in (None, "speed"):
            bench.speed(engines, given.minutes, given.rounds)
        if given.only in (None, "beams") and "faster-whisper" in engines:
            bench.beams()


class Bench:
    """The files as arrays of samples, and the parts of the benchmark."""

    def __init__(self, folder: Path, threads: int, beam: int, results: Results) -> None:
        self._folder, self._results = folder, results
        self._threads, self._beam = threads, beam
        self.sounds = {name: self._saved(name, _samples(file)) for name, file in _files().items()}
        self._references = _references()

    def words(self, engines: Sequence[str], names: Sequence[str]) -> None:
        """Errors, losses and unheard stretches of an engine of ours beside its stock ones."""
        heard = {engine: self._heard(engine, names) for engine in engines}
        ours, *stocks = engines
        rows = [
            [name, *(_errors(self._references[name], heard[one][name].text) for one in engines)]
            for name in names
            if name in self._references
        ]
        total = [sum(one.cpu_s for one in heard[engine].values()) for engine in engines]
        peaks = [max(one.peak_mb for one in heard[engine].values()) for engine in engines]
        rows.append(["processor seconds, one run", *(f"{one:.1f}" for one in total)])
        rows.append(["peak memory, MB", *(f"{one:.0f}" for one in peaks)])
        _table([f"word errors, beam {self._beam} (deleted, substituted, inserted)", *engines], rows)
        for stock in stocks:
            lost = [
                f"- {name}: {run}"
                for name in names
                if name not in NO_RUNS
                for run in _lost(heard[stock][name].text, heard[ours][name].text)
            ]
            print(f"\nRuns of {RUN} words and more that {stock} has and {ours} lacks:")
            print("\n".join(lost) or "- none")
        print(f"\nUnheard, as {ours} reports it:")
        unheard = [
            f"- {name}: {start_ms / 1000:.1f} to {end_ms / 1000:.1f} s, {reason}"
            for name in names
            for start_ms, end_ms, reason in heard[ours][name].unheard
        ]
        print("\n".join(unheard) or "- nothing", flush=True)

    def speed(self, engines: Sequence[str], minutes: float, rounds: int) -> None:
        """Processor time of ours and of stock ones in turn, on a long and a short recording."""
        once = np.concatenate([np.load(self.sounds[one]) for one in LECTURES if one in self.sounds])
        times = max(1, int(np.ceil(minutes * 60 * RATE / len(once))))
        long = self._saved(f"{minutes:g} minutes", np.concatenate([once] * times))
        short = self._saved("2 minutes", np.load(self.sounds["demo"])[: 120 * RATE])
        plan = []
        if "faster-whisper" in engines:
            plan += [(long, OURS, BATCHED), (short, OURS, BATCHED), (short, OURS, STOCK_WHISPER)]
        if "whisper" in engines:
            plan += [(short, OURS_WHISPER, STOCK_WHISPER)]
        rows = []
        for path, ours, stock in plan:
            length = len(np.load(path, mmap_mode="r")) / RATE / 60
            pairs = []
            for number in range(rounds):
                pair = [self._run(engine, path, number) for engine in (ours, stock)]
                pairs.append(pair)
                seconds = " and ".join(f"{one.cpu_s:.1f} s" for one in pair)
                print(
                    f"{length:.1f} min, round {number + 1}: {ours}, {stock}: {seconds}", flush=True
                )
            ratios = [one.cpu_s / other.cpu_s for one, other in pairs]
            rows.append([f"{length:.1f}", *_side(ours, pairs, 0), *_side(stock, pairs, 1)])
            rows[-1].append(_spread(ratios, 2))
        head = ["minutes", "ours", "processor s", "peak MB", "stock", "processor s", "peak MB"]
        _table([*head, f"ratio, median of {rounds} (least to most)"], rows)

    def beams(self) -> None:
        """What a larger beam of ours costs and brings, over all that somebody wrote down."""
        names = [name for name in self.sounds if name in self._references]
        reference = " ".join(self._references[name] for name in names)
        rows = []
        for beam in BEAMS:
            heard = self._heard(OURS, names, beam)
            text = " ".join(heard[name].text for name in names)
            cpu_s = sum(one.cpu_s for one in heard.values())
            rows.append([str(beam), _errors(reference, text), f"{cpu_s:.1f}"])
        _table(["beam", "word errors (deleted, substituted, inserted)", "processor s"], rows)

    def _heard(self, engine: str, names: Sequence[str], beam: int = 0) -> dict[str, Heard]:
        beam = beam or self._beam
        keys = {name: f"{engine}, beam {beam}, {self._threads} threads: {name}" for name in names}
        new = [name for name in names if keys[name] not in self._results]
        files = [self.sounds[name] for name in new]
        heard = hear(engine, files, self._threads, beam) if files else ()
        for name, one in zip(new, heard, strict=True):
            self._results[keys[name]] = one
            known = self._references.get(name)
            errors = f", {_errors(known, one.text)}" if known else ""
            print(f"{name}: {engine}{errors}, {one.cpu_s:.1f} s", flush=True)
        return {name: self._results[keys[name]] for name in names}

    def _run(self, engine: str, path: Path, number: int) -> Heard:
        key = f"{engine}, beam {self._beam}, {self._threads} threads: {path.stem}, round {number}"
        if key not in self._results:
            (self._results[key],) = hear(engine, [path], self._threads, self._beam)
        return self._results[key]

    def _saved(self, name: str, samples: np.ndarray[Any, Any]) -> Path:
        path = self._folder / f"{name}.npy"
        np.save(path, samples)
        return path


def _files() -> dict[str, Path]:
    """Every file that is here."""
    files = {"demo": demo.video()}
    if shared := os.environ.get("LECTURE_SHARED"):
        files |= {name: Path(shared, path) for name, path in FILES.items()}
        clips = sorted(Path(shared, "media/speech").glob("librivox-*.wav"))
        files |= {f"librivox {clip.stem[-4:]}": clip for clip in clips}
    return files


def _samples(file: Path) -> np.ndarray[Any, Any]:
    return np.concatenate(list(pcm_blocks(file, track=lecture_track(audio_tracks(file), None, ""))))


def _references() -> dict[str, str]:
    """What is said, where somebody wrote it down."""
    found = {"demo": _text_of(demo.video().with_suffix(".en.vtt"))}
    if shared := os.environ.get("LECTURE_SHARED"):
        captions = Path(shared, FILES["boneh"]).with_suffix(".en.vtt")
        # Its first and last cue are partly outside of the excerpt.
        found["boneh"] = _text_of(captions, slice(1, -1))
        found |= dict.fromkeys(("jfk", "antiphase", "quiet55", "second-track"), JFK)
        for file in Path(shared, "media/speech").glob("*.transcription"):
            for text, clip in re.findall(r"<s> (.*) </s> \(.*-(\d+)\)", file.read_text()):
                # The recogniser that aligned the clips wrote a stumble into the text.
                found[f"librivox {clip}"] = text.replace("more a amiable", "more amiable")
    return found


def _text_of(captions: Path, part: slice = slice(None)) -> str:
    return " ".join(cue.text for cue in read_captions(captions).cues[part])


def _errors(reference: str, text: str) -> str:
    import jiwer

    made = jiwer.process_words(_normalised(reference), _normalised(text))
    counts = f"{made.deletions} {made.substitutions} {made.insertions}"
    return f"{made.wer * 100:.1f}% ({counts})"


def _lost(stock: str, ours: str) -> Iterator[str]:
    import jiwer

    words = _normalised(stock).split()
    if not words:
        return
    made = jiwer.process_words(" ".join(words), _normalised(ours) or "-")
    for one in made.alignments[0]:
        begin, end = one.ref_start_idx, one.ref_end_idx
        if one.type == "delete" and end - begin >= RUN:
            yield " ".join(words[begin:end])


def _normalised(text: str) -> str:
    from whisper.normalizers import EnglishTextNormalizer

    made: str = EnglishTextNormalizer()(text)
    return made


def _side(engine: str, pairs: Sequence[Sequence[Heard]], side: int) -> list[str]:
    """An engine, its processor time and its peak memory."""
    cpu_s = [pair[side].cpu_s for pair in pairs]
    return [engine, _spread(cpu_s, 1), f"{max(pair[side].peak_mb for pair in pairs):.0f}"]


def _spread(values: Sequence[float], digits: int) -> str:
    """The median, and the least and the most in brackets."""
    least, most = min(values), max(values)
    return f"{statistics.median(values):.{digits}f} ({least:.{digits}f} to {most:.{digits}f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in Markdown."""
    print()
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(row) + " |")
    print(flush=True)


if __name__ == "__main__":
    main()
