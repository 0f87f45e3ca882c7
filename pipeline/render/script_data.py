"""Data for the page's scripts: a call that a script file makes, read from a server and a file."""

from __future__ import annotations

import json
from typing import Any


def call(function: str, data: Any) -> str:
    """A script that calls ``function(data)``.

    >>> call("f", [1, "a"])
    'f([1,"a"]);\\n'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # These two end a line in old JavaScript, even within a string.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"{function}({text});\n"
