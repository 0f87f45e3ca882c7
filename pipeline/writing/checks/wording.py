"""How often the lecturer's persons occur: I, we and you, in English."""

from __future__ import annotations

from pipeline.text.units import word_count
from pipeline.text.words import occurrences

_PERSONS = (
    "i i'm i've i'll i'd me my mine we we're we've we'll we'd us our ours let's you you're you've "
    "you'll you'd your yours"
)
PERSONS = frozenset(_PERSONS.split())


def persons_per_hundred(text: str) -> float:
    """How often I, we and you occur in a hundred words; 0 for no text."""
    return 100 * occurrences(text, PERSONS) / max(1, word_count(text))
