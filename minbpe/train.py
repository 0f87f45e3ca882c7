"""Train a tokenizer on a text file from the command line.

    python -m minbpe.train FILE --vocab-size 512 --kind regex --out models/mine

writes `models/mine.model` and `models/mine.vocab` and prints the path of the former. Progress
goes to stderr. The exit status is 0 when done, 1 when the file cannot be used, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TextIO

from minbpe.base import Tokenizer
from minbpe.basic import BasicTokenizer
from minbpe.learn import Learned
from minbpe.regex import RegexTokenizer

KINDS: dict[str, type[Tokenizer]] = {"basic": BasicTokenizer, "regex": RegexTokenizer}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments`, those of the process by default; return the exit status."""
    options = _parser().parse_args(arguments)
    tokenizer = KINDS[options.kind]()
    try:
        # Not read_text: it would turn "\r\n" into "\n", and these are different tokens.
        text = options.file.read_bytes().decode("utf-8")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            tokenizer.train(text, options.vocab_size, on_merge=_progress(options, sys.stderr))
        options.out.parent.mkdir(parents=True, exist_ok=True)
        tokenizer.save(options.out)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for warning in caught:
        print(f"warning: {warning.message}", file=sys.stderr)
    print(f"{options.out}.model")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m minbpe.train", description="Train a byte pair encoding tokenizer."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="UTF-8 text to learn from")
    parser.add_argument(
        "--vocab-size", type=int, required=True, metavar="N", help="number of tokens, 256 or more"
    )
    parser.add_argument(
        "--kind",
        choices=KINDS,
        default="regex",
        help="regex: no token crosses a word (default); basic: the text is one piece",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="PREFIX",
        help="writes PREFIX.model and PREFIX.vocab",
    )
    return parser


def _progress(options: argparse.Namespace, stream: TextIO) -> Callable[[Learned], None]:
    """Return a function that reports a merge: the first and last one, and one a second."""
    last = options.vocab_size - 1
    reported = -1.0

    def report(learned: Learned) -> None:
        nonlocal reported
        if monotonic() - reported >= 1 or learned.idx == last:
            reported = monotonic()
            print(
                f"merge {learned.idx - 255} of {options.vocab_size - 256}: "
                f"{learned.pair} -> {learned.idx}, seen {learned.frequency} times",
                file=stream,
            )

    return report


if __name__ == "__main__":
    sys.exit(main())
