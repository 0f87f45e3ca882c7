"""Every parser takes time in proportion to its input, on the repeats that parsers trip over."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable

import pytest

from minbpe import BasicTokenizer, RegexTokenizer
from pipeline.cells.compare import agree
from pipeline.cells.oracles.token_claims import TokenClaims
from pipeline.document.inline import write
from pipeline.document.parse import parse as parse_markdown
from pipeline.document.runs import tidied
from pipeline.document.serialise import serialise
from pipeline.document.walk import prose_of
from pipeline.llm.special_tokens import escape, restore
from pipeline.llm.structured import parse
from pipeline.render.formats.markdown import PortableForms
from pipeline.render.formats.xhtml import to_xhtml
from pipeline.render.html.sanitise import sanitise
from pipeline.text.numbers.reading import known_numbers, numbers_in
from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import captions_of
from pipeline.transcript.captions.tokens import caption_tokens
from pipeline.writing.replies.seams import Joint
from pipeline.writing.transcript_edition.inline_code import spoken_runs
from pipeline.writing.transcript_edition.proper_names import respelled, spellings
from tests.fuzz.targets import TARGETS
from tests.fuzz.targets.page import section
from tests.processor_time import seconds

_UNITS = (
    *("(", "[", "[[", "![", "![a](", "[a](b", "`", "``` \n", "```\n", "~~~\n", " ", "\n", "\n\n"),
    *("<", "</a", "<c>", "<b ", "<!--", "&", "&amp;", "&#1;", "-->", "--> ", "1", "1.", "1,", "1 "),
    *("a", "aé", "a_", "a.", "a b ", "A. ", "*", "**a", "_a ", "*a*", "#", "# a\n", "> ", "- a\n"),
    *(
        "1. a\n",
        "  - a\n",
        "|",
        "|a|b|\n",
        "\\",
        "$",
        "$a$ ",
        "$$\n",
        '"',
        "'",
        '"a" ',
        "{",
        '{"a":',
    ),
    *("<think>", "</think>", "\n<think>\n", "a</think>\n", "//", "/*", "Sure: a\n\n", "---\n\n"),
    *("<|channel|>final<|message|>", "[THINK]", "<answer>", "<|im_end|>", "assistantfinal"),
    *("}", "[s1]", "[[s0001]] ", "s1, ", "...", ", ...", "<|", "<|a|>", "[^1]", "[^1]: a\n", "\t"),
    *("hundred ", "one point ", "the the ", "um ", "[Music] ", ">> ", "\x0b", "\u2028", "🙂", "字"),
    *(
        "def f():\n    pass\n",
        "x = 1\n",
        "f(",
        "f()",
        "https://a.b ",
        "a@",
        "0:00:01.000,0:00:02.000\n",
    ),
    *(
        "00:01.000 --> 00:02.000\na\n\n",
        "<00:01.000>a",
        "NOTE\n\n",
        "a: b\n",
        "$\\frac{1}{",
        "^",
        "{^",
    ),
)


def _captions(text: str) -> object:
    return captions_of(parse_captions(f"WEBVTT\n\n00:01.000 --> 00:09.000\n{text}"))


def _two_cues(text: str) -> object:
    times = ("00:01.000 --> 00:02.000", "00:02.000 --> 00:03.000", "00:03.000 --> 00:04.000")
    return captions_of(parse_captions("\n\n".join(f"{one}\n{text}" for one in times)))


def _json(text: str) -> object:
    try:
        return parse(text, Joint)
    except ValueError as error:
        return error


def _trained(text: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tokenizer in (BasicTokenizer(), RegexTokenizer()):
            tokenizer.train(text, 270)
            tokenizer.encode(text)
    return None


PARSERS: dict[str, Callable[[str], object]] = {
    "captions": _captions,
    "captions, shown again": _two_cues,
    "caption file": lambda text: captions_of(parse_captions(text)),
    "words of a caption": caption_tokens,
    "blocks": lambda text: serialise(parse_markdown(text)),
    "prose": lambda text: prose_of(parse_markdown(text)),
    "citations": lambda text: parse_markdown(text, (), ["s0001", "s0002"]),
    "document for other readers": lambda text: serialise(parse_markdown(text), PortableForms()),
    "numbers": lambda text: (numbers_in(text, "de"), known_numbers(text)),
    "spoken words": lambda text: (write(tidied(spoken_runs(text))), restore(escape(text))),
    "names": lambda text: (spellings([text]), respelled(text, {"a": "A"})),
    "cells": lambda text: TARGETS["cells"].run(text.encode()),
    "token claims": lambda text: list(TokenClaims().read(text, [text], {})),
    "outputs": lambda text: agree(text, text + "1"),
    "JSON replies": _json,
    "replies": lambda text: TARGETS["reply"].run(text.encode()),
    "page": section,
    "XHTML": lambda text: to_xhtml(sanitise(text)),
    "tokenizers": _trained,
    "lecture": lambda text: TARGETS["lecture"].run(text.encode()),
    "screens": lambda text: TARGETS["lecture"].run(b"Hello.\n====\n" + text.encode()),
}
# Eight times the text may take eight times as long, and thrice that on a bad day.
_SHORT, _LONG, _MOST_TIMES = 1_000, 8_000, 24
_TELLING_S = 0.1


def is_slow(parser: Callable[[str], object], unit: str) -> bool:
    """Whether the longer text takes out of all proportion longer, three times running."""
    short, long = (unit * (length // len(unit)) for length in (_SHORT, _LONG))
    for _ in range(3):
        took = seconds(lambda: parser(long))
        if took < _TELLING_S or took < _MOST_TIMES * max(seconds(lambda: parser(short)), 0.001):
            return False
    return True


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_takes_time_in_proportion_to_its_input(name: str) -> None:
    units = _UNITS if os.environ.get("FAULTS") == "long" else _UNITS[::3]
    assert not [unit for unit in units if is_slow(PARSERS[name], unit)]
