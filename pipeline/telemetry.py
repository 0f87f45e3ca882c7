"""Telemetry of the libraries is switched off: what a user converts is nobody else's business.

ONNX Runtime (it reads the text on pictures and finds speech) reports its use to its maker unless it
is told not to before it is loaded; the Hugging Face client adds a report to each download.
"""

from __future__ import annotations

import os

_SWITCHES = ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY")


def switch_off() -> None:
    """To be called before one of these libraries is loaded; programs started later inherit it."""
    for switch in _SWITCHES:
        os.environ.setdefault(switch, "1")
