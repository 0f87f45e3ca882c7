"""Chapters in other languages: good texts pass as they are, each fault is found by its check."""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipeline.document.outline import GlossaryTerm, OutlineSection
from pipeline.document.parse import parse
from pipeline.models import Segment
from pipeline.text.units import word_count
from pipeline.writing.checks.chunk import check
from pipeline.writing.checks.problems import Problem, to_repair
from pipeline.writing.chunks import Chunk
from pipeline.writing.prompt_context import PromptContext
from pipeline.writing.replies.reply_cleanup import read_reply

ENGLISH = (
    "So the tokenizer turns a string into integers, and its vocabulary has 50,257 tokens, which "
    "is the number that GPT-2 uses for all of its text. Each of the tokens is a chunk of letters.",
    "Now byte pair encoding, BPE for short, counts every pair of neighbors in the list and "
    "replaces the most frequent pair by a new token. We do that 30,000 times with UTF-8 bytes.",
    "The sequence becomes shorter while the vocabulary grows, and the compression ratio reaches "
    "2.5 on our text of 600 million letters, which took 12 minutes to train on one GPU.",
)
CHINESE = (
    "分词器把字符串变成整数，词表一共有五万零二百五十七个词元，这也是GPT-2所用的数字，每个词元都是一小段字母组成的文本。",
    "接下来是字节对编码，简称BPE，它统计列表里每一对相邻的词元，把出现次数最多的一对换成一个新的词元，我们在UTF-8字节上重复三万次。",
    "序列越来越短，词表越来越大，在我们六亿个字母的文本上压缩率达到二点五，用一块GPU训练一共花了十二分钟的时间。",
)
JAPANESE = (
    "トークナイザーは文字列を整数に変換し、語彙には5万257個のトークンがあります。これはGPT-2が使う数で、各トークンは文字の断片です。",
    "次にバイト対符号化、略してBPEは、リストの隣り合うすべての対を数え、最も頻度の高い対を新しいトークンに置き換えます。UTF-8のバイトで3万回繰り返します。",
    "系列は短くなり、語彙は大きくなります。6億文字のテキストで圧縮率は2.5に達し、1台のGPUで訓練に12分かかりました。",
)
GOOD_CHINESE = """分词器（tokenizer）把字符串变成整数。我们的词表有 50257 个词元，GPT-2 用的正是这个数；每个词元是一小段字母。[[s0001]]

字节对编码（byte pair encoding，BPE）统计列表里每一对相邻的词元，把出现最多的一对换成新的词元。我们在 UTF-8 字节上这样做三万次。[[s0002]]

序列变短，词表变大。在 6 亿个字母的文本上，压缩率达到 2.5；用一块 GPU 训练花了 12 分钟。[[s0003]]
"""
GOOD_GERMAN = """Der Tokenizer macht aus einem String ganze Zahlen. Unser Vokabular hat 50.257 Tokens, \
genau die Zahl von GPT-2, und jedes Token ist ein Stück aus Buchstaben. [[s0001]]

Die Bytepaar-Kodierung (byte pair encoding, BPE) zählt jedes Paar von Nachbarn in der Liste und \
ersetzt das häufigste durch ein neues Token. Das machen wir mit UTF-8-Bytes dreißigtausend Mal. [[s0002]]

Die Folge wird kürzer, das Vokabular wächst. Auf 600 Millionen Buchstaben erreicht die Kompression \
2,5; das Training auf einer GPU dauerte 12 Minuten. [[s0003]]
"""
GOOD_JAPANESE = """トークナイザー（tokenizer）は文字列を整数に変換します。語彙には50,257個のトークンがあり、これはGPT-2と同じ数です。各トークンは文字の断片です。[[s0001]]

バイト対符号化（BPE）は、リストで隣り合うすべての対を数え、最も頻度の高い対を新しいトークンに置き換えます。これをUTF-8のバイトで3万回繰り返します。[[s0002]]

系列は短くなり、語彙は大きくなります。6億文字のテキストで圧縮率は2.5に達し、1台のGPUで訓練に12分かかりました。[[s0003]]
"""
GOOD_ENGLISH = """The tokenizer turns a string into integers. Its vocabulary has 50,257 tokens, the \
number that GPT-2 uses for all its text, and each token is a chunk of letters. [[s0001]]

Byte pair encoding, BPE for short, counts every pair of neighbors in the list and replaces the most \
frequent pair by a new token. We do that 30,000 times with UTF-8 bytes. [[s0002]]

The sequence becomes shorter while the vocabulary grows. On our text of 600 million letters the \
compression ratio reaches 2.5; it took 12 minutes to train on one GPU. [[s0003]]
"""


@dataclass(frozen=True)
class Case:
    """A lecture, the language of its chapter, a good reply, and a lie in it."""

    speech: tuple[str, ...]
    spoken: str
    written: str
    good: str
    lie: tuple[str, str]
    filler: str
    title: str

    @property
    def name(self) -> str:
        return f"{self.spoken} to {self.written}"


