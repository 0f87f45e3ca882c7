"""Numbers and names of cues go, numbers that are said stay."""

from __future__ import annotations

import pytest

from pipeline.transcript.captions.parse import parse_captions


def said(text: str) -> list[str]:
    return [" ".join(cue.lines) for cue in parse_captions(text).cues]


A, B, C = (f"00:00:0{n},000 --> 00:00:0{n + 2},000" for n in (1, 4, 7))


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        (f"1\n{A}\nOne.\n\n2\n{B}\nTwo.\n\n3\n{C}\nThree.\n", ["One.", "Two.", "Three."]),
        (f"1\n\n{A}\nOne.\n\n2\n\n{B}\nTwo.\n\n3\n\n{C}\nThree.", ["One.", "Two.", "Three."]),
        (f"1\n{A}\nOne.\n\n2\n\n2\n{B}\nTwo.\n", ["One.", "Two."]),
        (f"{A}\nThe answer is\n42\n{B}\n256\n{C}\nDone.\n", ["The answer is 42", "256", "Done."]),
        (f"1\n{A}\nIt is\n42\n\n2\n{B}\n256\n\n3\n{C}\n3\n", ["It is 42", "256", "3"]),
        (f"1\n{A}\nOne.\n2\n{B}\nTwo.\n3\n{C}\nThree.\n", ["One.", "Two.", "Three."]),
        (f"{A}\nOne.\n\n2\n{B}\nTwo.\n\n3\n{C}\nThree.\n", ["One.", "Two.", "Three."]),
        (f"7\n{A}\nOne.\n\n9\n{B}\nTwo.\n\n10\n{C}\nThree.\n", ["One.", "Two.", "Three."]),
        (f"1\n{A}\nOne.\n\n{B}\nIt is 8.\n\n3\n{C}\nThree.\n", ["One.", "It is 8.", "Three."]),
        (f"１\n{A}\nOne.\n\n２\n{B}\nTwo.\n", ["One.", "Two."]),
        (f"WEBVTT\n\nfirst\n{A}\nOne.\n\nsecond\n{B}\nTwo.\n", ["One.", "Two."]),
        (f"WEBVTT\n\n{A}\nOne.\n\n3f2a-11/7-0\n{B}\nTwo.\n", ["One.", "Two."]),
        (f"WEBVTT\n\n{A}\n\nOne.\n\n{B}\nA,\n\nb.\n{C}\nEnd.", ["One.", "A, b.", "End."]),
    ],
    ids=[
        "numbers", "apart", "doubled", "no numbers", "numbers said", "no blank lines",
        "first missing", "gaps", "one missing", "full width", "names", "one identifier", "no names",
    ],
)  # fmt: skip
def test_what_stands_above_a_time_is_told_by_the_whole_file(text: str, spoken: list[str]) -> None:
    assert said(text) == spoken
