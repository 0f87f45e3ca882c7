"""Lecture video in, book chapter out. The command line is ``python -m pipeline``."""

import os as _os

__version__ = "0.2.0"

# What a person converts is nobody else's business. ONNX Runtime (it reads the text on pictures and
# finds speech) reports its use to its maker unless it is told not to before it is loaded, and the
# Hugging Face client adds a report to each download. Programs started from here inherit both.
for _switch in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY"):
    _os.environ.setdefault(_switch, "1")
