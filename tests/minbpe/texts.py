"""Random texts of the sorts that break tokenizers, for the property tests."""

from __future__ import annotations

from hypothesis import strategies as st

AWKWARD = [
    *("a", "b", "ab", "aa", "aaaa", "abab", " ", "  ", "\n", "\r\n", "\r", "\t", "\0", "'s", "'LL"),
    *("1", "2026", "é", "e\u0301", "ß", "ſ", "안녕", "하세요", "你好", "नमस्ते", "مرحبا"),
    *("👋", "👨‍👩‍👧", "🇨🇭", "\u200b", "\u3000", "\ufeff", "\U0010ffff", "<|endoftext|>", "!?", "_"),
]

few_letters = st.text(alphabet="ab", max_size=40)
"""Nothing but ties and overlaps."""

runs = st.lists(
    st.tuples(st.sampled_from("ab é한👋"), st.integers(1, 12)).map(lambda run: run[0] * run[1]),
    max_size=6,
).map("".join)
"""Like "aaaaaaabbb": a pair that overlaps itself."""

awkward = st.lists(st.sampled_from(AWKWARD), max_size=20).map("".join)

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
"""Any Unicode; surrogates are not text."""

texts = few_letters | runs | awkward | any_text
