"""What a conversion says, as whoever opens the form may read it: without the server's paths."""

from __future__ import annotations

import re
from collections.abc import Iterable

# An absolute path of at least two parts, not within an address (but of a file, as ffmpeg has them);
# a path ends at a space or quote.
_PATH = re.compile(
    r"(?:\bfile://|(?<![\w/.~=&?#%+-]))(?:~|[A-Za-z]:)?[/\\\\](?:[^\s/\\\\'\"<>|:,;()\[\]]+[/\\\\]+)+"
)


def without_paths(text: str, known: Iterable[str] = ()) -> str:
    """``text`` with each path of this machine cut down to its last name; addresses stay.

    Args:
        known: folders that are named in it perhaps, whose names may hold spaces.

    >>> without_paths("/srv/my talks/a.mp4 is no video, see /etc/x/y.conf", ["/srv/my talks"])
    'a.mp4 is no video, see y.conf'
    >>> without_paths("https://example.org/a/b.mp4 is gone")
    'https://example.org/a/b.mp4 is gone'
    """
    for folder in sorted(known, key=len, reverse=True):
        if len(folder) > 1:
            text = re.sub(rf"{re.escape(folder)}[/\\\\]", "", text)
            text = re.sub(rf"{re.escape(folder)}(?![\w.-])", "the output folder", text)
    return _PATH.sub("", text)


def reason_of(error: Exception) -> str:
    """Why, without the paths that an ``OSError`` names.

    >>> reason_of(FileNotFoundError(2, "No such file", "/srv/a.mp4")), reason_of(ValueError("odd"))
    ('No such file', 'odd')
    """
    return error.strerror or "" if isinstance(error, OSError) else str(error)
