"""minbpe beside Hugging Face `tokenizers`, `rustbpe` and `tiktoken`, in one run.

    python -m tests.benchmarks.bench_minbpe            everything, a few minutes
    python -m tests.benchmarks.bench_minbpe --quick    the small text only

The small text is the lecture's where it is on this machine, else an English-like one of the same
size. The large ones are English-like always. A ratio is a contender's time over that of minbpe:
above 1, minbpe is the faster one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from minbpe import BasicTokenizer, GPT4Tokenizer, RegexTokenizer
from tests.minbpe.contenders import (
    lecture_loop,
    tiktoken_with,
    train_minbpe,
    trainers,
)
from tests.minbpe.english_like import english_like
from tests.minbpe.measure import best_times, memory_of_training

Action = Callable[[], object]

SHARED = Path(os.environ.get("LECTURE_SHARED", Path(__file__).parents[3] / "shared"))
ROW = "{:<37} {:<11} {:>9} {:>12} {:>8}  {}"
LARGE = 10_000_000


def row(what: str, who: str, seconds: float, size: int, ratio: str = "", note: str = "") -> None:
    speed = f"{size / 1e6 / seconds:.2f} MB/s"
    print(ROW.format(what, who, f"{seconds:.3f} s", speed, ratio, note), flush=True)


def compare(
    what: str, actions: Mapping[str, Action], size: int, wanted: str, rounds: int = 7
) -> None:
    """Time `actions`, the first of which is minbpe's, and print a row for each."""
    times = best_times(actions, rounds)
    for who, seconds in times.items():
        ratio = "" if who == "minbpe" else f"{seconds / times['minbpe']:.2f}x"
        row(what, who, seconds, size, ratio, wanted if who == "minbpe" else "")


def small_text() -> tuple[str, str]:
    """The text to train on, and what to call it."""
    lecture = SHARED / "media/tokenizer/taylorswift.txt"
    if lecture.exists():
        return lecture.read_bytes().decode(), "lecture's text"
    return english_like(185_768), "English-like"


def gpt4() -> GPT4Tokenizer | None:
    """GPT-4's tokenizer, or None where its ranks are not to be had."""
    ranks = SHARED / "media/tokenizer/cl100k_base.tiktoken"
    try:
        return GPT4Tokenizer(ranks if ranks.exists() else None)
    except FileNotFoundError as error:
        print(f"skipped: everything with cl100k_base: {error}")
        return None


def bench_training(text: str, name: str) -> None:
    size = len(text.encode())
    actions = {who: partial(train, text, 512) for who, train in trainers().items()}
    compare(f"train regex 512, {name}", actions, size, "wanted: as fast as tokenizers")
    basic = BasicTokenizer()
    action = {"minbpe": partial(basic.train, text, 512)}
    compare(f"train basic 512, {name}", action, size, "wanted: under 0.3 s")
    for tokenizer, pieces in (
        (train_minbpe(text, 512), list(RegexTokenizer()._pieces(text))),
        (basic, [text]),
    ):
        start = perf_counter()
        same = lecture_loop(pieces, 256) == tokenizer.merges
        kind = type(tokenizer).__name__
        note = f"{kind}: {'the same merges' if same else 'OTHER MERGES'}"
        row("", "lecture", perf_counter() - start, size, note=note)


def bench_encoding(text: str, name: str, tokenizer: GPT4Tokenizer | None) -> None:
    size = len(text.encode())
    rounds = 7 if size < 1_000_000 else 2
    models = {who: train(text[:200_000], 512) for who, train in trainers().items()}
    actions = {who: partial(model.encode, text) for who, model in models.items()}
    compare(f"encode with these 512, {name}", actions, size, "", rounds)
    if tokenizer is None:
        return
    theirs = tiktoken_with(tokenizer)

    def with_empty_cache() -> list[int]:
        tokenizer._cache.forget()
        return tokenizer.encode(text)

    both: dict[str, Action] = {
        "minbpe": with_empty_cache,
        "tiktoken": partial(theirs.encode, text),
    }
    compare(f"encode cl100k, {name}", both, size, "wanted: 3 MB/s", rounds)
    same = tokenizer.encode(text) == theirs.encode(text)
    print(f"  {'the same ids' if same else 'OTHER IDS'} as tiktoken", flush=True)


def bench_large(tokenizer: GPT4Tokenizer | None) -> None:
    text = english_like(LARGE)
    actions = {who: partial(train, text, 32_768) for who, train in trainers().items()}
    compare("train regex 32k, 10 MB", actions, LARGE, "wanted: under 60 s", rounds=1)
    basic = BasicTokenizer()
    action = {"minbpe": partial(basic.train, text, 32_768)}
    compare("train basic 32k, 10 MB", action, LARGE, "wanted: under 60 s", rounds=1)
    for kind in ("regex", "basic"):
        peak = memory_of_training(kind, LARGE, 32_768)
        shown = "not measured: no /proc" if peak is None else f"{peak / LARGE:.1f} times the text"
        print(f"  peak memory, {kind}: {shown}; wanted: under 20 times", flush=True)
    bench_encoding(text, "10 MB", tokenizer)


def bench_growth(tokenizer: GPT4Tokenizer | None) -> None:
    trained = train_minbpe(english_like(1_000_000), 4096)
    for megabytes in (1, 10, 50):
        text = english_like(megabytes * 1_000_000)
        actions: dict[str, Action] = {
            "train regex 512": partial(RegexTokenizer().train, text, 512),
            "train basic 512": partial(BasicTokenizer().train, text, 512),
            "encode with 4096": partial(trained.encode, text),
        }
        if tokenizer:
            actions["encode cl100k"] = partial(tokenizer.encode, text)
        for what, seconds in best_times(
            actions, rounds=4 if megabytes == 1 else 1, clock=process_time
        ).items():
            note = f"{seconds / len(text) * 1e9:.0f} ns a byte of processor time"
            row(f"{what}, {megabytes} MB", "minbpe", seconds, len(text), note=note)
    if tokenizer:
        action = {"minbpe": partial(tokenizer.encode, "a" * 1_000_000)}
        compare('encode cl100k, 1 MB of "a"', action, 1_000_000, "wanted: seconds", rounds=1)


def main() -> None:
    skipped = {"tokenizers", "rustbpe"} - set(trainers())
    for who in sorted(skipped):
        print(f"skipped: comparison with {who}, which is not installed (the bench extra has it)")
    tokenizer = gpt4()
    print(ROW.format("what", "who", "time", "speed", "ratio", ""))
    text, name = small_text()
    bench_training(text, name)
    bench_encoding(text, name, tokenizer)
    if "--quick" not in sys.argv:
        bench_large(tokenizer)
        bench_growth(tokenizer)


if __name__ == "__main__":
    main()
