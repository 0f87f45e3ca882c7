"""Commands of a notebook in a cell, which are not Python.

What IPython takes: https://ipython.readthedocs.io/en/stable/interactive/magics.html.
"""

from __future__ import annotations

import re

_MAGIC = re.compile(
    r"^[^\S\n]*(?:[!%?]\S|%%)"  # !pip install, %timeit, %%bash, ?name
    r"|^\S+\?[^\S\n]*$"  # name?
    r"|^[\w.,*()\[\] \t]{1,200}=[^\S\n]*(?:!\S|%\w)",  # names = !ls, r = %timeit
    re.MULTILINE,
)


def has_magic(source: str) -> bool:
    """Whether a source that is no Python has commands of a notebook.

    >>> has_magic("r = %timeit -o f(1)"), has_magic("!pip install x"), has_magic("x = = 1")
    (True, True, False)
    """
    return bool(_MAGIC.search(source))