CASES = [
    Case(ENGLISH, "en", "zh", GOOD_CHINESE, ("三万次", "四万次"), "值得注意的是，", "总结"),
    Case(ENGLISH, "en", "de", GOOD_GERMAN, ("dreißigtausend", "vierzigtausend"),
         "Es ist wichtig zu beachten, dass wir zählen. ", "Fazit"),
    Case(ENGLISH, "en", "ja", GOOD_JAPANESE, ("3万回", "4万回"), "言うまでもなく、", "まとめ"),
    Case(CHINESE, "zh", "zh", GOOD_CHINESE, ("50257 个", "六万个"), "综上所述，", "小结"),
    Case(JAPANESE, "ja", "ja", GOOD_JAPANESE, ("12分", "十五分"), "総じて言えば、", "はじめに"),
    Case(ENGLISH, "en", "en", GOOD_ENGLISH, ("30,000", "forty thousand"), "In essence, ", "Summary"),
]  # fmt: skip
EACH = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def material(case: Case) -> PromptContext:
    segments = tuple(
        Segment(
            id=f"s{n + 1:04d}", start_ms=n * 30_000, end_ms=(n + 1) * 30_000, text=text,
            first_word=0, last_word=0,
        )
        for n, text in enumerate(case.speech)
    )  # fmt: skip
    spoken = sum(word_count(text, case.spoken) for text in case.speech)
    term = GlossaryTerm(term="byte pair encoding", written="字节对编码")
    return PromptContext(
        label="section 1, part 1",
        chunk=Chunk(0, 0, 1, segments, spoken, round(0.8 * spoken), 0, 0, case.spoken),
        section=OutlineSection(
            id="sec01", title="BPE", first_segment="s0001", last_segment="s0003"
        ),
        before="",
        after="",
        screens=(),
        earlier_code=(),
        glossary=(term,) if case.written == "zh" and case.spoken == "en" else (),
        links=(),
        written_in=case.written,
    )


def problems(case: Case, reply: str) -> list[Problem]:
    own = material(case)
    return check(read_reply(reply, own), own, case.spoken == case.written)


def kinds(case: Case, reply: str) -> set[str]:
    return {problem.kind for problem in problems(case, reply)}


@EACH
def test_a_good_reply_passes_without_a_repair(case: Case) -> None:
    assert to_repair([one for one in problems(case, case.good) if one.kind != "voice"]) == []


@EACH
def test_a_reply_in_the_wrong_language_is_sent_back(case: Case) -> None:
    wrong = GOOD_ENGLISH if case.written != "en" else GOOD_GERMAN
    assert "language" in kinds(case, wrong)


def test_a_chinese_reply_for_a_japanese_chapter_is_sent_back_and_the_other_way_round() -> None:
    chinese, japanese = CASES[3], CASES[4]
    assert "language" in kinds(japanese, GOOD_CHINESE)
    assert "language" in kinds(chinese, GOOD_JAPANESE)


@EACH
def test_one_paragraph_in_the_wrong_language_is_found(case: Case) -> None:
    first, _, third = case.good.strip().split("\n\n")
    other = (GOOD_ENGLISH if case.written != "en" else GOOD_GERMAN).strip().split("\n\n")[1]
    found = problems(case, "\n\n".join([first, other, third]))
    assert 1 in {one.block for one in found if one.kind == "language"}


@EACH
def test_an_invented_number_is_found(case: Case) -> None:
    right, wrong = case.lie
    assert right in case.good
    assert "number" in kinds(case, case.good.replace(right, wrong))


@EACH
def test_a_passage_that_is_left_out_is_found(case: Case) -> None:
    first, _, third = case.good.strip().split("\n\n")
    cited = third.replace("[[s0003]]", "[[s0002-s0003]]")
    found = [one for one in problems(case, f"{first}\n\n{cited}") if one.kind == "coverage"]
    assert ("s0002",) in [one.items for one in found]


@EACH
def test_fillers_boilerplate_and_remarks_are_found(case: Case) -> None:
    assert "filler" in kinds(case, case.filler + case.good)
    first, rest = case.good.split("\n\n", 1)
    assert "heading" in kinds(case, f"{first}\n\n### {case.title}\n\n{rest}")
    assert "remark" in kinds(case, f"As an AI language model I translate. {case.good}")


def test_other_brackets_are_read_as_citations() -> None:
    case = CASES[0]
    wide = case.good.replace("[[s0001]]", "【s0001】").replace("[[s0002]]", "［［s0002］］")
    own = material(case)
    assert [one.citations for one in read_reply(case.good, own)] == [
        one.citations for one in read_reply(wide, own)
    ]
    both = read_reply("词元。[[s0001、s0002]]", own)
    assert [one.ids for one in both[0].citations] == ["s0001-s0002"]


def test_originals_in_brackets_do_not_count_against_the_length() -> None:
    case = CASES[0]
    much = case.good.replace("词元", "词元（tokens）")
    assert "length" not in kinds(case, much)


def test_a_parsed_good_text_is_what_was_meant() -> None:
    assert len(parse(GOOD_CHINESE)) == 3
