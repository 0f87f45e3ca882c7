"""How names are written: the spellings found in title, description, chapters and on the screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.article.spoken import bare

_TOKEN = re.compile(r"[^\W_][\w'’+#./-]*[\w+#]|[^\W_]")


def spellings(texts: Iterable[str], ordinary: Iterable[str] = ()) -> dict[str, str]:
    """The right spelling of each name, by its letters and digits in lower case (``utf8``).

    A name is a word with a capital after its first letter (``GPT``, ``SentencePiece``), with
    letters and digits of which one is a capital (``UTF-8``), or that is capitalised in the middle
    of a line whose other words are not, and never written small in ``texts`` or ``ordinary``.

    Args:
        texts: lines people wrote: title, description, chapter titles, slide text.
        ordinary: words known to be ordinary when small.
    """
    found: dict[str, Counter[str]] = {}
    small = {word for word in ordinary if word.islower()}
    for text in texts:
        for line in text.splitlines():
            tokens = _TOKEN.findall(line)
            small.update(token for token in tokens if token.islower())
            titled = sum(token[0].isupper() for token in tokens) > len(tokens) / 2
            for number, token in enumerate(tokens):
                if _is_marked(token) or (number and not titled and token[0].isupper()):
                    found.setdefault(bare(token), Counter())[token] += 1
    return {
        key: _best(forms)
        for key, forms in found.items()
        if len(key) > 1 and not (key in small and not _is_marked(_best(forms)))
    }


def respelled(word: str, names: Mapping[str, str]) -> str:
    """``word`` with the letters of a known name put right; its punctuation stays.

    A possessive or plural of a name is put right too (``gpts`` only if ``GPT`` is all capitals).
    """
    match = re.fullmatch(r"(\W*)(.*?)((?:['’]s)?\W*)", word, re.DOTALL)
    if not match or not match[2]:
        return word
    key = bare(match[2])
    if key in names:
        return match[1] + names[key] + match[3]
    if key.endswith("s") and key[:-1] in names and names[key[:-1]].isupper():
        return match[1] + names[key[:-1]] + "s" + match[3]
    return word


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
