"""What a recogniser is told before it listens: names and terms of this lecture.

Whisper reads up to 224 tokens of "previous text" and prefers spellings it finds there. The text
must look like speech with punctuation, or the model imitates its lack of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipeline.models import Video
from pipeline.transcript.phonetics import common_words, is_written_small

# Half the decoder's 448 positions, less one for the start-of-previous token.
MAX_TOKENS = 223
_LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]+@\S+")
_CLOCK = re.compile(r"\(?\b\d{1,2}(?::\d{2}){1,2}\b\)?")
_WORD = re.compile(r"[^\W\d_]+")
_FILE = re.compile(r"(?<!\S)(?:\S*[/\\]\S+|\S+\.[a-zA-Z][a-zA-Z0-9]{0,4}\b)")
_CAMEL = re.compile(r"[A-Z]?[a-z]+(?:[A-Z][a-z]+){1,2}")
_RARE = 10_000  # place in the order of frequency beyond which words are not everyday ones
_SHORTEST = 4  # letters of a term; shorter ones on a screen are mostly variables and slips of OCR
_TERMS = 40  # more would leave no room for the title


@dataclass(frozen=True)
class InitialPrompt:
    """Sentences for the prompt, the most important first; an engine takes what fits."""

    sentences: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentences)


def initial_prompt_for(
    video: Video, shown: Sequence[str] = (), titled: bool = True
) -> InitialPrompt:
    """The prompt from what is known of a video: title, speaker, terms, chapters.

    Terms are rare words of the description, and of the screen where they stand on two screens or in
    the texts of the video as well: what is on one screen alone may be misread. Everyday words get
    small letters, because the model takes the capitals of headings over into its text.

    Args:
        video: the video.
        shown: the text of each screen.
        titled: whether its title is one; a file's name is not told, the model would hear it.
    """
    title = video.title if titled else ""
    chapters = _distinct(chapter.title for chapter in video.chapters)
    about = _CLOCK.sub("", _LINK.sub("", video.description))
    known = {word.lower() for word in _WORD.findall(" ".join([title, *chapters, about]))}
    small = {word for word in _WORD.findall(about) if word.islower()}
    sentences = [_sentence(_in_small(title, small))]
    if video.uploader:
        sentences.append(_sentence(f"By {video.uploader}"))
    terms = [*_shown_terms(shown, known), *filter(_is_rare, _WORD.findall(about))]
    told = {word.lower() for word in _WORD.findall(" ".join([title, *chapters]))}
    fresh = [term for term in _distinct(terms) if term.lower() not in told]
    if fresh:
        sentences.append(_sentence(", ".join(fresh[:_TERMS])))
    if chapters:
        titles = [_in_small(chapter, small) for chapter in chapters]
        sentences.append(_sentence(", ".join(titles)))
    return InitialPrompt(tuple(sentence for sentence in sentences if sentence))


def _shown_terms(shown: Sequence[str], known: AbstractSet[str]) -> list[str]:
    """The rare words of the screens that can be relied on, those on most screens first."""
    counts = Counter(
        term
        for text in dict.fromkeys(_FILE.sub(" ", text) for text in shown)
        for term in dict.fromkeys(_WORD.findall(text))
        if _is_rare(term)
    )
    reliable = [term for term, n in counts.items() if n > 1 or term.lower() in known]
    return sorted(reliable, key=lambda term: (-counts[term], term))


def _is_rare(term: str) -> bool:
    """Whether a word is no everyday one, and no accident of letters ("FRequncy")."""
    clean = term.islower() or term.isupper() or term[1:].islower() or _CAMEL.fullmatch(term)
    rank = common_words().get(term.lower())
    return bool(clean) and len(term) >= _SHORTEST and (rank is None or rank > _RARE)


def _in_small(title: str, small: AbstractSet[str]) -> str:
    """A heading with small letters in its everyday words, and in those that ``small`` has."""
    first, *rest = title.split() or [""]
    words = [
        word.lower()
        if word.istitle() and (is_written_small(word.lower()) or word.lower() in small)
        else word
        for word in rest
    ]
    return " ".join([first, *words])


def fitted(prompt: InitialPrompt, count_tokens: Callable[[str], int]) -> str:
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
