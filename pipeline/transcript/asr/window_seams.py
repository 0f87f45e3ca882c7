"""Where windows meet: a capital letter that a recogniser gave to the first word of a window.

It begins every window with one, also where the sentence only goes on. A word that the language
writes small gets its small letter back there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from pipeline.models import Word
from pipeline.text.punctuation import sentence_ends

# After so long a pause a sentence that was not finished is not gone on with.
_PAUSE_MS = 2_000
# A word that stands in lower case so often in the same transcript is no name.
_TIMES_SMALL = 2


def without_capitals(
    words: Sequence[Word], starts: Sequence[int], is_common: Callable[[str], bool]
) -> tuple[Word, ...]:
    """``words`` with a small first letter where a sentence goes on across two windows.

    Args:
        words: of the whole transcript, in order.
        starts: indices of the first word of every window.
        is_common: whether a word, in lower case, is one that its language writes small.
    """
    out = list(words)
    small = Counter(word.text.strip(".,?!;:") for word in words if word.text[:1].islower())
    for index in starts:
        if not 0 < index < len(out):
            continue
        before, word = out[index - 1], out[index]
        text = word.text[:1].lower() + word.text[1:]
        bare = text.strip(".,?!;:")
        goes_on = (
            word.text[:1].isupper()
            and not word.text[1:2].isupper()
            and not sentence_ends(before.text, word.text)
            and word.start_ms - before.end_ms < _PAUSE_MS
        )
        if goes_on and (small[bare] >= _TIMES_SMALL or is_common(bare)):
            out[index] = word.model_copy(update={"text": text})
    return tuple(out)
