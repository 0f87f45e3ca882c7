"""Sounds go from captions, words stay, in every bracket."""

from __future__ import annotations

import pytest

from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import captions_of
from pipeline.transcript.captions.tokens import cue_text


def spoken(*lines: str) -> str:
    return " ".join(token.text for line in cue_text(lines).lines for token in line)


@pytest.mark.parametrize(
    "line",
    [
        "[door slams]", "(bell ringing)", "[STUDENTS MURMURING]", "AUDIENCE: [INAUDIBLE]",
        "*music*",
        "♪♪", "♪ la la la ♪", "[PLAYS BACK RECORDING]", "[Musik]", "(Beifall)", "[Türklopfen]",
        "[音楽]", "（拍手）", "【掌声】", "(笑)", "[музыка]", "[تصفيق]", "[हंसी]", "［音樂］",
        "(LAUGHS)",
        "(PEOPLE SHOUTING)", ">> [Music]", "🎵",
    ],
)  # fmt: skip
def test_a_caption_that_is_only_a_sound_says_nothing(line: str) -> None:
    assert spoken(line) == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Ein Byte hat acht Bit. [Gelächter]", "Ein Byte hat acht Bit."),
        ("(LAUGHS) Yes.", "Yes."),
        ("[chalk on board] We write it down.", "We write it down."),
        ("so [Music] then", "so then"),
        ("今天（笑）我们看", "今天 我们看"),
        ("[? Zipf's ?] law, then.", "Zipf's law, then."),
        ("- Is that all? - It is.", "Is that all? It is."),
        ("PROFESSOR: Today.", "PROFESSOR: Today."),
    ],
)
def test_sounds_go_and_the_words_beside_them_stay(line: str, words: str) -> None:
    assert spoken(line) == words


@pytest.mark.parametrize(
    "line",
    [
        "Take a[0] and f(x) here.",
        "the [CLS] token",
        "[MASK]",
        "in [0, 1] or [x]",
        "[link](http://x.y) and ![img](z.png) and [[s0001]]",
        "[the model] is trained",
        "and (or so they say) it works",
        "(or bytes)",
        "the (noise is Gaussian) model",
        "a*b*c and *args and **kwargs",
        "这个（也就是模型）很大",
    ],
)
def test_brackets_of_speech_code_and_formulas_stay(line: str) -> None:
    assert spoken(line) == line


def test_a_sound_may_go_over_two_lines() -> None:
    assert spoken("[audience", "murmuring] Right.") == "Right."


def test_captions_that_stand_in_brackets_one_and_all_are_speech() -> None:
    text = "".join(
        f"00:0{n}.000 --> 00:0{n + 1}.000\n[We say sentence {word}.]\n\n"
        for n, word in enumerate(["one", "two", "three", "four"])
    )
    assert len(captions_of(parse_captions(text)).cues) == 4


def test_passages_that_nobody_made_out_are_counted_with_their_times() -> None:
    text = "00:05.000 --> 00:07.000\nAUDIENCE: [INAUDIBLE]\n\n00:08.000 --> 00:09.000\nYes.\n"
    assert captions_of(parse_captions(text)).inaudible == (5000,)
