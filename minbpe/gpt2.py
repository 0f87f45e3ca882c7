"""GPT-2's tokenizer from the two files OpenAI published with the model."""

from __future__ import annotations

from pathlib import Path

from minbpe.patterns import R50K_BASE_PATTERN
from minbpe.published import (
    GPT2_ENCODER_JSON,
    GPT2_SPECIAL_TOKENS,
    GPT2_VOCAB_BPE,
    PublishedFile,
    fetch,
)
from minbpe.ranked import RankTokenizer
from minbpe.rankfile import parse_gpt2


class GPT2Tokenizer(RankTokenizer):
    """tiktoken's `gpt2`, 50,257 tokens, from `vocab.bpe` (merges) and `encoder.json` (ids).

    A file that is not given is looked for as `GPT4Tokenizer` looks for its ranks. Raises
    FileNotFoundError, with what to do, when it is not found, and ValueError when the two files
    are damaged or do not belong together.

        GPT2Tokenizer().encode("Hello world!")   # [15496, 995, 0]
    """

    def __init__(
        self,
        vocab_bpe: str | Path | None = None,
        encoder_json: str | Path | None = None,
    ) -> None:
        ranks, merges = parse_gpt2(
            _content(vocab_bpe, GPT2_VOCAB_BPE, "vocab_bpe"),
            _content(encoder_json, GPT2_ENCODER_JSON, "encoder_json"),
            GPT2_SPECIAL_TOKENS,
        )
        super().__init__(ranks, R50K_BASE_PATTERN, GPT2_SPECIAL_TOKENS, merges)


def _content(path: str | Path | None, source: PublishedFile, argument: str) -> bytes:
    return fetch(source, argument) if path is None else Path(path).read_bytes()
