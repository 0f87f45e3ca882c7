"""The prompt holds what is known of the lecture, within the model's limit."""

from __future__ import annotations

from pipeline.models import ChapterMark, Video
from pipeline.transcript.asr.initial_prompt import (
    MAX_TOKENS,
    InitialPrompt,
    fitted,
    initial_prompt_for,
)

VIDEO = Video(
    video_id="v",
    title="Let's build the GPT Tokenizer",
    url=None,
    path="v.mp4",
    duration_ms=1000,
    width=0,
    height=0,
    fps=0,
    has_audio=True,
    uploader="Andrej Karpathy",
    description="We build minbpe. https://example.org/x 00:12 Unicode (1:02:03) more",
    chapters=(
        ChapterMark(start_ms=0, title="intro"),
        ChapterMark(start_ms=5, title="Tiktokenizer"),
    ),
    sha256="",
    start_ms=0,
    end_ms=1000,
)


def count(text: str) -> int:
    return len(text.split())


def test_title_speaker_chapters_and_the_rare_words_of_the_description_are_told() -> None:
    text = fitted(initial_prompt_for(VIDEO), count)
    for part in ("Let's build the GPT Tokenizer.", "By Andrej Karpathy.", "minbpe"):
        assert part in text
    assert "intro, Tiktokenizer." in text
    assert "We build" not in text  # no sentence of it: its style would rub off
    assert "example.org" not in text
    assert "00:12" not in text
    assert "1:02:03" not in text


def test_a_term_stands_on_two_screens_or_in_the_texts_of_the_video() -> None:
    screens = ["regex Aerregp minbpe", "regex sentencepiece", "setchart.py"]
    told = " ".join(initial_prompt_for(VIDEO, screens).sentences)
    assert "regex" in told
    assert "minbpe" in told  # on one screen, but in the description too
    for misread in ("Aerregp", "sentencepiece", "setchart"):
        assert misread not in told


def test_the_name_of_a_file_is_no_title() -> None:
    local = VIDEO.model_copy(update={"title": "data301 talk sethchart"})
    assert "sethchart" not in " ".join(initial_prompt_for(local, titled=False).sentences)


def test_everyday_words_of_headings_get_small_letters() -> None:
    video = VIDEO.model_copy(
        update={
            "title": "Movies With The Longest Runtimes",
            "description": "about runtimes",
            "chapters": (),
        }
    )
    told = initial_prompt_for(video).sentences[0]
    assert told == "Movies with the Longest runtimes."


def test_the_most_important_stands_last_and_the_least_important_goes() -> None:
    prompt = InitialPrompt(("The title.", "word " * 150, "other " * 200))
    text = fitted(prompt, count)
    assert count(text) <= MAX_TOKENS
    assert text.endswith("The title.")
    assert text.startswith("other")


def test_nothing_known_makes_no_prompt() -> None:
    assert fitted(InitialPrompt(), count) == ""
