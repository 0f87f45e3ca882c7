"""Byte pair encoding, complete and fast, in code to read beside the lecture.

>>> from minbpe import RegexTokenizer
>>> tokenizer = RegexTokenizer()
>>> tokenizer.train("the cat sat on the mat; the cat is fat", vocab_size=256 + 5)
>>> ids = tokenizer.encode("the fat cat")
>>> [tokenizer.decode([idx]) for idx in ids]
['the', ' ', 'f', 'at', ' cat']
"""

from minbpe.base import Tokenizer
from minbpe.basic import BasicTokenizer
from minbpe.gpt2 import GPT2Tokenizer
from minbpe.gpt4 import GPT4Tokenizer
from minbpe.pairs import get_stats, merge
from minbpe.patterns import GPT2_SPLIT_PATTERN, GPT4_SPLIT_PATTERN
from minbpe.regex import RegexTokenizer

__all__ = [
    "GPT2_SPLIT_PATTERN",
    "GPT4_SPLIT_PATTERN",
    "BasicTokenizer",
    "GPT2Tokenizer",
    "GPT4Tokenizer",
    "RegexTokenizer",
    "Tokenizer",
    "get_stats",
    "merge",
]
