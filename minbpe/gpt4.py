"""GPT-4's tokenizer, to the last id."""

from __future__ import annotations

from pathlib import Path

from minbpe.published import ENCODINGS, fetch
from minbpe.ranked import RankTokenizer
from minbpe.rankfile import parse_ranks


class GPT4Tokenizer(RankTokenizer):
    """tiktoken's `cl100k_base`, special tokens included; `o200k_base` (GPT-4o) by that name.

    The ranks are read from `ranks_file` when given (`cl100k_base.tiktoken`, 1.7 MB), else from
    the folder in `TIKTOKEN_CACHE_DIR`, else through tiktoken, which downloads them once. Raises
    FileNotFoundError, with what to do, when none of these has them, and ValueError for a damaged
    file or an unknown name.

        GPT4Tokenizer().encode("hello world!!!?")   # [15339, 1917, 12340, 30]

    Characters that Unicode gained in the last years are the one exception: whether they are
    letters depends on the Unicode version that `regex` and tiktoken were each built with.
    """

    def __init__(self, ranks_file: str | Path | None = None, *, name: str = "cl100k_base") -> None:
        if name not in ENCODINGS:
            raise ValueError(f"no encoding is named {name!r}; there are {', '.join(ENCODINGS)}")
        encoding = ENCODINGS[name]
        if ranks_file is None:
            data = fetch(encoding.source, "ranks_file")
        else:
            data = Path(ranks_file).read_bytes()
        ranks = parse_ranks(data, str(ranks_file or encoding.source.url))
        super().__init__(ranks, encoding.pattern, encoding.special_tokens)
