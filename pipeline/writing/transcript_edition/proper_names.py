"""How names are written: the spellings found in title, description, chapters and on the screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipeline.text.languages.stop_words import is_content
from pipeline.text.words import bare

_TOKEN = re.compile(r"[^\W_][\w'’+#./-]*[\w+#]|[^\W_]")

_SHARE = 0.6
_LETTER = re.compile(r"\w")
_SENTENCE_END = re.compile(r"[.!?:;(]\s+|\n")


def spellings(
    written: Sequence[str], shown: Iterable[str] = (), ordinary: Iterable[str] = ()
) -> dict[str, str]:
    """The right spelling of each name, by its letters and digits in lower case (``utf8``).

    A name is a word with a capital after its first letter (``GPT``, ``SentencePiece``), with
    letters and digits of which one is a capital (``UTF-8``), or that is capitalised in the middle
    of a line whose other words are not. It is none where it is mostly written otherwise.

    Args:
        written: lines people wrote with care: title, description, chapter titles.
        shown: lines read from the screen: they tell only of what ``written`` does not have, and
            once is not enough.
        ordinary: words known to be ordinary when small.
    """
    tokens = [token for text in written for token in _TOKEN.findall(text)]
    # In a transcript without capitals a small letter says nothing against a careful title.
    careful = _names(written, {token for token in tokens if token.islower()}, least=1)
    said = {word for word in ordinary if word.islower()}
    seen = _names(shown, said, least=2)
    known = {bare(token) for token in tokens}
    return careful | {
        key: name
        for key, name in seen.items()
        if key not in known and is_content(key) and _is_marked(name) and not _is_shout(name, said)
    }


def _names(texts: Iterable[str], small: set[str], least: int) -> dict[str, str]:
    names: dict[str, Counter[str]] = {}
    forms: dict[str, Counter[str]] = {}
    for line in (line for text in texts for line in _SENTENCE_END.split(text)):
        for token, is_name in _tokens(line):
            forms.setdefault(bare(token), Counter())[token] += 1
            if is_name:
                names.setdefault(bare(token), Counter())[token] += 1
    return {
        key: best
        for key, found in names.items()
        if len(key) > 1
        and found.total() >= least
        and forms[key][best := _best(found)] >= _SHARE * forms[key].total()
        and (_is_marked(best) or key not in small)
    }


def _tokens(line: str) -> list[tuple[str, bool]]:
    """The words of a line, and whether each looks like a name there; none does in a shout."""
    tokens = _TOKEN.findall(line)
    letters = [token for token in tokens if token.isalpha()]
    if len(letters) > 1 and all(token.isupper() for token in letters):
        return [(token, False) for token in tokens]
    titled = sum(token[0].isupper() for token in tokens) > len(tokens) / 2
    return [
        (token, _is_marked(token) or (number > 0 and not titled and token[0].isupper()))
        for number, token in enumerate(tokens)
    ]


def respelled(word: str, names: Mapping[str, str]) -> str:
    """``word`` with the letters of a known name put right; its punctuation stays.

    A possessive or plural of a name is put right too (``gpts`` only if ``GPT`` is all capitals).
    """
    inside = [place for place, char in enumerate(word) if _LETTER.match(char)]
    if not inside:
        return word
    begin, end = inside[0], inside[-1] + 1
    if end - begin > 2 and word[end - 2 : end] in ("'s", "’s"):
        end -= 2
        while not _LETTER.match(word[end - 1]):
            end -= 1
    key = bare(word[begin:end])
    if key in names:
        return word[:begin] + names[key] + word[end:]
    if key.endswith("s") and key[:-1] in names and names[key[:-1]].isupper():
        return word[:begin] + names[key[:-1]] + "s" + word[end:]
    return word


def _is_shout(name: str, said: set[str]) -> bool:
    """An ordinary word in capitals ("MUST"), not an abbreviation."""
    return name.isupper() and len(name) > 3 and name.lower() in said


def _is_marked(token: str) -> bool:
    if re.search(r"[_./]", token) or len(token) < 2:
        return False
    letters = [char for char in token if char.isalpha()]
    if any(char.isdigit() for char in token):
        return bool(letters) and letters[0].isupper() and len(token) <= 12
    rest = re.split(r"[-'’]", token)[0][1:]
    return any(char.isupper() for char in rest)


def _best(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))
