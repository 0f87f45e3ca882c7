"""What a recogniser is told before it listens: names and terms of this lecture.

Whisper reads up to 224 tokens of "previous text" and prefers spellings it finds there. The text
must look like speech with punctuation, or the model imitates its lack of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.model import Video

# Half the decoder's 448 positions, less one for the start-of-previous token.
MAX_TOKENS = 223
_LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]+@\S+")
_CLOCK = re.compile(r"\(?\b\d{1,2}(?::\d{2}){1,2}\b\)?")
_DESCRIPTION_LETTERS = 300


@dataclass(frozen=True)
class Prompt:
    """Sentences for the prompt, the most important first; an engine takes what fits."""

    sentences: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentences)


def prompt_for(video: Video, terms: Sequence[str] = ()) -> Prompt:
    """The prompt from what is known of a video: title, speaker, terms, chapters, description.

    ``terms`` are words read from the screen, the most telling first.
    """
    sentences = [_sentence(video.title)]
    if video.uploader:
        sentences.append(_sentence(f"By {video.uploader}"))
    if terms:
        sentences.append(_sentence(", ".join(_distinct(terms))))
    titles = _distinct(chapter.title for chapter in video.chapters)
    if titles:
        sentences.append(_sentence(", ".join(titles)))
    about = " ".join(_CLOCK.sub("", _LINK.sub("", video.description)).split())
    if about:
        sentences.append(_sentence(about[:_DESCRIPTION_LETTERS].rsplit(" ", 1)[0]))
    return Prompt(tuple(sentence for sentence in sentences if sentence))


def fitted(prompt: Prompt, count_tokens: Callable[[str], int]) -> str:
    """As much of the prompt as fits, least important first, most important last.

    The end of a prompt weighs most, and it is the start that Whisper cuts off.

    Args:
        prompt: the sentences.
        count_tokens: a function from text to its number of tokens.
    """
    chosen: list[str] = []
    for sentence in prompt.sentences:
        if count_tokens(" " + " ".join([sentence, *chosen])) > MAX_TOKENS:
            sentence = _shortened(sentence, chosen, count_tokens)
            if sentence:
                chosen.insert(0, sentence)
            break
        chosen.insert(0, sentence)
    return " ".join(chosen)


def _shortened(sentence: str, chosen: list[str], count_tokens: Callable[[str], int]) -> str:
    """The longest start of ``sentence``, in whole words, that fits before ``chosen``, or ""."""
    words = sentence.split()
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        text = " " + " ".join([*words[:middle], *chosen])
        low, high = (middle, high) if count_tokens(text) < MAX_TOKENS else (low, middle - 1)
    return _sentence(" ".join(words[:low]))


def _sentence(text: str) -> str:
    text = " ".join(text.split()).rstrip(",;:-–—|")
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(text.split()).strip(" .") for text in texts if text.strip()))
