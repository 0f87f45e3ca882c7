"""The name under which this program was started, for usage and hints."""

from __future__ import annotations

import sys
from pathlib import PurePath

_COMMAND = "lecture-chapter"


def program_name(started_as: str | None = None) -> str:
    """The installed command as it was called, else ``python -m pipeline``.

    Args:
        started_as: the word by which it was started; None: that of this process.

    >>> program_name("/usr/local/bin/lecture-chapter")
    'lecture-chapter'
    >>> program_name("/src/pipeline/__main__.py")
    'python -m pipeline'
    """
    name = PurePath((sys.argv or [""])[0] if started_as is None else started_as).name
    name = name.removesuffix(".exe")
    return name if name.startswith(_COMMAND) else "python -m pipeline"
