"""A word's forms as one: plurals always, verb forms where their base is known to be meant.

Own rules instead of a stemmer: a stemmer (Snowball, say) makes one of "encoder" and "encoding",
which a glossary has to tell apart. Nothing here is shown to a reader; forms are only compared.
"""

from __future__ import annotations

_SHORTEST = 4  # letters of a word that is a plural: "bus", "gas" and "its" are none
_NOT_PLURAL = ("ss", "us", "is")
_SIBILANTS = ("s", "x", "z", "ch", "sh", "g")


def base_form(word: str) -> str:
    """The word in small letters, its plural as its singular; code is left as it is.

    >>> base_form("Merges") == base_form("merge"), base_form("matches") == base_form("match")
    (True, True)
    >>> base_form("queries") == base_form("query"), base_form("classes") == base_form("class")
    (True, True)
    >>> base_form("get_stats"), base_form("status"), base_form("GPUs")
    ('get_stats', 'status', 'gpu')
    """
    if word[:-1].isupper() and word.endswith("s"):
        return word[:-1].casefold()
    small = word.casefold()
    in_code = not word.isalpha() or (not word.isupper() and not word[1:].islower())
    if in_code or len(word) < _SHORTEST:
        return small
    if small.endswith("s") and not small.endswith(_NOT_PLURAL):
        small = small[:-1]
    if small.endswith("e") and small[:-1].endswith(_SIBILANTS):
        small = small[:-1]  # "classe" of "classes", and so "cache" too
    if small.endswith("ie"):
        return small[:-2] + "i"
    return small[:-1] + "i" if small.endswith("y") else small


def possible_bases(key: str) -> frozenset[str]:
    """What the folded word could be a form of ("merging", "merged": merge); empty for most words.

    >>> merging, merged = (possible_bases(base_form(word)) for word in ("merging", "merged"))
    >>> base_form("merge") in merging & merged
    True
    >>> base_form("split") in possible_bases(base_form("splitting"))
    True
    """
    for ending in ("ing", "ed"):
        root = key.removesuffix(ending)
        if root != key and len(root) >= _SHORTEST - 1 and " " not in key:
            doubled = root[:-1] if root[-1] == root[-2] else root
            return frozenset(base_form(word) for word in (root, f"{root}e", doubled))
    return frozenset()
