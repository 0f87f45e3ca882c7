"""The words of the lecture as a person corrected them, for the writer of its chapter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from pipeline.document.corrections import Correction, Growth
from pipeline.models import Cue, Segments, Transcript, Word
from pipeline.text.words import joined


def corrected_speech(
    segments: Segments, transcript: Transcript, corrections: Sequence[Correction]
) -> tuple[Segments, Transcript]:
    """Both with the corrections in their words and texts. A word that becomes none is left out, and
    the segments count those that are left; each segment keeps one at least.

    Raises:
        RenderError: the corrections make the text longer without end.
    """
    growth = Growth()
    texts = [word.text for word in transcript.words]
    for segment in segments.segments:
        words = range(segment.first_word, segment.last_word + 1)
        for one in corrections:
            growth.add(_correct(texts, words, one, transcript.words), one)
    if texts == [word.text for word in transcript.words]:
        return segments, transcript
    before = [0, *accumulate(bool(text) for text in texts)]
    cues = tuple(_cues(transcript.cues, texts))
    pieces = []
    for segment in segments.segments:
        first, end = segment.first_word, segment.last_word + 1
        update: dict[str, object] = {"first_word": before[first], "last_word": before[end] - 1}
        if texts[first:end] != [word.text for word in transcript.words[first:end]]:
            update["text"] = joined(filter(None, texts[first:end]))
        pieces.append(segment.model_copy(update=update))
    made = Transcript(
        language=transcript.language,
        engine=transcript.engine,
        model=transcript.model,
        cues=cues,
    )
    return segments.model_copy(update={"segments": tuple(pieces)}), made


def _correct(texts: list[str], words: range, correction: Correction, spoken: Sequence[Word]) -> int:
    """Write what is right in the place of the first of the words that are wrong; how many letters
    longer that is."""
    text = joined(filter(None, (texts[at] for at in words)))
    before = len(text)
    places = _places(texts, words, text)
    for start, end in reversed(correction.places(text)):  # what stands before one is not moved
        hit = sorted(at for at, (first, last) in places.items() if first < end and start < last)
        first, last = places[hit[0]][0], places[hit[-1]][1] + len(correction.right) - end + start
        made = text[:start] + correction.right + text[end:]
        emptied = len(hit) == len(places) and not made.strip()
        if emptied or not correction.holds_at(spoken[hit[0]].start_ms):
            continue
        text = made
        for at in hit:
            del places[at]
            texts[at] = ""
        places[hit[0]] = (first, last)
        texts[hit[0]] = text[first:last].strip()
    return len(text) - before


def _places(texts: Sequence[str], words: range, text: str) -> dict[int, tuple[int, int]]:
    """Where each word that is left stands in ``text``: its first letter, one after its last."""
    places = {}
    end = 0
    for at in words:
        if word := texts[at].strip():
            start = text.index(word, end)
            end = start + len(word)
            places[at] = (start, end)
    return places


def _cues(cues: Sequence[Cue], texts: Sequence[str]) -> Iterator[Cue]:
    first = 0
    for cue in cues:
        own = texts[first : first + len(cue.words)]
        first += len(cue.words)
        if own == [word.text for word in cue.words]:
            yield cue
            continue
        words = tuple(
            word.model_copy(update={"text": text})
            for word, text in zip(cue.words, own, strict=True)
            if text
        )
        yield cue.model_copy(update={"words": words, "text": joined(one.text for one in words)})
