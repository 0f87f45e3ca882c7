"""The lecture's functions, right and written in other ways, and with the bugs people make.

Each mutation is a text to find in a right version and what to put in its place; each variant is a
right version written differently. The tests run them in the sandbox under the eyes of the oracles.
"""

from __future__ import annotations

from typing import NamedTuple

STATS = """\
def get_stats(ids):
    counts = {}
    for pair in zip(ids, ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    return counts
"""

MERGE = """\
def merge(ids, pair, idx):
    newids = []
    i = 0
    while i < len(ids):
        if i < len(ids) - 1 and ids[i] == pair[0] and ids[i + 1] == pair[1]:
            newids.append(idx)
            i += 2
        else:
            newids.append(ids[i])
            i += 1
    return newids
"""

LOOP = """\
text = "the cat sat on the mat; the cat is fat and the mat is flat, mississippi aaaa"
ids = list(text.encode("utf-8"))
merges = {}
for i in range(20):
    stats = get_stats(ids)
    pair = max(stats, key=stats.get)
    idx = 256 + i
    ids = merge(ids, pair, idx)
    merges[pair] = idx
"""

DECODE = """\
vocab = {idx: bytes([idx]) for idx in range(256)}
for (p0, p1), idx in merges.items():
    vocab[idx] = vocab[p0] + vocab[p1]
def decode(ids):
    tokens = b"".join(vocab[idx] for idx in ids)
    return tokens.decode("utf-8", errors="replace")
"""

ENCODE = """\
def encode(text):
    tokens = list(text.encode("utf-8"))
    while len(tokens) >= 2:
        stats = get_stats(tokens)
        pair = min(stats, key=lambda p: merges.get(p, float("inf")))
        if pair not in merges:
            break
        tokens = merge(tokens, pair, merges[pair])
    return tokens
"""

BYTES = """\
def bytes_to_unicode():
    bs = list(range(ord("!"), ord("~") + 1))
    bs += list(range(ord("¡"), ord("¬") + 1)) + list(range(ord("®"), ord("ÿ") + 1))
    cs = bs[:]
    n = 0
    for b in range(256):
        if b not in bs:
            bs.append(b)
            cs.append(256 + n)
            n += 1
    return dict(zip(bs, [chr(c) for c in cs]))
"""

GPT2 = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
GPT4 = (
    r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}"""
    r"""| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"""
)
PATTERNS = f'gpt2_pattern = r"""{GPT2}"""\ngpt4_pattern = r"""{GPT4}"""\n'

CLASS = """\
class MyTokenizer:
    def __init__(self):
        self.merges, self.vocab = {}, {}
    def train(self, text, vocab_size):
        ids = list(text.encode("utf-8"))
        self.vocab = {idx: bytes([idx]) for idx in range(256)}
        for idx in range(256, vocab_size):
            stats = get_stats(ids)
            if not stats:
                break
            pair = max(stats, key=stats.get)
            ids = merge(ids, pair, idx)
            self.merges[pair] = idx
            self.vocab[idx] = self.vocab[pair[0]] + self.vocab[pair[1]]
    def decode(self, ids):
        return b"".join(self.vocab[idx] for idx in ids).decode("utf-8", errors="replace")
    def encode(self, text):
        ids = list(text.encode("utf-8"))
        while len(ids) >= 2:
            stats = get_stats(ids)
            pair = min(stats, key=lambda p: self.merges.get(p, float("inf")))
            if pair not in self.merges:
                break
            ids = merge(ids, pair, self.merges[pair])
        return ids
