"""The prompt holds what is known of the lecture, within the model's limit."""

from __future__ import annotations

from pipeline.model import Chapter, Video
from pipeline.speech.prompt import MAX_TOKENS, Prompt, fitted, prompt_for

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
    chapters=(Chapter(start_ms=0, title="intro"), Chapter(start_ms=5, title="Tiktokenizer")),
    sha256="",
    start_ms=0,
    end_ms=1000,
)


def count(text: str) -> int:
    return len(text.split())


def test_title_speaker_terms_chapters_and_description_are_told() -> None:
    text = fitted(prompt_for(VIDEO, ["regex", "tiktoken", "regex"]), count)
    for part in ("Let's build the GPT Tokenizer.", "By Andrej Karpathy.", "regex, tiktoken."):
        assert part in text
    assert "intro, Tiktokenizer." in text
    assert "example.org" not in text
    assert "00:12" not in text
    assert "1:02:03" not in text


def test_the_most_important_stands_last_and_the_least_important_goes() -> None:
    prompt = Prompt(("The title.", "word " * 150, "other " * 200))
    text = fitted(prompt, count)
    assert count(text) <= MAX_TOKENS
    assert text.endswith("The title.")
    assert text.startswith("other")


def test_nothing_known_makes_no_prompt() -> None:
    assert fitted(Prompt(), count) == ""