"""

CELLS = {
    "stats": STATS,
    "merge": MERGE,
    "loop": LOOP,
    "decode": DECODE,
    "encode": ENCODE,
    "bytes": BYTES,
    "patterns": PATTERNS,
    "class": CLASS,
}
"""A whole lecture, cell by cell, all of it right."""


class Mutation(NamedTuple):
    """A realistic bug: in which cell, what stands there, and what stands there by mistake."""

    cell: str
    right: str
    wrong: str


MUTATIONS = {
    "the last pair is not counted": Mutation("stats", "ids[1:])", "ids[1:-1])"),
    "each pair counts as one": Mutation("stats", "counts.get(pair, 0) + 1", "1"),
    "counting begins at two": Mutation("stats", "counts.get(pair, 0)", "counts.get(pair, 1)"),
    "pairs do not overlap": Mutation("stats", "zip(ids, ids[1:])", "zip(ids[::2], ids[1::2])"),
    "pairs leave one out": Mutation("stats", "ids[1:])", "ids[2:])"),
    "the order within a pair is lost": Mutation(
        "stats",
        "counts[pair] = counts.get(pair, 0) + 1",
        "pair = tuple(sorted(pair)); counts[pair] = counts.get(pair, 0) + 1",
    ),
    "merges overlap": Mutation("merge", "i += 2", "i += 1"),
    "a merge swallows the next id": Mutation("merge", "i += 2", "i += 3"),
    "the last id is lost": Mutation("merge", "while i < len(ids):", "while i < len(ids) - 1:"),
    "a pair at the end is not merged": Mutation("merge", "i < len(ids) - 1", "i < len(ids) - 2"),
    "the end is read past": Mutation("merge", "i < len(ids) - 1 and ", ""),
    "only the first id is compared": Mutation("merge", " and ids[i + 1] == pair[1]", ""),
    "only the second id is compared": Mutation("merge", "ids[i] == pair[0] and ", ""),
    "either id is enough": Mutation("merge", "pair[0] and", "pair[0] or"),
    "only the first pair is merged": Mutation(
        "merge",
        "            i += 2\n",
        "            return newids + list(ids[i + 2:])\n",
    ),
    "the rarest pair is merged": Mutation("loop", "max(stats", "min(stats"),
    "the largest pair is merged, not the most frequent": Mutation(
        "loop", "max(stats, key=stats.get)", "max(stats)"
    ),
    "new ids begin one too late": Mutation("loop", "idx = 256 + i", "idx = 257 + i"),
    "ties go to the last pair": Mutation(
        "loop", "max(stats, key=stats.get)", "max(reversed(stats), key=stats.get)"
    ),
    "counts are not taken anew": Mutation(
        "loop",
        "    stats = get_stats(ids)\n",
        "    if i == 0: stats = get_stats(ids)\n    else: stats.pop(pair)\n",
    ),
    "decode is strict": Mutation("decode", ', errors="replace"', ""),
    "decode drops what is no text": Mutation("decode", 'errors="replace"', 'errors="ignore"'),
    "the halves of a token are swapped": Mutation(
        "decode", "vocab[p0] + vocab[p1]", "vocab[p1] + vocab[p0]"
    ),
    "decode takes the wrong encoding": Mutation("decode", '"utf-8"', '"latin-1"'),
    "a single token cannot be encoded": Mutation(
        "encode", "while len(tokens) >= 2:", "while True:"
    ),
    "two tokens are not merged": Mutation("encode", ">= 2", "> 2"),
    "the latest merge comes first": Mutation(
        "encode",
        'min(stats, key=lambda p: merges.get(p, float("inf")))',
        "max(stats, key=lambda p: merges.get(p, -1))",
    ),
    "the most frequent pair is merged": Mutation(
        "encode",
        'min(stats, key=lambda p: merges.get(p, float("inf")))',
        "max((p for p in stats if p in merges), key=stats.get, default=None)",
    ),
    "a pair that is not learned counts as the first": Mutation("encode", 'float("inf")', "0"),
    "characters are taken for bytes": Mutation(
        "encode", 'list(text.encode("utf-8"))', "[ord(c) for c in text]"
    ),
    "only one pass over the merges is made": Mutation(
        "encode",
        "        tokens = merge(tokens, pair, merges[pair])\n",
        "        return merge(tokens, pair, merges[pair])\n",
    ),
    "the soft hyphen counts as visible": Mutation("bytes", 'ord("¬") + 1', 'ord("¬") + 2'),
    "hidden bytes begin one too late": Mutation("bytes", "256 + n", "257 + n"),
    "the tilde is left out": Mutation("bytes", 'ord("~") + 1', 'ord("~")'),
    "GPT-2's pattern is taken for GPT-4's": Mutation(
        "patterns", f'gpt4_pattern = r"""{GPT4}"""', f'gpt4_pattern = r"""{GPT2}"""'
    ),
    "numbers of any length": Mutation("patterns", r"\p{N}{1,3}", r"\p{N}+"),
    "contractions in lower case only": Mutation("patterns", "'(?i:", "'(?:"),
    "no piece of trailing space": Mutation(
        "patterns", r" ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", r" ?[^\s\p{L}\p{N}]+|\s+"
    ),
    "the class merges without learning": Mutation("class", "self.merges[pair] = idx", "pass"),
    "the class forgets single tokens": Mutation("class", "while len(ids) >= 2:", "while ids:"),
}

VARIANTS = {
    "counting with Counter": (
        "stats",
        "from collections import Counter\n"
        "def get_stats(ids):\n    return Counter(zip(ids, ids[1:]))\n",
    ),
    "counting with defaultdict": (
        "stats",
        "from collections import defaultdict\n"
        "def get_stats(ids):\n    counts = defaultdict(int)\n"
        "    for i in range(len(ids) - 1):\n        counts[ids[i], ids[i + 1]] += 1\n"
        "    return counts\n",
    ),
    "counting into a given dict": (
        "stats",
        "def get_stats(ids, counts=None):\n"
        "    counts = {} if counts is None else counts\n    for a, b in zip(ids, ids[1:]):\n"
        "        counts[(a, b)] = counts.get((a, b), 0) + 1\n    return counts\n",
    ),
    "counting with pairwise": (
        "stats",
        "from itertools import pairwise\n"
        "def get_stats(ids: list[int]) -> dict[tuple[int, int], int]:\n    out = {}\n"
        "    for pair in pairwise(ids):\n        out.setdefault(pair, 0)\n        out[pair] += 1\n"
        "    return out\n",
    ),
    "merging slices": (
        "merge",
        "def merge(ids, pair, idx):\n    out, i = [], 0\n"
        "    while i < len(ids):\n        if tuple(ids[i:i + 2]) == pair:\n"
        "            out.append(idx); i += 2\n        else:\n"
        "            out.append(ids[i]); i += 1\n    return out\n",
    ),
    "merging with a skip flag": (
        "merge",
        "def merge(ids, pair, idx):\n    out = []\n    skip = False\n"
        "    for i, x in enumerate(ids):\n        if skip:\n            skip = False\n"
        "        elif i + 1 < len(ids) and (x, ids[i + 1]) == pair:\n"
        "            out.append(idx)\n            skip = True\n        else:\n"
        "            out.append(x)\n    return out\n",
    ),
    "merging in place": (
        "merge",
        "def merge(ids, pair, idx):\n    i = 0\n"
        "    while i < len(ids) - 1:\n        if (ids[i], ids[i + 1]) == pair:\n"
        "            ids[i:i + 2] = [idx]\n        i += 1\n    return ids\n",
    ),
    "merging with the arguments the other way round": (
        "merge",
        "def merge(pair, idx, ids):\n    out = []\n    for x in ids:\n"
        "        out.append(x)\n        if tuple(out[-2:]) == pair and (len(out) > 1):\n"
        "            out[-2:] = [idx]\n    return out\n",
    ),
    "merging to the right by recursion": (
        "merge",
        "def merge(ids, pair, idx):\n    out = []\n"
        "    it = iter(range(len(ids)))\n    for i in it:\n"
        "        if list(ids[i:i + 2]) == list(pair):\n            out.append(idx)\n"
        "            next(it, None)\n        else:\n            out += [ids[i]]\n    return out\n",
    ),
    "a loop over ids": (
        "loop",
        LOOP.replace("for i in range(20):", "for idx in range(256, 276):").replace(
            "    idx = 256 + i\n", ""
        ),
    ),
    "a loop that sorts": (
        "loop",
        LOOP.replace("max(stats, key=stats.get)", "sorted(stats, key=lambda p: -stats[p])[0]"),
    ),
    "a loop that keeps the text's ids": (
        "loop",
        LOOP.replace(
            'ids = list(text.encode("utf-8"))', 'tokens = text.encode("utf-8")\nids = list(tokens)'
        ),
    ),
    "decoding into a bytearray": (
        "decode",
        DECODE[: DECODE.index("def")]
        + "def decode(ids):\n    out = bytearray()\n    for idx in ids:\n"
        "        out += vocab[idx]\n    return str(out, 'utf-8', 'replace')\n",
    ),
    "decoding without a vocabulary": (
        "decode",
        "parts = {v: k for k, v in merges.items()}\n"
        "def expand(idx):\n    if idx < 256:\n        return bytes([idx])\n"
        "    a, b = parts[idx]\n    return expand(a) + expand(b)\n"
        "def decode(ids):\n    return b''.join(map(expand, ids)).decode('utf-8', 'replace')\n",
    ),
    "encoding by the order of the merges": (
        "encode",
        "def encode(text):\n"
        "    ids = list(text.encode('utf-8'))\n    for pair, idx in merges.items():\n"
        "        out, i = [], 0\n        while i < len(ids):\n"
        "            if tuple(ids[i:i + 2]) == pair:\n                out.append(idx); i += 2\n"
        "            else:\n                out.append(ids[i]); i += 1\n        ids = out\n"
        "    return ids\n",
    ),
    "encoding that looks at the length first": (
        "encode",
        "def encode(text):\n"
        "    tokens = [*text.encode('utf-8')]\n    while True:\n        if len(tokens) < 2:\n"
        "            return tokens\n        pairs = zip(tokens, tokens[1:])\n"
        "        ranked = [(merges[p], p) for p in pairs if p in merges]\n"
        "        if not ranked:\n            return tokens\n"
        "        idx, pair = min(ranked)\n        out = []\n        i = 0\n"
        "        while i < len(tokens):\n            if tuple(tokens[i:i + 2]) == pair:\n"
        "                out.append(idx); i += 2\n            else:\n"
        "                out.append(tokens[i]); i += 1\n        tokens = out\n",
    ),
    "encoding with the merges as an argument": (
        "encode",
        ENCODE.replace("def encode(text):", "def encode(text, merges):"),
    ),
    "bytes by their names in Unicode": (
        "bytes",
        "def bytes_to_unicode():\n    table, n = {}, 0\n"
        "    for b in range(256):\n"
        "        if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b <= 255:\n"
        "            table[b] = chr(b)\n        else:\n            table[b] = chr(256 + n)\n"
        "            n += 1\n    return table\n",
    ),
    "patterns as they were published": (
        "patterns",
        "gpt2pat = r\"\"\"'s|'t|'re|'ve|'m|'ll|'d| ?"
        '\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"""\n'
        "cl100k_pat = r\"\"\"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        '\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"""\n',
    ),
    "a compiled pattern": ("patterns", f'import regex as re\npat = re.compile(r"""{GPT2}""")\n'),
    "a class that keeps a text": (
        "class",
        CLASS.replace(
            'return b"".join(self.vocab[idx] for idx in ids).decode("utf-8", errors="replace")',
            "data = b''\n        for idx in ids:\n            data += self.vocab[idx]\n"
            "        return data.decode('utf-8', 'replace')",
        ),
    ),
    "a training function": (
        "class",
        """\
def train(text, vocab_size):
    ids = list(text.encode("utf-8"))
    learned = {}
    for idx in range(256, vocab_size):
        stats = get_stats(ids)
        pair = max(stats, key=stats.get)
        ids = merge(ids, pair, idx)
        learned[pair] = idx
    return learned, ids
""",
    ),
}
"""Which cell each takes the place of, and its source."""
